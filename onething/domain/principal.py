"""Who is acting: the identity that stands behind every fact."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from onething.domain.base import Code, Strict


class Role(StrEnum):
    CITIZEN = "citizen"  # applicant
    AGENT = "agent"  # 帮办代办: acts for an applicant
    COUNTER = "counter"  # 综合窗口
    OFFICER = "officer"  # handles a department's items
    LEADER = "leader"  # an officer's superior
    SUPERVISOR = "supervisor"  # 督办: watches over time limits
    ADMIN = "admin"  # runs the system, sees no case
    AUDITOR = "auditor"  # reads who looked at what, sees no case
    DEPARTMENT_SYSTEM = "department_system"  # a department's own software
    WORKER = "worker"  # our own processes


APPLYING_SIDE = frozenset({Role.CITIZEN, Role.AGENT})
"""Who is not in office: of records they see their own, and of others' the result."""
DEPARTMENT_ROLES = frozenset({Role.OFFICER, Role.LEADER, Role.DEPARTMENT_SYSTEM})
"""Roles that mean nothing without a department."""

REGIONAL_ROLES = DEPARTMENT_ROLES | {Role.COUNTER, Role.SUPERVISOR}
"""Roles that see what is of their division, and nothing else."""

Region = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""Administrative division by GB/T 2260."""

OutletCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}(?:[0-9]{3})?$")]
"""Outlet by the code of its town (GB/T 10114) or village (统计用区划代码)."""

RECEIVING_ROLES = frozenset({Role.COUNTER, Role.AGENT})
"""Roles that may be somebody's at an outlet: who takes in there, and who helps to fill in."""


class OutletScope(Strict):
    """At which outlets somebody works: `own`, as who signed them in says. `sees`: received at which cases are theirs
    to see, those below their own among them; `accepts`: of these they say 受理 as well. `region_too`: all of their
    division is theirs to see all the same, and `own` is where they take in."""

    own: tuple[OutletCode, ...] = Field(min_length=1, max_length=20)
    sees: frozenset[OutletCode] = frozenset()
    accepts: frozenset[OutletCode] = frozenset()
    region_too: bool = False


class Assurance(Strict):
    """How sure whoever signed them in is: what is left out grants nothing.

    `level`: 0 none, 1 real name (实名), 2 real person (实人), 3 in person. `mfa`: with a second factor. `signed_in_at`:
    when the person last showed it, which may be long before the token was made.
    """

    level: int = Field(0, ge=0, le=3)
    mfa: bool = False
    signed_in_at: datetime | None = None


class Principal(Strict):
    """One signed-in person or system. `subject` is what facts name: the issuer's code and its name for the caller.
    `name` is shown to people and stays out of logs.

    `identity`: the blind index, in hex, of the identity number that whoever signed them in has checked.
    """

    subject: str = Field(min_length=1, max_length=280)
    role: Role
    department: Code | None = None
    region: Region
    name: str = Field(min_length=1, max_length=200, repr=False)
    identity: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$", repr=False)
    assurance: Assurance = Assurance()
    outlets: OutletScope | None = None

    @model_validator(mode="after")
    def _department_fits_role(self) -> Self:
        if (self.role in DEPARTMENT_ROLES) != (self.department is not None):
            raise ValueError("a department belongs to officer, leader and department_system, and to nobody else")
        return self

    @model_validator(mode="after")
    def _outlets_fit_role(self) -> Self:
        if self.outlets is not None and self.role not in RECEIVING_ROLES:
            raise ValueError("outlets belong to counter and agent, and to nobody else")
        return self

    @property
    def bound_to(self) -> frozenset[str] | None:
        """Received at which outlets alone a case is theirs to see; None: nobody is bound so. Of a helper it says where
        they sit, and that no case but a draft of their own is theirs."""
        if self.outlets is None or (self.outlets.region_too and self.role is not Role.AGENT):
            return None
        return self.outlets.sees | frozenset(self.outlets.own)
