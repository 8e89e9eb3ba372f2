"""What auditors ask of the access log, and what they get to read."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, Strict

from onething.domain.identity import IdType
from onething.domain.kernel.case_no import CaseNo
from onething.services.application.base import PaperKind, RequestModel, SearchReason, ShortText
from onething.services.summaries.case_summary import OutletName
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel


class AccessSearchRequest(RequestModel):
    """Whose number was searched for. `since` is counted in, `until` is not."""

    id_type: PaperKind = IdType.RESIDENT_ID
    id_number: ShortText
    reason: SearchReason
    subject: ShortText | None = None
    act: ShortText | None = None
    case_no: CaseNo | None = None
    outcome: ShortText | None = None
    since: Annotated[AwareDatetime | None, Strict(False), Field(alias="from")] = None
    until: Annotated[AwareDatetime | None, Strict(False), Field(alias="to")] = None


class AccessView(ResponseModel):
    """One line. `whose`: the blind index of whose number was searched, the same in every line about them. `times`: how
    many refusals of strangers within one minute it sums up. `outcome`: done, alarm, or the code of the refusal."""

    at: LocalDateTime
    subject: str
    role: str
    department: str | None = None  # for which office they worked then
    region: str | None = None
    outlet: str | None = None
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


class OwnAccessView(ResponseModel):
    """One line about the reader: who it was by role and office, never by account or name. `by`: yourself, another
    person's account, an office, a system, or somebody who showed no sign-in. `who` and `what` say the same for people.
    `purpose`: what that role is there for; `reason`: why, where what was written is one of the phrases that offices
    pick from; else `reason_withheld`: one was given, in words of its own, which may name others. `refused`: they were
    not let. `times`: how often within a minute."""

    at: LocalDateTime
    by: Literal["yourself", "person", "office", "system", "stranger"]
    role: str
    who: str
    department: str | None = None
    region: str | None = None
    outlet: OutletName | None = None
    act: str
    what: str
    purpose: str | None = None  # not of oneself
    case_no: str | None = None
    reason: str | None = None
    reason_withheld: bool
    refused: bool
    times: int


class OwnAccessPage(CompleteResponseModel):
    items: list[OwnAccessView]
    next: str | None = None
