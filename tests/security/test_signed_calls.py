"""Signed calls: the right secret, body and moment, or nothing. One vector is the Standard Webhooks specification's."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.errors import FailureCode
from onething.security.signed_calls import ID, REPLAY_WINDOW_S, SIGNATURE, TIMESTAMP, BadSignature, SharedSecrets, sign
from tests.security.clock import MovableClock

WHO = "sources/marriage-record"
SECRET, OTHER = b"s" * 32, b"o" * 32
BODY = b'{"key": "k"}'


def shared(*secrets: bytes, name: str = WHO) -> SharedSecrets:
    return SharedSecrets((name, secret) for secret in secrets)


def signed(clock: MovableClock, secret: bytes = SECRET) -> dict[str, str]:
    return sign(secret, "call-1", int(clock.now().timestamp()), BODY)


def test_the_published_example_is_signed_alike() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    headers = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert headers[SIGNATURE] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_call_is_known_by_either_secret_while_they_change() -> None:
    clock = MovableClock()
    for secret in (SECRET, OTHER):
        assert shared(OTHER, SECRET).verify(WHO, signed(clock, secret), BODY, clock) == "call-1"


def test_a_caller_may_send_a_signature_by_each_of_its_secrets() -> None:
    clock = MovableClock()
    headers = signed(clock, OTHER)
    headers[SIGNATURE] = f"v2,xyz {headers[SIGNATURE]} {signed(clock)[SIGNATURE]}"
    assert shared(SECRET).verify(WHO, headers, BODY, clock) == "call-1"


def test_anybodys_secret_holds_for_who_has_none_of_their_own() -> None:
    clock = MovableClock()
    secrets = SharedSecrets([("*", SECRET), ("departments/amr", OTHER)])
    assert secrets.verify(WHO, signed(clock), BODY, clock) == "call-1"
    with pytest.raises(BadSignature):
        secrets.verify("departments/amr", signed(clock), BODY, clock)


@pytest.mark.parametrize(
    "change",
    [
        {ID: "call-2"},
        {ID: ""},
        {TIMESTAMP: ""},
        {TIMESTAMP: "later"},
        {TIMESTAMP: "9" * 30},
        {SIGNATURE: ""},
        {SIGNATURE: "v1,"},
        {SIGNATURE: "v1,不"},
        {SIGNATURE: "v1,AAAA"},
    ],
)
def test_what_is_not_signed_as_it_stands_is_refused(change: dict[str, str]) -> None:
    clock = MovableClock()
    with pytest.raises(BadSignature) as refused:
        shared(SECRET).verify(WHO, signed(clock) | change, BODY, clock)
    assert refused.value.code is FailureCode.BAD_SIGNATURE


def test_another_secret_another_body_and_a_stranger_are_refused() -> None:
    clock = MovableClock()
    for name, headers, body in (
        (WHO, signed(clock, OTHER), BODY),
        (WHO, signed(clock), BODY + b" "),
        ("sources/unknown", signed(clock), BODY),
    ):
        with pytest.raises(BadSignature):
            shared(SECRET).verify(name, headers, body, clock)


@given(age=st.integers(-2 * REPLAY_WINDOW_S, 2 * REPLAY_WINDOW_S))
def test_a_call_is_good_for_five_minutes_either_way(age: int) -> None:
    clock = MovableClock()
    headers = signed(clock)
    clock.move(seconds=age)
    if abs(age) <= REPLAY_WINDOW_S:
        shared(SECRET).verify(WHO, headers, BODY, clock)
    else:
        with pytest.raises(BadSignature):
            shared(SECRET).verify(WHO, headers, BODY, clock)


@pytest.mark.parametrize("text", ["", " , "])
def test_nothing_shared(text: str) -> None:
    assert SharedSecrets.from_setting(text).of(WHO) == ()


@pytest.mark.parametrize("text", ["sources/a", "sources/a:c2hvcnQ=", "people/a:" + base64.b64encode(SECRET).decode()])
def test_a_wrong_setting_is_not_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="callback secrets") as wrong:
        SharedSecrets.from_setting(text)
    assert "c2" not in str(wrong.value)


def test_a_setting_is_read() -> None:
    text = f"{WHO}:{base64.b64encode(SECRET).decode()}, {WHO}:{base64.b64encode(OTHER).decode()}"
    assert SharedSecrets.from_setting(text).of(WHO) == (SECRET, OTHER)
