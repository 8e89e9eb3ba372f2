"""What a clock is called: its kind, and what it is about."""

import re
from enum import StrEnum
from functools import lru_cache

from onething.domain.base import CODE, NUMBER, Identifier


class ClockKind(StrEnum):
    """The value is how ids of the kind begin; after a colon in it, how they end."""

    CASE = "case"
    CASE_STATUTORY = "case:statutory"
    NOTICE = "notice"
    SUPPLEMENT = "supplement"
    DELIVERY = "delivery"
    RATING_CONTACT = "rating:contact"
    RATING_RECTIFY = "rating:rectify"
    ITEM = "item"
    ITEM_STATUTORY = "item:statutory"
    DEFERRED = "deferred"
    OWED = "owed"
    DEMAND = "demand"
    CHECK = "check"
    RECTIFY = "rectify"
    BY_HAND = "by-hand"
    DISCREPANCY = "differs"
    REVOCATION = "revoke"
    URGE = "urge"
    SUPERVISION = "supervise"
    INSPECTION = "inspection"
    JOINT = "joint"  # an inspection that the definition plans
    MEND = "mend"  # what it found
    PERIOD = "period"
    CONSULT = "step"
    WAIT = "wait"  # no clock but a reminder: nothing follows from it


_CODED = frozenset(
    {
        ClockKind.ITEM,
        ClockKind.ITEM_STATUTORY,
        ClockKind.DEFERRED,
        ClockKind.OWED,
        ClockKind.DEMAND,
        ClockKind.CHECK,
        ClockKind.RECTIFY,
        ClockKind.BY_HAND,
        ClockKind.DISCREPANCY,
        ClockKind.REVOCATION,
        ClockKind.PERIOD,
        ClockKind.JOINT,
        ClockKind.MEND,
        ClockKind.CONSULT,
        ClockKind.WAIT,
    }
)
_NUMBERED = frozenset({ClockKind.URGE, ClockKind.SUPERVISION, ClockKind.INSPECTION, ClockKind.CONSULT, ClockKind.WAIT})


def _joined(kind: ClockKind, subject: str) -> str:
    if not subject:
        return kind
    begin, colon, end = kind.partition(":")
    return f"{begin}:{subject}{colon}{end}"


def _pattern(kind: ClockKind) -> re.Pattern[str]:
    parts = [f"(?P<code>{CODE})"] * (kind in _CODED) + [f"(?P<number>{NUMBER})"] * (kind in _NUMBERED)
    return re.compile(_joined(kind, ":".join(parts)))


_PATTERNS = {kind: _pattern(kind) for kind in ClockKind}


class ClockId(Identifier):
    """`code`: of the item, period, inspection, material, data or comparison; "" where it has none. `number`: of the
    consultation or appointed inspection, or the line of the journal since which somebody is to answer; 0 where the kind
    has none.
    `subject`: both, as the record has them beside the kind."""

    __slots__ = ("code", "kind", "number", "subject")
    kind: ClockKind
    code: str
    number: int
    subject: str

    @classmethod
    def of(cls, kind: ClockKind, code: str = "", number: int = 0) -> "ClockId":
        """Raise `ValueError` when ids of the kind have other parts, or the code is none."""
        return _of(kind, code, number)

    @classmethod
    def parse(cls, text: str) -> "ClockId":
        """Raise `ValueError` when no clock is called so."""
        return _parsed(text)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> ClockId:
    for kind, pattern in _PATTERNS.items():
        found = pattern.fullmatch(text)
        if found is not None:
            parts = found.groupdict()
            clock, code, number = str.__new__(ClockId, text), parts.get("code", ""), parts.get("number", "")
            values = {"kind": kind, "code": code, "number": int(number or 0)}
            for name, value in {**values, "subject": ":".join(filter(None, (code, number)))}.items():
                object.__setattr__(clock, name, value)
            return clock
    raise ValueError("no clock is called so")


@lru_cache(maxsize=4096)
def _of(kind: ClockKind, code: str, number: int) -> ClockId:
    clock = _parsed(_joined(kind, ":".join(filter(None, (code, str(number or ""))))))
    if (clock.kind, clock.code, clock.number) != (kind, code, number):
        raise ValueError("a clock of another kind is called so")
    return clock
