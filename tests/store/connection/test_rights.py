"""Who sees and who may write what, as the database decides it: every test runs as the login roles."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from onething.domain.definition.materials import FallbackKind
from onething.domain.events.outcomes import RecordFetched, RecordRefused
from onething.store.connection.actor import Actor
from onething.store.connection.sql_files import Query
from onething.store.record import access_log, journal, sealed_values
from onething.store.tables import cases, certificates, ended_persons, materials, readings, tasks
from onething.store.tables.certificates import Certificate
from tests.domain.builders import item, make_plan, record
from tests.store.conftest import set_up
from tests.store.record.anchored import SAID_BY_ANOTHER
from tests.store.stage import (
    ADMIN,
    AGENT,
    AUDITOR,
    CITIZEN,
    COUNTER,
    OTHER_CITIZEN,
    OTHER_PERSON,
    PERSON,
    SUPERVISOR,
    WORKER,
    Stage,
    as_role,
    leader,
    officer,
    sealed,
)
from tests.support import people
from tests.support.people import REGION
from tests.support.servers import PostgresServer

PLAN = make_plan(item("a"), item("b", needs=["a"]), data=[record("deed")])
Settled = tuple[Stage, str]
PLACE, ELSEWHERE = people.REGION, people.ELSEWHERE

# actor → (sees the case, its journal, its tasks, names of its sealed values, its file)
MATRIX = [
    (CITIZEN, True, 0, {"form", "opinion:a:1"}, True),
    (OTHER_CITIZEN, False, 0, set(), False),
    (AGENT, True, 0, {"form", "opinion:a:1"}, True),
    (COUNTER, True, 1, {"form", "opinion:a:1"}, True),
    (people.actor(people.counter(region=ELSEWHERE)), False, 0, set(), False),
    (officer("dep-a"), True, 1, {"form", "opinion:a:1"}, True),
    (officer("dep-b"), True, 0, {"form"}, True),
    (officer("dep-z"), False, 0, set(), False),
    (officer("dep-a", region=ELSEWHERE), False, 0, set(), False),
    (leader("dep-a"), True, 1, {"form", "opinion:a:1"}, True),
    (people.actor(people.system("dep-a")), True, 1, {"form", "opinion:a:1"}, True),
    (SUPERVISOR, True, 1, set(), False),
    (ADMIN, False, 0, set(), False),
    (AUDITOR, False, 0, set(), False),
    (Actor.anybody(), False, 0, set(), False),
]


async def _set_up(stage: Stage) -> str:
    await stage.give_mandate()
    case = await stage.submit(PLAN, values=[sealed("form", b"sealed")])
    async with stage.api.transaction(CITIZEN) as tx:
        file = materials.File("0" * 64, "application/pdf", 3)
        await materials.add(tx, case.case_no, "paper", file, b"pdf", stage.clock.now())
    await stage.accept(case.case_no)
    await stage.look(
        "insert into sealed_values (case_no, name, kind, departments, body, at)"
        " values ($1, 'opinion:a:1', 'opinion', array['dep-a'], 'yes', now())",
        case.case_no,
    )
    return case.case_no


@pytest.fixture(scope="module")
async def settled(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Settled]:
    """One case for all tests that only look, or are refused whatever they try."""
    async with set_up(postgres_server, migrated) as stage:
        yield stage, await _set_up(stage)


@pytest.mark.parametrize(
    ("actor", "case", "open_tasks", "names", "file"), MATRIX, ids=lambda v: getattr(v, "subject", "")
)
async def test_everybody_sees_what_is_theirs(
    settled: Settled, actor: Actor, case: bool, open_tasks: int, names: set[str], file: bool
) -> None:
    stage, case_no = settled
    async with stage.api.transaction(actor) as tx:
        seen = await cases.of_region(tx, "330100")
        assert [head.case_no for head in seen] == ([case_no] if case else [])
        assert len(await journal.lines(tx, case_no)) == (2 if case else 0)
        assert (await cases.state(tx, case_no) is not None) == case
        assert len(await journal.ledger(tx, case_no)) == (2 if case else 0)
        assert len(await tasks.of_case(tx, case_no)) == open_tasks
        assert set(await sealed_values.names(tx, case_no)) == names
        assert (await materials.body(tx, case_no, "paper", 1) == b"pdf") == file


async def test_before_acceptance_a_department_opens_what_its_task_is_about_and_nothing_else(stage: Stage) -> None:
    """The owner of a register has been asked to look for a record by hand; others wait until the counter accepts."""
    by_hand = record("deed", kind=FallbackKind.MANUAL_CHECK)
    plan = make_plan(item("a", data=["deed"]), data=[by_hand])
    values = [sealed("form", b"sealed"), sealed("opinion:a:1", b"others", ("dep-z",))]
    case = await stage.submit(plan, values=values)
    fetch = next(c.id for c in case.snapshot.commands if c.kind == "fetch_record")
    await stage.come_of(case.case_no, RecordRefused(command=fetch, data="deed", reason="no_record"))
    case_no = case.case_no
    async with stage.api.transaction(CITIZEN) as tx:
        file = materials.File("0" * 64, "application/pdf", 3)
        await materials.add(tx, case_no, "paper", file, b"pdf", stage.clock.now())
    for accepted in (False, True):
        for department, tasked in (("dep-a", False), (by_hand.department, True)):
            async with stage.api.transaction(officer(department)) as tx:
                names = set(await sealed_values.names(tx, case_no))
                read = await materials.body(tx, case_no, "paper", 1) == b"pdf"
            assert (names, read) == ({"form"} if accepted or tasked else set(), accepted), department
        if not accepted:
            assert (await stage.look("select accepted_at from cases"))[0]["accepted_at"] is None
            await stage.accept(case_no)


async def test_the_worker_sees_every_case(stage: Stage) -> None:
    case_no = await _set_up(stage)
    async with stage.worker.transaction(WORKER) as tx:
        assert (await cases.get(tx, case_no)).status == "processing"
        assert len(await sealed_values.names(tx, case_no)) == 2


async def test_a_query_code_opens_one_case_and_none_of_its_secrets(stage: Stage) -> None:
    case_no = await _set_up(stage)
    await stage.submit(PLAN)
    async with stage.api.transaction(Actor.with_query_code(b"query:" + case_no.encode(), stage.clock.now())) as tx:
        assert [head.case_no for head in await cases.of_region(tx, "330100")] == [case_no]
        assert await cases.state(tx, case_no) is not None
        assert await sealed_values.names(tx, case_no) == []
        assert await materials.body(tx, case_no, "paper", 1) is None


async def test_a_certificate_is_seen_by_its_parties_and_by_who_has_its_number(stage: Stage) -> None:
    case_no = await _set_up(stage)
    now = stage.clock.now()
    certificate = Certificate("C-1", case_no, "a", "out", 1, now, b"s", b"sealed")
    again = Certificate("C-2", case_no, "a", "out", 1, now, b"s", b"sealed")
    async with stage.worker.transaction(WORKER) as tx:
        certificates.issue(tx, certificate)
        certificates.issue(tx, again)
    assert await stage.look("select number from certificates") == [("C-1",)]
    of_case = {"bundle": "test", "kind": "test.a.out", "holder": b"0123456789abcdef"}
    expected = [(CITIZEN, True), (OTHER_CITIZEN, False), (SUPERVISOR, False), (Actor.with_certificate("C-1"), True)]
    for actor, sees in [*expected, (Actor.with_certificate("C-9"), False)]:
        async with stage.api.transaction(actor) as tx:
            found = await certificates.found(tx, ["C-1"])
            assert [one.row for one in found] == ([replace(certificate, **of_case)] if sees else [])
            if actor in (CITIZEN, OTHER_CITIZEN, SUPERVISOR):
                assert await certificates.of_case(tx, case_no) == found


async def test_a_certificate_is_never_changed_by_a_process(stage: Stage) -> None:
    await _set_up(stage)
    for database, actor in ((stage.api, officer("dep-a")), (stage.api, COUNTER), (stage.worker, WORKER)):
        for statement in ("update certificates set issued_at = now()", "delete from certificates"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await as_role(database, actor, lambda c, text=statement: c.execute(text))


async def test_a_file_used_again_is_of_the_same_applicant_and_seen_with_the_case_that_uses_it(stage: Stage) -> None:
    first = await _set_up(stage)
    other = (await stage.submit(PLAN, actor=OTHER_CITIZEN)).case_no
    again = (await stage.submit(make_plan(item("z")), actor=OTHER_CITIZEN)).case_no
    mine = (await stage.submit(make_plan(item("z")))).case_no
    earlier = materials.Earlier("paper", first, 1, stage.clock.now())
    # another applicant's case; a case that the actor does not see, on either side; the case itself
    for actor, case_no in ((CITIZEN, other), (OTHER_CITIZEN, again), (CITIZEN, again), (CITIZEN, first)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with stage.api.transaction(actor) as tx:
                await materials.reuse(tx, case_no, earlier, stage.clock.now())
    async with stage.api.transaction(CITIZEN) as tx:
        await materials.reuse(tx, mine, earlier, stage.clock.now())
    async with stage.api.transaction(officer("dep-z")) as tx:
        assert await materials.of_case(tx, mine) == []
    await stage.accept(mine)
    for actor, sees in [(officer("dep-z"), True), (CITIZEN, True), (OTHER_CITIZEN, False), (SUPERVISOR, False)]:
        async with stage.api.transaction(actor) as tx:
            assert [one.reused_from for one in await materials.of_case(tx, mine)] == ([first] if sees else [])
            assert (await materials.body(tx, mine, "paper", 0) == b"pdf") == sees
    # of the earlier case that department sees no more than this file
    async with stage.api.transaction(CITIZEN) as tx:
        file = materials.File("1" * 64, "application/pdf", 3)
        await materials.add(tx, first, "paper", file, b"new", stage.clock.now())
    async with stage.api.transaction(officer("dep-z")) as tx:
        assert [one.version for one in await materials.of_case(tx, first)] == [1]


@pytest.mark.parametrize(
    "table",
    ["journal", "case_state", "tasks", "commands", "clock_ledger", "rungs", "reminders", "handovers", "mendings"],
)
async def test_nobody_but_the_writer_writes_the_record(settled: Settled, table: str) -> None:
    stage, _ = settled
    for database, actor in ((stage.api, COUNTER), (stage.worker, WORKER)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_role(database, actor, lambda c: c.execute(f"insert into {table} default values"))


@pytest.mark.parametrize("statement", ["update {0} set {1} = {1}", "delete from {0}", "truncate {0}"])
@pytest.mark.parametrize(("table", "column"), [("journal", "line"), ("access_log", "at")])
async def test_logs_only_grow_whoever_asks(settled: Settled, table: str, column: str, statement: str) -> None:
    stage, _ = settled
    async with stage.api.transaction(CITIZEN) as tx:
        access_log.add(tx, "view_case", stage.clock.now())
    text = statement.format(table, column)
    for database, actor in ((stage.api, COUNTER), (stage.worker, WORKER)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_role(database, actor, lambda c: c.execute(text))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_role(database, actor, lambda c: c.execute("set local role onething_writer; " + text))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await stage.look(text)


async def test_an_applicant_can_not_write_into_a_case_by_hand(stage: Stage) -> None:
    case_no = await _set_up(stage)
    changed = await as_role(
        stage.api, CITIZEN, lambda c: c.execute("update cases set bundle = 'x' where case_no = $1", case_no)
    )
    assert changed == "UPDATE 0"  # no draft any more
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_role(stage.api, CITIZEN, lambda c: c.execute("update cases set status = 'closed'"))


@pytest.mark.parametrize(
    "statement",
    [
        "insert into sealed_values (case_no, name, kind, body, at) values ('{}', 'x', 'x', 'forged', now())",
        "update sealed_values set body = 'forged'",
        "delete from sealed_values",
        "insert into plans (digest, body) values ('d', 'forged')",
    ],
)
async def test_what_the_writer_alone_writes(settled: Settled, statement: str) -> None:
    stage, case_no = settled
    for database, actor in ((stage.api, CITIZEN), (stage.api, officer("dep-a")), (stage.worker, WORKER)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_role(database, actor, lambda c: c.execute(statement.format(case_no)))


@pytest.mark.parametrize(
    "statement",
    [
        "update cases set created_by = 'citizen2'",
        "update cases set region = '440100'",
        "update cases set query_hash = 'known'",
        "select identity_index from cases",
        "select event from journal",
        "select what from clock_ledger",
        "delete from sealed_values",
        "delete from cases",
        "insert into cases default values",
        "insert into certificates default values",
        "select body from material_files",
        "select response from idempotency",
        "select body from drafts",
    ],
)
async def test_as_the_writer_one_can_do_what_recording_needs_and_no_more(settled: Settled, statement: str) -> None:
    stage, _ = settled
    for database, actor in ((stage.api, COUNTER), (stage.worker, WORKER)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_role(database, actor, lambda c: c.execute("set local role onething_writer; " + statement))


async def test_a_draft_is_its_maker_s_own(stage: Stage) -> None:
    drafts = {}
    for maker in (OTHER_CITIZEN, COUNTER):
        async with stage.api.transaction(maker) as tx:
            head = await stage.new_case(tx, PLAN, maker, departments=())
            await cases.begin(tx, head)
            file = materials.File("0" * 64, "application/pdf", 3)
            await materials.add(tx, head.case_no, "paper", file, b"pdf", stage.clock.now())
            drafts[maker.subject] = head.case_no
    other_counter = people.actor(people.counter("counter2", region=PLACE))
    for actor in (OTHER_CITIZEN, COUNTER, other_counter, SUPERVISOR, officer("dep-a")):
        async with stage.api.transaction(actor) as tx:
            seen = [head.case_no for head in await cases.of_region(tx, PLACE)]
            assert seen == [drafts[actor.subject]] if actor.subject in drafts else seen == []
            read = [await materials.body(tx, case_no, "paper", 1) for case_no in drafts.values()]
            expected = b"pdf" if actor in (OTHER_CITIZEN, COUNTER) else None
            assert sorted(read, key=str) == sorted((expected, None), key=str)


async def test_who_acts_ends_with_the_transaction(stage: Stage) -> None:
    """As behind a pooler that hands connections on: nothing of the last caller is left."""
    await _set_up(stage)
    async with stage.api.transaction(CITIZEN) as tx:
        await cases.of_applying(tx, CITIZEN.subject, CITIZEN.identity)
    for _ in range(3):
        connection = await stage.api._pool.acquire()
        assert await connection.fetchval("select count(*) from cases") == 0
        assert await connection.fetchval("select current_user") == "onething_api"
        await stage.api._pool.release(connection)


async def test_the_journal_s_chain_shows_what_was_changed(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    fetch = next(c.id for c in case.snapshot.commands if c.kind == "fetch_record")
    await stage.come_of(case.case_no, RecordFetched(command=fetch, data="deed", record="record:deed"))
    await stage.accept(case.case_no)

    async def fault() -> int | None:
        async with stage.worker.transaction(WORKER) as tx:
            return await journal.verify_chain(tx, case.case_no)

    assert await fault() is None
    disable, enable = "alter table journal disable trigger all", "alter table journal enable trigger all"
    await stage.look(disable)
    await stage.look(SAID_BY_ANOTHER)
    assert await fault() == 2
    await stage.look("""update journal set line = replace(line, '"subject":"x', '"subject":"') where seq = 2""")
    assert await fault() is None
    await stage.look("delete from journal where seq = 3")
    assert await fault() == 3
    await stage.look(enable)


@pytest.mark.parametrize("actor", [COUNTER, officer("dep-a"), SUPERVISOR, OTHER_CITIZEN], ids=lambda a: a.subject)
async def test_only_the_applicants_side_reads_a_letter_as_the_applicant(settled: Settled, actor: Actor) -> None:
    stage, case_no = settled
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with stage.api.transaction(actor) as tx:
            await readings.mark(tx, case_no, 2, stage.clock.now())


async def test_the_first_reading_stays_and_everybody_of_the_case_sees_it(stage: Stage) -> None:
    case_no = await _set_up(stage)
    first = stage.clock.now()
    for actor in (AGENT, CITIZEN):
        async with stage.api.transaction(actor) as tx:
            await readings.mark(tx, case_no, 2, stage.clock.now())
        stage.clock.at += timedelta(hours=1)
    async with stage.api.transaction(officer("dep-a")) as tx:
        assert await readings.of_case(tx, case_no) == {2: first}
    async with stage.api.transaction(OTHER_CITIZEN) as tx:
        assert await readings.of_case(tx, case_no) == {}


NAMED, STRANGER = b"in their case...", b"nobody's case..."


async def _registered(stage: Stage, case_no: str, person: bytes) -> None:
    await stage.look(
        "insert into ended_persons (case_no, item, bundle, identity_index, bears, reported_at, ended_at, changed_at)"
        " values ($1, 'a', 'test@1', $2, true, $3, $3, $3)",
        case_no,
        person,
        stage.clock.now(),
    )


async def test_of_who_is_no_more_everybody_sees_what_is_theirs(stage: Stage) -> None:
    """Themselves; whom their case names; of applicants: a department from acceptance on, nobody by a draft."""
    accepted = await _set_up(stage)
    await stage.submit(PLAN, actor=OTHER_CITIZEN)
    async with stage.api.transaction(COUNTER) as tx:
        await cases.begin(tx, await stage.new_case(tx, PLAN, COUNTER, identity_index=STRANGER))
    reports = {accepted: NAMED, "x-1": PERSON, "x-2": OTHER_PERSON, "x-3": STRANGER}
    for case_no, person in reports.items():
        await _registered(stage, case_no, person)
    system = people.actor(people.system("dep-a"))
    helper = people.actor(people.at_outlets(people.agent(), "330109115"), identity=STRANGER)
    with_code = Actor.with_query_code(b"query:" + accepted.encode(), stage.clock.now())
    expected: list[tuple[Actor, set[bytes]]] = [
        (CITIZEN, {PERSON, NAMED}),
        (OTHER_CITIZEN, {OTHER_PERSON}),
        (AGENT, {NAMED}),
        (helper, {STRANGER}),
        (COUNTER, {PERSON, OTHER_PERSON, NAMED}),
        (SUPERVISOR, {PERSON, OTHER_PERSON}),
        (officer("dep-a"), {PERSON}),
        (leader("dep-b"), {PERSON}),
        *((actor, set()) for actor in (officer("dep-z"), officer("dep-a", region=ELSEWHERE), system)),
        *((actor, set()) for actor in (ADMIN, AUDITOR, with_code, Actor.anybody())),
    ]
    for actor, persons in expected:
        async with stage.api.transaction(actor) as tx:
            rows = await tx.rows(Query("every", "select identity_index from ended_persons", ()))
            assert {row["identity_index"] for row in rows} == persons, actor
            assert await ended_persons.has_ended(tx, STRANGER)
    # a process knows who is no more, and nothing else of them
    async with stage.api.transaction(Actor.anybody()) as tx:
        known = await ended_persons.changed_since(tx, stage.clock.now())
    assert known == {person.hex(): True for person in reports.values()}
    for call in ("is_registered_ended('x')", "persons_changed(now())"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await as_role(stage.worker, WORKER, lambda c, text=call: c.execute(f"select {text}"))


TOWN, VILLAGE = "330109115", "330109115201"


def clerk(*outlets: str, region: str = REGION) -> Actor:
    return people.actor(people.counter(f"clerk.{outlets[0]}", region=region, outlets=outlets))


async def test_who_is_bound_to_outlets_sees_what_these_took_in_and_nothing_else(stage: Stage) -> None:
    """Also not a task or a letter, which say whose region they are and not which outlet; and of any region."""
    there = await stage.submit(PLAN, actor=COUNTER, outlet=TOWN, values=[sealed("form", b"sealed")])
    await stage.submit(PLAN, actor=COUNTER, values=[sealed("form", b"sealed")])
    below = await stage.submit(PLAN, actor=COUNTER, outlet=VILLAGE, values=[sealed("form", b"sealed")])
    for case_no in [row["case_no"] for row in await stage.look("select case_no from cases")]:
        await stage.accept(case_no)
    every = {row["case_no"] for row in await stage.look("select case_no from cases")}
    await stage.look(
        "insert into unread_letters (case_no, region, letter, kind, channel, since, due_at, step)"
        " select case_no, region, 1, 'accepted', 'post', $1, $1, 'post' from cases",
        stage.clock.now(),
    )
    tables = ("cases", "case_state", "journal", "tasks", "sealed_values", "clock_ledger", "unread_letters")
    for actor, sees in (
        (COUNTER, every),
        (clerk(TOWN), {there.case_no}),
        (clerk(TOWN, region=ELSEWHERE), {there.case_no}),
        (clerk("330106000"), set()),
        (clerk(TOWN, VILLAGE), {there.case_no, below.case_no}),
    ):
        async with stage.api.transaction(actor) as tx:
            for table in tables:
                found = {row["case_no"] for row in await tx.rows(_every(table))}
                assert found == sees, (actor.outlets, table)


def _every(table: str) -> Query:
    return Query("every", f"select distinct case_no from {table}", ())


async def test_who_is_bound_to_outlets_begins_drafts_there_alone(stage: Stage) -> None:
    for actor, outlet in ((clerk(TOWN), VILLAGE), (clerk(TOWN), None), (CITIZEN, TOWN), (AGENT, TOWN)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await stage.submit(PLAN, actor=actor, outlet=outlet)
    case = await stage.submit(PLAN, actor=clerk(TOWN), outlet=TOWN)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await stage.submit(PLAN, actor=people.actor(people.at_outlets(people.agent(), TOWN)), outlet=TOWN)
    assert [row["outlet"] for row in await stage.look("select outlet from cases")] == [TOWN], case.case_no


async def test_a_helper_at_an_outlet_sees_their_drafts_alone_whatever_mandate_they_hold(stage: Stage) -> None:
    await stage.give_mandate()
    await stage.submit(PLAN)
    helper = people.actor(people.at_outlets(people.agent(), TOWN), at=stage.clock.now())
    async with stage.api.transaction(AGENT) as tx:
        assert len(await tx.rows(_every("cases"))) == 1
    async with stage.api.transaction(helper) as tx:
        assert await tx.rows(_every("cases")) == []
        assert await tx.rows(Query("every", "select id from mandates", ())) == []
        await cases.begin(tx, await stage.new_case(tx, PLAN, helper))
        assert len(await tx.rows(_every("cases"))) == 1
