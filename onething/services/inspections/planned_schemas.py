"""What is sent and read of inspections that the definition plans."""

from datetime import date
from typing import Annotated

from pydantic import Field, Strict

from onething.domain.base import Code
from onething.services.application.base import ReasonText, RequestModel
from onething.services.summaries.responses import LocalDateTime, ResponseModel

InspectionDay = Annotated[date, Strict(False)]


class DaysRequest(RequestModel):
    """供选的日期. `on_day_off`: the lead knows that one of them is a weekend or holiday."""

    days: Annotated[list[InspectionDay], Field(min_length=1, max_length=10)]
    on_day_off: bool = False


class DayChoiceRequest(RequestModel):
    """One of the days that are offered; or that none of them fits."""

    on: InspectionDay | None = None
    none_fits: bool = False


class DayRequest(RequestModel):
    """On which day it takes place; `on_day_off` as in offering."""

    on: InspectionDay
    on_day_off: bool = False


class PartRequest(RequestModel):
    """What a department found. `points`: each that is to be mended; none: it has passed. `unmended`: looking again,
    the ids of those that are still not mended."""

    officers: Annotated[int, Field(ge=1, le=50)]
    points: list[ReasonText] = Field(default_factory=list, max_length=50)
    unmended: list[Code] = Field(default_factory=list, max_length=50)
    note: ReasonText | None = None


class RectifiedRequest(RequestModel):
    """What was mended, and what shows it."""

    what: ReasonText


class PartView(ResponseModel):
    """What one item looks at. `points`: ids of what is not mended."""

    item: str
    name: str
    department: str
    state: str
    text: str
    points: list[str]
    note: str | None = None  # for departments


class PointView(ResponseModel):
    id: str
    text: str


class PlannedInspectionView(ResponseModel):
    """`state`: not_begun, ready, offered, set, held, rectifying, closed; `text`: the same for people. `points`: of the
    last list, for who may read it. `until`: by when they are to be mended."""

    code: str
    name: str
    kind: str
    lead: str
    state: str
    text: str
    round: int
    offered: list[date]
    on: date | None = None
    until: LocalDateTime | None = None
    officers: int  # that sign each part, at least
    parts: list[PartView]
    points: list[PointView] | None = None
    mended: str | None = None  # what the applicant said last
