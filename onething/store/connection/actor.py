"""On whose behalf a transaction runs: what row-level security sees, and what the journal names."""

from dataclasses import dataclass
from datetime import datetime

from onething.domain.kernel.case_no import CaseNo
from onething.domain.principal import Principal, Role

PUBLIC = "public"
SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Actor:
    """`role` is a `Role` or `public` or `source`; `department` and `region` are empty where they mean nothing.
    `code` and `case_no`: of the data source that calls back, and about which case; `case_no` also of who answers as a
    party of that case. Empty for everybody else.
    `identity`: the blind index, in hex, of the number that the caller has proved; empty for none. `at`: when the act
    was asked for; without it no mandate is in force. `mandate`: under which the caller acts in this case. `outlets`:
    to which the caller is bound, in place of the region; none for everybody else. `sits_at`: the outlet where the
    caller works, if it is one."""

    subject: str
    role: str
    department: str = ""
    region: str = ""
    code: str = ""
    case_no: str = ""
    identity: str = ""
    at: datetime | None = None
    mandate: str | None = None
    outlets: tuple[str, ...] = ()
    sits_at: str | None = None

    @classmethod
    def of(cls, principal: Principal, at: datetime | None = None) -> "Actor":
        return cls(
            principal.subject,
            principal.role,
            principal.department or "",
            principal.region,
            identity=principal.identity or "",
            at=at,
            outlets=tuple(sorted(principal.bound_to or ())),
            sits_at=_sits_at(principal),
        )

    @classmethod
    def worker(cls) -> "Actor":
        """Our own processes. What they may see is decided by the role that they log in as."""
        return cls("worker", Role.WORKER)

    @classmethod
    def with_query_code(cls, query_hash: bytes, at: datetime) -> "Actor":
        """Anybody who shows a case's query code: sees that one case."""
        return cls(query_hash.hex(), PUBLIC, at=at)

    @classmethod
    def with_certificate(cls, number: str) -> "Actor":
        """Anybody who verifies a certificate: sees that one."""
        return cls(number, PUBLIC)

    @classmethod
    def page_session(cls, digest: bytes, at: datetime) -> "Actor":
        """Whoever shows the cookie of a session, or of a form that was kept: sees that one."""
        return cls(digest.hex(), PUBLIC, at=at)

    @classmethod
    def source(cls, code: str, case_no: CaseNo) -> "Actor":
        """A data source that calls back about one case: sees that one, and its look-ups."""
        return cls(f"sources/{code}/{case_no}", SOURCE, code=code, case_no=case_no)

    @classmethod
    def anybody(cls) -> "Actor":
        """Nobody in particular: sees no case. For catalogue, sign-in and the access log."""
        return cls("", PUBLIC)


def _sits_at(principal: Principal) -> str | None:
    """None for who works at several: where they sit now is not known."""
    own = principal.outlets.own if principal.outlets else ()
    return own[0] if len(own) == 1 else None
