"""Clocks: time that is stopped, given or counted anew, and what it brings by itself (moments)."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import ExtensionRank
from onething.domain.definition.time_rules import OverdueHow
from onething.domain.kernel.clock_id import ClockId


class ClockSuspended(Strict):
    """An item's time stands still: a procedure that its plan names (行政许可法 Art. 45), or force majeure. What the
    applicant is told is sealed under `notice`."""

    kind: Literal["clock_suspended"] = "clock_suspended"
    item: str
    basis: PauseBasis
    expected_days: int = Field(ge=1, le=3650)  # calendar days that it is expected to take
    notice: str


class ClockResumed(Strict):
    """The applicant is told in writing."""

    kind: Literal["clock_resumed"] = "clock_resumed"
    item: str


class PauseTimeEnded(Strict):
    """A procedure has taken as long as it may at most: the time of its item goes on, and the applicant is told."""

    kind: Literal["pause_time_ended"] = "pause_time_ended"
    item: str


class ClockExtended(Strict):
    """More time, once. The reason, of which the applicant is told, is sealed under `notice`."""

    kind: Literal["clock_extended"] = "clock_extended"
    item: str | None = None  # none: the case
    amount: int = Field(ge=1, le=3650)  # of the statutory limit's unit
    rank: ExtensionRank
    notice: str


class CalendarChanged(Strict):
    """A new version of the case's calendar holds from now on: every clock that ticks is counted again by it, and the
    applicant is told if a date that concerns them has moved."""

    kind: Literal["calendar_changed"] = "calendar_changed"
    old: str  # digest
    new: str  # digest


class ClockWarned(Strict):
    """`item`: that the clock is about, or whose answer it waits for; `items`: of an inspection, whose conclusion is
    still to come (`engine/subjects.py`)."""

    kind: Literal["clock_warned"] = "clock_warned"
    clock: ClockId
    item: str | None = None
    items: tuple[str, ...] | None = None


class ClockOverdue(Strict):
    """`item`, `items`: as of a warning."""

    kind: Literal["clock_overdue"] = "clock_overdue"
    clock: ClockId
    item: str | None = None
    items: tuple[str, ...] | None = None


class RungFired(Strict):
    """A rung of the ladder: people are told, perhaps with a card. `item`, `items`: as of a warning."""

    kind: Literal["rung_fired"] = "rung_fired"
    clock: ClockId
    rung: str
    item: str | None = None
    items: tuple[str, ...] | None = None


class MarksTakenBack(Strict):
    """By a new calendar the time of a clock was not over, or a rung of its ladder had not come: that it was overdue,
    and the warnings and cards of those `rungs`, are taken back. What was told and recorded stays on record. `item`,
    `items`: as of a warning."""

    kind: Literal["marks_taken_back"] = "marks_taken_back"
    clock: ClockId
    overdue: bool
    rungs: tuple[str, ...] = ()
    item: str | None = None
    items: tuple[str, ...] | None = None


class DeemedAccepted(Strict):
    """Nobody said in time what is missing: accepted from the day of receipt (行政许可法 Art. 32)."""

    kind: Literal["deemed_accepted"] = "deemed_accepted"


class SupplementTimeEnded(Strict):
    """The applicant has not supplied in time what was asked for; the plan says what follows."""

    kind: Literal["supplement_time_ended"] = "supplement_time_ended"


class DeferredTimeEnded(Strict):
    """A material that was deferred has not come in time: the case is terminated."""

    kind: Literal["deferred_time_ended"] = "deferred_time_ended"
    material: str


class DemandTimeEnded(Strict):
    """What a department asked for has not come in time: it decides on what there is."""

    kind: Literal["demand_time_ended"] = "demand_time_ended"
    item: str


class PeriodEnded(Strict):
    """A time in which no authority decides is over."""

    kind: Literal["period_ended"] = "period_ended"
    period: str


class InspectionDayEnded(Strict):
    """The day of a joint inspection is over. Who has recorded nothing has not come: its leader and the supervisors are
    told; where nobody has, it has not taken place."""

    kind: Literal["inspection_day_ended"] = "inspection_day_ended"
    inspection: str


class MendingTimeEnded(Strict):
    """The applicant has not reported in time that what was found is mended: these points have failed for good."""

    kind: Literal["mending_time_ended"] = "mending_time_ended"
    inspection: str


class RectifyTimeEnded(Strict):
    """The time is over in which the applicant could put right what was found not to be as promised: it is looked at
    once more."""

    kind: Literal["rectify_time_ended"] = "rectify_time_ended"
    material: str


class OwedTimeEnded(Strict):
    """What was to be handed in after the decision has not come in time: it is demanded once more, or its department
    decides whether what was granted stands."""

    kind: Literal["owed_time_ended"] = "owed_time_ended"
    material: str


class NoticeObjected(Strict):
    """Somebody whom it concerns has objected to what was publicly announced, and the department that announced it has
    found that they may. Who and why is sealed under `objection`."""

    kind: Literal["notice_objected"] = "notice_objected"
    period: str
    objection: str


class OutsideReported(Strict):
    """What others had to do is done. What shows it is sealed under `report`."""

    kind: Literal["outside_reported"] = "outside_reported"
    period: str
    report: str


class DecidedBySilence(Strict):
    """The statutory time of an item has ended without a decision, and its plan says what that means. What
    a department's system has of it is called off there."""

    kind: Literal["decided_by_silence"] = "decided_by_silence"
    item: str
    round: int
    how: OverdueHow


class ManualTimeEnded(Strict):
    """Nobody has found the record by hand in time: the applicant is asked for the material, if the plan names one."""

    kind: Literal["manual_time_ended"] = "manual_time_ended"
    data: str


class LookUpDue(Strict):
    """A source that refused is asked anew: nothing else takes the place of what it has."""

    kind: Literal["look_up_due"] = "look_up_due"
    data: str


class PatienceEnded(Strict):
    """Stamped with its due moment; `seen_at` is when somebody looked, after an outage much later. What follows from it
    gets its patience from then: else it would be given up without one attempt. `of`: kind of the command, and what it
    was about: an item, a data key or a notice (`engine/subjects.py`)."""

    kind: Literal["patience_ended"] = "patience_ended"
    command: str
    seen_at: datetime | None = None
    of: str | None = None
    item: str | None = None
    data: str | None = None
    template: str | None = None


Moment = (
    MarksTakenBack
    | PauseTimeEnded
    | ClockWarned
    | ClockOverdue
    | RungFired
    | DeemedAccepted
    | SupplementTimeEnded
    | DeferredTimeEnded
    | DemandTimeEnded
    | DecidedBySilence
    | PeriodEnded
    | InspectionDayEnded
    | MendingTimeEnded
    | RectifyTimeEnded
    | OwedTimeEnded
    | ManualTimeEnded
    | LookUpDue
    | PatienceEnded
)
