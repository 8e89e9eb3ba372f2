"""What callers get to read of clocks. Amounts are in the clock's unit: whole days, or hours with fractions."""

from collections.abc import Iterable
from datetime import date, datetime

from onething.domain.calendar.days import LOCAL
from onething.domain.deadlines.clock_kinds import clock_of, legal_effect
from onething.domain.deadlines.wording import UNIT_NAMES
from onething.domain.kernel.clock_id import ClockId
from onething.domain.kernel.state import ALIVE, CaseState, RunningClock
from onething.domain.names import EFFECT_NAMES
from onething.domain.plan.plan import Plan
from onething.services.summaries.forecasts import CaseForecast
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel


class DayView(ResponseModel):
    """One day in the life of a clock: what it counted for, and why. Of clocks that count days: `paused_hours`, the
    office hours in which it stood still that day; `carried_hours`, those so far that fill no office day yet."""

    date: date
    counted: int | float
    reason: str
    text: str
    paused_hours: float | None = None
    carried_hours: float | None = None


class PausedView(ResponseModel):
    """Of a clock that counts days: the office hours in which it stood still, the whole days that were given back for
    them, and the hours that are carried on until they fill another."""

    hours: float
    days: int
    carried_hours: float


class PauseView(ResponseModel):
    """From `since` on, until before `until`; still standing while there is none. `item`: whose pause it is. `ends_at`:
    until when it may stand still at most; it then goes on by itself."""

    since: LocalDateTime
    until: LocalDateTime | None = None
    ends_at: LocalDateTime | None = None
    basis: str
    text: str
    item: str | None = None


class ClockView(ResponseModel):
    """`budget` holds what it was extended by; what the days counted adds up to it where there is a due date. `whose`:
    office or person, whose period it is."""

    name: str
    title: str
    item: str | None = None
    legal_effect: str
    whose: str
    state: str
    started_at: LocalDateTime
    due_at: LocalDateTime | None  # none while suspended
    provisional: bool
    unit: str
    budget: int
    extensions: int
    left: int | float | None = None  # none once it has ended
    pauses: tuple[PauseView, ...] = ()
    paused: PausedView | None = None
    explain: str
    days: tuple[DayView, ...] = ()  # a year of them at most
    more_days: bool | None = None  # true: there are more than are told


class ClockList(CompleteResponseModel):
    """`forecast`: when everything will probably be decided; none once the case has ended, or before it is submitted."""

    items: list[ClockView]
    forecast: CaseForecast | None = None
    next: str | None = None


class DeadlineView(ResponseModel):
    """A date that is still ahead, or has passed while nothing was decided: what it is in law (`legal_effect`), of how
    much time, when (none while it stands still), and the same in words."""

    clock: str
    legal_effect: str
    amount: int
    unit: str
    due_at: LocalDateTime | None = None
    provisional: bool
    text: str


class DueMovedView(ResponseModel):
    """A date that an act has moved."""

    clock: str
    legal_effect: str
    before: LocalDateTime | None = None
    after: LocalDateTime | None = None


def deadlines(plan: Plan, state: CaseState, *names: ClockId) -> tuple[DeadlineView, ...]:
    """Of those of these clocks that still tick: what has ended has no live date."""
    running = ((name, state.clocks[name]) for name in names if name in state.clocks)
    return tuple(_deadline(plan, name, clock) for name, clock in running if clock.state in ALIVE)


def _deadline(plan: Plan, name: ClockId, running: RunningClock) -> DeadlineView:
    clock, effect = clock_of(plan, name, running), legal_effect(name)
    unit = clock.limit.unit
    length = f"{clock.length} {UNIT_NAMES[unit]}" if clock.length else "当日"
    until = "已中止计时" if running.due_at is None else f"至 {running.due_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    open_swaps = "（暂定）" if running.provisional and running.due_at else ""
    return DeadlineView(
        clock=name,
        legal_effect=effect,
        amount=clock.length,
        unit=unit,
        due_at=running.due_at,
        provisional=running.provisional,
        text=f"{EFFECT_NAMES[effect]} {length}，{until}{open_swaps}",
    )


def live_due(state: CaseState, name: ClockId) -> datetime | None:
    """When the clock is due; None once it has ended, and while it stands still."""
    clock = state.clocks.get(name)
    return clock.due_at if clock is not None and clock.state in ALIVE else None


def moved(names: Iterable[ClockId], before: CaseState, after: CaseState) -> tuple[DueMovedView, ...]:
    """Those of these clocks whose date, or whose length while it stands still, is another now."""
    return tuple(
        DueMovedView(
            clock=name,
            legal_effect=legal_effect(name),
            before=before.clocks[name].due_at,
            after=after.clocks[name].due_at,
        )
        for name in names
        if name in before.clocks and name in after.clocks and before.clocks[name] != after.clocks[name]
    )


class ItemTime(CompleteResponseModel):
    """How an item's time stands after it was stopped, started again or extended. `moved`: by an extension."""

    task_id: str
    case_no: str
    item: str
    state: str
    seq: int
    at: LocalDateTime
    due_at: LocalDateTime | None = None
    statutory_due_at: LocalDateTime | None = None
    deadlines: tuple[DeadlineView, ...] = ()
    moved: tuple[DueMovedView, ...] = ()


class DeemedView(ResponseModel):
    """视为准予: nobody decided within the law's time. `on`: when that was over; `basis`: the article."""

    on: date
    basis: str
    text: str
