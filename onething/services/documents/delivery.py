"""文书的查阅和送达: the letters of a case, each as data and on paper; the applicant's first reading is marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from onething.documents.press import Sheet
from onething.domain.calendar.days import LOCAL
from onething.domain.deadlines.clock_kinds import concerns_applicant
from onething.domain.definition.form_labels import place_name
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.security.policy import Act, is_applicant
from onething.services.application import sealed_values
from onething.services.core.access import facts_of, head_for
from onething.services.core.context import AppContext
from onething.services.core.visibility import APPLYING_SIDE, LETTERS_TO_REPORTER, is_before_its_turn, only_reports
from onething.services.core.wording import due_title
from onething.services.documents import remedies
from onething.services.documents.letter_text import DECIDING, granted_at, paragraphs
from onething.services.documents.letters import ADVERSE, CARRIED_BY, LINES, Letter, letters
from onething.services.documents.schemas import DateMoved, DeliveryView, LetterRow, LetterView
from onething.store.connection.database import Transaction
from onething.store.record import access_log, journal
from onething.store.record import sealed_values as sealed_values_record
from onething.store.record.journal import ClockChange
from onething.store.tables import cases, mandates, notices, readings
from onething.store.tables.cases import CaseHead
from onething.store.tables.notices import Notice

MOST = 200
_COUNTER = "综合窗口"


@dataclass(frozen=True)
class _Marks:
    """What is known of delivery: notices that went out, and when the applicant first read which line's letter."""

    sent: Sequence[Notice]
    read: Mapping[int, datetime]

    def of(self, letter: Letter) -> DeliveryView:
        sent_at = self._sent_at(letter)
        read_at = self.read.get(letter.line.seq)
        state = "read" if read_at else "sent" if sent_at else "to_deliver"
        return DeliveryView(state=state, sent_at=sent_at, read_at=read_at)

    def _sent_at(self, letter: Letter) -> datetime | None:
        templates = CARRIED_BY.get(letter.kind, frozenset())
        for notice in self.sent:
            of_line = int(notice.command_id.partition(".")[0])
            if of_line == letter.line.seq or (of_line > letter.line.seq and notice.template in templates):
                return notice.at
        return None


async def rows(context: AppContext, tx: Transaction, principal: Principal, case_no: str, plan: Plan) -> list[LetterRow]:
    """Newest first, the newest `MOST`; those that concern the caller."""
    lines = await journal.of_kinds(tx, case_no, LINES, limit=MOST)
    moved: frozenset[int] = frozenset()
    if any(line.kind == "calendar_changed" for line in lines):
        moved = frozenset(change.seq for change in await _dates(tx, case_no))
    marks = await _marks(tx, case_no)
    found = [one for one in letters(plan, lines, moved) if one.concerns(principal.department)]
    if await only_reports(tx, principal, case_no, plan):
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
        letter = next(letters(plan, [line], moved), None) if plan and line else None
        if plan is None or letter is None or not letter.concerns(principal.department):
            raise OneThingError(FailureCode.NOT_FOUND, "没有这份文书，请核对编号。")
        if letter.kind not in LETTERS_TO_REPORTER and await only_reports(tx, principal, case_no, plan):
            raise OneThingError(FailureCode.NOT_FOUND, "没有这份文书，请核对编号。")
        now = context.clock.now()
        if await _reached(tx, principal, head):
            await readings.mark(tx, case_no, seq, now)
        access_log.add(tx, Act.VIEW_DOCUMENTS, now, case_no=case_no, detail=f"document:{seq}{how}")
        wanted = [sealed_values.APPLICANT, *letter.quoted]
        values = context.values(case_no, await sealed_values_record.get_many(tx, case_no, wanted))
        marks = await _marks(tx, case_no)
        granted = granted_at(plan, reversed(await journal.of_kinds(tx, case_no, DECIDING, limit=MOST)), seq)
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


async def _reached(tx: Transaction, principal: Principal, head: CaseHead) -> bool:
    """Whether by this reading the letter has reached the applicant: theirs, or of who may receive letters for them."""
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


async def _marks(tx: Transaction, case_no: str) -> _Marks:
    return _Marks(await notices.of_case(tx, case_no), await readings.of_case(tx, case_no))


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
