"""Lists by status read what there is of them and nothing else, however many cases there are."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from onething.domain.kernel.state import CaseStatus
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import Query
from onething.store.tables import case_keys, cases
from onething.store.tables.cases import CaseHead, DueBetween, Filter
from tests.domain.builders import item, make_plan
from tests.store.conftest import set_up
from tests.store.stage import COUNTER, REGION, Stage
from tests.support import people
from tests.support.servers import PostgresServer

PLAN = make_plan(item("a"))
OUTLET = "330109115"
SUPERVISOR = people.actor(people.supervisor())
CLERK = people.actor(people.counter("clerk", outlets=(OUTLET,)))
List = Callable[[Transaction], Awaitable[Sequence[CaseHead]]]
NOBODY_HAS = (CaseStatus.ACCEPTED, CaseStatus.TERMINATED)
ANSWERED = Filter((CaseStatus.SUBMITTED,), corrections_answered=True)
WAITING = Filter(cases.WAITING)
ANY_TIME = DueBetween(cases.EARLIEST[0], cases.LATEST[0])


async def _many(stage: Stage) -> None:
    """Twelve thousand, nearly all closed, half of them taken in at the outlet, of some hundred applicants."""
    await stage.many_cases("closed")
    await stage.look(
        "update cases set status = case when right(case_no, 2) = '10' then 'processing' when right(case_no, 2) = '11'"
        " then 'withdrawn' when right(case_no, 2) = '12' then 'rejected' else 'closed' end,"
        " status_since = created_at, bundle = 'b@1',"
        " identity_index = substring(sha256(right(case_no, 2)::bytea) for 16),"
        " outlet = case when right(case_no, 1) in ('1', '3', '5', '7', '9') then $1 end",
        OUTLET,
    )
    await stage.look("update cases set ended_at = created_at where status <> 'processing'")
    await stage.look("analyze cases")


@pytest.fixture(scope="module")
async def many(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Stage]:
    """For those who only look."""
    async with set_up(postgres_server, migrated) as stage:
        await _many(stage)
        yield stage


@pytest.mark.parametrize(
    ("actor", "read"),
    [
        (COUNTER, lambda tx: cases.of_region(tx, REGION, Filter(NOBODY_HAS))),
        (COUNTER, lambda tx: cases.of_region(tx, REGION, ANSWERED)),
        (COUNTER, lambda tx: cases.waiting(tx, REGION, None, WAITING)),
        (CLERK, lambda tx: cases.of_outlets(tx, [OUTLET], Filter(NOBODY_HAS))),
        (CLERK, lambda tx: cases.of_outlets(tx, [OUTLET], ANSWERED)),
        (CLERK, lambda tx: cases.waiting(tx, REGION, [OUTLET], WAITING)),
        (SUPERVISOR, lambda tx: cases.pressing(tx, REGION, None, cases.ALL, ANY_TIME)),
        (CLERK, lambda tx: cases.pressing(tx, REGION, [OUTLET], cases.ALL, ANY_TIME)),
    ],
    ids=[
        *("region", "answered", "waiting", "outlet", "answered at an outlet", "waiting at an outlet"),
        *("pressing", "pressing at an outlet"),
    ],
)
async def test_a_status_that_nobody_has_costs_nothing(many: Stage, actor: Actor, read: List) -> None:
    found, buffers, plan = await _explained(many, actor, read)
    assert found == 0
    assert buffers < 30, plan
    assert "Seq Scan" not in plan


async def test_one_of_each_is_found_among_all(stage: Stage) -> None:
    await _many(stage)
    waits = await stage.submit(PLAN)
    stage.clock.pass_time(hours=1)
    there = await stage.submit(PLAN, actor=COUNTER, outlet=OUTLET)
    for actor, outlets, expected in (
        (COUNTER, None, [waits.case_no, there.case_no]),
        (CLERK, [OUTLET], [there.case_no]),
    ):
        async with stage.api.transaction(actor) as tx:
            assert [one.case_no for one in await cases.waiting(tx, REGION, outlets, WAITING)] == expected
            counts = await cases.inbox_counts(tx, actor.subject, REGION, outlets)
            assert counts == cases.InboxCounts(submitted=len(expected), answered=0, correction=0, drafts=0)
    _, buffers, plan = await _explained(stage, COUNTER, lambda tx: cases.waiting(tx, REGION, None, WAITING))
    assert buffers < 30, plan


async def test_what_is_late_or_soon_will_be_is_found_among_all_and_stays_cheap(stage: Stage) -> None:
    """However many have ended, and are under way with time left."""
    await _many(stage)
    await stage.look("update cases set due_at = created_at + interval '9 years' where status = 'processing'")
    late, later = await stage.submit(PLAN), await stage.submit(PLAN)
    await stage.accept(late.case_no)
    stage.clock.pass_time(days=7)
    await stage.accept(later.case_no)
    stage.clock.pass_time(days=200)  # both promises are over
    soon = await stage.submit(PLAN)
    await stage.accept(soon.case_no)
    (row,) = await stage.look("select due_at from cases where case_no = $1", soon.case_no)
    stage.clock.at = row["due_at"] - timedelta(minutes=1)  # the one warning came in the morning
    for one in (late, later, soon):
        await stage.tick(one.case_no)
    now = stage.clock.now()
    passed, ahead = DueBetween(cases.EARLIEST[0], now), DueBetween(now, cases.LATEST[0])

    def read(due: DueBetween) -> List:
        return lambda tx: cases.pressing(tx, REGION, None, cases.ALL, due)

    async with stage.api.transaction(SUPERVISOR) as tx:
        assert [one.case_no for one in await read(passed)(tx)] == [late.case_no, later.case_no], "the one due first"
        assert [one.case_no for one in await read(ahead)(tx)] == [soon.case_no]
        assert await cases.pressing_counts(tx, REGION, now) == cases.PressingCounts(overdue=2, soon=1)
        (first,) = await cases.pressing(tx, REGION, None, cases.ALL, passed, limit=1)
        after = await cases.pressing(tx, REGION, None, cases.ALL, passed, after=first.due_cursor)
        assert [one.case_no for one in after] == [later.case_no]
    await stage.look("analyze cases")
    for due in (passed, ahead):
        _, buffers, plan = await _explained(stage, SUPERVISOR, read(due))
        assert buffers < 30, plan
        assert "cases_pressing" in plan
    await stage.decide(late.case_no, "a", "refuse")
    async with stage.api.transaction(SUPERVISOR) as tx:
        assert [one.case_no for one in await read(passed)(tx)] == [later.case_no], "what has ended presses nobody"


async def test_since_when_a_status_holds_is_written_with_it(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    submitted = stage.clock.now()
    stage.clock.pass_time(hours=2)
    read = "select status, status_since from cases where case_no = $1"
    assert [tuple(row) for row in await stage.look(read, case.case_no)] == [("submitted", submitted)]
    await stage.accept(case.case_no)
    accepted = stage.clock.now()
    stage.clock.pass_time(hours=2)
    assert [tuple(row) for row in await stage.look(read, case.case_no)] == [("processing", accepted)]
    await stage.decide(case.case_no, "a", "refuse")
    assert (await stage.look(read, case.case_no))[0]["status_since"] == stage.clock.now()


async def test_another_of_the_same_applicant_is_looked_for_by_the_index(stage: Stage) -> None:
    await _many(stage)
    mine, twice = await stage.submit(PLAN), await stage.submit(PLAN)
    other = await stage.submit(PLAN, actor=COUNTER, identity_index=b"i" * 16)
    about_the_same = await stage.submit(PLAN, actor=COUNTER, identity_index=b"j" * 16)
    case_nos = [mine.case_no, twice.case_no, other.case_no]
    since = stage.clock.now() - timedelta(days=1)
    async with stage.api.transaction(COUNTER) as tx:
        for case_no in (other.case_no, about_the_same.case_no):
            case_keys.keep(tx, case_no, REGION, b"k" * 16)
    async with stage.api.transaction(COUNTER) as tx:
        assert await case_keys.possible_duplicates(tx, case_nos, since) == {
            mine.case_no: [twice.case_no],
            twice.case_no: [mine.case_no],
            other.case_no: [about_the_same.case_no],
        }
        assert await case_keys.possible_duplicates(tx, [mine.case_no], since, b"k" * 16) == {
            mine.case_no: [about_the_same.case_no, other.case_no, twice.case_no],
        }
    for stranger in (CLERK, people.actor(people.counter(region="440100")), people.actor(people.supervisor())):
        async with stage.api.transaction(stranger) as tx:
            assert await case_keys.possible_duplicates(tx, case_nos, since) == {}, stranger

    def of(numbers: Sequence[str]) -> List:
        async def read(tx: Transaction) -> Sequence[CaseHead]:
            await case_keys.possible_duplicates(tx, numbers, since)
            return ()

        return read

    _, planning, _ = await _explained(stage, COUNTER, of([]))
    _, buffers, plan = await _explained(stage, COUNTER, of(case_nos))
    assert buffers - planning < 60, plan


async def _explained(stage: Stage, actor: Actor, read: List) -> tuple[int, int, str]:
    """How many it finds, the pages of the database that its own query reads, and how."""
    asked: list[tuple[Query, dict[str, object]]] = []

    class Watched(Transaction):
        async def rows(self, query: Query, **values: object) -> list[object]:
            asked.append((query, values))
            return await super().rows(query, **values)

    async with stage.api.transaction(actor) as tx:
        found = await read(Watched(tx._connection, tx.actor))
        ((query, values),) = asked
        (line,) = await tx._connection.fetch(
            f"explain (analyze, buffers, format json) {query.text}", *query.arguments(values)
        )
    plan = json.loads(line[0])[0]["Plan"]
    return len(found), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], str(plan)
