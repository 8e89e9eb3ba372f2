"""The clocks of `onething.domain.calendar.countdown` against the naive ones: random schedules, no difference."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from definitions.calendars import load_calendars
from onething.domain.calendar.countdown import (
    Countdown,
    Pause,
    PauseBasis,
    consumed,
    due,
    explain,
    reached,
)
from onething.domain.calendar.days import LOCAL, Calendar
from onething.domain.calendar.limits import Limit, Unit, Whose
from tests.domain.calendar import naive_clock
from tests.support.whole import sampled

PARTS, EXAMPLES, A_TIME = 24, 50, 10  # 12,000 schedules
CN = load_calendars()["cn"]


def variant(**changes: object) -> Calendar:
    return Calendar.model_validate(CN.model_dump(by_alias=True) | changes)


def until(last: date) -> Calendar:
    """As it stood before the notice of the next year came out."""
    return variant(
        covered_until=last,
        holidays={day: name for day, name in CN.holidays.items() if day <= last},
        workdays={day: name for day, name in CN.workdays.items() if day <= last},
    )


CALENDARS = (
    CN,
    until(date(2025, 12, 31)),
    until(date(2024, 12, 31)),
    variant(office_hours=[["08:30", "12:00"], ["14:00", "18:00"]]),
    variant(holidays=CN.holidays | {date(2026, 9, 22): "台风停工"}),  # a local closure told afterwards
    variant(office_hours=[["00:00", "23:59"]]),
)
ANCHORS = (
    date(2024, 1, 30),  # 春节 2024
    date(2024, 9, 10),  # 中秋, 国庆 2024
    date(2025, 1, 18),  # 春节 2025
    date(2025, 9, 22),  # 国庆 2025
    date(2025, 12, 20),  # coverage of 2025 ends
    date(2026, 2, 4),  # 春节 2026
    date(2026, 4, 25),  # 劳动节 2026
    date(2026, 9, 14),  # 中秋, 国庆 2026
    date(2026, 12, 14),  # coverage ends
)
BY_LAW = {
    date(year, int(day[:2]), int(day[2:]))
    for year, days in {
        2025: "0101 0128 0129 0130 0131 0404 0501 0502 0531 1001 1002 1003 1006",
        2026: "0101 0216 0217 0218 0219 0405 0501 0502 0619 0925 1001 1002 1003",
        2027: "0101 0205 0206 0207 0208 0405 0501 0502 0609 0915 1001 1002 1003",
    }.items()
    for day in days.split()
}
"""Off without any notice: 全国年节及纪念日放假办法 (2024), Art. 2."""
MINUTES_OF_DAY = (0, 509, 539, 540, 541, 660, 719, 720, 765, 810, 900, 1049, 1050, 1051, 1080, 1439)
LENGTHS = (0, 1, 30, 300, 600, 1440, 1441, 2 * 1440, 4 * 1440 + 17, 9 * 1440)


class Schedule(NamedTuple):
    unit: Unit
    amount: int
    extended: int
    start: datetime  # local, naive
    pauses: tuple[tuple[datetime, datetime | None], ...]
    asked_at: datetime
    whose: Whose = Whose.OFFICE


a_moment = st.one_of(st.sampled_from(MINUTES_OF_DAY), st.integers(0, 1439))


DRAWN = tuple(unit for unit in Unit if unit is not Unit.YEAR)
"""A year is twelve months, and longer than is counted on fingers."""


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    unit = draw(st.sampled_from(DRAWN))
    start = datetime.combine(draw(st.sampled_from(ANCHORS)), datetime.min.time()) + timedelta(
        days=draw(st.integers(0, 16)), minutes=draw(a_moment)
    )
    pauses: list[tuple[datetime, datetime | None]] = []
    at = start
    for gap, to_clock, length in draw(
        st.lists(st.tuples(st.integers(0, 3), a_moment, st.sampled_from((*LENGTHS, None))), max_size=4)
    ):
        since = max(at, datetime.combine(at.date() + timedelta(days=gap), datetime.min.time()) + _minutes(to_clock))
        ends = None if length is None else since + _minutes(length)
        pauses.append((since, ends))
        if ends is None:
            break
        at = ends if draw(st.booleans()) else since  # the next may overlap it
    most = {Unit.WORKING_HOUR: 8, Unit.MONTH: 2}.get(unit, 25)
    more = {Unit.WORKING_HOUR: 2, Unit.MONTH: 1}.get(unit, 10)
    return Schedule(
        unit=unit,
        amount=draw(st.integers(0, most)),
        extended=draw(st.sampled_from([0, 0, 1, more])),
        start=start,
        pauses=tuple(pauses),
        asked_at=start + timedelta(days=draw(st.integers(0, 20)), minutes=draw(a_moment)),
        whose=draw(st.sampled_from(Whose)),
    )


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=LOCAL)


def clock_of(schedule: Schedule) -> Countdown:
    return Countdown(
        Limit(amount=schedule.amount, unit=schedule.unit, whose=schedule.whose),
        aware(schedule.start),
        tuple(
            Pause(since=aware(since), until=ends and aware(ends), basis=PauseBasis.HEARING)
            for since, ends in schedule.pauses
        ),
        schedule.extended,
    )


def naive_of(cal: Calendar, schedule: Schedule) -> naive_clock.Counted:
    by_law = {day for day in BY_LAW if not cal.covers(day)}
    year = naive_clock.Year(set(cal.holidays) | by_law, set(cal.workdays), list(cal.office_hours))
    amount = schedule.amount + schedule.extended
    person = schedule.whose is Whose.PERSON
    return naive_clock.count(year, schedule.unit.value, amount, schedule.start, list(schedule.pauses), person=person)


def differences(cal: Calendar, schedule: Schedule) -> Iterator[str]:
    clock, naive = clock_of(schedule), naive_of(cal, schedule)
    part = timedelta(minutes=1) if clock.counts_hours else timedelta(days=1)
    found = due(cal, clock)
    at = None if found is None else found.at.astimezone(LOCAL).replace(tzinfo=None)
    if at != naive.due:
        yield f"due {at}, naive {naive.due}"
    if found is not None:
        beyond = max(naive.due.date() if naive.due else date.max, schedule.start.date()) > cal.covered_until
        if found.provisional != beyond:
            yield f"provisional {found.provisional}, naive {beyond}"
    used = consumed(cal, clock, aware(schedule.asked_at))
    if used != naive.before(schedule.asked_at) * part:
        yield f"consumed {used}, naive {naive.before(schedule.asked_at)}"
    half = clock.budget / part // 2
    moment = reached(cal, clock, half * part)
    moment = moment and moment.astimezone(LOCAL).replace(tzinfo=None)
    used_at = naive.at[int(half) - 1] if 0 < half <= len(naive.at) else None
    if moment != (used_at + part if used_at and clock.counts_hours else used_at):
        yield f"half of it used up {moment}, naive {used_at}"
    told = explain(cal, clock, aware(schedule.asked_at))
    by_day = {day.date: day.counted for day in told if day.counted}
    shown = {day: n * part for day, n in naive.days.items() if naive.due or day <= told[-1].date}
    if by_day != shown:
        yield f"explained {by_day}, naive {shown}"
    if found is not None and sum(by_day.values(), timedelta()) != clock.budget:
        yield "the days counted are not the budget"
    if [day.date for day in told] != [told[0].date + timedelta(days=n) for n in range(len(told))]:
        yield "a day is missing, or told twice"
    if told[0].date != schedule.start.date() or (found is not None and told[-1].due_at != found.at):
        yield "not told from the start to the due date"


def compared(tried: list[Schedule], before: Calendar, after: Calendar) -> Counter[str]:
    """Under one calendar, and recomputed under another, as when a table is loaded in the middle. What was tried."""
    done: Counter[str] = Counter()
    for schedule in tried:
        for cal in (before, after):
            found = list(differences(cal, schedule))
            assert not found, f"{schedule} under {cal.ref} until {cal.covered_until}: {found}"
        done[schedule.unit] += 1
        done["paused"] += bool(schedule.pauses)
        done["standing"] += any(ends is None for _, ends in schedule.pauses)
        done["recomputed"] += before is not after
    return done


@pytest.mark.parametrize("part", sampled(range(PARTS), 1))
def test_no_difference_in_ten_thousand_schedules(part: int) -> None:
    """In parts, some of them in every run, since a busy machine takes minutes for all of them."""
    tried: Counter[str] = Counter()

    @seed(part)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        st.lists(schedules(), min_size=A_TIME, max_size=A_TIME), st.sampled_from(CALENDARS), st.sampled_from(CALENDARS)
    )
    def compare(schedules: list[Schedule], before: Calendar, after: Calendar) -> None:
        tried.update(compared(schedules, before, after))

    compare()
    assert sum(tried[unit] for unit in DRAWN) * PARTS >= 10_000
    # some 40 of the rarest kind are expected in a part; what exactly is drawn depends on which modules are loaded
    assert min(tried[what] for what in (*DRAWN, "paused", "standing", "recomputed")) >= 20, tried
