"""What is sent and read about certificates that are made out once more."""

from typing import Annotated, Any

from pydantic import Field, Strict

from onething.domain.base import FieldId
from onething.domain.kernel.state import ReissueWhy
from onething.services.application.base import FormValues, ReasonText, RequestModel, ShortText
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel


class CorrectedApplicant(RequestModel):
    """The name alone: by the number it is known whose case it is, so another number is another applicant."""

    name: ShortText


class ReissueRequest(RequestModel):
    """`why`: typing_error (更正), lost (补发), damaged (换发). `output`: whose certificate was lost or damaged, where
    the item has several. Of a typing error: the right values of the item's decision (`outputs`) and of the application
    (`form`, `applicant`), which its certificates show; all that show one of them are made out once more."""

    why: Annotated[ReissueWhy, Strict(False)]
    reason: ReasonText
    output: FieldId | None = None
    outputs: Annotated[dict[FieldId, Any], Field(max_length=100)] = Field(default_factory=dict)
    form: FormValues = Field(default_factory=dict)
    applicant: CorrectedApplicant | None = None


class ReissuedPaper(ResponseModel):
    output: str
    name: str


class RelyingItem(ResponseModel):
    """It was decided on what is corrected: its department looks whether its own certificate has to be corrected."""

    item: str
    name: str
    department: str
    department_name: str


class ReissueView(CompleteResponseModel):
    """Recorded: the certificates are made out within moments, and those before count no more then."""

    case_no: str
    item: str
    edition: int
    why: str
    papers: list[ReissuedPaper]
    relying: list[RelyingItem]
    seq: int
    at: LocalDateTime
    status: str
    documents: str
