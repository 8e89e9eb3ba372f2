"""What the counter and departments send about an application."""

from typing import Annotated

from pydantic import Field

from onething.domain.base import Code
from onething.services.application.base import LongText, ReasonText, RequestModel
from onething.services.application.schemas import Party, Pointer


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
