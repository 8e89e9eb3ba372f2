"""Transactions when the server is slow, gone, or the caller gives up; and the notifier."""

import asyncio

import asyncpg
import pytest

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events.intake import Accepted
from onething.store.connection.database import Database
from onething.store.connection.notifier import CASE, HANDOVER, CaseNotice, Listener, Notifier
from onething.store.connection.sql_files import load
from onething.store.record.case_writer import Recorded
from onething.store.tables import cases
from tests.domain.builders import item, make_plan
from tests.store.stage import CITIZEN, COUNTER, Stage, as_role
from tests.support import people
from tests.support.patience import PATIENCE_MS, PATIENCE_S

PLAN = make_plan(item("a"))


async def _code(awaited: object) -> FailureCode:
    with pytest.raises(OneThingError) as refusal:
        await awaited  # type: ignore[misc]
    return refusal.value.code


async def test_a_lock_that_is_not_to_be_had_in_time_is_busy(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    hurried = Database(stage.api._url, pool_size=1, lock_timeout_ms=100)
    await hurried.open()

    async def accept() -> None:
        async with hurried.transaction(COUNTER) as tx:
            await stage.writer.record(tx, case.case_no, Accepted())

    async with stage.api.transaction(COUNTER) as tx:
        await stage.writer.record(tx, case.case_no, Accepted())
        assert await _code(accept()) is FailureCode.BUSY
    assert await stage.kinds(case.case_no) == ["submitted", "accepted"]
    await hurried.close()


async def test_no_connection_in_time_is_busy(stage: Stage) -> None:
    small = Database(stage.api._url, pool_size=1, lock_timeout_ms=100)
    await small.open()

    async def look() -> None:
        async with small.transaction(CITIZEN) as tx:
            await cases.of_region(tx, "330100")

    async with small.transaction(CITIZEN):
        assert await _code(look()) is FailureCode.BUSY
    await look()
    await small.close()


async def test_who_waits_longest_for_a_connection_is_next(stage: Stage) -> None:
    small = Database(stage.api._url, pool_size=1, lock_timeout_ms=PATIENCE_MS)
    await small.open()
    asked: list[int] = []
    served: list[int] = []

    async def look(number: int) -> None:
        await asyncio.sleep(number * 0.0005)
        asked.append(number)
        async with small.transaction(CITIZEN):
            served.append(number)

    await asyncio.gather(*(look(number) for number in range(1000)))
    assert served == asked
    await small.close()


async def test_a_case_is_not_locked_for_ever_by_a_process_that_is_gone(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    vanishing = Database(stage.api._url, pool_size=1, abandoned_ms=300)
    await vanishing.open()

    async def stop_in_the_middle() -> None:
        async with vanishing.transaction(COUNTER) as tx:
            await stage.writer.record(tx, case.case_no, Accepted())
            await accepted_by_another

    accepted_by_another = asyncio.ensure_future(_soon(stage, case.case_no))
    assert await _code(stop_in_the_middle()) is FailureCode.UNAVAILABLE
    assert (await accepted_by_another).seq == 2
    assert await stage.kinds(case.case_no) == ["submitted", "accepted"]
    await vanishing.close()


async def _soon(stage: Stage, case_no: str) -> Recorded:
    await asyncio.sleep(0.1)
    return await stage.accept(case_no)


async def test_a_lost_connection_is_unavailable_and_the_next_one_is_new(stage: Stage) -> None:
    async def lose() -> None:
        async with stage.api.transaction(CITIZEN) as tx:
            (row,) = await tx._connection.fetch("select pg_backend_pid() as pid")
            await stage.look("select pg_terminate_backend($1)", row["pid"])
            await cases.of_region(tx, "330100")

    assert await _code(lose()) is FailureCode.UNAVAILABLE
    await stage.submit(PLAN)


async def test_no_server_is_unavailable() -> None:
    database = Database("postgresql://onething_api@127.0.0.1:1/none")
    assert await _code(database.open()) is FailureCode.UNAVAILABLE


async def test_a_caller_who_gives_up_leaves_nothing_behind(stage: Stage) -> None:
    case = await stage.submit(PLAN)

    async def dawdle() -> None:
        async with stage.api.transaction(COUNTER) as tx:
            await stage.writer.record(tx, case.case_no, Accepted())
            await tx._connection.execute("select pg_sleep(30)")

    task = asyncio.create_task(dawdle())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await stage.kinds(case.case_no) == ["submitted"]
    assert (await stage.accept(case.case_no)).seq == 2


@pytest.mark.parametrize("subject", ["o'neil", "back\\slash", "'; drop table cases; --", "𠮷䶮", "E'x"])
async def test_any_subject_is_only_a_subject(stage: Stage, subject: str) -> None:
    actor = people.actor(people.citizen(subject))
    seen = await as_role(stage.api, actor, lambda c: c.fetchval("select actor_subject()"))
    assert seen == subject
    with pytest.raises(OneThingError):
        await as_role(stage.api, people.actor(people.citizen("nul\0")), lambda c: c.fetchval("select 1"))


async def test_the_caller_s_own_queries_never_run_as_the_writer(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    async with stage.api.transaction(CITIZEN) as tx:
        with pytest.raises(OneThingError):
            await stage.writer.tick(tx, "none")
        await stage.writer.tick(tx, case.case_no)  # nothing was due: the role was taken and not given back yet
        assert len(await cases.of_region(tx, "330100")) == 1
        assert await tx._connection.fetchval("select current_user") == "onething_api"


async def test_without_prepared_statements_as_behind_an_old_pooler(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    plain = Database(stage.api._url, pool_size=2, statement_cache_size=0)
    await plain.open()
    async with plain.transaction(COUNTER) as tx:
        assert (await stage.writer.record(tx, case.case_no, Accepted())).seq == 2
    await plain.close()


async def test_a_query_says_which_parameter_is_wrong() -> None:
    head = load("tables/cases").head
    assert head.arguments({"case_no": "x"}) == ["x"]
    with pytest.raises(KeyError):
        head.arguments({"case": "x"})
    with pytest.raises(TypeError, match="limit"):
        head.arguments({"case_no": "x", "limit": 1})
    with pytest.raises(AttributeError):
        _ = load("tables/cases").nothing


async def test_the_bell_is_heard_once_for_many_rings(stage: Stage) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    handovers: asyncio.Queue[str] = asyncio.Queue()
    notifier = Notifier(stage.worker_url)
    listeners = [
        Listener(stage.worker_url, CASE, heard.put_nowait, retry_s=0.05),
        Listener(stage.worker_url, HANDOVER, handovers.put_nowait),
    ]
    for part in (notifier, *listeners):
        await part.open()
    assert await asyncio.wait_for(heard.get(), PATIENCE_S) == ""  # listening
    assert await asyncio.wait_for(handovers.get(), PATIENCE_S) == ""
    for seq in (3, 5, 4):
        notifier.case_changed("c1", seq)
        notifier.handover_waits()
    assert CaseNotice.read(await asyncio.wait_for(heard.get(), PATIENCE_S)) == CaseNotice("c1", 5)
    assert await asyncio.wait_for(handovers.get(), PATIENCE_S) == ""
    # the server drops everybody; the listener comes back and says so
    await stage.look("select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%onething_case%'")
    assert await asyncio.wait_for(heard.get(), PATIENCE_S) == ""
    notifier.case_changed("c2", 1)
    assert await asyncio.wait_for(heard.get(), PATIENCE_S) == "c2:1"
    assert handovers.empty()
    for part in (notifier, *listeners):
        await part.close()


async def test_the_bell_outlives_whatever_a_dying_server_does(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    notifier, listener = Notifier(stage.worker_url, retry_s=0.05), Listener(stage.worker_url, CASE, heard.put_nowait)
    await notifier.open()
    await listener.open()
    assert await asyncio.wait_for(heard.get(), PATIENCE_S) == ""

    async def broken(*_: object, **__: object) -> None:
        raise asyncpg.InternalClientError("unexpected message")

    with monkeypatch.context() as dying:
        dying.setattr(asyncpg, "connect", broken)
        notifier.case_changed("c1", 1)
        await asyncio.sleep(0.1)
    assert await asyncio.wait_for(heard.get(), PATIENCE_S) == "c1:1"
    for part in (notifier, listener):
        await part.close()
