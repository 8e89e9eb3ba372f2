"""How sure of the caller an act has to be: level of identity, a second factor, how long ago. Pure.

Levels as in `Assurance`. Below real person (实人) the applying side may look at plans and write drafts; it says nothing
in anybody's name. Giving authority away asks for a sign-in of the last minutes. Staff come with a second factor
(GB/T 22239-2019 8.1.4.1 d asks for two). Minutes and levels are `assumed`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Principal, Role
from onething.security.policy import Act

_REAL_PERSON = 2
_JUST_NOW = timedelta(minutes=15)
_APPLYING = frozenset({Role.CITIZEN, Role.AGENT})
_STAFF = frozenset(Role) - _APPLYING - {Role.DEPARTMENT_SYSTEM, Role.WORKER}
_OF_A_REAL_PERSON = frozenset(
    {
        *(Act.SUBMIT, Act.SUPPLEMENT, Act.WITHDRAW, Act.REUSE_MATERIAL),
        *(Act.GIVE_MANDATE, Act.REVOKE_MANDATE, Act.CONFIRM_PREFILL, Act.SEARCH_LICENCES),
    }
)
_OF_WHO_SIGNED_IN_JUST_NOW = frozenset({Act.GIVE_MANDATE})


@dataclass(frozen=True, slots=True)
class Needed:
    level: int = 0
    mfa: bool = False
    within: timedelta | None = None


class InsufficientAuthentication(OneThingError):
    """Signed in, but not well enough for this act (RFC 9470): `needed` says how to sign in again."""

    def __init__(self, needed: Needed) -> None:
        remedies = [
            *(["以本人实名并核验过的方式（人脸等）"] if needed.level else []),
            *(["用两种方式验证身份（如口令加动态码）"] if needed.mfa else []),
            *(["在办理前十五分钟内"] if needed.within else []),
        ]
        detail = f"此操作需要更高的身份核验：请{'、'.join(remedies)}重新登录后再办。"
        super().__init__(FailureCode.INSUFFICIENT_AUTHENTICATION, detail)
        self.needed = needed

    @property
    def challenge(self) -> str:
        """The value of `WWW-Authenticate`."""
        parts = ['Bearer error="insufficient_user_authentication"']
        if self.needed.level:
            parts.append(f'acr_values="{self.needed.level}"')
        if self.needed.within:
            parts.append(f'max_age="{int(self.needed.within.total_seconds())}"')
        return ", ".join(parts)


def needed(role: Role, act: Act) -> Needed:
    if role in _APPLYING:
        return Needed(
            level=_REAL_PERSON if act in _OF_A_REAL_PERSON else 0,
            within=_JUST_NOW if act in _OF_WHO_SIGNED_IN_JUST_NOW else None,
        )
    return Needed(mfa=role in _STAFF)


def require_assurance(principal: Principal, act: Act, now: datetime) -> None:
    """Raises InsufficientAuthentication."""
    _require(principal, needed(principal.role, act), now)


def require_fresh(principal: Principal, now: datetime) -> None:
    """Signed in a moment ago, and as a real person: for who confirms what another has written. Raises
    InsufficientAuthentication."""
    _require(principal, Needed(level=_REAL_PERSON, within=_JUST_NOW), now)


def _require(principal: Principal, demanded: Needed, now: datetime) -> None:
    known = principal.assurance
    fresh = demanded.within is None or (known.signed_in_at is not None and now - known.signed_in_at <= demanded.within)
    if known.level < demanded.level or (demanded.mfa and not known.mfa) or not fresh:
        raise InsufficientAuthentication(demanded)
