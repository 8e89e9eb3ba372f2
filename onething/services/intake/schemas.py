"""What the counter and departments send about an application."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from onething.domain.base import Code
from onething.domain.definition.bundle import AnswerValue
from onething.domain.events.intake import Sighting
from onething.services.application.base import FormValues, LongText, ReasonText, RequestModel, SituationAnswers
from onething.services.application.schemas import (
    Commitments,
    DeliveryChoice,
    Licences,
    Materials,
    Party,
    Pointer,
    Reuse,
)


class DraftChangeRequest(RequestModel):
    """Each part that is given takes the place of the draft's; the rest stays. `agent: null` removes the agent."""

    answers: SituationAnswers = Field(default_factory=dict)
    applicant: Party | None = None
    agent: Party | None = None
    form: FormValues = Field(default_factory=dict)
    materials: Materials = Field(default_factory=list)
    commitments: Commitments = Field(default_factory=list)
    reuse: Reuse = Field(default_factory=list)
    licences: Licences = Field(default_factory=dict)
    delivery: DeliveryChoice = DeliveryChoice()
    seen: Annotated[list[Sighting], Field(max_length=5)] = Field(default_factory=list)

    @field_validator("applicant")
    @classmethod
    def _somebody_applies(cls, value: Party | None) -> Party | None:
        if value is None:
            raise PydanticCustomError("dict_type", "an applicant can be changed, not removed")
        return value


class SupplementRequest(RequestModel):
    """What was asked for. `commitments`: materials that are asked for in place of a record, and promised instead of
    brought. `form` and `answers`, only until acceptance, are merged name by name; null, or nothing in
    it, takes one out."""

    materials: Materials = Field(default_factory=list)
    commitments: Commitments = Field(default_factory=list)
    form: FormValues = Field(default_factory=dict)
    answers: Annotated[dict[str, AnswerValue | None], Field(max_length=200)] = Field(default_factory=dict)


class ItemCorrectionsRequest(RequestModel):
    """受理后的补正: which of the item's materials are to be brought anew, and what the applicant is told of why."""

    materials: Annotated[list[Code], Field(min_length=1, max_length=200)]
    what: ReasonText


class PrefillRequest(RequestModel):
    """`applicant`: where the event names none, or the counter has another before it."""

    applicant: Party | None = None


class AcceptanceRequest(RequestModel):
    """受理. `deferred`: missing materials that may come later (容缺); only those that the definition lets wait."""

    deferred: Annotated[list[Code], Field(max_length=200)] = Field(default_factory=list)


class RejectionRequest(RequestModel):
    """不予受理: why, and on what basis."""

    reason: LongText
    basis: LongText


class Correction(RequestModel):
    material: Code | None = None
    pointer: Pointer | None = None
    what: LongText


class CorrectionsRequest(RequestModel):
    """一次性告知: everything that is missing or wrong, told once."""

    items: Annotated[list[Correction], Field(min_length=1, max_length=200)]
