"""Who calls, and whom it is about, for tests, the storm and the benchmarks: the only place that makes principals,
actors, tokens and people who don't exist. What a caller must bring is settled here (`tests/house/test_people.py`).

Over HTTP callers are the demo accounts of `onething/security/demo_accounts.py`, by name: `citizen`, `officer.amr` …
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from onething.domain.identity import IdType, check_character
from onething.domain.principal import DEPARTMENT_ROLES, Assurance, OutletScope, Principal, Role
from onething.security.demo_accounts import DEFAULT_PASSWORD, IDENTITIES
from onething.store.connection.actor import Actor

if TYPE_CHECKING:  # its rooms are many, and not every user of this file needs them
    from onething.security.identity.trial import IssuedToken
    from onething.services.core.context import AppContext

REGION, ELSEWHERE = "330100", "440100"
SIGN_IN_PATH = "/api/auth/token"
WELL_KNOWN = Assurance(level=3, mfa=True, signed_in_at=datetime.max.replace(tzinfo=UTC))
"""Signed in a moment ago, whenever that is."""

SEEN = [{"party": "applicant", "document": "resident_id", "presence": "in_person"}]
"""What a counter has to say of whom it takes an application from."""


# -- callers: as who signed them in describes them ----------------------------------------------------------------


def principal(role: Role, department: str = "psb", *, subject: str = "", region: str = REGION) -> Principal:
    """Of any role; the department is for roles that have one. `subject`: by default as the demo account is called."""
    own = department if role in DEPARTMENT_ROLES else None
    prefix = "system" if role is Role.DEPARTMENT_SYSTEM else role.value
    usual = f"{prefix}.{own}" if own else prefix
    return Principal(
        subject=subject or usual, role=role, department=own, region=region, name="䶮", assurance=WELL_KNOWN
    )


def citizen(subject: str = "citizen", *, region: str = REGION) -> Principal:
    return principal(Role.CITIZEN, subject=subject, region=region)


def agent(subject: str = "agent", *, region: str = REGION) -> Principal:
    return principal(Role.AGENT, subject=subject, region=region)


def counter(subject: str = "counter", *, region: str = REGION, outlets: tuple[str, ...] = ()) -> Principal:
    """`outlets`: to which they are bound."""
    return at_outlets(principal(Role.COUNTER, subject=subject, region=region), *outlets)


def at_outlets(caller: Principal, *codes: str) -> Principal:
    """The same caller, bound to these outlets."""
    return caller.model_copy(update={"outlets": OutletScope(own=codes) if codes else None})


def supervisor(*, region: str = REGION) -> Principal:
    return principal(Role.SUPERVISOR, region=region)


def admin(*, region: str = REGION) -> Principal:
    return principal(Role.ADMIN, region=region)


def auditor(*, region: str = REGION) -> Principal:
    return principal(Role.AUDITOR, region=region)


def officer(department: str, *, subject: str = "", region: str = REGION) -> Principal:
    return principal(Role.OFFICER, department, subject=subject, region=region)


def leader(department: str, *, region: str = REGION) -> Principal:
    return principal(Role.LEADER, department, region=region)


def system(department: str, *, region: str = REGION) -> Principal:
    """A department's own software."""
    return principal(Role.DEPARTMENT_SYSTEM, department, region=region)


def actor(caller: Principal, *, identity: bytes = b"", at: datetime | None = None) -> Actor:
    """As the record knows the caller, who has proved the identity of this blind index, and asks at this moment."""
    return replace(Actor.of(caller, at), identity=identity.hex())


# -- demo accounts: signed in by name -----------------------------------------------------------------------------


def account(context: "AppContext", name: str, **changes: Any) -> Principal:
    """The caller behind a demo account of this API, with these fields of it changed since it was set up."""
    assert context.accounts is not None, "demo accounts are switched off"
    found = context.accounts.of(name)
    assert found is not None, f"no demo account is called {name}"
    return found.model_copy(update={"assurance": WELL_KNOWN, **changes})


def issued(
    context: "AppContext",
    name: str,
    *,
    identity_number: str | None = None,
    identity_kind: IdType = IdType.RESIDENT_ID,
    **changes: Any,
) -> "IssuedToken":
    """A token that this API accepts, for a demo account with these fields changed. `identity_number`: as if it had
    proved that one, of a paper of `identity_kind`; with `identity=None` it has proved none."""
    assert context.issuer is not None, "demo accounts are switched off"
    caller = account(context, name, **changes)
    proved = identity_number or (IDENTITIES.get(name) if caller.identity else None)
    return context.issuer.issue(caller, proved, identity_kind)


def token(context: "AppContext", name: str, **changes: Any) -> str:
    """The text of `issued`."""
    return issued(context, name, **changes).access_token


def credentials(name: str, password: str = DEFAULT_PASSWORD) -> dict[str, str]:
    """The form that signs a demo account in at `SIGN_IN_PATH`; the answer's `access_token` is its token."""
    return {"username": name, "password": password}


def bearer(token: str) -> dict[str, str]:
    """The header of a request by whom the token names."""
    return {"Authorization": f"Bearer {token}"}


# -- people whom it is about --------------------------------------------------------------------------------------


def resident_id(area: str, born: date, serial: int) -> str:
    """A made-up identity number (公民身份号码), its check character right. `area`: six digits; `serial`: up to 999."""
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    return body + check_character(body)


@dataclass(frozen=True)
class Person:
    """Nobody there is."""

    name: str
    id_number: str
    phone: str = ""

    @property
    def named(self) -> dict[str, str]:
        """As forms and mandates name a person."""
        return {"name": self.name, "id_number": self.id_number}

    @property
    def paper(self) -> dict[str, str]:
        """As a form field has it, in its one form."""
        return {"kind": "resident_id", "number": self.id_number}

    @property
    def applicant(self) -> dict[str, str]:
        """As an application has its applicant."""
        phone = {"phone": self.phone} if self.phone else {}
        return {"type": "person", "id_type": "resident_id", **self.named, **phone}


ZHANG = Person("张𠮷䶮", IDENTITIES["citizen"], "13800000000")
"""Whom the account `citizen` has proved to be, as far as the number says: names are not compared."""
ZHAO = Person("赵建国", IDENTITIES["citizen"])
LI = Person("李四", IDENTITIES["citizen2"])
"""Whom the account `citizen2` has proved to be."""
WANG = Person("王五", resident_id("110101", date(1990, 3, 7), 3))
"""Has no account."""
WU = Person("吴若溪", resident_id("330106", date(1993, 12, 25), 468))
"""A mother in the simulated registers."""
SHEN = Person("沈启明", resident_id("330100", date(1946, 3, 9), 131))
"""Dead in the simulated registers."""
