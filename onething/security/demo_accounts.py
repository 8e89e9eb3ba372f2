"""Accounts for trying things out. They exist under trial only (`onething/wiring/secure.py`)."""

import hmac
from collections.abc import Mapping
from types import MappingProxyType

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.identity import IdType
from onething.domain.principal import Assurance, OutletScope, Principal, Role
from onething.security.blind_index import BlindIndex

DEFAULT_PASSWORD = "onething"  # noqa: S105 (outside a trial there are no accounts)
IDENTITIES: Mapping[str, str] = MappingProxyType({"citizen": "330106198805123144", "citizen2": "330100196802148488"})
"""Whose identity numbers the demo citizens have proved: made up, but their check digits are right."""

_OF_STAFF = Assurance(level=3, mfa=True)
_ASSURANCE = {
    Role.CITIZEN: Assurance(level=2),
    Role.AGENT: Assurance(level=2),
    Role.DEPARTMENT_SYSTEM: Assurance(),
}


class WrongCredentials(OneThingError):
    """Unknown name or wrong password: the answer doesn't say which."""

    def __init__(self) -> None:
        super().__init__(FailureCode.WRONG_CREDENTIALS, "用户名或密码不正确。")


class DemoAccounts:
    def __init__(
        self,
        departments: Mapping[str, str],
        *,
        password: str,
        region: str,
        index: BlindIndex | None = None,
        outlets: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`departments`, `outlets`: code → Chinese name. One password serves every account; ValueError if it is empty.
        `index`: of the citizens' identity numbers; without it they have proved none."""
        if not password:
            raise ValueError("the demo password is empty")
        self._password = password.encode("utf-8")
        self._accounts = {principal.subject: principal for principal in _callers(departments, outlets, region, index)}

    def identity_number(self, username: str) -> str | None:
        """Which the account has proved."""
        return IDENTITIES.get(username)

    @property
    def usernames(self) -> tuple[str, ...]:
        return tuple(self._accounts)

    def of(self, username: str) -> Principal | None:
        return self._accounts.get(username)

    def sign_in(self, username: str, password: str) -> Principal:
        """Raises WrongCredentials, after the same comparison whether or not the name is known."""
        right = hmac.compare_digest(password.encode("utf-8", "surrogatepass"), self._password)
        principal = self._accounts.get(username)
        if principal is None or not right:
            raise WrongCredentials
        return principal


def _callers(
    departments: Mapping[str, str], outlets: Mapping[str, str], region: str, index: BlindIndex | None
) -> list[Principal]:
    def caller(
        subject: str, role: Role, name: str, department: str | None = None, outlet: str | None = None
    ) -> Principal:
        proved = (
            index.of_identity(IdType.RESIDENT_ID, IDENTITIES[subject]).hex()
            if index and subject in IDENTITIES
            else None
        )
        return Principal(
            subject=subject,
            role=role,
            department=department,
            region=region,
            name=name,
            identity=proved,
            assurance=_ASSURANCE.get(role, _OF_STAFF),
            outlets=OutletScope(own=(outlet,)) if outlet else None,
        )

    callers = [
        caller("citizen", Role.CITIZEN, "演示市民甲"),
        caller("citizen2", Role.CITIZEN, "演示市民乙"),
        caller("agent", Role.AGENT, "演示帮办员"),
        caller("counter", Role.COUNTER, "演示综合窗口"),
        caller("supervisor", Role.SUPERVISOR, "演示督办员"),
        caller("admin", Role.ADMIN, "演示管理员"),
        caller("auditor", Role.AUDITOR, "演示审计员"),
    ]
    for code, name in departments.items():
        callers.append(caller(f"officer.{code}", Role.OFFICER, f"{name}经办人", code))
        callers.append(caller(f"leader.{code}", Role.LEADER, f"{name}负责人", code))
        callers.append(caller(f"system.{code}", Role.DEPARTMENT_SYSTEM, f"{name}业务系统", code))
    for code, name in outlets.items():
        callers.append(caller(f"counter.{code}", Role.COUNTER, f"{name}窗口", outlet=code))
        callers.append(caller(f"agent.{code}", Role.AGENT, f"{name}帮办员", outlet=code))
    return callers
