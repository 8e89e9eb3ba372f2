"""What callers get to read of clocks. Amounts are in the clock's unit: whole days, or hours with fractions."""

from datetime import date

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


class ItemTime(CompleteResponseModel):
    """How an item's time stands after it was stopped, started again or extended."""

    task_id: str
    case_no: str
    item: str
    state: str
    seq: int
    at: LocalDateTime
    due_at: LocalDateTime | None = None
    statutory_due_at: LocalDateTime | None = None


class DeemedView(ResponseModel):
    """视为准予: nobody decided within the law's time. `on`: when that was over; `basis`: the article."""

    on: date
    basis: str
    text: str
