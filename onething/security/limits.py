"""How often, as data: what is counted together, the usual numbers, and a setting that changes them.

All numbers are assumed: no rule sets them. Calls of nobody known are counted by address, others by who is signed in. A
counter's clerk is never stopped, for somebody stands in front of them: what exceeds their number is an alarm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from types import MappingProxyType

from onething.domain.calendar.time_source import TimeSource
from onething.domain.principal import Role
from onething.security.rate_limit import Rate, RateLimiter, TooManyRequests


class Allowance(StrEnum):
    """What is counted together. The names are those of the setting."""

    SIGN_IN = "sign-in"
    PROGRESS = "progress"  # wrong query codes only
    RATE_VISIT = "rate-visit"  # wrong codes only
    VERIFY = "verify"
    GUIDE = "guide"
    PLAN = "plan"
    PROBE = "probe"  # readiness and metrics: each asks the record
    SEARCH = "search"  # by somebody's identity number, wherever
    PREFILL = "prefill"
    APPLY = "apply"  # tries, whatever comes of them: each is judged as a whole
    DRAFT = "draft"  # those that were begun
    SUBMIT = "submit"  # those that were submitted
    SCRIPT_ERROR = "script-error"  # what fails in a page, told by the page itself
    DOWNLOAD = "download"  # at once
    POLL = "poll"  # at once


USUAL: Mapping[str, str] = MappingProxyType(
    {
        "sign-in": "60/min",
        "progress": "30/min",
        "rate-visit": "30/min",
        "verify": "60/min",
        "guide": "120/min",
        "plan": "30/min",
        "probe": "300/min",
        "search": "30/min+300/day",
        "search.agent": "30/min+600/day",
        "search.counter": "60/min+1000/day",
        "prefill": "60/min",
        "apply": "60/min",
        "draft": "20/h",
        "draft.agent": "60/h",
        "draft.counter": "120/h",
        "submit": "10/h",
        "submit.agent": "60/h",
        "submit.counter": "120/h",
        "script-error": "30/min",
        "download": "4",
        "poll": "1",
    }
)
"""What is counted, `.role` where a role has a budget of its own → calls in a minute, hour or day, or at once."""

_AT_ONCE = frozenset({Allowance.DOWNLOAD, Allowance.POLL})
_PERIODS_S = {"min": 60, "h": 3600, "day": 86400}
_RATE = re.compile(r"([1-9][0-9]{0,8})/(min|h|day)")
_COUNT = re.compile(r"[1-9][0-9]{0,5}")
_FACTOR = re.compile(r"x([1-9][0-9]{0,5})")
_ALARM = Rate(burst=1, every_s=3600)  # a clerk who is over the number for a whole day is one alarm an hour


@dataclass(frozen=True)
class Numbers:
    """What is allowed, by the names of `USUAL`. `factor`: by how much all that the setting does not name was raised."""

    rates: Mapping[str, tuple[Rate, ...]]
    at_once: Mapping[Allowance, int]
    factor: int = 1

    @classmethod
    def from_setting(cls, text: str) -> "Numbers":
        """From `search:60/min+500/day,submit.agent:100/h,download:8`; the others stay as usual, `x1000` raises them so
        many times. Raises ValueError that names what is wrong."""
        named: dict[str, str] = {}
        factor = 1
        for part in (one.strip() for one in text.split(",") if one.strip()):
            name, colon, value = part.partition(":")
            if raised := _FACTOR.fullmatch(part):
                factor = int(raised[1])
            elif not colon or name not in USUAL:
                raise ValueError(f"{name!r} is none of {', '.join(USUAL)}, and no factor such as x10")
            else:
                named[name] = value
        rates, at_once = {}, {}
        for name, usual in USUAL.items():
            value, times = (named[name], 1) if name in named else (usual, factor)
            if name in _AT_ONCE:
                at_once[Allowance(name)] = _count(name, value) * times
            else:
                rates[name] = tuple(_rate(name, one, times) for one in value.split("+"))
        return cls(rates, at_once, factor)


def _rate(name: str, text: str, times: int) -> Rate:
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"{name}: {text!r} is not written as 30/min, 10/h or 300/day, with + between several")
    calls = int(found[1]) * times
    return Rate(burst=calls, every_s=_PERIODS_S[found[2]] / calls)


def _count(name: str, text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise ValueError(f"{name}: {text!r} is no number of calls at once")
    return int(text)


class LimitReached(TooManyRequests):
    """Of this system's own limits; `allowance` says which."""

    def __init__(self, allowance: Allowance, retry_after: int) -> None:
        super().__init__(retry_after)
        self.allowance = allowance


class Counted(Enum):
    """What became of one call that may go on."""

    WITHIN = auto()
    OVER = auto()  # a clerk's, beyond what is usual
    ALARM = auto()  # the same, and somebody should be told


class Limits:
    """What was counted, in this process only. Keys are addresses, subjects, or whatever else somebody counts by."""

    def __init__(self, clock: TimeSource, numbers: Numbers) -> None:
        self.at_once = numbers.at_once
        self._limiters = {name: RateLimiter(rates, clock) for name, rates in numbers.rates.items()}
        self._alarms = RateLimiter([_ALARM], clock)

    def take(self, allowance: Allowance, key: str, role: Role | None = None) -> Counted:
        """Counts one call. Raises LimitReached for everybody but a counter's clerk."""
        wait = self._limiter(allowance, role).take(key)
        if wait == 0:
            return Counted.WITHIN
        if role is not Role.COUNTER:
            raise LimitReached(allowance, wait)
        return Counted.OVER if self._alarms.take(f"{allowance}/{key}") else Counted.ALARM

    def give_back(self, allowance: Allowance, key: str, role: Role | None = None) -> None:
        """A call that was within came to nothing: it was refused, or repeated another that counted."""
        self._limiter(allowance, role).give_back(key)

    def _limiter(self, allowance: Allowance, role: Role | None) -> RateLimiter:
        return self._limiters.get(f"{allowance}.{role}") or self._limiters[allowance]
