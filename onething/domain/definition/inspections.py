"""An inspection that several departments make together on one day (联合踏勘、联合验收、联合会审)."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from onething.domain.base import Code, Strict, Text
from onething.domain.definition.basis import Bases
from onething.domain.definition.items import Before, CitedLimit
from onething.domain.definition.questions import ConditionText


class InspectionKind(StrEnum):
    SURVEY = "survey"  # 踏勘
    CHECK = "check"  # 检查
    ACCEPTANCE = "acceptance"  # 验收
    MEETING = "meeting"  # 会审


class WhenAbsent(StrEnum):
    """What it means that a department did not come on the day."""

    ESCALATE = "escalate"  # its leader and the supervisors are told; it checks alone, inside its own time
    FACTS_AGREED = "facts_agreed"  # it has agreed to the facts that the others recorded, never to the application


class InspectionState(StrEnum):
    READY = "ready"  # its lead has to offer days
    OFFERED = "offered"  # the applicant has to choose one
    SET = "set"
    HELD = "held"
    RECTIFYING = "rectifying"
    CLOSED = "closed"


class PartState(StrEnum):
    """How it stands with what one item has to look at."""

    DUE = "due"
    PASSED = "passed"
    POINTS = "points"  # something is to be mended
    FAILED = "failed"  # and was not
    ABSENT = "absent"


class Slots(Strict):
    """How many days the lead offers, and within what time they lie."""

    offered: int = Field(3, ge=1, le=10)
    within: CitedLimit


class Rectify(Strict):
    """How long the applicant has to mend what was found, and how often the failed points are looked at again."""

    within: CitedLimit
    rechecks: int = Field(2, ge=1, le=5)

    @property
    def stops_law(self) -> bool:
        """Whether the law's time of what waits for it stands still too, and not the promise alone."""
        return any(one.is_cited for one in self.within.basis)


class PlannedInspection(Strict):
    """`items` take part, each with its department; the `lead` has the days and the one list. `limit`: how long the
    lead has for each round, from when it may offer days until all is recorded and the list is out."""

    code: Code
    name: Text
    kind: InspectionKind
    lead: Code
    items: tuple[Code, ...] = Field(min_length=2)
    after: tuple[Before, ...] = ()  # items; nothing: it begins with the first item that is at its department
    slots: Slots
    officers: int = Field(2, ge=1, le=10)  # that sign each part, at least
    absent: WhenAbsent = WhenAbsent.ESCALATE
    limit: CitedLimit
    rectify: Rectify
    when: ConditionText | None = None
    basis: Bases

    @model_validator(mode="after")
    def _has_time(self) -> Self:
        for what, limit in (("slots.within", self.slots.within), ("rectify.within", self.rectify.within)):
            if not limit.amount:
                raise ValueError(f"{what} 至少为 1")
        return self
