"""What is sent and read about drafts that a clerk looks at before somebody travels."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, StringConstraints

from onething.domain.base import Code
from onething.domain.prechecks import Verdict
from onething.domain.principal import OutletCode
from onething.services.application.base import NoneIfBlank, ReplyText, RequestModel, ShortText
from onething.services.outlets import OutletPlace
from onething.services.summaries.case_summary import OutletName
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel

NO_EFFECT = "请窗口看一眼不是收件，也不是受理：不产生法律效力，不计算办理时限，也不会向任何部门查询您或他人的信息。"
"""Said wherever it is asked for or answered."""


class PrecheckRequest(RequestModel):
    """`outlet`: where the person would like to go; none: the region's counter looks at it."""

    outlet: OutletCode | None = Field(None, description="想去的网点；不写则由本地区的综合窗口看")


class MaterialVerdict(RequestModel):
    """`what`: what is wrong, where another is to be made. `digest`: of the file that was looked at."""

    code: Code
    verdict: Literal["fine", "replace", "missing"]
    what: Annotated[ShortText | None, NoneIfBlank] = None
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class PrecheckAnswerRequest(RequestModel):
    """Each material that is to be brought, once. `on` and `outlet`: when and where to come."""

    materials: Annotated[list[MaterialVerdict], Field(max_length=200)]
    note: Annotated[ReplyText | None, NoneIfBlank] = None
    on: Annotated[date, Strict(False)]
    outlet: OutletCode


class TakeOverRequest(RequestModel):
    """`code`: what the person shows. `outlet`: where the clerk sits, if at several and not where they were to come."""

    code: ShortText
    outlet: OutletCode | None = Field(None, description="收件网点；只在一个网点工作的，或就在约好的网点的，不用填")


class PrecheckedMaterial(ResponseModel):
    """What was said of one. `changed`: the file is another one since, or gone."""

    code: str
    name: str
    verdict: Verdict
    what: str | None = None
    changed: bool = False


class ThingToBring(ResponseModel):
    """`code`: of the material; none: proof of who one is. `verdict` and `what` as the clerk said."""

    name: str
    code: str | None = None
    verdict: Verdict | None = None
    what: str | None = None


class OpenHours(ResponseModel):
    """Of the day of the visit; of a mobile window also where it stands then."""

    opens_at: LocalDateTime
    closes_at: LocalDateTime
    place: str | None = None


class VisitView(ResponseModel):
    """Where to come, on which day, and when it is open then."""

    on: date
    outlet: OutletPlace
    hours: list[OpenHours]


class PrecheckAnswerView(ResponseModel):
    """`form_changed`: what is filled in is no longer what the clerk saw."""

    answered_at: LocalDateTime
    materials: list[PrecheckedMaterial]
    note: str | None = None
    visit: VisitView
    form_changed: bool = False


class PrecheckView(ResponseModel):
    """As the draft's people see it. `promised_at`: until when it is answered; `late`: that has passed. `code`: what is
    shown at the counter, as number and code, once it is answered; `bring`: with it. `over`: the day has passed."""

    case_no: str
    bundle: str
    name: str
    state: Literal["open", "answered"]
    effect: str = NO_EFFECT
    asked_at: LocalDateTime
    promised_at: LocalDateTime
    late: bool = False
    outlet: OutletName | None = None
    answer: PrecheckAnswerView | None = None
    bring: list[ThingToBring] | None = None
    code: str | None = None
    over: bool = False


class PrecheckRow(ResponseModel):
    """One that waits for a counter."""

    case_no: str
    bundle: str
    name: str
    region: str
    outlet: OutletName | None = None
    asked_at: LocalDateTime
    promised_at: LocalDateTime
    late: bool = False


class PrecheckPage(CompleteResponseModel):
    """`waiting`: how many there are, up to 1,001, which stands for "over 1,000"."""

    items: list[PrecheckRow]
    waiting: int
    next: str | None = None


class MaterialToCheck(ResponseModel):
    """One that is to be brought. Without `digest` nothing was photographed of it; `announced`: it will be brought as
    paper."""

    code: str
    name: str
    required: bool
    announced: bool = False
    version: int | None = None
    media_type: str | None = None
    size: int | None = None
    digest: str | None = None


class PrecheckDraftView(PrecheckRow):
    """What a clerk looks at: least of the draft by which photos can be judged. `outlets`: where it is taken in;
    `last_day`: the last for the visit."""

    effect: str = NO_EFFECT
    applicant_name: str
    answers: dict[str, Any]
    materials: list[MaterialToCheck]
    outlets: list[OutletPlace]
    last_day: date
    answer: PrecheckAnswerView | None = None


class PrecheckStanding(CompleteResponseModel):
    """After it was asked for, or answered."""

    case_no: str
    state: Literal["open", "answered"]
    effect: str = NO_EFFECT
    asked_at: LocalDateTime
    promised_at: LocalDateTime
    answered_at: LocalDateTime | None = None
    on: date | None = None
    outlet: OutletName | None = None


class DraftTakenOver(ResponseModel):
    """The draft is the clerk's from here on, to be taken in as any."""

    case_no: str
    bundle: str
    version: int
