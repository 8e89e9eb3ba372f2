"""What departments say to each other about an item: the part of `events` on opinions, agreements and inspections."""

from datetime import date
from typing import Literal

from pydantic import Field

from onething.domain.limits import Limit
from onething.domain.model import Strict
from onething.domain.state import CountersignRule


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
    limit: Limit  # until all conclusions are in


class InspectionMoved(Strict):
    """It takes place on another day, of which the applicant is told in writing. The time for conclusions stays."""

    kind: Literal["inspection_moved"] = "inspection_moved"
    n: int = Field(ge=1)
    items: tuple[str, ...] = Field(min_length=1)  # those that wait for a conclusion
    before: date
    on: date


class InspectionConcluded(Strict):
    """What was found is sealed under `conclusion`."""

    kind: Literal["inspection_concluded"] = "inspection_concluded"
    n: int
    item: str
    passed: bool
    conclusion: str
