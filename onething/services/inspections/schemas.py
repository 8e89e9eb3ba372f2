"""What is sent and read about joint inspections."""

from datetime import date
from typing import Annotated

from pydantic import Field, Strict

from onething.domain.base import Code
from onething.services.application.base import ReasonText, RequestModel
from onething.services.summaries.responses import LocalDateTime, ResponseModel


class InspectionRequest(RequestModel):
    """联合踏勘: of which items, on which day, and how many working days there are until all conclusions are in.
    `on_day_off`: the caller knows that the day is a weekend or holiday."""

    items: Annotated[list[Code], Field(min_length=1, max_length=100)] | None = None
    on: Annotated[date, Strict(False)]
    on_day_off: bool = False
    days: Annotated[int, Field(ge=1, le=60)] | None = None


class InspectionMoveRequest(RequestModel):
    """联合踏勘改期: to which day; `on_day_off` as in appointing."""

    on: Annotated[date, Strict(False)]
    on_day_off: bool = False


class ConclusionRequest(RequestModel):
    """What was found for the task's item."""

    passed: bool
    conclusion: ReasonText


class InspectionView(ResponseModel):
    """A joint inspection, and what was found for the reader's item."""

    n: int
    on: date
    items: list[str]
    passed: bool | None = None
    conclusion: str | None = None


class InspectionResponse(ResponseModel):
    """`waiting`: items whose conclusion is still to come."""

    task_id: str
    case_no: str
    item: str
    n: int
    on: date | None = None
    due_at: LocalDateTime | None = None
    passed: bool | None = None
    waiting: list[str]
    seq: int
    at: LocalDateTime
