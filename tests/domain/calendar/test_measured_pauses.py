"""Pauses are measured (docs/adr/0034): what holds for all of them, and the days that tell it."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.calendars import load_calendars
from onething.domain.calendar.countdown import Countdown, Pause, PauseBasis, consumed, due, explain
from onething.domain.calendar.days import LOCAL, ONE_DAY, Calendar, local_date
from onething.domain.calendar.limits import Limit, Unit, Whose
from onething.domain.calendar.statistics import OfficeTime
from tests.support.whole import examples

CN = load_calendars()["cn"]
START = datetime(2025, 6, 9, 10, tzinfo=LOCAL)  # a Monday
SOON = datetime(2025, 10, 31, tzinfo=LOCAL)
MINUTE = timedelta(minutes=1)
Stretch = tuple[datetime, datetime]


def every_day_open() -> Calendar:
    """As calendar days are measured: every day has its office hours."""
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    weekends = [day for n in range(365) if (day := first + n * ONE_DAY).weekday() >= 5]
    days = {"holidays": {}, "workdays": dict.fromkeys(weekends, "x"), "covered_from": first, "covered_until": last}
    return Calendar.model_validate(CN.model_dump(by_alias=True) | days)


WORKED = OfficeTime(CN, date(2025, 6, 1), date(2025, 12, 31))
OPEN = OfficeTime(every_day_open(), date(2025, 6, 1), date(2025, 12, 31))
LIMITS = st.builds(
    Limit,
    amount=st.integers(0, 12),
    unit=st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.WORKING_HOUR]),
    whose=st.sampled_from(Whose),
)


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    """Short and long, on and off office hours."""
    day = START.replace(hour=0) + draw(st.integers(0, 20)) * ONE_DAY
    since = day + draw(st.one_of(st.sampled_from([540, 720, 810, 1049, 1050]), st.integers(0, 1439))) * MINUTE
    since = max(since, START)
    return since, since + draw(st.sampled_from([1, 2, 30, 420, 480, 1440, 2900]) | st.integers(1, 9000)) * MINUTE


several = st.lists(stretches(), max_size=5)


def clock(limit: Limit, paused: list[Stretch]) -> Countdown:
    pauses = [Pause(since=since, until=until, basis=PauseBasis.HEARING) for since, until in sorted(paused)]
    return Countdown(limit, START, tuple(pauses))


def ends(limit: Limit, paused: list[Stretch]) -> datetime:
    found = due(CN, clock(limit, paused))
    assert found is not None
    return found.at


def merged(paused: list[Stretch]) -> list[Stretch]:
    whole: list[Stretch] = []
    for since, until in sorted(paused):
        if whole and since <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(until, whole[-1][1]))
        else:
            whole.append((since, until))
    return whole


@given(limit=LIMITS, paused=several, more=stretches())
@settings(max_examples=examples(300), deadline=None)
def test_more_pause_never_ends_it_earlier(limit: Limit, paused: list[Stretch], more: Stretch) -> None:
    assert ends(limit, paused) <= ends(limit, [*paused, more])


@given(limit=LIMITS, paused=several)
@settings(max_examples=examples(200), deadline=None)
def test_a_pause_never_ends_it_earlier_than_none(limit: Limit, paused: list[Stretch]) -> None:
    assert ends(limit, []) <= ends(limit, paused)


@given(limit=LIMITS, paused=several, cuts=st.lists(st.integers(1, 99), max_size=4), overlap=st.booleans())
@settings(max_examples=examples(200), deadline=None)
def test_how_pauses_are_cut_and_in_which_order_they_overlap_is_all_the_same(
    limit: Limit, paused: list[Stretch], cuts: list[int], overlap: bool
) -> None:
    pieces: list[Stretch] = []
    for since, until in paused:
        at = sorted({since, *(since + (until - since) * cut / 100 for cut in cuts), until})
        pieces += pairwise(at)
        if overlap and len(at) > 2:
            pieces.append((at[0], at[-2]))
    at_once, cut = clock(limit, merged(paused)), clock(limit, pieces)
    assert due(CN, at_once) == due(CN, cut)
    said = [
        [(day.date, day.counted, day.paused, day.carried) for day in explain(CN, one, SOON)] for one in (at_once, cut)
    ]
    assert said[0] == said[1]


@given(limit=LIMITS.filter(lambda one: one.whose is Whose.OFFICE), paused=several)
@settings(max_examples=examples(300), deadline=None)
def test_pauses_never_add_more_than_their_sum_and_all_whole_days_of_it(limit: Limit, paused: list[Stretch]) -> None:
    """However many and however short."""
    time = OPEN if limit.unit is Unit.CALENDAR_DAY and limit.amount else WORKED
    without, with_them = ends(limit, []), ends(limit, paused)
    # of the day of the event nothing counts, so that nothing of it can be taken out
    begins = START if limit.amount == 0 or limit.unit is Unit.WORKING_HOUR else START.replace(hour=0) + ONE_DAY
    stood = sum(
        (time.between(max(since, begins), min(until, with_them)) for since, until in merged(paused)), timedelta()
    )
    added = time.between(without, with_them)
    assert added <= stood
    assert stood - added < CN.office_day


@given(days=st.integers(0, 9), amount=st.integers(1, 9))
def test_each_full_office_day_moves_the_end_by_one_working_day(days: int, amount: int) -> None:
    since = START.replace(hour=9) + ONE_DAY
    stood = [(since, ends(Limit(amount=days), []) + timedelta(hours=1))] if days else []
    assert ends(Limit(amount=amount), stood) == ends(Limit(amount=amount + days), [])


def test_five_pauses_of_two_minutes_move_nothing() -> None:
    limit = Limit(amount=8)
    paused = [(START.replace(day=day, hour=17, minute=29), START.replace(day=day, hour=17, minute=31)) for day in
              (10, 11, 12, 13, 16)]  # fmt: skip
    assert ends(limit, paused) == ends(limit, [])
    told = explain(CN, clock(limit, paused), START)
    assert [day.carried for day in told if day.paused] == [n * MINUTE for n in range(1, 6)]
    assert not any(day.fills for day in told)


def test_the_list_of_days_shows_what_is_paused_and_what_is_carried() -> None:
    """From Wednesday at ten to Friday at eleven: fifteen hours, which are two days of seven and one hour."""
    stood = [(START.replace(day=11), START.replace(day=13, hour=11))]
    told = explain(CN, clock(Limit(amount=5), stood), START)
    shown = [(day.date.day, day.reason.value, day.paused, day.carried, day.fills) for day in told if day.date.day < 16]
    hours = [timedelta(hours=n) for n in range(8)]
    assert shown == [
        (9, "event_day", hours[0], hours[0], False),
        (10, "workday", hours[0], hours[0], False),
        (11, "workday", hours[6], hours[6], False),
        (12, "paused", hours[7], hours[6], True),
        (13, "paused", hours[2], hours[1], True),
        (14, "weekend", hours[0], hours[1], False),
        (15, "weekend", hours[0], hours[1], False),
    ]
    assert told[-1].due_at == datetime(2025, 6, 18, 9, 30, tzinfo=UTC)
    assert told[-1].carried == hours[1]


def test_nothing_ends_in_a_pause_and_what_was_left_of_the_day_is_given_back() -> None:
    limit = Limit(amount=1)  # Tuesday, 17:30
    stood = Countdown(limit, START, (Pause(since=START.replace(day=10, hour=16), basis=PauseBasis.HEARING),))
    assert due(CN, stood) is None
    resumed = [(START.replace(day=10, hour=16), START.replace(day=12, hour=10))]
    assert ends(limit, resumed) == START.replace(day=12, hour=11, minute=30)
    assert explain(CN, clock(limit, resumed), START)[-1].reason == "the_rest"


def test_what_is_left_does_not_grow_by_small_pauses() -> None:
    """Resumed and looked at a week later: as much is used up as if nothing had happened."""
    limit, later = Limit(amount=20), START.replace(day=20)
    stood = clock(limit, [(START.replace(day=11, hour=17), START.replace(day=11, hour=17, minute=31))])
    assert consumed(CN, stood, later) == consumed(CN, clock(limit, []), later) == 8 * ONE_DAY
    assert local_date(later) == date(2025, 6, 20)
