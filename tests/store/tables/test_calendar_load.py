"""A new calendar reaches every open case once: in bounded pages, resumed where it broke off, holding nobody up."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from onething.domain.calendar.days import Calendar
from onething.domain.definition.time_rules import ClockRules
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events.followup import Rated
from onething.domain.events.intake import Withdrawn
from onething.services.deadlines import calendars
from onething.services.deadlines.calendars import CalendarLoadReport, Changed, LoadPreview
from onething.store.connection.sql_files import Query, load
from onething.store.tables import cases, measures, reminders
from onething.store.tables.calendars import get
from onething.store.tables.measures import ItemKey
from onething.store.tables.reminders import BeforeCard
from tests.domain.builders import CALENDAR, LADDER, MONDAY, item, make_plan
from tests.store.stage import CITIZEN, REGION, SUPERVISOR, WORKER, Stage

PLAN = make_plan(item("a"))
NEW = CALENDAR.model_copy(update={"version": 2, "holidays": {date(2026, 3, 4): "台风停办"}})
OTHER = CALENDAR.model_copy(update={"code": "other"})


class Changes:
    """Stands for the case writer: puts the new calendar into the case's state, and counts."""

    def __init__(self, stage: Stage, new: Calendar = NEW) -> None:
        self.times: Counter[str] = Counter()
        self.most_at_once = 0
        self._at_once = 0
        self._stage = stage
        self._new = new
        self.before: Callable[[str], Awaitable[None]] | None = None

    async def __call__(self, case_no: str) -> Changed:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.before is not None:
                await self.before(case_no)
            async with self._stage.worker.transaction(WORKER) as tx:
                assert await cases.state(tx, case_no) is not None  # a connection of the pool that pages come from
            await self._stage.look(
                "update case_state set body = replace(body, $2, $3) where case_no = $1",
                case_no,
                CALENDAR.digest,
                self._new.digest,
            )
            self.times[case_no] += 1
            return Changed(case_no)
        finally:
            self._at_once -= 1


async def opened(stage: Stage, count: int) -> list[str]:
    made = []
    for _ in range(count):
        stage.clock.pass_time(minutes=1)
        made.append((await stage.submit(PLAN)).case_no)
    return made


async def load_new(stage: Stage, change: Changes, **more: object) -> CalendarLoadReport:
    await calendars.publish(stage.worker, [NEW])
    return await calendars.move(stage.worker, await calendars.standing(stage.worker, NEW), change, **more)  # type: ignore[arg-type]


async def test_publishing_is_done_once_and_old_versions_stay(stage: Stage) -> None:
    assert await calendars.publish(stage.worker, [CALENDAR, NEW, OTHER]) == [NEW, OTHER]
    assert await calendars.publish(stage.worker, [NEW]) == []
    async with stage.worker.transaction(WORKER) as tx:
        assert await get(tx, CALENDAR.digest) == CALENDAR
        assert await get(tx, NEW.digest) == NEW


async def test_an_older_or_another_content_is_refused(stage: Stage) -> None:
    await calendars.publish(stage.worker, [NEW])
    forged = NEW.model_copy(update={"holidays": {}})
    for wrong, told in ((CALENDAR, "plain@2，比 plain@1 新"), (forged, "plain@2 与定义目录里的内容不同")):
        for act in (calendars.publish(stage.worker, [wrong]), calendars.standing(stage.worker, wrong)):
            with pytest.raises(OneThingError, match=told) as refused:
                await act
            assert refused.value.code is FailureCode.NOT_ALLOWED_NOW
    rows = await stage.look("select digest from calendars where code = 'plain'")
    assert {row["digest"] for row in rows} == {CALENDAR.digest, NEW.digest}


async def test_every_open_case_changes_once_and_no_other(stage: Stage) -> None:
    made = await opened(stage, 7)
    await stage.say(made[3], Withdrawn(), CITIZEN)
    stage.clock.pass_time(minutes=1)
    async with stage.api.transaction(CITIZEN) as tx:
        draft = await stage.new_case(tx, PLAN, CITIZEN)
        await cases.begin(tx, draft)
    ended = [row["case_no"] for row in await stage.look("select case_no from cases where ended_at is not null")]
    assert ended == [made[3]]

    change, told = Changes(stage), list[tuple[int, int]]()
    moved = await load_new(stage, change, batch=3, at_once=2, on_progress=lambda *so_far: told.append(so_far))
    assert change.times == dict.fromkeys((one for one in made if one != made[3]), 1)
    assert moved == CalendarLoadReport(looked_at=7, changed=6)
    assert told == [(3, 3), (6, 6), (7, 6)]
    assert change.most_at_once == 2

    again = Changes(stage)
    assert await load_new(stage, again) == CalendarLoadReport(looked_at=7)
    assert again.times == {}


async def test_it_goes_on_where_it_broke_off(stage: Stage) -> None:
    made = await opened(stage, 8)
    change = Changes(stage)

    async def gone(case_no: str) -> None:
        if case_no == made[5]:
            raise OneThingError(FailureCode.UNAVAILABLE, "数据库暂时无法访问，请稍后重试。")

    change.before = gone
    with pytest.raises(OneThingError) as broken:
        await load_new(stage, change, batch=4, at_once=1)
    assert broken.value.code is FailureCode.UNAVAILABLE
    assert list(change.times) == made[:5]
    change.before = None
    assert await load_new(stage, change, batch=4) == CalendarLoadReport(looked_at=8, changed=3)
    assert change.times == dict.fromkeys(made, 1)


async def test_a_case_in_somebody_s_hands_is_tried_again_and_holds_up_no_other(stage: Stage) -> None:
    made = await opened(stage, 4)
    change, tries = Changes(stage), Counter[str]()

    async def busy(case_no: str) -> None:
        tries[case_no] += 1
        if case_no == made[1] or (case_no == made[2] and tries[case_no] == 1):
            raise OneThingError(FailureCode.BUSY, "有人正在处理同一办件，请稍后重试。")
        if case_no == made[3]:
            raise OneThingError(FailureCode.NEWER_STATE, "由更新版本的程序写入。")

    change.before = busy
    moved = await load_new(stage, change)
    assert moved.changed == 2
    assert moved.refused == {made[1]: FailureCode.BUSY, made[3]: FailureCode.NEWER_STATE}
    assert tries == {made[0]: 1, made[1]: 3, made[2]: 2, made[3]: 1}
    change.before = None
    assert (await load_new(stage, change)).refused == {}
    assert change.times == dict.fromkeys(made, 1)


async def test_what_is_opened_meanwhile_is_seen(stage: Stage) -> None:
    made = await opened(stage, 2)
    change = Changes(stage)

    async def one_more(case_no: str) -> None:
        if case_no == made[0]:
            made.extend(await opened(stage, 1))

    change.before = one_more
    assert (await load_new(stage, change, batch=1)).changed == 3
    assert set(change.times) == set(made)


async def test_only_cases_of_an_older_version_of_that_calendar(stage: Stage) -> None:
    await opened(stage, 1)
    await calendars.publish(stage.worker, [OTHER, OTHER.model_copy(update={"version": 2})])
    before = await calendars.standing(stage.worker, OTHER.model_copy(update={"version": 2}))
    assert before.older == (OTHER.digest,)
    change = Changes(stage)
    assert (await calendars.move(stage.worker, before, change)).changed == 0
    first = await calendars.standing(stage.worker, CALENDAR)
    assert first == LoadPreview(CALENDAR, older=(), open_cases={})


async def test_cases_of_every_region(stage: Stage) -> None:
    (one,) = await opened(stage, 1)
    far = (await stage.submit(PLAN, region="440100")).case_no
    change = Changes(stage)
    before = await calendars.publish(stage.worker, [NEW])
    assert before == [NEW]
    assert (await calendars.standing(stage.worker, NEW)).open_cases == {"330100": 1, "440100": 1}
    await load_new(stage, change)
    assert change.times == {one: 1, far: 1}


async def test_a_page_comes_from_the_index_of_open_cases_among_many_that_ended(stage: Stage) -> None:
    await opened(stage, 3)
    await stage.look(
        "insert into cases (case_no, region, bundle, channel, status, created_by, created_at, departments, query_hash,"
        " identity_index, ended_at)"
        " select 'E' || n, $1, 'x@1', 'online', 'closed', 'c', $2::timestamptz - n * interval '1 minute', '{}',"
        " n::text::bytea, ''::bytea, $2::timestamptz from generate_series(1, 20000) n",
        REGION,
        MONDAY,
    )
    await stage.look("analyze cases")
    query = load("tables/calendars").under_way
    explain = Query(query.name, "explain " + query.text, query.parameters)
    async with stage.worker.transaction(WORKER) as tx:
        values = {
            "region": REGION,
            "digests": ["d"],
            "after_at": MONDAY - timedelta(days=99),
            "after_no": "",
            "limit": 2,
        }
        plan = "\n".join(row[0] for row in await tx.rows(explain, **values))
    assert "cases_under_way" in plan, plan
    assert "Seq Scan on cases" not in plan
    assert "Sort" not in plan


async def test_hundreds_of_cases_in_pages(stage: Stage) -> None:
    made = [one.case_no for one in await asyncio.gather(*(stage.submit(PLAN) for _ in range(250)))]
    change = Changes(stage)
    assert await load_new(stage, change, batch=100) == CalendarLoadReport(looked_at=250, changed=250)
    assert change.times == dict.fromkeys(made, 1)
    assert change.most_at_once == 4


async def test_by_the_writer_due_dates_move_and_the_journal_says_so(stage: Stage) -> None:
    made = await opened(stage, 2)
    for case_no in made:
        await stage.accept(case_no)
    before = {row["case_no"]: row["due_at"] for row in await stage.look("select case_no, due_at from cases")}
    await calendars.publish(stage.worker, [NEW])
    standing = await calendars.standing(stage.worker, NEW)
    change = calendars.recount_by(stage.worker, stage.writer, standing)
    assert (await calendars.move(stage.worker, standing, change)).changed == 2
    for row in await stage.look("select case_no, due_at from cases"):
        # five working days from Monday 2 March: the 9th; with Wednesday 4 March closed: the 10th
        assert row["due_at"] == before[row["case_no"]] + timedelta(days=1)
        assert await stage.kinds(row["case_no"]) == ["submitted", "accepted", "calendar_changed"]
    (said,) = {
        row["event"] for row in await stage.look("select event::text from journal where kind = 'calendar_changed'")
    }
    assert CALENDAR.digest in said
    assert NEW.digest in said
    assert await change(made[0]) is None, "once is enough"


async def test_a_case_that_ended_meanwhile_has_nothing_to_change(stage: Stage) -> None:
    (made,) = await opened(stage, 1)
    await calendars.publish(stage.worker, [NEW])
    change = calendars.recount_by(stage.worker, stage.writer, await calendars.standing(stage.worker, NEW))
    await stage.say(made, Withdrawn(), CITIZEN)
    assert await change(made) is None
    assert await change("no such case") is None


async def test_of_an_ended_case_what_still_ticks_is_counted_anew_and_no_other(stage: Stage) -> None:
    rated, quiet, late = await opened(stage, 3)
    for case_no in (rated, quiet, late):
        await stage.say(case_no, Withdrawn(), CITIZEN)
    for case_no in (rated, late):
        await stage.say(case_no, Rated(grade=1), CITIZEN)
    await calendars.publish(stage.worker, [NEW])
    before = await calendars.standing(stage.worker, NEW)
    assert before.total == 0
    change = calendars.recount_by(stage.worker, stage.writer, before)
    seen = list[Changed]()
    moved = await calendars.move(stage.worker, before, change, batch=1, report=seen.append)
    assert (moved.looked_at, moved.changed, moved.affected, moved.dues) == (2, 2, 2, 2)
    assert {one.case_no for one in seen} == {rated, late}
    for one in seen:
        # five working days from Monday 2 March; with Wednesday 4 March closed, the 10th
        (due,) = one.dues
        assert due.before is not None
        assert (due.clock, due.after) == ("rating:rectify", due.before + timedelta(days=1))
    assert "calendar_changed" not in await stage.kinds(quiet)
    assert await change(quiet) is None
    assert await calendars.move(stage.worker, before, change, batch=1) == CalendarLoadReport(looked_at=2)


async def test_cards_and_figures_that_the_new_calendar_made_untrue_are_taken_back_once(stage: Stage) -> None:
    """Due on Tuesday, which is then declared closed: no card, and decided in time on Wednesday."""
    closed = CALENDAR.model_copy(update={"version": 2, "holidays": {date(2026, 3, 3): "停电"}})
    plan = make_plan(item("a", days=1), item("b", days=9), days=1, clocks=ClockRules(ladder=LADDER))
    case_no = (await stage.submit(plan)).case_no
    await stage.accept(case_no)
    stage.clock.pass_time(days=1, hours=12)
    await stage.tick(case_no)
    month = measures.ReportingPeriod(REGION, ("dep-a", "dep-b"), MONDAY.date(), MONDAY.date() + timedelta(days=29))
    page = {"since": MONDAY, "until": MONDAY + timedelta(days=30), "before": BeforeCard(), "limit": 9}

    async def counted() -> tuple[int, int, list[tuple[str, bool, bool]]]:
        async with stage.api.transaction(SUPERVISOR) as tx:
            found = await measures.measure(tx, month)
            given = await reminders.cards(tx, REGION, None, None, **page)  # type: ignore[arg-type]
        of_items = sum(one.yellow for one in found.items.values())
        cards = sorted((one.clock, one.open, one.taken_back_at is not None) for one in given)
        return of_items, found.whole_cases.yellow, cards

    assert await counted() == (1, 1, [("case", True, False), ("item:a", True, False)])
    await calendars.publish(stage.worker, [closed])
    for _ in range(2):  # the second time there is nothing to do
        before = await calendars.standing(stage.worker, closed)
        change = calendars.recount_by(stage.worker, stage.writer, before)
        await calendars.move(stage.worker, before, change)
        await stage.tick(case_no)
        assert await counted() == (0, 0, [("case", False, True), ("item:a", False, True)])
    kinds = await stage.kinds(case_no)
    assert kinds.count("marks_taken_back") == 2  # of the case and of its item
    stage.clock.pass_time(days=1)  # Wednesday evening: due, and now it is true
    await stage.decide(case_no, "a")
    assert (await counted())[:2] == (1, 1)
    async with stage.api.transaction(SUPERVISOR) as tx:
        assert (await measures.measure(tx, month)).items[ItemKey("dep-a", "test", "a")].missed == 1
