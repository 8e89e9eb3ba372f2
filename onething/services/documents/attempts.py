"""送达的经过: what the counter did to get a letter to the applicant, and of which letters they do not know yet."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from onething.domain.calendar.days import LOCAL, local_date
from onething.domain.documents import DELIVERED_NAMES, REACHED, guard_delivered, results
from onething.domain.errors import FailureCode, FieldProblem, NotAllowed, OneThingError, require_valid
from onething.domain.events.documents import LetterDelivered
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services import visits
from onething.services.application import sealed_values
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.core.context import AppContext
from onething.services.documents.delivery import MOST
from onething.services.documents.letters import LINES, TITLES, letters
from onething.services.documents.schemas import AttemptRequest, UnreadLetterView, UnreadPage
from onething.services.summaries import pagination
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse, local
from onething.store.record import access_log, journal
from onething.store.record.hash_chain import Line
from onething.store.tables import unread_letters
from onething.store.tables.unread_letters import AfterUnread, UnreadLetter


@act_on_case(Act.RECORD_DELIVERY)
async def record(run: CaseRun, letter: int, request: AttemptRequest) -> StoredResponse:
    """Raises InvalidInput for an outcome that the way does not have, a moment that can't be, and what was posted
    without its number; OneThingError NOT_FOUND for what is no letter of the case; NotAllowed for one that was signed
    for."""
    line = await _letter(run, letter)
    done = await _done(run, letter)
    signed = next((one.event for one in done if _signed(one)), None)
    if signed is not None:
        how = DELIVERED_NAMES[signed["channel"], signed["outcome"]]
        detail = f"{local(datetime.fromisoformat(signed['happened_at']))} {how}，不能再登记送达；请核对文书编号。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
    now = run.context.clock.now()
    happened_at = request.at or now
    require_valid(_problems(request, line.at, done, happened_at, now))
    details: dict[str, Any] = request.model_dump(include={"tracking", "note"}, exclude_none=True)
    notice = sealed_values.new_notice() if details else None
    event = LetterDelivered(
        letter=letter, channel=request.channel, outcome=request.outcome, happened_at=happened_at, notice=notice
    )
    values = (run.sealed(notice, details, ()),) if notice is not None else ()  # between applicant and counter
    recorded = await run.record(event, *values)
    if request.channel == "counter" and request.outcome in REACHED and request.at is None:
        visits.note(run.context, run.tx, run.principal, recorded, run.head.outlet)
    return standing(recorded)


async def _letter(run: CaseRun, seq: int) -> Line:
    now = await run.locked()
    line = await journal.line(run.tx, run.case_no, seq)
    changed = frozenset({seq}) if line is not None and line.kind == "calendar_changed" else frozenset[int]()
    if line is None or line.kind not in LINES or not list(letters(now.plan, [line], changed, results(now.state))):
        raise OneThingError(FailureCode.NOT_FOUND, "没有这份文书，请核对编号。")
    return line


async def _done(run: CaseRun, seq: int) -> list[Line]:
    """What was done about the letter, in order."""
    lines = await journal.of_kinds(run.tx, run.case_no, ["letter_delivered"], limit=MOST)
    return [line for line in reversed(lines) if line.event["letter"] == seq]


def _signed(line: Line) -> bool:
    """Not what was only read: that may still be owed on paper."""
    return line.event["outcome"] in REACHED and line.event["channel"] != "electronic"


def _posted(done: Sequence[Line]) -> datetime | None:
    """When it was first given to the post, unless that brought it back."""
    sent: datetime | None = None
    for one in (line.event for line in done):
        if one["channel"] == "post":
            at = datetime.fromisoformat(one["happened_at"])
            sent = None if one["outcome"] == "not_possible" else min(sent or at, at)
    return sent


def _problems(
    request: AttemptRequest, written: datetime, done: Sequence[Line], at: datetime, now: datetime
) -> list[FieldProblem]:
    found = []
    if (refusal := guard_delivered(request.channel, request.outcome)) is not None:
        found.append(FieldProblem("/outcome", refusal.code, refusal.detail))
    posted = _posted(done) if request.outcome == "delivered" else None
    if not _day_of(written) <= at <= now:
        detail = "送达的时间不能早于文书作出的时间，也不能晚于现在；请按签收或邮寄的凭证填写。"
        found.append(FieldProblem("/at", FailureCode.INVALID_VALUE, detail))
    elif posted is not None and at < _day_of(posted):
        detail = f"签收不能早于交邮寄（{local(posted)}）；请按签收的凭证填写。"
        found.append(FieldProblem("/at", FailureCode.INVALID_VALUE, detail))
    if request.outcome == "sent" and request.tracking is None:
        found.append(FieldProblem("/tracking", FailureCode.MISSING_VALUE, "交邮寄的，请填写邮件编号。"))
    return found


def _day_of(moment: datetime) -> datetime:
    """Its start: slips say the minute, those of the post the day."""
    return datetime.combine(local_date(moment), time.min, LOCAL)


async def unread(context: AppContext, principal: Principal, limit: int, after: str | None) -> UnreadPage:
    """待联系的送达, of the counter's region: the one that has waited longest at the head. Leaves a line in the
    access log."""
    async with context.transaction(principal, Act.VIEW_DELIVERIES) as tx:
        require(principal, Act.VIEW_DELIVERIES, Facts(region=principal.region))
        first = _place(after)
        now = context.clock.now()
        found = await unread_letters.due(tx, principal.region, now, after=first, limit=limit + 1)
        access_log.add(tx, Act.VIEW_DELIVERIES, now, found=min(len(found), limit))
    last = found[limit - 1] if len(found) > limit else None
    more = pagination.written(last.due_at, f"{last.case_no} {last.letter}") if last else None
    return UnreadPage(items=[_view(context, one) for one in found[:limit]], next=more)


def _place(after: str | None) -> AfterUnread:
    if after is None:
        return AfterUnread()
    at, key = pagination.read(after)
    case_no, _, letter = key.partition(" ")
    if not letter.isascii() or not letter.isdigit() or len(letter) > 9:
        raise pagination.foreign()
    return AfterUnread(at, case_no, int(letter))


def _view(context: AppContext, row: UnreadLetter) -> UnreadLetterView:
    return UnreadLetterView(
        case_no=row.case_no,
        name=context.applications.definition(row.bundle).name,
        letter=str(row.letter),
        title=TITLES[row.kind],
        channel=row.channel,
        since=row.since,
        due_at=row.due_at,
        step=row.step,
    )
