"""Tokens: a trusted issuer's are read into a principal while they are in force; anything else is not signed in."""

import base64
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.characters import UnusableText, cleaned, is_blank
from onething.domain.errors import FailureCode
from onething.domain.identity import IdType
from onething.domain.principal import DEPARTMENT_ROLES, OutletScope, Principal, Role
from onething.security.blind_index import BlindIndex
from onething.security.identity.issuers import ClaimPaths, Issuer
from onething.security.identity.locked_out import Lockouts
from onething.security.identity.reader import TokenReader
from onething.security.identity.refusals import NotSignedIn
from onething.security.identity.trial import TokenIssuer
from tests.security.clock import MovableClock
from tests.security.identity.signing import GOV, INDEX, NUMBER, Locked, Signer, claims, reader_of

clock = MovableClock()
signer = Signer()
reader = reader_of(signer, clock)


def token(**changes: Any) -> str:
    return signer.sign(claims(clock, **changes))


async def test_an_officer_is_read_whole() -> None:
    read = await reader.read(token())
    principal = read.principal
    assert (principal.subject, principal.role, principal.department) == ("gov:0042", Role.OFFICER, "psb")
    assert (principal.region, principal.name, principal.identity) == ("330100", "䶮𠮷", None)
    assert (principal.assurance.level, principal.assurance.mfa) == (2, True)
    assert principal.assurance.signed_in_at == (clock.now() - timedelta(minutes=1)).replace(microsecond=0)
    assert read.token_id == "gov:t-1"


async def test_an_identity_number_is_indexed_and_goes_no_further() -> None:
    read = await reader.read(token(role="citizen", department=..., identity_number=NUMBER))
    assert read.principal.identity == INDEX.of_identity(IdType.RESIDENT_ID, NUMBER).hex()
    assert NUMBER not in read.principal.model_dump_json() + repr(read)


COUNTER = {"role": "counter", "department": ...}
TOWN, VILLAGE = "330109115", "330109115201"
staff_roles = frozenset({Role.COUNTER, Role.OFFICER, Role.SUPERVISOR})
staff = reader_of(signer, clock, GOV.model_copy(update={"roles": staff_roles}))


@pytest.mark.parametrize("words", [list, " ".join], ids=["list", "text"])
async def test_outlets_are_read_from_scopes(words: Callable[[list[str]], Any]) -> None:
    """Other words are for somebody else."""

    async def scope(*named: str, **changes: Any) -> OutletScope | None:
        return (await staff.read(token(**COUNTER, **changes, scopes=words(["openid", *named])))).principal.outlets

    assert await scope() is None
    assert await scope("region:330100") is None
    bound = await scope(f"outlet:{TOWN}", f"outlet:{VILLAGE}", f"outlet:{TOWN}")
    assert bound is not None
    assert (bound.own, bound.region_too, bound.accepts) == ((TOWN, VILLAGE), False, frozenset())
    both = await scope(f"outlet:{TOWN}", "region:330100")
    assert both is not None
    assert (both.own, both.region_too) == ((TOWN,), True)


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": ["outlet:"]},
        {"scopes": ["outlet:33010911"]},
        {"scopes": ["outlet:330109115 "]},
        {"scopes": [f"outlet:{TOWN}", "region:440100"]},
        {"scopes": [f"outlet:{TOWN}", 1]},
        {"scopes": {"outlet": TOWN}},
        {"scopes": [f"outlet:{TOWN}"], "role": "officer", "department": "psb"},
        {"scopes": [f"outlet:{TOWN}"], "role": "supervisor"},
    ],
)
async def test_scopes_that_are_wrong_bring_nobody_in(changes: dict[str, Any]) -> None:
    """And so give nobody the whole region for a slip of the pen."""
    with pytest.raises(NotSignedIn):
        await staff.read(token(**{**COUNTER, **changes}))
    assert await staff.read(token(**{**COUNTER, **changes, "scopes": ...}))


async def test_a_subject_may_be_as_long_as_the_standard_says() -> None:
    """OpenID Connect Core 2: at most 255 ASCII characters."""
    longest = "s" * 255
    assert (await reader.read(token(sub=longest))).principal.subject == f"gov:{longest}"
    with pytest.raises(NotSignedIn):
        await reader.read(token(sub=longest + "s"))


async def test_an_issuer_states_the_kind_of_paper_beside_its_number() -> None:
    paths = ClaimPaths(identity="paper.number", identity_kind="paper.kind")
    kinds = {"HKG": IdType.HM_TRAVEL_PERMIT}
    states = reader_of(signer, clock, GOV.model_copy(update={"claims": paths, "identity_kinds": kinds}))

    async def identity(**paper: Any) -> str | None:
        return (await states.read(token(role="citizen", department=..., paper=paper))).principal.identity

    passport = INDEX.of_identity(IdType.PASSPORT, "E12345678").hex()
    assert await identity(kind="passport", number="e1234 5678") == passport
    assert (
        await identity(kind="HKG", number="H1234567801")
        == INDEX.of_identity(IdType.HM_TRAVEL_PERMIT, "H12345678").hex()
    )
    assert await identity(number=NUMBER) == INDEX.of_identity(IdType.RESIDENT_ID, NUMBER).hex()
    assert await identity(kind="library card", number="E12345678") is None  # what we don't know proves nothing
    assert await identity(kind="passport") is None
    assert await identity(number="E12345678") != passport
    with pytest.raises(NotSignedIn):
        await identity(kind=["passport"], number="E12345678")


async def test_an_issuer_that_is_not_asked_for_numbers_states_none() -> None:
    unasked = GOV.model_copy(update={"claims": ClaimPaths()})
    text = token(role="citizen", department=..., identity_number=NUMBER)
    assert (await reader_of(signer, clock, unasked).read(text)).principal.identity is None


async def test_what_is_left_out_grants_nothing() -> None:
    assured = (await reader.read(token(acr=..., amr=..., auth_time=...))).principal.assurance
    assert (assured.level, assured.mfa, assured.signed_in_at) == (0, False, None)
    assured = (await reader.read(token(acr="unheard-of", amr=["pwd"]))).principal.assurance
    assert (assured.level, assured.mfa) == (0, False)


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "jti", "iat", "exp", "role", "region"])
async def test_every_claim_is_needed(name: str) -> None:
    with pytest.raises(NotSignedIn):
        await reader.read(token(**{name: ...}))


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "emperor"},
        {"role": "leader"},  # this issuer doesn't make leaders
        {"role": "worker"},
        {"role": ["officer", "citizen"]},  # which of the two?
        {"role": "citizen"},  # with a department
        {"department": None},  # an officer without one
        {"department": "../psb"},
        {"region": "hangzhou"},
        {"sub": "gov:0042\n"},
        {"sub": "张三"},
        {"role": "citizen", "department": ..., "identity_number": ""},
        {"role": "citizen", "department": ..., "identity_number": 110105},
    ],
)
async def test_a_claim_that_does_not_fit_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        await reader.read(token(**changes))


async def test_it_lives_by_the_injected_clock() -> None:
    own = MovableClock()
    own_reader = reader_of(signer, own)
    text = signer.sign(claims(own))
    own.move(minutes=9, seconds=59.9)
    await own_reader.read(text)
    own.move(seconds=0.1)
    with pytest.raises(NotSignedIn, match="过期") as failure:
        await own_reader.read(text)
    assert failure.value.code is FailureCode.NOT_SIGNED_IN


async def test_a_life_of_more_than_the_issuer_may_give_is_refused() -> None:
    now = int(clock.now().timestamp())
    await reader.read(token(exp=now + 900))
    with pytest.raises(NotSignedIn, match="有效期"):
        await reader.read(token(exp=now + 901))


async def test_an_issuers_clock_may_be_a_minute_ahead() -> None:
    now = int(clock.now().timestamp())
    await reader.read(token(iat=now + 59, exp=now + 300))
    for changes in ({"iat": now + 62, "exp": now + 300}, {"nbf": now + 2}, {"auth_time": now + 62}):
        with pytest.raises(NotSignedIn):
            await reader.read(token(**changes))


async def test_words_and_paths_of_another_issuer() -> None:
    issuer = Issuer.model_validate(
        GOV.model_dump()
        | {
            "claims": {"role": "realm_access.roles", "department": "org.unit", "level": "loa"},
            "role_names": {"经办": "officer"},
            "region": "330100",
        }
    )
    said = {"realm_access": {"roles": ["offline_access", "经办"]}, "org": {"unit": "tax"}, "loa": "loa1"}
    text = token(role=..., department=..., region=..., acr=..., **said)
    principal = (await reader_of(signer, clock, issuer).read(text)).principal
    assert (principal.role, principal.department, principal.region) == (Role.OFFICER, "tax", "330100")
    assert principal.assurance.level == 1


async def test_all_of_an_issuer_may_have_one_role() -> None:
    issuer = GOV.model_copy(update={"role": Role.CITIZEN})
    text = token(role=..., department=...)
    assert (await reader_of(signer, clock, issuer).read(text)).principal.role is Role.CITIZEN


async def test_callers_of_two_issuers_are_never_the_same() -> None:
    trial = TokenIssuer(b"t" * 32, clock)
    officer = Principal(subject="gov:0042", role=Role.OFFICER, department="psb", region="330100", name="x")
    assert (await reader.read(token())).principal.subject == officer.subject
    both = TokenReader([trial.trusted], clock, INDEX, Locked())
    assert {":" in name for name in ("citizen", "officer.psb")} == {False}  # how the trial's accounts are called
    with pytest.raises(NotSignedIn):
        await both.read(token())


async def test_who_is_locked_out_is_out_at_the_next_request() -> None:
    locked = Locked()
    own = reader_of(signer, clock, locked=locked)
    first, second = token(jti="a"), token(jti="b")
    await own.read(first)
    locked.lockouts = Lockouts(tokens=frozenset({"gov:a"}))
    with pytest.raises(NotSignedIn, match="退出"):
        await own.read(first)
    await own.read(second)
    locked.lockouts = Lockouts(subjects=frozenset({"gov:0042"}))
    with pytest.raises(NotSignedIn, match="停用"):
        await own.read(second)


async def test_a_token_is_verified_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    own, done = MovableClock(), 0
    own_reader = reader_of(signer, own)
    verify = jwt.decode

    def counted(*args: Any, **options: Any) -> Any:
        nonlocal done
        done += "algorithms" in options
        return verify(*args, **options)

    monkeypatch.setattr(jwt, "decode", counted)
    text = signer.sign(claims(own))
    for _ in range(20):
        await own_reader.read(text)
    assert done == 1
    own.move(seconds=61)
    await own_reader.read(text)
    assert done == 2


@given(garbage=st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}")))
async def test_garbage_is_not_signed_in(garbage: str) -> None:
    with pytest.raises(NotSignedIn):
        await reader.read(garbage)


DEEP = base64.urlsafe_b64encode(b"[" * 2_000).decode()


@pytest.mark.parametrize(
    "garbage", [f"{DEEP}.{DEEP}.{DEEP}", "\ud800.a.b", "é.é.é", "eyJhbGciOiJIUzI1NiJ9.e30.é", "a" * 100_000, "\x00"]
)
async def test_odd_garbage_is_not_signed_in(garbage: str) -> None:
    with pytest.raises(NotSignedIn):
        await reader.read(garbage)


async def test_failures_quote_nothing() -> None:
    text = token(region="SECRETREGION", name="SECRETNAME", identity_number=NUMBER)
    with pytest.raises(NotSignedIn) as failure:
        await reader.read(text)
    shown = "".join(traceback.format_exception(failure.value))
    assert not [secret for secret in ("SECRET", NUMBER, text) if secret in shown]


# -- the trial's own issuer ---------------------------------------------------------------------------------------


@st.composite
def callers(draw: st.DrawFn) -> Principal:
    role = draw(st.sampled_from([one for one in Role if one is not Role.WORKER]))
    return Principal(
        subject=draw(st.from_regex(r"[a-z.]{1,50}", fullmatch=True)),
        role=role,
        department="psb" if role in DEPARTMENT_ROLES else None,
        region=draw(st.from_regex(r"[0-9]{6}", fullmatch=True)),
        name=draw(st.text(min_size=1, max_size=50).filter(_may_be_printed)),
    )


def _may_be_printed(name: str) -> bool:
    try:
        return cleaned(name) == name and not is_blank(name)
    except UnusableText:
        return False


@pytest.mark.parametrize("name", ["\u202eevil", "张\x1b[2J三", "\ud842"])
async def test_a_name_that_would_turn_the_print_round_is_refused(name: str) -> None:
    with pytest.raises(NotSignedIn):
        await reader.read(token(name=name))


async def test_what_nobody_sees_is_not_in_a_name() -> None:
    assert (await reader.read(token(name="张\u200b三"))).principal.name == "张三"
    assert (await reader.read(token(name="\u200b"))).principal.name == "0042"  # as one who gave none


@given(caller=callers())
async def test_a_caller_of_the_trial_comes_back_whole(caller: Principal) -> None:
    issuer = TokenIssuer(b"t" * 32, clock)
    issued = issuer.issue(caller)
    read = await TokenReader([issuer.trusted], clock, INDEX, Locked()).read(issued.access_token)
    assert read.principal.model_copy(update={"assurance": caller.assurance}) == caller
    assert read.principal.assurance.signed_in_at == clock.now().replace(microsecond=0)
    assert read.expires_at == clock.now().replace(microsecond=0) + timedelta(seconds=issued.expires_in)


async def test_processes_with_one_trial_key_read_each_other_and_no_other() -> None:
    officer = Principal(subject="o", role=Role.OFFICER, department="psb", region="330100", name="x")
    ours, same, other = (TokenIssuer(key * 32, clock) for key in (b"t", b"t", b"f"))
    read: Callable[[TokenIssuer], TokenReader] = lambda issuer: TokenReader(  # noqa: E731
        [issuer.trusted], clock, BlindIndex(b"i" * 32), Locked()
    )
    text = ours.issue(officer).access_token
    assert (await read(same).read(text)).principal.subject == "o"
    with pytest.raises(NotSignedIn):
        await read(other).read(text)


def test_a_bad_trial_key_is_refused_unquoted() -> None:
    with pytest.raises(ValueError, match="trial token key") as failure:
        TokenIssuer.from_setting("c2hvcnQ=", clock)
    assert "c2hvcnQ" not in str(failure.value)
