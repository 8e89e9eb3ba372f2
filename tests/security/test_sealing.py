"""Sealed values: kept to the byte, opened only where they belong, refused when touched, silent about their content."""

import base64
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.errors import FailureCode
from onething.security.sealing import SealBroken, Sealer
from tests.support import people

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
HERE = "20261121000001/form"
sealer = Sealer({"k1": OLD}, active="k1")

rare_text = st.one_of(st.text(), st.text(alphabet="䶮𠮷\U0001f469‍\U0001f467éé１２Ⅳﷺאَ\x00\n"))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | rare_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(rare_text, inner, max_size=4),
    max_leaves=12,
)


@given(plaintext=st.binary(max_size=500), context=rare_text)
def test_any_bytes_come_back(plaintext: bytes, context: str) -> None:
    assert sealer.open(sealer.seal(plaintext, context=context), context=context) == plaintext


@given(value=json_values)
def test_any_json_comes_back_to_the_byte(value: object) -> None:
    assert sealer.open_json(sealer.seal_json(value, context=HERE), context=HERE) == value


def test_text_is_not_normalised() -> None:
    composed_and_decomposed = {"姓名": "䶮𠮷", "e": "é", "e\u0301": "e\u0301", "号": "１２３", "标": "👩‍👧"}
    opened = sealer.open_json(sealer.seal_json(composed_and_decomposed, context=HERE), context=HERE)
    assert [(k.encode(), v.encode()) for k, v in opened.items()] == [
        (k.encode(), v.encode()) for k, v in composed_and_decomposed.items()
    ]


@given(plaintext=st.binary(max_size=60), data=st.data())
def test_any_changed_byte_breaks_the_seal(plaintext: bytes, data: st.DataObject) -> None:
    sealed = bytearray(sealer.seal(plaintext, context=HERE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        sealer.open(bytes(sealed), context=HERE)


@given(data=st.data())
def test_any_other_length_breaks_the_seal(data: st.DataObject) -> None:
    sealed = sealer.seal(b"content", context=HERE)
    shorter = sealed[: data.draw(st.integers(0, len(sealed) - 1))]
    longer = sealed + data.draw(st.binary(min_size=1, max_size=20))
    for changed in (shorter, longer):
        with pytest.raises(SealBroken):
            sealer.open(changed, context=HERE)


@given(garbage=st.binary(max_size=100))
def test_garbage_is_refused_and_nothing_else_raised(garbage: bytes) -> None:
    with pytest.raises(SealBroken):
        sealer.open(garbage, context=HERE)


@given(sealed_at=rare_text, opened_at=rare_text)
def test_a_value_opens_only_in_its_own_context(sealed_at: str, opened_at: str) -> None:
    sealed = sealer.seal(b"content", context=sealed_at)
    if sealed_at == opened_at:
        assert sealer.open(sealed, context=opened_at) == b"content"
    else:
        with pytest.raises(SealBroken):
            sealer.open(sealed, context=opened_at)


def test_the_same_value_never_looks_the_same() -> None:
    assert len({sealer.seal(b"content", context=HERE) for _ in range(200)}) == 200


def test_rotation_opens_what_the_old_key_sealed_and_seals_with_the_new() -> None:
    before = sealer.seal(b"content", context=HERE)
    rotated = Sealer({"k2": NEW, "k1": OLD}, active="k2")
    assert rotated.open(before, context=HERE) == b"content"
    after = rotated.seal(b"content", context=HERE)
    assert Sealer({"k2": NEW}, active="k2").open(after, context=HERE) == b"content"
    with pytest.raises(SealBroken):
        sealer.open(after, context=HERE)


def test_another_key_under_the_same_id_is_refused() -> None:
    with pytest.raises(SealBroken):
        Sealer({"k1": NEW}, active="k1").open(sealer.seal(b"content", context=HERE), context=HERE)


def test_relabelling_the_key_id_is_refused() -> None:
    twins = Sealer({"k1": OLD, "k2": OLD}, active="k1")
    sealed = twins.seal(b"content", context=HERE)
    with pytest.raises(SealBroken):
        twins.open(sealed.replace(b"k1", b"k2", 1), context=HERE)


def test_failures_carry_a_code_and_no_content() -> None:
    secret = people.ZHANG.id_number
    not_json = sealer.seal(secret.encode() + b"}", context=HERE)
    with pytest.raises(SealBroken) as failure:
        sealer.open_json(not_json, context=HERE)
    assert failure.value.code is FailureCode.INTERNAL
    assert secret not in "".join(traceback.format_exception(failure.value))
    assert failure.value.__cause__ is None


def _setting(**keys: bytes) -> str:
    return ",".join(f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in keys.items())


def test_the_first_key_of_the_setting_is_active() -> None:
    both = Sealer.from_setting(_setting(k2=NEW, k1=OLD))
    assert Sealer({"k2": NEW}, active="k2").open(both.seal(b"x", context=HERE), context=HERE) == b"x"
    assert both.open(sealer.seal(b"x", context=HERE), context=HERE) == b"x"


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "k1",
        ":" + base64.b64encode(OLD).decode(),
        "k1:SECRETnotbase64!",
        _setting(k1=b"SECRETSECRET"),
        _setting(k1=OLD) + "," + _setting(k1=NEW),
        _setting(k1=OLD) + ",",
        "钥:" + base64.b64encode(OLD).decode(),
    ],
)
def test_a_bad_setting_is_refused_without_quoting_it(setting: str) -> None:
    with pytest.raises(ValueError, match="sealing key") as failure:
        Sealer.from_setting(setting)
    shown = "".join(traceback.format_exception(failure.value))
    for secret in ("SECRET", base64.b64encode(OLD).decode(), base64.b64encode(b"SECRETSECRET").decode()):
        assert secret not in shown


def test_an_unknown_active_key_is_refused() -> None:
    with pytest.raises(ValueError, match="active"):
        Sealer({"k1": OLD}, active="k2")
