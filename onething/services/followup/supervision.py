"""督办: what waits for a department's answer, and the cards that were given."""

from datetime import date, datetime
from typing import Literal

from onething.domain.calendar.days import ONE_DAY
from onething.domain.kernel.clock_id import ClockKind
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services.core.context import AppContext
from onething.services.reporting.departments import begin_of, period
from onething.services.summaries import pagination
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel
from onething.store.tables import reminders
from onething.store.tables.reminders import AfterReminder, BeforeCard, CardGiven, ReminderRow

_AWAITED = {ClockKind.WAIT: "look_up", ClockKind.URGE: "urge", ClockKind.SUPERVISION: "supervision"}


class AwaitedView(ResponseModel):
    """`kind`: urge, supervision, or look_up: a source that is asked on since its patience ended or it refused, for the
    record `data`; it is asked anew, and told again, at `due_at`. `departments`: any of which may answer. `overdue`: the
    time to answer is over. `read_at`: when somebody of them first opened the case since; not told to departments."""

    case_no: str
    kind: str
    clock: str
    item: str | None = None
    data: str | None = None
    departments: list[str]
    since: LocalDateTime
    due_at: LocalDateTime
    overdue: bool
    read_at: LocalDateTime | None = None


class AwaitedPage(CompleteResponseModel):
    items: list[AwaitedView]
    next: str | None = None


class CardView(ResponseModel):
    """`open`: the clock that it was given for still runs. A card of the case as a whole has no item and department.
    `taken_back_at`: a new calendar has shown that it had not come; it counts no more."""

    case_no: str
    item: str | None = None
    item_name: str | None = None
    department: str | None = None
    department_name: str | None = None
    clock: str
    rung: str
    card: str
    at: LocalDateTime
    open: bool
    taken_back_at: LocalDateTime | None = None


class CardPage(CompleteResponseModel):
    region: str
    first: date
    last: date
    items: list[CardView]
    next: str | None = None


async def awaited(
    context: AppContext, principal: Principal, department: str | None, limit: int, after: str | None
) -> AwaitedPage:
    """The one due first at the head; for departments their own. Raises NotPermitted for another department's."""
    context.require_department(department)
    wanted = department or principal.department
    async with context.transaction(principal, Act.VIEW_REMINDERS) as tx:
        require(principal, Act.VIEW_REMINDERS, Facts(region=principal.region, task_department=wanted))
        place = _place(after, 1)
        first = AfterReminder(place[0], *place[1]) if place else AfterReminder()
        found = await reminders.awaited(tx, principal.region, wanted, after=first, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    more = pagination.written(last.due_at, f"{last.case_no} {last.clock}") if last else None
    return AwaitedPage(items=[_awaited(context, one) for one in found[:limit]], next=more)


async def cards(
    context: AppContext,
    principal: Principal,
    first: date | None,
    last: date | None,
    region: str | None,
    department: str | None,
    card: Literal["yellow", "red"] | None,
    limit: int,
    after: str | None,
) -> CardPage:
    """Given in a period, the newest first; without one, in the last 30 days. Raises as `measures.overview`, and
    NotPermitted for another region."""
    context.require_known_region(region)
    context.require_department(department)
    wanted = department or principal.department
    async with context.transaction(principal, Act.VIEW_MEASURES) as tx:
        require(principal, Act.VIEW_MEASURES, Facts(region=region or principal.region, task_department=wanted))
        first, last = period(context, first, last)
        place = _place(after, 2)
        found = await reminders.cards(
            tx,
            principal.region,
            wanted,
            card,
            since=begin_of(first),
            until=begin_of(last + ONE_DAY),
            before=BeforeCard(place[0], *place[1]) if place else BeforeCard(),
            limit=limit + 1,
        )
    end = found[limit - 1] if len(found) > limit else None
    more = pagination.written(end.at, f"{end.case_no} {end.clock} {end.rung}") if end else None
    items = [_card(context, one) for one in found[:limit]]
    return CardPage(region=principal.region, first=first, last=last, items=items, next=more)


def _place(after: str | None, spaces: int) -> tuple[datetime, list[str]] | None:
    """Where the page begins: a moment, and the parts of the key, which hold no space themselves."""
    if after is None:
        return None
    at, key = pagination.read(after)
    parts = key.split(" ")
    if len(parts) != spaces + 1:
        raise pagination.foreign()
    return at, parts


def _awaited(context: AppContext, reminder: ReminderRow) -> AwaitedView:
    return AwaitedView(
        case_no=reminder.case_no,
        kind=_AWAITED[reminder.clock.kind],
        clock=reminder.clock,
        item=reminder.item,
        data=reminder.clock.code or None,
        departments=list(reminder.departments),
        since=reminder.since,
        due_at=reminder.due_at,
        overdue=reminder.due_at <= context.clock.now(),
        read_at=None if reminder.clock.kind is ClockKind.WAIT else reminder.read_at,
    )


def _card(context: AppContext, card: CardGiven) -> CardView:
    items = context.applications.definition(card.bundle).items
    return CardView(
        case_no=card.case_no,
        item=card.item,
        item_name=next((item.name for item in items if item.code == card.item), None),
        department=card.department,
        department_name=context.department(card.department) if card.department else None,
        clock=card.clock,
        rung=card.rung,
        card=card.card,
        at=card.at,
        open=card.open,
        taken_back_at=card.taken_back_at,
    )
