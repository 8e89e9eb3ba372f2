"""What is sent and read about decisions."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from onething.domain.base import Code, FieldId
from onething.domain.definition.outcomes import OutcomeEffect
from onething.services.application.base import Despite, LongText, RequestModel, SaysSomething
from onething.services.summaries.case_summary import ItemStanding
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel


class DecisionRequest(RequestModel):
    """An officer's decision: by one of the outcomes that the task names; `undone` closes the task of undoing by hand.
    `despite`: comparisons whose values disagree, as the officer knows, and approves all the same. `conditions`: each of
    the task's → whether it is met. `seen`: every material that the item looks at and that has come →
    the version that the officer has read; where a newer one has come since, nothing is decided."""

    outcome: FieldId
    opinion: LongText | None = None
    despite: Despite = Field(default_factory=list)
    outputs: Annotated[dict[FieldId, Any], Field(max_length=100)] = Field(default_factory=dict)
    conditions: Annotated[dict[FieldId, bool], Field(max_length=20)] = Field(default_factory=dict)
    seen: Annotated[dict[Code, Annotated[int, Field(ge=0)]], Field(max_length=200)] = Field(default_factory=dict)


class PhraseRequest(RequestModel):
    """常用语: a sentence or two that one writes again and again."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=500), SaysSomething]


class Phrase(ResponseModel):
    id: int
    text: str


class PhraseList(CompleteResponseModel):
    items: list[Phrase]


class OutcomeView(ResponseModel):
    """One of those that an item may end with. `effect`: what follows for the rest of the case."""

    code: str
    name: str
    effect: OutcomeEffect


class ConditionView(ResponseModel):
    """One of those of which a decision says whether it is met."""

    id: str
    says: str
    basis: str


class DecisionResponse(ResponseModel):
    task_id: str
    case_no: str
    item: str
    outcome: str
    outcome_name: str | None = None  # of an item's
    seq: int
    at: LocalDateTime
    status: str
    items: list[ItemStanding]


class TaskStanding(ResponseModel):
    task_id: str
    case_no: str
    item: str
    claimed_by: str | None = None
    claimed_at: LocalDateTime | None = None
