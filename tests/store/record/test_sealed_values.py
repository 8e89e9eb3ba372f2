"""Numbers, drafts, materials, notices, logs and commands: kept to the byte, found again."""

from datetime import UTC, datetime

import pytest
from stdnum.iso7064 import mod_11_10

from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.events.intake import Submitted, Supplemented, Withdrawn
from onething.domain.events.outcomes import RecordFetched
from onething.domain.kernel.commands import CommandStatus
from onething.store.record import commands, sealed_values
from onething.store.record.case_writer import Took
from onething.store.tables import cases, materials, notices, plans, tasks
from onething.store.tables.notices import Notice
from tests.domain.builders import CALENDAR, item, make_plan, record
from tests.store.stage import CITIZEN, COUNTER, OTHER_CITIZEN, TODAY, WORKER, Stage, officer, sealed

PLAN = make_plan(item("a"), data=[record("deed")])


async def test_case_numbers_carry_region_local_date_serial_and_a_check_digit(stage: Stage) -> None:
    stage.clock.at = stage.clock.at.replace(hour=17)  # past midnight on the wall
    async with stage.api.transaction(CITIZEN) as tx:
        numbers = [await cases.next_case_no(tx, "330100", stage.clock.now()) for _ in range(20)]
    assert len(set(numbers)) == 20
    for number in numbers:
        assert (number[:14], len(number)) == ("33010020260303", 21)
        assert mod_11_10.is_valid(number)


UNTIL = datetime(2026, 4, 2, tzinfo=UTC)
"""How long a draft is kept."""


async def test_a_draft_is_changed_by_version_and_becomes_a_case(stage: Stage) -> None:
    async with stage.api.transaction(CITIZEN) as tx:
        new = await stage.new_case(tx, PLAN, CITIZEN)
        await cases.begin(tx, new)
        await cases.save_draft(tx, new.case_no, b"one", stage.clock.now(), UNTIL)
    async with stage.api.transaction(CITIZEN) as tx:
        assert await cases.change_draft(tx, new, 1, b"two", stage.clock.now(), UNTIL) == 2
        with pytest.raises(OneThingError) as stale:
            await cases.change_draft(tx, new, 1, b"three", stage.clock.now(), UNTIL)
        assert stale.value.code is FailureCode.STALE_VERSION
        assert (await cases.draft(tx, new.case_no)).body == b"two"
    for stranger in (OTHER_CITIZEN, officer("dep-a")):
        async with stage.api.transaction(stranger) as tx:
            with pytest.raises(OneThingError):
                await cases.draft(tx, new.case_no)
    with pytest.raises(NotAllowed) as refusal:
        await stage.say(new.case_no, Withdrawn(), CITIZEN)
    assert refusal.value.code is FailureCode.NOT_ALLOWED_NOW
    async with stage.api.transaction(CITIZEN) as tx:
        event = Submitted(plan=PLAN.digest, calendar=CALENDAR.digest, channel="online")
        recorded = await stage.writer.open_case(tx, new, PLAN, event)
        await cases.drop_draft(tx, new.case_no)
    assert (recorded.seq, (await stage.look("select from drafts"))) == (1, [])
    async with stage.api.transaction(CITIZEN) as tx:
        assert (await cases.get(tx, new.case_no)).status == "submitted"


async def test_a_number_that_is_somebody_else_s_draft_is_not_found(stage: Stage) -> None:
    async with stage.api.transaction(CITIZEN) as tx:
        new = await stage.new_case(tx, PLAN, CITIZEN)
        await cases.begin(tx, new)
    with pytest.raises(OneThingError) as refusal:
        await stage.submit(PLAN, actor=OTHER_CITIZEN, case_no=new.case_no)
    assert refusal.value.code is FailureCode.NOT_FOUND


async def test_files_keep_every_version_to_the_byte(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    content = bytes(range(256)) * 4096
    file = materials.File("ab" * 32, "application/pdf", len(content))
    async with stage.api.transaction(CITIZEN) as tx:
        assert await materials.add(tx, case.case_no, "id-card", file, content, stage.clock.now()) == 1
        assert await materials.add(tx, case.case_no, "id-card", file, b"second", stage.clock.now()) == 2
    async with stage.api.transaction(COUNTER) as tx:
        assert await materials.add(tx, case.case_no, "deed", None, None, stage.clock.now()) == 1
        listed = await materials.of_case(tx, case.case_no)
        assert [(m.code, m.version, m.file, m.uploaded_by) for m in listed] == [
            ("deed", 1, None, "counter"),
            ("id-card", 1, file, "citizen"),
            ("id-card", 2, file, "citizen"),
        ]
        assert await materials.body(tx, case.case_no, "id-card", 1) == content
        assert await materials.body(tx, case.case_no, "deed", 1) is None


async def test_values_are_replaced_and_read_by_name(stage: Stage) -> None:
    case = await stage.submit(PLAN, values=[sealed("form", b"1"), sealed("applicant", b"2")])
    await stage.say(case.case_no, Supplemented(fields=True), CITIZEN, values=[sealed("form", b"3")])
    async with stage.api.transaction(CITIZEN) as tx:
        assert await sealed_values.get(tx, case.case_no, "form") == b"3"
        assert await sealed_values.get(tx, case.case_no, "none") is None
        assert await sealed_values.get_many(tx, case.case_no, ["form", "applicant", "none"]) == {
            "form": b"3",
            "applicant": b"2",
        }


async def test_a_notice_is_noted_once(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    notice = Notice("1.send_notices.0", "result", "applicant", stage.clock.now(), True)
    async with stage.worker.transaction(WORKER) as tx:
        notices.sent(tx, case.case_no, notice)
        notices.sent(tx, case.case_no, notice)
    async with stage.worker.transaction(WORKER) as tx:
        assert await notices.of_case(tx, case.case_no) == [notice]


async def test_an_attempt_reads_how_its_command_stands(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    (fetch,) = case.snapshot.commands

    async def standing(epoch: int = 1, command: str = fetch.id) -> commands.CommandStanding:
        async with stage.worker.transaction(WORKER) as tx:
            return await commands.standing(tx, case.case_no, epoch, command)

    before = await standing()
    assert (before.status, before.kind, before.target) == (CommandStatus.OPEN, "fetch_record", "deed")
    assert before.snapshot == case.snapshot
    done = await stage.come_of(case.case_no, RecordFetched(command=fetch.id, data="deed", record="record:deed"))
    after = await standing()
    assert (after.status, after.snapshot, after.state) == (CommandStatus.DONE, done.snapshot, done.state)
    for epoch, command in ((2, fetch.id), (1, "9.fetch_record.0")):
        with pytest.raises(NotAllowed) as refusal:
            await standing(epoch, command)
        assert refusal.value.code is FailureCode.COMMAND_VOID


async def test_after_a_restore_the_epoch_is_another(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    await stage.look("update installation set epoch = 2")
    assert (await stage.tick(case.case_no)).snapshot.epoch == 2
    (fetch,) = case.snapshot.commands
    outcome = RecordFetched(command=fetch.id, data="deed", record="record:deed")
    assert (await stage.come_of(case.case_no, outcome, epoch=2)).took is Took.RECORDED


async def test_plans_are_read_by_digest_and_the_standing_decision_by_task(stage: Stage) -> None:
    plan = make_plan(item("a"), item("b"))
    case = await stage.submit(plan)
    await stage.accept(case.case_no)
    await stage.decide(case.case_no, "a", "approve")
    async with stage.api.transaction(officer("dep-a", "late.comer")) as tx:
        assert await plans.get(tx, plan.digest) == plan
        task = await tasks.get(tx, f"{case.case_no}-a-1")
        assert (task.item, task.result, task.closed_at, task.department, task.closed_by) == (
            "a",
            "approve",
            stage.clock.now(),
            "dep-a",
            "officer.dep-a",
        )
        assert [t.task_id for t in (await tasks.closed(tx, "dep-a", "330100", TODAY)).tasks] == [task.task_id]
        assert (await tasks.closed(tx, "dep-a", "330100", TODAY, before=task.closed_cursor)).tasks == []
        with pytest.raises(OneThingError):
            await tasks.get(tx, f"{case.case_no}-b-1")
