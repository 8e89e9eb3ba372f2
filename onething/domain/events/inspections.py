"""Joint inspections."""

from datetime import date
from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.calendar.limits import Limit


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
