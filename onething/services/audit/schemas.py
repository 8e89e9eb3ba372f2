"""What auditors ask of the access log, and what they get to read."""

from typing import Annotated

from pydantic import AwareDatetime, Field, Strict

from onething.domain.identity import IdType
from onething.domain.kernel.case_no import CaseNo
from onething.services.application.base import PaperKind, RequestModel, SearchReason, ShortText
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel


class AccessSearchRequest(RequestModel):
    """Whose number was searched for. `since` is counted in, `until` is not."""

    id_type: PaperKind = IdType.RESIDENT_ID
    id_number: ShortText
    reason: SearchReason
    subject: ShortText | None = None
    act: ShortText | None = None
    case_no: CaseNo | None = None
    since: Annotated[AwareDatetime | None, Strict(False), Field(alias="from")] = None
    until: Annotated[AwareDatetime | None, Strict(False), Field(alias="to")] = None


class AccessView(ResponseModel):
    """One line. `whose`: the blind index of whose number was searched, the same in every line about them. `times`: how
    many refusals of strangers within one minute it sums up. `outcome`: done, alarm, or the code of the refusal."""

    at: LocalDateTime
    subject: str
    role: str
    act: str
    outcome: str
    case_no: str | None = None
    whose: str | None = None
    found: int | None = None
    reason: str | None = None
    address: str | None = None
    request_id: str | None = None
    times: int
    detail: str | None = None


class AccessPage(CompleteResponseModel):
    items: list[AccessView]
    next: str | None = None
