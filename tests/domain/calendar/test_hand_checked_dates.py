"""Due dates worked out by hand. Days off and days worked: the State Council's yearly notices for 2020 to 2026, as in
definitions/calendars/cn.yaml; office hours 09:00-12:00, 13:30-17:30. How to count: docs/adr/0034, and by row

  A201  民法典 Art. 201: the day of the event is not counted     A203  moved on from a day off; ends at closing
  A45   行政许可法 Art. 45: what is paused is not counted        A42   Art. 42: +10 (joint handling +15) by approval

The last column is the arithmetic: date=n is the nth day (or hour) counted; "off" and "out" (paused) are not.
"""

from datetime import date, datetime
from typing import NamedTuple

import pytest

from definitions.calendars import load_calendars
from onething.domain.calendar.countdown import Countdown, Pause, PauseBasis, due, explain
from onething.domain.calendar.days import LOCAL, Calendar
from onething.domain.calendar.limits import Limit, Unit, Whose

CN = load_calendars()["cn"]
W, H, C, M, Y = Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR
OFFICE, PERSON = Whose.OFFICE, Whose.PERSON


class Row(NamedTuple):
    start: str
    amount: int
    unit: Unit
    expected: str | None
    source: str
    arithmetic: str
    pauses: tuple[tuple[str, str | None], ...] = ()
    extended: int = 0
    whose: Whose = PERSON  # tells calendar days apart only: an office's last day does not move


# fmt: off
ROWS = (
    # months and years: the same day, else the month's last (A202); a person's moves off a day off
    Row("2026-03-02 10:00", 1, M, "2026-04-02 17:30", "A202", "2 Mar; 2 Apr, a Thursday"),
    Row("2025-11-30 10:00", 3, M, "2026-02-28 17:30", "A202", "30 Feb is none: its last, Sat 28 Feb 2026, is worked"),
    Row("2026-01-31 10:00", 1, M, "2026-02-28 17:30", "A202", "31 Feb is none: its last"),
    Row("2024-02-29 10:00", 1, Y, "2025-02-28 17:30", "A202", "29 Feb 2025 is none: Fri 28"),
    Row("2024-02-28 10:00", 2, Y, "2026-02-28 17:30", "A202", "Sat 28 Feb 2026 is worked"),
    Row("2026-04-01 10:00", 1, M, "2026-05-06 17:30", "A202 A203", "1 May off, to Tue 5: moved to Wed 6"),
    Row("2026-04-01 10:00", 1, M, "2026-05-01 17:30", "A202", "an office's stays", whose=OFFICE),
    Row("2026-01-31 10:00", 1, M, "2026-03-31 17:30", "A202 A42", "two months from 31 Jan: 31 Mar", extended=1),
    Row("2026-03-02 10:00", 1, M, "2026-04-03 17:30", "A202 A45", "one office day paused: 2 Apr and a day",
        (("2026-03-10 09:00", "2026-03-10 17:30"),), whose=OFFICE),
    # working days through 春节, 国庆 and 调休 weekends
    Row("2020-01-17 10:00", 3, W, "2020-01-21 17:30", "A201", "Fri; Sat 18 off, Sun 19 worked=1, 20=2, 21=3"),
    Row("2020-01-22 10:00", 3, W, "2020-02-04 17:30", "A201", "Wed; 23=1, 24 to Sun 2 Feb off, 3=2, 4=3"),
    Row("2020-04-24 10:00", 2, W, "2020-04-27 17:30", "A201", "Fri; Sat off, Sun 26 worked=1, 27=2"),
    Row("2020-04-30 10:00", 2, W, "2020-05-07 17:30", "A201", "Thu; 1 to 5 off, 6=1, 7=2"),
    Row("2020-09-30 10:00", 1, W, "2020-10-09 17:30", "A201", "Wed; 1 to 8 off (国庆 with 中秋), Fri 9=1"),
    Row("2020-09-30 10:00", 2, W, "2020-10-10 17:30", "A201", "as above, Sat 10 worked=2"),
    Row("2021-02-05 10:00", 2, W, "2021-02-08 17:30", "A201", "Fri; Sat off, Sun 7 worked=1, 8=2"),
    Row("2021-02-10 10:00", 3, W, "2021-02-20 17:30", "A201", "Wed; 11 to 17 off, 18=1, 19=2, Sat 20 worked=3"),
    Row("2021-09-17 10:00", 1, W, "2021-09-18 17:30", "A201", "Fri; Sat 18 worked=1"),
    Row("2021-09-17 10:00", 2, W, "2021-09-22 17:30", "A201", "Fri; Sat 18 worked=1, 19 to 21 off, Wed 22=2"),
    Row("2021-09-30 10:00", 2, W, "2021-10-09 17:30", "A201", "Thu; 1 to 7 off, Fri 8=1, Sat 9 worked=2"),
    Row("2022-01-28 10:00", 3, W, "2022-02-07 17:30", "A201", "Fri; Sat 29=1, Sun 30=2, 31 to 6 Feb off, Mon 7=3"),
    Row("2022-04-01 10:00", 2, W, "2022-04-06 17:30", "A201", "Fri; Sat 2 worked=1, 3 to 5 off, 6=2"),
    Row("2022-09-30 10:00", 3, W, "2022-10-10 17:30", "A201", "Fri; 1 to 7 off, Sat 8=1, Sun 9=2, Mon 10=3"),
    Row("2023-01-20 10:00", 3, W, "2023-01-30 17:30", "A201", "Fri; 21 to 27 off, Sat 28=1, Sun 29=2, Mon 30=3"),
    Row("2023-06-21 10:00", 2, W, "2023-06-26 17:30", "A201", "Wed; 22 to 24 off, Sun 25 worked=1, 26=2"),
    Row("2023-09-28 10:00", 3, W, "2023-10-09 17:30", "A201", "Thu; 29 to 6 Oct off, Sat 7=1, Sun 8=2, Mon 9=3"),
    Row("2025-09-12 10:00", 20, W, "2025-10-16 17:30", "A201",
        "Fri; 15-19=5, 22-26=10, Sun 28=11, 29=12, 30=13, 1 to 8 off, 9=14, 10=15, Sat 11=16, 13-16=20"),
    Row("2026-01-05 10:00", 45, W, "2026-03-13 17:30", "A201",
        "Mon; 6-9=4, 12-16=9, 19-23=14, 26-30=19, 2-6 Feb=24, 9-13=29, Sat 14=30, 24-27=34, Sat 28=35, 2-6 Mar=40, 45"),
    # calendar days, some ending on a day off
    Row("2023-09-25 10:00", 5, C, "2023-10-07 17:30", "A203", "26=1 ... 30=5, 国庆; off to 6; Sat 7 is worked"),
    Row("2024-02-05 10:00", 7, C, "2024-02-18 17:30", "A203", "6=1 ... 12=7, 春节; off to 17; Sun 18 is worked"),
    Row("2026-02-13 10:00", 15, C, "2026-02-28 17:30", "A203", "14=1 ... 28=15, a Saturday, but worked"),
    Row("2022-01-26 10:00", 3, C, "2022-01-29 17:30", "A203", "27=1, 28=2, Sat 29=3, worked"),
    Row("2025-03-03 10:00", 30, C, "2025-04-02 17:30", "A201", "31 Mar=28, 1 Apr=29, Wed 2=30"),
    Row("2025-03-05 10:00", 30, C, "2025-04-07 17:30", "A203", "31 Mar=26, Fri 4 Apr=30, 清明 to Sun 6; Mon 7"),
    # working hours: lunch, nights, weekends, holidays
    Row("2020-10-09 16:30", 3, H, "2020-10-10 11:00", "A201", "Fri 16:30-17:30=1, Sat worked 9-11=3"),
    Row("2021-02-10 11:00", 10, H, "2021-02-18 15:30", "A201", "11-12=1, 13:30-17:30=5; 18 Feb 9-12=8, 13:30-15:30=10"),
    Row("2025-06-06 17:00", 1, H, "2025-06-09 09:30", "A201", "Fri 17:00-17:30=0.5, Mon 9:00-9:30=1"),
    Row("2025-06-07 11:00", 7, H, "2025-06-09 17:30", "A201", "Sat off; Mon 9-12=3, 13:30-17:30=7"),
    Row("2025-06-09 12:15", 4, H, "2025-06-09 17:30", "A201", "lunch; 13:30-17:30=4"),
    Row("2025-06-09 08:00", 4, H, "2025-06-09 14:30", "A201", "9-12=3, 13:30-14:30=4"),
    # on the spot
    Row("2025-06-06 17:29", 0, W, "2025-06-06 17:30", "A203", "a minute is left of the day"),
    Row("2025-06-06 17:30", 0, W, "2025-06-09 17:30", "A203", "business has ended; Sat, Sun off"),
    Row("2022-10-01 10:00", 0, W, "2022-10-08 17:30", "A203", "国庆 to 7; Sat 8 worked"),
    Row("2025-09-28 09:00", 0, H, "2025-09-28 17:30", "A203", "a Sunday, but worked"),
    Row("2025-06-09 10:00", 0, W, "2025-06-11 16:30", "A45", "of 9 five hours were left: 11th 10-12=2, 13:30-16:30=5",
        (("2025-06-09 11:00", "2025-06-11 10:00"),)),
    Row("2025-06-06 10:00", 0, W, "2025-06-09 11:30", "A45", "Fri from 15:00 two and a half were left: Mon 9-11:30",
        (("2025-06-06 15:00", "2025-06-07 12:00"),)),
    # working days with pauses; without one: 10=1, 11=2, 12=3, 13=4, Mon 16=5
    Row("2025-06-09 10:00", 5, W, "2025-06-16 17:30", "A45", "three and a half hours are no office day (seven)",
        (("2025-06-11 10:00", "2025-06-11 15:00"),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-18 17:30", "A45", "6+7+1 hours, two days: 10=1, 11=2; 12, 13 out; 18=5",
        (("2025-06-11 10:00", "2025-06-13 10:00"),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-16 17:30", "A45", "from a closing to the next opening: no office time",
        (("2025-06-11 17:30", "2025-06-12 09:00"),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-17 17:30", "A45", "closing of 11 to that of 12: seven hours, a day",
        (("2025-06-11 17:31", "2025-06-12 17:30"),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-16 17:30", "A45", "a weekend has no office time",
        (("2025-06-13 18:00", "2025-06-16 08:00"),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-16 17:30", "A45", "the day of the event does not count anyway",
        (("2025-06-09 14:00", "2025-06-10 09:00"),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-17 09:30", "A45", "paused half an hour before it was due: it is given back",
        (("2025-06-16 17:00", "2025-06-17 09:00"),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-16 17:30", "A45", "17:00 to 17:31 is half an hour, not a day",
        (("2025-06-11 17:00", "2025-06-11 17:31"),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-16 17:30", "A45", "a minute is missing to a day",
        (("2025-06-11 09:00", "2025-06-11 17:29"),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-17 17:30", "A45", "and comes on the next day: 12 is out",
        (("2025-06-11 09:00", "2025-06-11 17:29"), ("2025-06-12 10:00", "2025-06-12 10:01"))),
    Row("2025-06-09 10:00", 5, W, "2025-06-16 17:30", "A45", "five times two minutes are ten minutes",
        tuple((f"2025-06-{day} 17:29", f"2025-06-{day} 17:31") for day in (10, 11, 12, 13, 16))[:4]),
    Row("2025-06-09 10:00", 5, W, "2025-06-17 09:05", "A45", "the fifth at the end: five are given back",
        tuple((f"2025-06-{day} 17:29", f"2025-06-{day} 17:31") for day in (10, 11, 12, 13, 16))),
    Row("2025-06-09 10:00", 5, W, "2025-06-19 17:30", "A45", "7 and 14 hours: 10, 12, 13 out; 11=1, 16=2 ... 19=5",
        (("2025-06-10 09:00", "2025-06-11 09:00"), ("2025-06-12 09:00", "2025-06-16 09:00"))),
    Row("2025-06-09 10:00", 5, W, "2025-06-19 17:30", "A45", "pauses overlap: 10, 11, 12 out, 13=1, 16=2 ... 19=5",
        (("2025-06-10 09:00", "2025-06-12 09:00"), ("2025-06-11 09:00", "2025-06-13 09:00"))),
    Row("2025-06-09 10:00", 5, W, None, "A45", "stands still since 11", (("2025-06-11 10:00", None),)),
    Row("2025-06-09 10:00", 5, W, "2025-06-16 17:30", "A45", "paused after it was due",
        (("2025-06-17 10:00", None),)),
    Row("2025-05-29 10:00", 3, W, "2025-06-05 17:30", "A45", "Fri 6, Tue 3 Jun one: Fri 30=1, 3 out, 4=2, 5=3",
        (("2025-05-30 10:00", "2025-06-03 10:00"),)),
    Row("2026-02-11 10:00", 5, W, "2026-02-28 17:30", "A45", "three and a half days: 13, Sat 14, 24 out; Sat 28=5",
        (("2026-02-13 09:00", "2026-02-25 14:00"),)),
    Row("2024-09-26 10:00", 4, W, "2024-10-10 17:30", "A45", "6+7+1, two days: 30 and 8 out; 27, Sun 29, 9, 10",
        (("2024-09-29 10:00", "2024-10-08 10:00"),)),
    # calendar days with pauses
    Row("2025-06-09 10:00", 10, C, "2025-06-23 17:30", "A45", "6+7+7+1, three days: 22=10, a Sunday; Mon 23",
        (("2025-06-13 10:00", "2025-06-16 10:00"),)),
    Row("2025-06-09 10:00", 10, C, "2025-06-22 17:30", "A45", "an office's does not move off the Sunday",
        (("2025-06-13 10:00", "2025-06-16 10:00"),), 0, OFFICE),
    Row("2025-06-09 10:00", 5, C, "2025-06-14 17:30", "A45", "a Saturday; less than a day is paused",
        (("2025-06-10 09:00", "2025-06-10 17:29"),), 0, OFFICE),
    Row("2025-04-02 10:00", 2, C, "2025-04-04 17:30", "A201", "an office's may end on 清明", (), 0, OFFICE),
    Row("2025-06-09 10:00", 5, C, "2025-06-17 17:30", "A203", "10-14=5, a Saturday; Mon 16 out; 17",
        (("2025-06-15 10:00", "2025-06-17 10:00"),)),
    # extensions
    Row("2025-06-09 10:00", 5, W, "2025-06-30 17:30", "A42", "10-13=4, 16-20=9, 23-27=14, 30=15", (), 10),
    Row("2025-09-12 10:00", 20, W, "2025-10-30 17:30", "A42", "16 Oct=20, 17=21, 20-24=26, 27-30=30", (), 10),
    Row("2026-01-05 10:00", 45, W, "2026-04-03 17:30", "A42", "13 Mar=45, 16-20=50, 23-27=55, 30-3 Apr=60", (), 15),
    Row("2025-06-09 10:00", 5, W, "2025-07-02 17:30", "A42", "11, 12 out: two working days after 30 June",
        (("2025-06-11 10:00", "2025-06-13 10:00"),), 10),
    Row("2025-06-09 10:00", 0, W, "2025-06-11 17:30", "A42", "no longer on the spot: 10=1, 11=2", (), 2),
    Row("2025-06-09 09:00", 2, H, "2025-06-09 12:00", "A42", "9-12=3", (), 1),
    # hours with pauses
    Row("2025-06-09 09:00", 6, H, "2025-06-10 11:00", "A45", "9-10=1, 14:30-17:30=4, next day 9-11=6",
        (("2025-06-09 10:00", "2025-06-09 14:30"),)),
    Row("2025-06-09 09:00", 6, H, "2025-06-09 16:30", "A45", "lunch costs nothing: 9-12=3, 13:30-16:30=6",
        (("2025-06-09 12:00", "2025-06-09 13:30"),)),
    Row("2025-06-09 09:00", 8, H, "2025-06-10 10:00", "A45", "the night costs nothing: 7, then 9-10=8",
        (("2025-06-09 17:30", "2025-06-10 09:00"),)),
    Row("2025-06-09 09:00", 3, H, "2025-06-09 12:00", "A45", "used up as the pause begins",
        (("2025-06-09 12:00", None),)),
    Row("2025-06-06 15:00", 4, H, "2025-06-09 14:30", "A45", "Fri 15-16=1; Mon 10-12=3, 13:30-14:30=4",
        (("2025-06-06 16:00", "2025-06-09 10:00"),)),
)
# fmt: on


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def clock_of(row: Row) -> Countdown:
    pauses = tuple(
        Pause(since=at(since), until=until and at(until), basis=PauseBasis.HEARING) for since, until in row.pauses
    )
    return Countdown(Limit(amount=row.amount, unit=row.unit, whose=row.whose), at(row.start), pauses, row.extended)


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row.start}+{row.amount}{row.unit}{row.pauses}{row.extended}{row.whose}"
)
def test_by_hand(row: Row) -> None:
    found = due(CN, clock_of(row))
    if row.expected is None:
        assert found is None, row.arithmetic
    else:
        assert found is not None, row.arithmetic
        assert found.at.astimezone(LOCAL) == at(row.expected), row.arithmetic
        assert not found.provisional


def test_rows_are_many_and_different() -> None:
    assert (
        len({(row.start, row.amount, row.unit, row.pauses, row.extended, row.whose) for row in ROWS}) == len(ROWS) >= 40
    )


def of_2025() -> Calendar:
    """The table as it was before the notice for 2026 came."""
    last = date(2025, 12, 31)
    days = {name: {day: what for day, what in getattr(CN, name).items() if day <= last} for name in DAY_TABLES}
    return Calendar.model_validate(CN.model_dump(by_alias=True) | days | {"covered_until": last})


DAY_TABLES = ("holidays", "workdays")


@pytest.mark.parametrize(
    ("cal", "start", "amount", "unit", "expected", "provisional"),
    [
        # 29=1, 30=2, 31=3; 2027 is not published, but Fri 1 Jan is off by law; Mon 4=4, 5=5
        (CN, "2026-12-28 10:00", 5, W, "2027-01-05 17:30", True),
        (CN, "2026-12-30 10:00", 1, W, "2026-12-31 17:30", False),
        # 1=1, 2=2, Sun 3=3; moved to Mon 4
        (CN, "2026-12-31 10:00", 3, C, "2027-01-04 17:30", True),
        # half an hour, then Mon 4 Jan 9:00-9:30
        (CN, "2026-12-31 17:00", 1, H, "2027-01-04 09:30", True),
        (CN, "2026-12-31 17:30", 0, W, "2027-01-04 17:30", True),
        # 春节 2027, off by law from Fri 5 to Mon 8 February: 4=1, Tue 9=2
        (CN, "2027-02-03 10:00", 2, W, "2027-02-09 17:30", True),
        # before the notice: 31=1, Thu 1 off by law, Fri 2=2, Mon 5=3; after: 1 to 3 off, Sun 4 worked=2, Mon 5=3
        (of_2025(), "2025-12-30 10:00", 3, W, "2026-01-05 17:30", True),
        (of_2025(), "2025-12-30 10:00", 2, W, "2026-01-02 17:30", True),
        (CN, "2025-12-30 10:00", 2, W, "2026-01-04 17:30", False),
        (CN, "2025-12-30 10:00", 3, W, "2026-01-05 17:30", False),
    ],
)
def test_at_the_end_of_what_is_published(
    cal: Calendar, start: str, amount: int, unit: Unit, expected: str, provisional: bool
) -> None:
    found = due(cal, Countdown(Limit(amount=amount, unit=unit, whose=PERSON), at(start)))
    assert found is not None
    assert (found.at.astimezone(LOCAL), found.provisional) == (at(expected), provisional)


def told(row: Row, until: str) -> list[str]:
    return [
        f"{day.date:%m-%d} {day.reason}{f' {day.name}' if day.name else ''} {day.counted.days}"
        for day in explain(CN, clock_of(row), at(until))
    ]


def test_why_this_date() -> None:
    row = Row("2024-09-27 10:00", 3, W, None, "", "", (("2024-09-30 09:00", "2024-10-08 09:00"),))
    assert told(row, "2024-10-09 10:00") == [
        "09-27 event_day 0",
        "09-28 weekend 0",
        "09-29 make_up_workday 国庆节 1",
        "09-30 paused 0",
        *(f"10-0{n} holiday 国庆节 0" for n in range(1, 8)),
        "10-08 workday 1",
        "10-09 workday 1",
    ]


def test_why_a_calendar_day_is_moved_on() -> None:
    row = Row("2025-04-02 10:00", 2, C, None, "", "")
    assert told(row, "2025-04-02 10:00") == [
        "04-02 event_day 0",
        "04-03 calendar_day 1",
        "04-04 calendar_day 清明 1",
        "04-05 moved_on 清明 0",
        "04-06 moved_on 清明 0",
        "04-07 moved_to 0",
    ]


def test_why_there_is_no_date_while_it_stands_still() -> None:
    row = Row("2025-06-09 10:00", 5, W, None, "", "", (("2025-06-11 10:00", None),))
    assert told(row, "2025-06-13 08:00") == [
        "06-09 event_day 0",
        "06-10 workday 1",
        "06-11 workday 1",
        "06-12 paused 0",
        "06-13 paused 0",
    ]


def test_hours_are_told_with_their_spans() -> None:
    row = Row("2025-06-06 15:00", 4, H, None, "", "", (("2025-06-06 16:00", "2025-06-09 10:00"),))
    days = explain(CN, clock_of(row), at("2025-06-06 15:00"))
    shown = [
        (
            f"{day.date:%m-%d}",
            day.reason,
            day.basis,
            [f"{a.astimezone(LOCAL):%H:%M}-{b.astimezone(LOCAL):%H:%M}" for a, b in day.spans],
        )
        for day in days
    ]
    assert shown == [
        ("06-06", "workday", "hearing", ["15:00-16:00"]),
        ("06-07", "weekend", None, []),
        ("06-08", "weekend", None, []),
        ("06-09", "workday", "hearing", ["10:00-12:00", "13:30-14:30"]),
    ]
