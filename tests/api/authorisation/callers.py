"""Everybody who might call: the columns of the table, in its order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from onething.domain.principal import Assurance, OutletScope
from onething.services.core.context import AppContext
from tests.support import people

NOBODY, SIGNED, LOCKED_OUT = "none", "sign", "lock"


@dataclass(frozen=True)
class Caller:
    """`head` of the column, and `who` that is, for people. `account`: of the demo accounts, with these `changes`; none
    for who shows no token."""

    head: str
    who: str
    account: str | None = None
    changes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def token(self, context: AppContext) -> str | None:
        return people.token(context, self.account, **self.changes) if self.account else None

    @property
    def subject(self) -> str:
        return str(self.changes.get("subject", self.account))

    @property
    def is_counter(self) -> bool:
        return self.account == "counter"

    @property
    def works_for_an_office(self) -> bool:
        return self.account is not None and self.account.startswith(("counter", "officer", "leader", "auditor"))


def _caller(head: str, who: str, account: str | None = None, **changes: Any) -> Caller:
    return Caller(head, who, account, MappingProxyType(changes))


_APPLICANT, _PASSER_BY = people.ZHANG.id_number, people.WANG.id_number

_OUTLET = OutletScope(own=("330109115",))

CALLERS = (
    _caller(NOBODY, "nobody: no token"),
    _caller(SIGNED, "a source or department's system that signs the call, where calls are signed; else nobody"),
    _caller(LOCKED_OUT, "the applicant by another account, which is locked out", "citizen", subject="locked-out"),
    _caller("appl", "the applicant", "citizen"),
    _caller("weak", "the applicant, signed in as no real person (level 1)", "citizen", assurance=Assurance(level=1)),
    _caller("name", "another person whom the form names; a prefilled application names them its applicant", "citizen2"),
    _caller("strg", "a stranger", "citizen2", subject="stranger", identity_number=_PASSER_BY),
    _caller("know", "who knows the applicant's number and has proved none", "citizen2", subject="knows", identity=None),
    _caller(
        "draf",
        "who wrote the draft, without a mandate",
        "citizen2",
        subject="drafter",
        identity_number=people.WU.id_number,
    ),
    _caller("agnt", "an agent with a mandate to apply and to supply", "agent"),
    _caller("ag-0", "an agent without any", "agent", subject="agent.none"),
    _caller("ag-r", "an agent whose mandate was revoked", "agent", subject="agent.revoked"),
    _caller("ag-T", "the agent with that mandate, bound to an outlet as its helper", "agent", outlets=_OUTLET),
    _caller("ag-x", "an agent whose mandate has expired", "agent", subject="agent.expired"),
    _caller("cntr", "a counter clerk of the region", "counter"),
    _caller("cntE", "a counter clerk elsewhere", "counter", subject="counter.elsewhere", region=people.ELSEWHERE),
    _caller(
        "cntT",
        "a counter clerk of the region who is bound to an outlet that took nothing in",
        "counter",
        subject="counter.outlet",
        outlets=_OUTLET,
    ),
    _caller(
        "cntO",
        "a counter clerk whose own application it is",
        "counter",
        subject="counter.own",
        identity_number=_APPLICANT,
    ),
    _caller(
        "offi",
        "an officer of the department that registers (its item is open in `running`, decided in `closed`)",
        "officer.amr",
    ),
    _caller("offW", "the same without a second factor", "officer.amr", assurance=Assurance(level=3)),
    _caller(
        "offO",
        "an officer of that department whose own application it is",
        "officer.amr",
        subject="officer.own",
        identity_number=_APPLICANT,
    ),
    _caller(
        "offE",
        "an officer of that department elsewhere",
        "officer.amr",
        subject="officer.elsewhere",
        region=people.ELSEWHERE,
    ),
    _caller("lead", "the leader of that department", "leader.amr"),
    _caller("next", "an officer of a department whose item comes later; it is asked for its opinion", "officer.psb"),
    _caller("data", "an officer of the department that owns data of the case, and has no item in it", "officer.natres"),
    _caller("offX", "an officer of a department that has nothing to do with the case", "officer.fire"),
    _caller("supv", "the supervisor of the region", "supervisor"),
    _caller("supE", "a supervisor elsewhere", "supervisor", subject="supervisor.elsewhere", region=people.ELSEWHERE),
    _caller("admn", "who runs the system", "admin"),
    _caller("audi", "an auditor", "auditor"),
    _caller("syst", "the system of the department that registers, by a token", "system.amr"),
    _caller(
        "sysE",
        "the system of that department elsewhere",
        "system.amr",
        subject="system.elsewhere",
        region=people.ELSEWHERE,
    ),
)
BY_HEAD = {caller.head: caller for caller in CALLERS}

TOLD_OF_NOBODY = frozenset(
    {
        *(NOBODY, SIGNED, LOCKED_OUT, "supv", "supE", "admn", "audi"),
        *("strg", "know", "ag-0", "ag-T", "cntE", "cntT", "offE", "offX", "sysE"),
    }
)
"""Whatever they are answered, refused or not, nothing of anybody in the cases stands in it."""
