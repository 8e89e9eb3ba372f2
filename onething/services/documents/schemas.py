"""What is told in writing: certificates, and letters (文书) with their delivery."""

from typing import Annotated

from pydantic import Field, StringConstraints

from onething.domain.calendar.days import LOCAL
from onething.services.application.base import NoneIfBlank, PaperKind, RequestModel, SearchReason, ShortText
from onething.services.core.wording import REISSUE_NAMES
from onething.services.documents.certificates import CertificateContent
from onething.services.summaries.clocks import DeemedView
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel
from onething.store.tables.certificates import Replaced


class LicenceSearchRequest(RequestModel):
    """查询电子证照: of exactly this holder. `kinds`: bundle.item.output; none means all. `reason`: needed from who
    works for an office."""

    id_type: PaperKind
    id_number: ShortText
    kinds: (
        Annotated[
            list[Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9_-]+){2}$", max_length=200)]],
            Field(min_length=1, max_length=50),
        ]
        | None
    ) = None
    reason: Annotated[SearchReason | None, NoneIfBlank] = None


class ReplacedView(ResponseModel):
    """Another certificate has taken its place; its number opens that one to anybody, so only its case tells it."""

    at: LocalDateTime
    why: str
    text: str


def replaced_view(replaced: Replaced | None) -> ReplacedView | None:
    if replaced is None:
        return None
    day = replaced.at.astimezone(LOCAL)
    text = f"本证照已作废：已于{day.year}年{day.month}月{day.day}日由{REISSUE_NAMES[replaced.why]}的证照替代。"
    return ReplacedView(at=replaced.at, why=replaced.why, text=text)


class DocumentView(ResponseModel):
    """All of it from `content`, which was signed; nothing of one that is not `genuine`. `replaced_by`: number of the
    certificate that has taken its place."""

    number: str
    genuine: bool
    item: str | None = None
    output: str | None = None
    name: str | None = None
    department: str | None = None
    issued_at: LocalDateTime | None = None
    valid_until: LocalDateTime | None = None
    revoked_at: LocalDateTime | None = None
    replaced: ReplacedView | None = None
    replaced_by: str | None = None
    content: CertificateContent | None = None
    verify: str


class DeliveryView(ResponseModel):
    """`to_deliver`, `sent` (a notice that it is there went to the applicant's channel) or `read`, with when."""

    state: str
    sent_at: LocalDateTime | None = None
    read_at: LocalDateTime | None = None


class LetterRow(ResponseModel):
    """文书: something that the applicant is told in writing. `id`: the line of the journal that it tells of."""

    id: str
    number: str
    kind: str
    title: str
    item: str | None = None
    item_name: str | None = None
    department: str | None = None
    at: LocalDateTime
    delivery: DeliveryView


class DateMoved(ResponseModel):
    """A clock that started, stood still, ran on or was given time: due before (if it was) and after (if it is)."""

    clock: str
    title: str
    before: LocalDateTime | None = None
    after: LocalDateTime | None = None


class LetterView(LetterRow):
    """`remedies`: what may be done about it, with whom and until when; of what takes nothing there is none."""

    addressee: str | None = None
    issuer: str
    legal_basis: str | None = None
    paragraphs: list[str]
    remedies: str | None = None
    dates: list[DateMoved]
    pdf: str


class DocumentList(CompleteResponseModel):
    """`letters`: with the first page, newest first, at most 200."""

    items: list[DocumentView]
    letters: list[LetterRow]
    next: str | None = None


class VerificationResponse(ResponseModel):
    """`genuine`: this system issued exactly this content, a key of ours signed it, and the journal says so. Of one that
    is not, nothing else is told but whether it was revoked."""

    number: str
    genuine: bool
    valid: bool
    revoked: bool
    revoked_at: LocalDateTime | None = None
    replaced: ReplacedView | None = None
    name: str | None = None
    department: str | None = None
    issued_at: LocalDateTime | None = None
    valid_until: LocalDateTime | None = None
    deemed: DeemedView | None = None
