"""What is sent and read about opinions and agreements."""

from typing import Annotated, Literal

from pydantic import Field

from onething.domain.base import Code
from onething.domain.consults.guards import MOST_CONSULTS
from onething.services.application.base import ReasonText, RequestModel
from onething.services.summaries.responses import LocalDateTime, ResponseModel


class ConsultationTask(ResponseModel):
    task_id: str
    department: str
    department_name: str


class ConsultationResponse(ResponseModel):
    """Who was asked, and until when; `days` working days."""

    task_id: str
    case_no: str
    item: str
    mode: str
    rule: str | None = None
    days: int
    due_at: LocalDateTime | None = None
    asked: list[ConsultationTask]
    seq: int
    at: LocalDateTime


class OpinionResponse(ResponseModel):
    """`answer`: answered, agreed or disagreed."""

    task_id: str
    case_no: str
    item: str
    answer: str
    seq: int
    at: LocalDateTime


class ConsultView(ResponseModel):
    """One department's opinion on an item, as the department that asked (`asked_by`) and the one that was asked read
    it."""

    n: int
    department: str
    department_name: str
    asked_by: str | None = None
    asked_by_name: str | None = None
    mode: str
    rule: str | None = None
    asked_at: LocalDateTime
    question: str | None = None
    answered_at: LocalDateTime | None = None
    agrees: bool | None = None
    opinion: str | None = None
    taken_back_at: LocalDateTime | None = None
    reason: str | None = None  # why it was taken back


class ConsultationRequest(RequestModel):
    """征求意见 (`consult`) 或会签 (`countersign`): whom, what, and how many working days they have. `rule` says whose
    agreement an approval needs: of all that are asked (if nothing is said), or of any."""

    departments: Annotated[list[Code], Field(min_length=1, max_length=MOST_CONSULTS)]
    mode: Literal["consult", "countersign"] = "consult"
    rule: Literal["all", "any"] | None = None
    question: ReasonText
    days: Annotated[int, Field(ge=1, le=60)] | None = None


class RecallRequest(RequestModel):
    """撤回征求: which questions, by their `n` (all that wait, if none is named), and why; those asked read it."""

    numbers: Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=MOST_CONSULTS)] = Field(default_factory=list)
    reason: ReasonText


class RecallResponse(ResponseModel):
    task_id: str
    case_no: str
    item: str
    numbers: list[int]
    departments: list[str]
    seq: int
    at: LocalDateTime


class OpinionRequest(RequestModel):
    """答复; `agree` belongs to a countersign."""

    agree: bool | None = None
    opinion: ReasonText
