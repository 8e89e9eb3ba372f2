"""What the counter and departments send about an application."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from onething.domain.base import Code
from onething.domain.definition.questions import AnswerValue
from onething.services.application.base import FormValues, LongText, ReasonText, RequestModel, ShortText
from onething.services.application.schemas import (
    Commitments,
    DeliveryChoice,
    LicenceChanges,
    Materials,
    OfflineReceipt,
    Party,
    Pointer,
    Reuse,
    SightingRequest,
)


class DraftChangeRequest(RequestModel):
    """JSON Merge Patch (RFC 7396): `answers`, `form` and `licences` are merged name by name, a null takes one out; any
    other part takes the place of the draft's. What is not named stays. `agent: null` removes the agent."""

    answers: Annotated[dict[str, AnswerValue | None], Field(max_length=200)] = Field(default_factory=dict)
    applicant: Party | None = None
    agent: Party | None = None
    form: FormValues = Field(default_factory=dict)
    materials: Materials = Field(default_factory=list)
    commitments: Commitments = Field(default_factory=list)
    reuse: Reuse = Field(default_factory=list)
    licences: LicenceChanges = Field(default_factory=dict)
    delivery: DeliveryChoice | None = None
    seen: Annotated[list[SightingRequest], Field(max_length=5)] = Field(default_factory=list)

    @field_validator("applicant")
    @classmethod
    def _somebody_applies(cls, value: Party | None) -> Party | None:
        if value is None:
            raise PydanticCustomError("dict_type", "an applicant can be changed, not removed")
        return value


class ApplicantChange(RequestModel):
    """Of the applicant, what may be corrected; null takes the phone out. Another number is another application."""

    name: ShortText | None = None
    phone: Annotated[str, Field(min_length=1, max_length=40)] | None = None

    @model_validator(mode="after")
    def _is_called_something(self) -> Self:
        if "name" in self.model_fields_set and self.name is None:
            raise PydanticCustomError("string_type", "an applicant has a name")
        return self


class SubmissionRequest(RequestModel):
    """`incomplete`: 仍要提交, although something is missing. `received`: the counter took the papers in earlier."""

    incomplete: bool = False
    received: OfflineReceipt | None = None


class SupplementRequest(RequestModel):
    """What was asked for, in whatever order and as many parts as it comes. `commitments`: materials that are asked for
    in place of a record, and promised instead of brought. All that follows is changed only until acceptance; `form` and
    `answers` are merged as RFC 7396 has it; null, or nothing in it, takes one out."""

    materials: Materials = Field(default_factory=list)
    commitments: Commitments = Field(default_factory=list)
    form: FormValues = Field(default_factory=dict)
    answers: Annotated[dict[str, AnswerValue | None], Field(max_length=200)] = Field(default_factory=dict)
    applicant: ApplicantChange | None = None
    delivery: DeliveryChoice | None = None
    incomplete: bool = False  # 仍要提交: what is missing is told, and not waited for

    @property
    def changed(self) -> tuple[str, ...]:
        """Pointers to the fields that are said anew."""
        parts: dict[str, Iterable[str]] = {"form": self.form, "answers": self.answers}
        if self.applicant is not None:
            parts["applicant"] = self.applicant.model_fields_set
        if self.delivery is not None:
            parts["delivery"] = DeliveryChoice.model_fields
        return tuple(f"/{part}/{name}" for part, names in parts.items() for name in names)


class ItemCorrectionsRequest(RequestModel):
    """受理后的补正: which of the item's materials are to be brought anew, and what the applicant is told of why."""

    materials: Annotated[list[Code], Field(min_length=1, max_length=200)]
    what: ReasonText


class PrefillRequest(RequestModel):
    """`applicant`: where the event names none, or the counter has another before it."""

    applicant: Party | None = None


class AcceptanceRequest(RequestModel):
    """受理. `deferred`: missing materials that may come later (容缺); only those that the definition lets wait. `seen`:
    where the applicant changed what nobody had asked for, the number of the last line that did (`changes` of the
    case); a later one is looked at first."""

    deferred: Annotated[list[Code], Field(max_length=200)] = Field(default_factory=list)
    seen: Annotated[int, Field(ge=1)] | None = None


class RejectionRequest(RequestModel):
    """不予受理: why, and on what basis. `unmet`: after a notice was answered, its points (materials, pointers) that are
    unmet still."""

    reason: LongText
    basis: LongText
    unmet: Annotated[list[Code | Pointer], Field(max_length=200)] = Field(default_factory=list)


class Correction(RequestModel):
    material: Code | None = None
    pointer: Pointer | None = None
    what: LongText


class CorrectionsRequest(RequestModel):
    """一次性告知: everything that is missing or wrong, told once."""

    items: Annotated[list[Correction], Field(min_length=1, max_length=200)]
