"""送达的经过: what the counter did to get a letter to the applicant, and of which letters they do not know yet."""

from datetime import datetime
from typing import Any

from onething.domain.documents import guard_delivered
from onething.domain.errors import FailureCode, FieldProblem, OneThingError, require_valid
from onething.domain.events.documents import LetterDelivered
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services.application import sealed_values
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.core.context import AppContext
from onething.services.documents.letters import LINES, TITLES, letters
from onething.services.documents.schemas import AttemptRequest, UnreadLetterView, UnreadPage
from onething.services.summaries import pagination
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse
from onething.store.record import journal
from onething.store.record.hash_chain import Line
from onething.store.tables import unread_letters
from onething.store.tables.unread_letters import AfterUnread, UnreadLetter


@act_on_case(Act.RECORD_DELIVERY)
async def record(run: CaseRun, letter: int, request: AttemptRequest) -> StoredResponse:
    """Raises InvalidInput for an outcome that the way does not have, a moment that can't be, and what was posted
    without its number; OneThingError NOT_FOUND for what is no letter of the case."""
    line = await _letter(run, letter)
    happened_at = request.at or run.context.clock.now()
    require_valid(_problems(request, line.at, happened_at, run.context.clock.now()))
    details: dict[str, Any] = request.model_dump(include={"tracking", "note"}, exclude_none=True)
    notice = sealed_values.new_notice() if details else None
    event = LetterDelivered(
        letter=letter, channel=request.channel, outcome=request.outcome, happened_at=happened_at, notice=notice
    )
    values = (run.sealed(notice, details, ()),) if notice is not None else ()  # between applicant and counter
    return standing(await run.record(event, *values))


async def _letter(run: CaseRun, seq: int) -> Line:
    now = await run.locked()
    line = await journal.line(run.tx, run.case_no, seq)
    changed = frozenset({seq}) if line is not None and line.kind == "calendar_changed" else frozenset[int]()
    if line is None or line.kind not in LINES or not list(letters(now.plan, [line], changed, now.state.result)):
        raise OneThingError(FailureCode.NOT_FOUND, "没有这份文书，请核对编号。")
    return line


def _problems(request: AttemptRequest, written: datetime, at: datetime, now: datetime) -> list[FieldProblem]:
    found = []
    if (refusal := guard_delivered(request.channel, request.outcome)) is not None:
        found.append(FieldProblem("/outcome", refusal.code, refusal.detail))
    if not written <= at <= now:
        detail = "送达的时间不能早于文书作出的时间，也不能晚于现在；请按签收或邮寄的凭证填写。"
        found.append(FieldProblem("/at", FailureCode.INVALID_VALUE, detail))
    if request.outcome == "sent" and request.tracking is None:
        found.append(FieldProblem("/tracking", FailureCode.MISSING_VALUE, "交邮寄的，请填写邮件编号。"))
    return found


async def unread(context: AppContext, principal: Principal, limit: int, after: str | None) -> UnreadPage:
    """待联系的送达, of the counter's region: the one that has waited longest at the head."""
    async with context.transaction(principal, Act.VIEW_DELIVERIES) as tx:
        require(principal, Act.VIEW_DELIVERIES, Facts(region=principal.region))
        first = _place(after)
        found = await unread_letters.due(tx, principal.region, context.clock.now(), after=first, limit=limit + 1)
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
