"""What stands between items: a time in which no authority decides (期间: a wait that nobody shortens, a public notice,
what others have to do), and an inspection that several departments make together on one day (联合踏勘、联合验收)."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from onething.domain.base import Code, Strict, Text
from onething.domain.definition.basis import Bases
from onething.domain.definition.items import Before, CitedLimit
from onething.domain.definition.questions import ConditionText


class PeriodKind(StrEnum):
    FIXED = "fixed"  # 冷静期、等待期: it lasts as long as it does
    NOTICE = "notice"  # 公告、公示: an objection ends it
    OUTSIDE = "outside"  # 交接、档案到达: somebody outside reports that it is done


class PeriodState(StrEnum):
    """`RUNNING`, or how it ended; that are its outcomes too."""

    RUNNING = "running"
    OVER = "over"  # its time
    OBJECTED = "objected"
    DONE = "done"
    LAPSED = "lapsed"  # nobody reported in time
    DROPPED = "dropped"  # what it would have come after is not going to be


OUTCOMES: dict[PeriodKind, tuple[PeriodState, ...]] = {
    PeriodKind.FIXED: (PeriodState.OVER,),
    PeriodKind.NOTICE: (PeriodState.OVER, PeriodState.OBJECTED),
    PeriodKind.OUTSIDE: (PeriodState.DONE, PeriodState.LAPSED),
}
"""Of each kind; the first is the one that ends well."""


class Period(Strict):
    """`length`: how long it lasts; of what others have to do, how long it is waited for. Its days are people's: the
    last one is no day off (民法典 Art. 203)."""

    code: Code
    name: Text
    kind: PeriodKind
    length: CitedLimit
    department: Code | None = None  # who gives notice and hears objections; who learns that it is done
    after: tuple[Before, ...] = ()  # nothing: it begins as the case is accepted
    counts: Literal["none", "case"] = "none"  # whether the promise for the whole goes on meanwhile
    when: ConditionText | None = None

    @property
    def stops_law(self) -> bool:
        """Whether the law's time for the whole stands still too, and not the promise alone."""
        return any(one.is_cited for one in self.length.basis)

    @model_validator(mode="after")
    def _somebody_sees_to_it(self) -> Self:
        if self.kind is not PeriodKind.FIXED and self.department is None:
            raise ValueError("要写 department：公告由哪个部门发布、异议向谁提出，约定的事完成后由谁登记")
        if self.kind is PeriodKind.FIXED and self.department is not None:
            raise ValueError("kind 为 fixed 的期间没有人办理，不写 department")
        if not self.length.amount:
            raise ValueError("length 至少为 1")
        return self


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
