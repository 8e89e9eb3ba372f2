"""文书的查阅和送达: the letters of a case, each as data and on paper, with the two facts of its delivery; by the
applicant's first reading it is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onething.documents.press import Sheet
from onething.domain.calendar.days import LOCAL
from onething.domain.deadlines.clock_kinds import concerns_applicant
from onething.domain.documents import REACHED, results, unread_result
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events.documents import LetterDelivered
from onething.domain.form.form_labels import place_name
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan
from onething.domain.principal import APPLYING_SIDE, Principal
from onething.security.policy import Act, is_applicant
from onething.services.application import sealed_values
from onething.services.core import visibility
from onething.services.core.access import facts_of, head_for
from onething.services.core.context import AppContext
from onething.services.core.visibility import LETTERS_TO_REPORTER, is_before_its_turn
from onething.services.core.wording import due_title
from onething.services.documents import remedies
from onething.services.documents.letter_text import DECIDING, granted_at, paragraphs
from onething.services.documents.letters import ADVERSE, CARRIED_BY, LINES, Letter, letters
from onething.services.documents.schemas import AttemptView, DateMoved, DeliveryView, LetterRow, LetterView
from onething.store.connection.database import Transaction
from onething.store.record import access_log, journal
from onething.store.record import sealed_values as sealed_values_record
from onething.store.record.hash_chain import Line
from onething.store.record.journal import ClockChange
from onething.store.tables import cases, mandates, notices, readings
from onething.store.tables.cases import CaseHead
from onething.store.tables.notices import Notice

MOST = 200
_COUNTER = "综合窗口"


@dataclass(frozen=True)
class _Marks:
    """What is known of delivery: notices that went out, when the applicant first read which line's letter, and what the
    counter did. `chosen`: how they want to be reached now; `details`: of what was done, for who may see them."""

    chosen: str
    sent: Sequence[Notice]
    read: Mapping[int, datetime]
    done: Sequence[Line]
    details: Callable[[str], Mapping[str, Any] | None]
    for_staff: bool

    def of(self, letter: Letter) -> DeliveryView:
        attempts = [line for line in self.done if line.event["letter"] == letter.line.seq]
        signed = [(line.at, datetime.fromisoformat(line.event["happened_at"]), _BY[line.event["channel"]])
                  for line in attempts if line.event["outcome"] in REACHED]  # fmt: skip
        noticed, read = self._notice_at(letter), self.read.get(letter.line.seq)
        in_hand = [(at, by) for _, at, by in signed]
        reached = min([*([(noticed, "notice")] if noticed else []), *in_hand], default=None)
        # what was recorded first stands: nothing said later shortens the time for remedies
        first = min([*([(read, read, "reading")] if read else []), *signed], key=lambda one: one[0], default=None)
        known = first[1:] if first else None
        return DeliveryView(
            state="known" if known else "reached" if reached else "to_deliver",
            channel=_CHANNELS[reached[1]] if reached else self.chosen,
            reached_at=reached[0] if reached else None,
            reached_by=reached[1] if reached else None,
            known_at=known[0] if known else None,
            known_by=known[1] if known else None,
            attempts=[self._attempt(line) for line in attempts] or None,
        )

    def _notice_at(self, letter: Letter) -> datetime | None:
        """Of the notice that brought it to who had chosen to be served electronically."""
        templates = CARRIED_BY.get(letter.kind, frozenset())
        for notice in self.sent:
            of_line = int(notice.command_id.partition(".")[0])
            carries = of_line == letter.line.seq or (of_line > letter.line.seq and notice.template in templates)
            if carries and notice.reaches:
                return notice.at
        return None

    def _attempt(self, line: Line) -> AttemptView:
        event, actor = line.event, line.actor or {}
        told = (self.details(event["notice"]) if event.get("notice") else None) or {}
        return AttemptView(
            channel=event["channel"],
            outcome=event["outcome"],
            at=event["happened_at"],
            recorded_at=line.at,
            recorded_by=actor.get("subject") if self.for_staff else None,
            tracking=told.get("tracking"),
            note=told.get("note") if self.for_staff else None,
        )


_BY = {"electronic": "reading", "counter": "counter", "post": "post"}
_CHANNELS = {"notice": "electronic", "reading": "electronic", "counter": "counter", "post": "post"}


async def rows(
    context: AppContext,
    tx: Transaction,
    principal: Principal,
    case_no: str,
    plan: Plan,
    state: CaseState,
    *,
    only_reports: bool,
) -> list[LetterRow]:
    """Newest first, the newest `MOST`; those that concern the caller. `only_reports`: whether the caller does."""
    lines = await journal.of_kinds(tx, case_no, LINES, limit=MOST)
    moved: frozenset[int] = frozenset()
    if any(line.kind == "calendar_changed" for line in lines):
        moved = frozenset(change.seq for change in await _dates(tx, case_no))
    marks = await _marks(context, tx, principal, case_no, state)
    found = [one for one in letters(plan, lines, moved, results(state)) if one.concerns(principal.department)]
    if only_reports:
        found = [one for one in found if one.kind in LETTERS_TO_REPORTER]
    return [_row(context, plan, case_no, one, marks) for one in found]


async def show(context: AppContext, principal: Principal, case_no: str, seq: int, *, how: str = "") -> LetterView:
    """One letter; leaves a line in the access log (`how` it is read), and marks the applicant's first reading.

    Raises OneThingError NOT_FOUND also for a letter that is not the caller's business.
    """
    async with context.transaction(principal, Act.VIEW_DOCUMENTS, case_no) as tx:
        head = await head_for(tx, principal, Act.VIEW_DOCUMENTS, case_no)
        found = None if is_before_its_turn(principal, head) else await cases.state(tx, case_no)
        plan = await context.plan_cache.plan_of(tx, found[1]) if found else None
        line = await journal.line(tx, case_no, seq)
        changes = [change for change in await _dates(tx, case_no) if change.seq == seq]
        moved = frozenset({seq}) if changes else frozenset()
        letter = next(letters(plan, [line], moved, results(found[1])), None) if plan and line and found else None
        if plan is None or found is None or letter is None or not letter.concerns(principal.department):
            raise OneThingError(FailureCode.NOT_FOUND, "没有这份文书，请核对编号。")
        if letter.kind not in LETTERS_TO_REPORTER and await visibility.only_reports(tx, principal, case_no, plan):
            raise OneThingError(FailureCode.NOT_FOUND, "没有这份文书，请核对编号。")
        now = context.clock.now()
        if await _learns(tx, principal, head):
            await readings.mark(tx, case_no, seq, now)
            if seq == found[1].result and unread_result(found[1]):
                event = LetterDelivered(letter=seq, channel="electronic", outcome="read", happened_at=now)
                await context.writer.record(tx, case_no, event)
        access_log.add(tx, Act.VIEW_DOCUMENTS, now, case_no=case_no, detail=f"document:{seq}{how}")
        wanted = [sealed_values.APPLICANT, *letter.quoted]
        values = context.values(case_no, await sealed_values_record.get_many(tx, case_no, wanted))
        marks = await _marks(context, tx, principal, case_no, found[1])
        by_then = seq + (letter.kind == "result")
        granted = granted_at(plan, reversed(await journal.of_kinds(tx, case_no, DECIDING, limit=MOST)), by_then)
    row = _row(context, plan, case_no, letter, marks)
    applicant = values.get(sealed_values.APPLICANT)
    definition = context.catalog.bundle(plan.bundle)
    issuer = _issuer(context, letter, head.region)
    return LetterView(
        **dict(row),
        addressee=applicant["name"] if applicant else None,
        issuer=issuer,
        legal_basis=letter.legal_basis,
        paragraphs=paragraphs(
            letter, plan, values.get, context.department, lambda pointer: place_name(definition, pointer), granted
        ),
        remedies=_remedies(context, plan, letter, head.region, issuer),
        remedies_from=row.delivery.known_at if letter.kind in ADVERSE else None,
        remedies_note=_remedies_note(row.delivery) if letter.kind in ADVERSE else None,
        dates=[_date(plan, change) for change in changes],
        pdf=f"/api/cases/{case_no}/documents/{letter.id}.pdf",
    )


def _issuer(context: AppContext, letter: Letter, region: str) -> str:
    """As the region calls it, so that whoever asks for review writes whom it is about."""
    if letter.department is None:
        return _COUNTER
    return context.catalog.offices.name(letter.department, region) or context.department(letter.department)


def _remedies(context: AppContext, plan: Plan, letter: Letter, region: str, issuer: str) -> str | None:
    if letter.kind not in ADVERSE:
        return None
    item = plan.item_by_code.get(letter.item or "")
    return remedies.paragraph(item, context.catalog.offices.reviewer(letter.department, region), issuer)


def _remedies_note(delivery: DeliveryView) -> str:
    """行政复议法 Art. 20, 行政诉讼法 Art. 46: from knowing of it on."""
    if delivery.known_at is None:
        return "申请行政复议、提起行政诉讼的期限，自您知道本决定之日（首次阅读或者签收）起算。"
    on = f"{delivery.known_at.astimezone(LOCAL):%Y 年 %m 月 %d 日}"
    how = "首次阅读" if delivery.known_by == "reading" else "签收"
    return f"申请行政复议、提起行政诉讼的期限，自 {on}（{how}）起算，当日不计入。"


async def _learns(tx: Transaction, principal: Principal, head: CaseHead) -> bool:
    """Whether by this reading the applicant knows of the letter: theirs, or of who may receive letters for them."""
    if principal.role not in APPLYING_SIDE:
        return False
    if tx.actor.mandate is None:
        return is_applicant(principal, facts_of(tx, head))
    return "receive" in (await mandates.get(tx, tx.actor.mandate)).acts


async def pdf(context: AppContext, principal: Principal, case_no: str, seq: int) -> bytes:
    """The same on paper. Raises as `show`, and OneThingError UNAVAILABLE where there is no font for it."""
    told = await show(context, principal, case_no, seq, how=".pdf")
    sheet = Sheet(
        number=told.number,
        title=told.title,
        issuer=told.issuer,
        date=f"{told.at.astimezone(LOCAL):%Y 年 %m 月 %d 日}",
        at=told.at.astimezone(LOCAL),
        paragraphs=told.paragraphs,
        dates=[(one.title, _moment(one.before) or "—", _moment(one.after) or "中止计时") for one in told.dates],
        addressee=told.addressee,
        legal_basis=told.legal_basis,
        remedies=told.remedies,
    )
    return await context.press.pdf(sheet)


def _moment(at: datetime | None) -> str | None:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if at else None


async def _dates(tx: Transaction, case_no: str) -> list[ClockChange]:
    """What became of the dates that the applicant was told."""
    return [change for change in await journal.ledger(tx, case_no) if concerns_applicant(change.clock)]


async def _marks(context: AppContext, tx: Transaction, principal: Principal, case_no: str, state: CaseState) -> _Marks:
    done = await journal.of_kinds(tx, case_no, ["letter_delivered"], limit=MOST)
    names = [line.event["notice"] for line in done if "notice" in line.event]
    sealed = await sealed_values_record.get_many(tx, case_no, names) if names else {}
    return _Marks(
        chosen=state.delivery,
        sent=await notices.of_case(tx, case_no),
        read=await readings.of_case(tx, case_no),
        done=done[::-1],
        details=context.values(case_no, sealed).get,
        for_staff=principal.role not in APPLYING_SIDE,
    )


def _row(context: AppContext, plan: Plan, case_no: str, letter: Letter, marks: _Marks) -> LetterRow:
    item = plan.item_by_code.get(letter.item or "")
    return LetterRow(
        id=letter.id,
        number=f"{case_no}-{letter.id}",
        kind=letter.kind,
        title=letter.title,
        item=letter.item,
        item_name=item.name if item else None,
        department=letter.department,
        at=letter.line.at,
        delivery=marks.of(letter),
    )


def _date(plan: Plan, change: ClockChange) -> DateMoved:
    return DateMoved(
        clock=change.clock, title=due_title(plan, change.clock), before=change.due_before, after=change.due_at
    )
