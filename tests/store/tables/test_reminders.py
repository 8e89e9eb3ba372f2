"""What waits for an answer, and the cards: who sees them, in which order, and what reading them costs."""

from datetime import timedelta
from typing import Any

import pytest

from onething.domain.definition.time_rules import ClockRules
from onething.domain.engine.task_flags import TaskFlag
from onething.domain.events.followup import Supervised, UrgeAnswered, Urged
from onething.store.connection.actor import Actor
from onething.store.connection.sql_files import Query, load
from onething.store.record import sealed_values
from onething.store.tables import reminders, tasks
from onething.store.tables.reminders import AfterReminder, BeforeCard, CardGiven, ReminderRow
from tests.domain.builders import DAY, LADDER, MONDAY, item, make_plan
from tests.domain.stories import STORIES
from tests.store.record.test_stories import Telling
from tests.store.stage import ADMIN, CITIZEN, COUNTER, REGION, SUPERVISOR, TODAY, Stage, leader, officer, sealed
from tests.support import people

PLAN = make_plan(item("a", days=3), item("b", days=1), days=3, clocks=ClockRules(ladder=LADDER))
NOBODYS = (CITIZEN, COUNTER, ADMIN, Actor.anybody(), leader("dep-c"), officer("dep-a", region="440100"))
MONTH = {"since": MONDAY, "until": MONDAY + 30 * DAY}


async def _urged(stage: Stage) -> str:
    """The first item is urged; of the case as a whole an account is wanted by Wednesday."""
    case_no = (await stage.submit(PLAN)).case_no
    await stage.accept(case_no)
    await stage.say(case_no, Urged(item="a"), CITIZEN)
    value = sealed("supervision:1", b"sealed")
    await stage.say(case_no, Supervised(days=2, notice="supervision:1"), SUPERVISOR, values=[value])
    return case_no


async def _awaited(stage: Stage, actor: Actor, department: str | None = None, **page: Any) -> list[ReminderRow]:
    async with stage.api.transaction(actor) as tx:
        wanted = {"after": AfterReminder(), "limit": 50} | page
        return list(await reminders.awaited(tx, REGION, department, **wanted))


async def _cards(
    stage: Stage, actor: Actor, department: str | None = None, card: str | None = None, **more: Any
) -> Any:
    async with stage.api.transaction(actor) as tx:
        return list(
            await reminders.cards(
                tx, REGION, department, card, **{**MONTH, "before": BeforeCard(), "limit": 50, **more}
            )
        )


@pytest.mark.parametrize("story", ["urged_and_supervised"])
async def test_rows_say_what_the_rules_say(stage: Stage, story: str) -> None:
    telling = Telling(stage, STORIES[story]())
    await telling.tell()
    rows = await stage.look("select clock, item, departments, since, due_at, result, closed_at from reminders")
    kept = {row["clock"]: (row["item"], row["since"], row["due_at"], row["result"]) for row in rows}
    told = telling.record.reminders
    assert kept == {name: (one.item, one.since, one.due_at, one.result) for name, one in told.items()}
    assert all(row["closed_at"] for row in rows)
    cards = await stage.look("select clock, rung, card, tells from rungs order by clock")
    assert [(row["clock"], row["rung"], row["card"], row["tells"]) for row in cards] == [
        ("supervise:5", "not_answered", "red", ["supervisor"]),
        ("urge:7", "not_answered", "yellow", ["supervisor"]),
    ]


async def test_who_has_to_answer_sees_it_and_its_supervisor(stage: Stage) -> None:
    case_no = await _urged(stage)
    both = ("dep-a", "dep-b")
    urge = ReminderRow(case_no, "urge:3", "a", ("dep-a",), MONDAY, MONDAY + DAY + timedelta(hours=8))
    order = ReminderRow(case_no, "supervise:4", None, both, MONDAY, MONDAY + 2 * DAY + timedelta(hours=8))
    assert await _awaited(stage, SUPERVISOR) == [urge, order]
    assert await _awaited(stage, SUPERVISOR, "dep-b") == [order]
    assert await _awaited(stage, officer("dep-a")) == [urge, order]
    assert await _awaited(stage, leader("dep-b")) == [order]
    for actor in NOBODYS:
        assert await _awaited(stage, actor) == [], actor
    first = await _awaited(stage, SUPERVISOR, limit=1)
    after = AfterReminder(first[0].due_at, first[0].case_no, first[0].clock)
    assert [*first, *await _awaited(stage, SUPERVISOR, limit=1, after=after)] == [urge, order]


async def test_the_queue_tells_it_with_the_task(stage: Stage) -> None:
    case_no = await _urged(stage)
    due = MONDAY + 2 * DAY + timedelta(hours=8)
    both = (TaskFlag.URGED, TaskFlag.SUPERVISED)
    for department, flags in (("dep-a", both), ("dep-b", both[1:])):
        async with stage.api.transaction(officer(department)) as tx:
            (task,) = (await tasks.queue(tx, department, REGION, TODAY)).tasks
            assert (task.flags, task.supervised_due_at) == (flags, due)
            assert await tasks.get(tx, task.task_id) == task
    await stage.say(case_no, UrgeAnswered(clock="urge:3", notice="notice:1"), officer("dep-a"))
    async with stage.api.transaction(officer("dep-a")) as tx:
        (task,) = (await tasks.queue(tx, "dep-a", REGION, TODAY)).tasks
    assert (task.flags, task.supervised_due_at) == (both[1:], due)


async def test_supervisors_read_the_papers_between_them_and_departments_only(stage: Stage) -> None:
    case_no = await _urged(stage)
    await stage.look(
        "insert into sealed_values (case_no, name, kind, body, at) values ($1, 'form', 'form', '', now())", case_no
    )
    async with stage.api.transaction(SUPERVISOR) as tx:
        assert await sealed_values.names(tx, case_no) == ["supervision:1"]
    async with stage.api.transaction(people.actor(people.supervisor(region=people.ELSEWHERE))) as tx:
        assert await sealed_values.names(tx, case_no) == []


async def test_cards_newest_first_open_while_their_clock_runs(stage: Stage) -> None:
    case_no = await _urged(stage)
    stage.clock.pass_time(days=7)  # everything is overdue
    await stage.tick(case_no)
    found = await _cards(stage, SUPERVISOR)
    assert [(one.clock, one.rung, one.item, one.department, one.card) for one in found] == [
        ("item:a", "yellow", "a", "dep-a", "yellow"),
        ("case", "yellow", None, None, "yellow"),
        ("supervise:4", "not_answered", None, None, "red"),
        ("urge:3", "not_answered", "a", "dep-a", "yellow"),
        ("item:b", "yellow", "b", "dep-b", "yellow"),
    ]
    assert all(one.open and one.case_no == case_no for one in found)
    await stage.decide(case_no, "a")
    after: list[CardGiven] = await _cards(stage, SUPERVISOR)
    assert {one.clock for one in after if not one.open} == {"item:a", "urge:3"}
    assert [one.card for one in await _cards(stage, SUPERVISOR, card="red")] == ["red"]
    assert {one.clock for one in await _cards(stage, SUPERVISOR, "dep-b")} == {"item:b"}
    assert await _cards(stage, leader("dep-b")) == await _cards(stage, SUPERVISOR, "dep-b")
    assert await _cards(stage, SUPERVISOR, until=MONDAY + DAY) == []
    for actor in (*NOBODYS, officer("dep-a")):
        assert await _cards(stage, actor) == [], actor
    paged: list[CardGiven] = []
    before = BeforeCard()
    while page := await _cards(stage, SUPERVISOR, limit=2, before=before):
        paged += page
        before = BeforeCard(page[-1].at, page[-1].case_no, page[-1].clock, page[-1].rung)
    assert paged == after


async def _many_rows(stage: Stage) -> None:
    """Some thousand cases with a task each, many of them urged, some still awaited, and each with a card."""
    await stage.many_cases("processing")
    await stage.look(
        """
        insert into tasks (task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at,
                           opened_at)
        select case_no || '-a-1', case_no, 'decide', 'a', 'a', departments[1], region, bundle, 1, 'open',
               created_at + interval '3 days', created_at
        from cases
        """
    )
    await stage.look(
        """
        insert into reminders (case_no, region, clock, kind, item, departments, since, due_at, result, closed_at)
        select case_no, region, 'urge:3', 'urge', 'a', departments, created_at, created_at + interval '1 day',
               case when n % 21 > 0 then 'met' end, case when n % 21 > 0 then created_at end
        from (select *, row_number() over (order by created_at) as n from cases) c
        """
    )
    await stage.look(
        """
        insert into rungs (case_no, region, bundle, department, clock, since, rung, item, seq, at, tells, card)
        select case_no, region, 'b@1', departments[1], 'urge:3', due_at, 'not_answered', 'a', 2, due_at, '{}', 'yellow'
        from reminders
        """
    )
    await stage.look(
        """
        insert into clock_ledger (case_no, seq, clock, kind, subject, what, at, due_at)
        select case_no, 3, clock, kind, '3', 'met', closed_at, due_at from reminders where result is not null
        """
    )
    for table in ("cases", "tasks", "reminders", "rungs", "clock_ledger"):
        await stage.look(f"analyze {table}")


@pytest.mark.parametrize("actor", [SUPERVISOR, leader("dep-3")], ids=["supervisor", "leader"])
async def test_lists_come_from_indexes_in_order(stage: Stage, actor: Actor) -> None:
    await _many_rows(stage)
    ours = {"region": REGION, "department": actor.department or None, "limit": 50}
    cards = "rungs_cards_of" if actor.department else "rungs_cards"
    last = BeforeCard()
    page = {"before_at": last.at, "before_case": "", "before_clock": "", "before_rung": ""}
    start = AfterReminder()
    first = {"after_at": start.due_at, "after_case": "", "after_clock": ""}
    wanted = {
        cards: (load("tables/reminders").cards, {**ours, **page, "card": None, **MONTH}),
        "reminders_open": (load("tables/reminders").awaited, {**ours, **first}),
    }
    for index, (query, given) in wanted.items():
        async with stage.api.transaction(actor) as tx:
            explain = Query(query.name, "explain " + query.text, query.parameters)
            plan = "\n".join(row[0] for row in await tx.rows(explain, **given))
        assert f" {index} " in plan, plan
        assert "Seq Scan on" not in plan, plan
        few = index in ("reminders_open", "rungs_cards_of")  # only open ones, and of one department in one month
        assert "Sort" not in plan or few, plan
