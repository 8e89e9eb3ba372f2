"""Between departments: opinions, agreements, joint inspections."""

from datetime import date
from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.calendar.limits import Limit
from onething.domain.kernel.state import CountersignRule


class ConsultAsked(Strict):
    """The department that holds an item asks others what they think of it (协办), or for their agreement (会签). Each
    has a number of its own, in the order in which they are named. The question is sealed under `question`."""

    kind: Literal["consult_asked"] = "consult_asked"
    item: str
    n: int = Field(ge=1)  # of the first one asked
    departments: tuple[str, ...] = Field(min_length=1)
    rule: CountersignRule | None = None  # of a countersign
    limit: Limit  # working days
    question: str


class ConsultTakenBack(Strict):
    """The department that asked waits for these no more. Why, is sealed under `reason`, for those that were asked. What
    was answered stands: an objection is not taken back by who it is addressed to."""

    kind: Literal["consult_taken_back"] = "consult_taken_back"
    item: str
    numbers: tuple[int, ...] = Field(min_length=1)
    reason: str


class ConsultAnswered(Strict):
    """The opinion is sealed under `opinion`."""

    kind: Literal["consult_answered"] = "consult_answered"
    item: str
    round: int
    n: int
    agrees: bool | None = None  # to a countersign
    opinion: str


class InspectionAppointed(Strict):
    """The departments of these items look at the place together (联合踏勘), and each concludes for its item. The
    applicant is told of the day in writing."""

    kind: Literal["inspection_appointed"] = "inspection_appointed"
    n: int = Field(ge=1)  # in the case
    items: tuple[str, ...] = Field(min_length=1)
    on: date
    on_day_off: bool = False  # who sets it knows that nobody works on that day
    limit: Limit  # until all conclusions are in


class InspectionMoved(Strict):
    """It takes place on another day, of which the applicant is told in writing. The time for conclusions stays."""

    kind: Literal["inspection_moved"] = "inspection_moved"
    n: int = Field(ge=1)
    items: tuple[str, ...] = Field(min_length=1)  # those that wait for a conclusion
    before: date
    on: date
    on_day_off: bool = False


class InspectionConcluded(Strict):
    """What was found is sealed under `conclusion`."""

    kind: Literal["inspection_concluded"] = "inspection_concluded"
    n: int
    item: str
    passed: bool
    conclusion: str


class DaysOffered(Strict):
    """The lead of a planned inspection offers days, of which the applicant is told in writing and chooses one."""

    kind: Literal["days_offered"] = "days_offered"
    inspection: str
    round: int
    days: tuple[date, ...] = Field(min_length=1, max_length=10)
    on_day_off: bool = False  # who offers them knows that nobody works on one of them


class DayChosen(Strict):
    """By the applicant. None: no day fits, the lead offers others or sets one."""

    kind: Literal["day_chosen"] = "day_chosen"
    inspection: str
    on: date | None = None


class DaySet(Strict):
    """By the lead: for who chose none, or another than `before`. The applicant is told in writing."""

    kind: Literal["day_set"] = "day_set"
    inspection: str
    before: date | None = None
    on: date
    on_day_off: bool = False


class PartRecorded(Strict):
    """What a department found for its item. What each of the `points` (ids) says is sealed under `record`; nothing is
    to be mended where there is none. Looked at again: those that are not mended."""

    kind: Literal["part_recorded"] = "part_recorded"
    inspection: str
    item: str
    round: int
    officers: int = Field(ge=1, le=50)  # that signed
    points: tuple[str, ...] = Field((), max_length=50)
    record: str


class InspectionClosed(Strict):
    """The lead gives the applicant one list of all that is to be mended, sealed under `points`; or, after the last
    look, of what was not."""

    kind: Literal["inspection_closed"] = "inspection_closed"
    inspection: str
    round: int
    points: str


class PointsRectified(Strict):
    """The applicant's side says that all of the list is mended. What shows it is sealed under `report`."""

    kind: Literal["points_rectified"] = "points_rectified"
    inspection: str
    round: int
    report: str
