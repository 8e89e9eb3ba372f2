"""How sure of a caller one can be: level of identity, a second factor, how long ago they signed in. Pure.

Which act asks for how much stands with the act, in `policy.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Principal

REAL_PERSON = 2
"""Level of who is known to be the living person (实人), as in `Assurance`."""
JUST_NOW = timedelta(minutes=15)
"""So long ago at most has somebody signed in who gives authority away (assumed)."""


@dataclass(frozen=True, slots=True)
class Needed:
    level: int = 0
    mfa: bool = False
    within: timedelta | None = None

    @property
    def remedy(self) -> str:
        """How to sign in again, for people."""
        ways = [
            *(["以本人实名并核验过的方式（人脸等）"] if self.level else []),
            *(["用两种方式验证身份（如口令加动态码）"] if self.mfa else []),
            *(["在办理前十五分钟内"] if self.within else []),
        ]
        return f"请{'、'.join(ways)}重新登录后再办。"


WHY = "此操作需要更高的身份核验："


class InsufficientAuthentication(OneThingError):
    """Signed in, but not well enough for this act (RFC 9470): `needed` says how to sign in again."""

    def __init__(self, needed: Needed) -> None:
        super().__init__(FailureCode.INSUFFICIENT_AUTHENTICATION, WHY + needed.remedy)
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


def is_enough(principal: Principal, needed: Needed, now: datetime | None) -> bool:
    """`now` None: the moment is not known, and then nobody signed in just now."""
    known = principal.assurance
    if known.level < needed.level or (needed.mfa and not known.mfa):
        return False
    if needed.within is None:
        return True
    return now is not None and known.signed_in_at is not None and now - known.signed_in_at <= needed.within


def require_fresh(principal: Principal, now: datetime) -> None:
    """Signed in a moment ago, and as a real person: for who confirms what another has written. Raises
    InsufficientAuthentication."""
    demanded = Needed(level=REAL_PERSON, within=JUST_NOW)
    if not is_enough(principal, demanded, now):
        raise InsufficientAuthentication(demanded)
