"""The case writer: its order of doing things, what it keeps, what it refuses."""

import asyncio

import pytest

from onething.domain.engine.step import fold
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed, OneThingError
from onething.domain.events.intake import Accepted, Supplemented, Withdrawn
from onething.domain.events.outcomes import RecordFetched, RecordRefused
from onething.domain.events.tasks import ItemDecided, TaskClaimed, TaskReleased
from onething.domain.events.union import EVENT
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseState, CaseStatus
from onething.domain.plan.plan import Plan
from onething.store.record.case_writer import Recorded, Took
from onething.store.record.issued_numbers import IssuedNumber
from tests.domain.builders import CALENDAR, item, make_plan, record
from tests.store.stage import CITIZEN, COUNTER, WORKER, Stage, leader, officer, sealed

ONE = make_plan(item("a", days=2), item("b", needs=["a"]))
WITH_DATA = make_plan(item("a", data=["deed"]), data=[record("deed", releasable=True)])


def _fetch(recorded: Recorded) -> str:
    return next(c.id for c in recorded.snapshot.commands if c.kind == CommandKind.FETCH_RECORD)


async def _folds_to(stage: Stage, case_no: str, plan: Plan) -> CaseState:
    rows = await stage.look("select seq, at, event from journal where case_no = $1 order by seq", case_no)
    return fold(
        {plan.digest: plan},
        {CALENDAR.digest: CALENDAR},
        [(r["seq"], r["at"], EVENT.validate_json(r["event"])) for r in rows],
    )


async def test_a_decision_opens_the_next_department_s_task_in_the_same_transaction(stage: Stage) -> None:
    case = await stage.submit(ONE)
    await stage.accept(case.case_no)
    decided = await stage.decide(case.case_no, "a")
    assert (decided.seq, decided.took) == (3, Took.RECORDED)
    tasks = await stage.look("select name, state, result, closed_by from tasks order by opened_at, name")
    assert [tuple(t) for t in tasks] == [("a", "done", "approve", "officer.dep-a"), ("b", "open", None, None)]
    (head,) = await stage.look("select * from cases")
    assert (head["status"], head["head_seq"], head["last_at"]) == ("processing", 3, stage.clock.now())
    assert await _folds_to(stage, case.case_no, ONE) == decided.state


_TIME = ["clock_warned", "clock_overdue", "patience_ended", "clock_warned", "clock_overdue"]
"""The item's, then patience with the notice of acceptance, then the case's."""


async def test_the_whole_case_stands_in_its_rows(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA, values=[sealed("form", b"sealed")])
    await stage.accept(case.case_no)
    await stage.come_of(case.case_no, RecordFetched(command=_fetch(case), data="deed", record="record:deed"))
    stage.clock.pass_time(hours=1)
    last = await stage.decide(case.case_no, "a", values=[sealed("opinion:a:1", b"sealed too", ("dep-a",))])
    assert last.state.status is CaseStatus.DELIVERED
    (head,) = await stage.look("select * from cases")
    assert head["due_at"] is None, "what has ended has no live deadline"
    assert head["departments"] == ["dep-a"]
    commands = await stage.look("select kind, status, outcome_seq from commands order by created_seq")
    # the notice of the result carries that of acceptance, which was not on its way yet
    notices = [("send_notices", "void", None), ("send_notices", "open", None)]
    assert [tuple(c) for c in commands] == [("fetch_record", "done", 3), *notices]
    values = await stage.look("select name, departments, body from sealed_values order by name")
    assert [tuple(v) for v in values] == [
        ("form", None, b"sealed"),
        ("opinion:a:1", ["dep-a"], b"sealed too"),
    ]
    ledger = await stage.look("select clock, what from clock_ledger order by seq, clock")
    assert [tuple(line) for line in ledger] == [
        ("case", "started"),
        ("item:a", "started"),
        ("case", "met"),
        ("item:a", "met"),
    ]
    assert await _folds_to(stage, case.case_no, WITH_DATA) == last.state


async def test_moments_that_came_due_are_stepped_first_each_at_its_own_time(stage: Stage) -> None:
    case = await stage.submit(ONE)
    await stage.accept(case.case_no)
    stage.clock.pass_time(days=20)
    await stage.decide(case.case_no, "a")
    rows = await stage.look("select kind, at, actor from journal where case_no = $1 order by seq", case.case_no)
    assert [r["kind"] for r in rows] == [
        "submitted",
        "accepted",
        "clock_warned",
        "clock_overdue",
        "patience_ended",  # with the notice of acceptance
        "clock_warned",
        "clock_overdue",
        "item_decided",
    ]
    ats = [r["at"] for r in rows]
    assert ats == sorted(ats)
    assert ats[-2] < ats[-1] == stage.clock.now()
    assert [r["actor"] is None for r in rows] == [False, False, True, True, True, True, True, False]


async def test_moments_are_kept_when_the_event_is_refused_and_nothing_else_is(stage: Stage) -> None:
    case = await stage.submit(ONE)
    await stage.accept(case.case_no)
    stage.clock.pass_time(days=20)
    with pytest.raises(NotAllowed) as refusal:
        await stage.say(case.case_no, Accepted(), COUNTER, values=[sealed("notice:9", b"x")])
    assert refusal.value.code is FailureCode.NOT_ALLOWED_NOW
    assert (await stage.kinds(case.case_no))[2:] == _TIME
    assert await stage.look("select from sealed_values") == []


async def test_a_number_is_taken_with_its_decision_or_not_at_all(stage: Stage) -> None:
    """It stays with the item that gave it out; a decision that is not recorded takes none."""

    def number(index: bytes) -> IssuedNumber:
        return IssuedNumber("s", index, FieldProblem("/outputs/no", FailureCode.ALREADY_ISSUED, "x"))

    first, second = await stage.submit(ONE), await stage.submit(ONE)
    for case in (first, second):
        await stage.accept(case.case_no)
    await stage.decide(first.case_no, "a", numbers=[number(b"1" * 16)])
    with pytest.raises(NotAllowed):
        await stage.decide(first.case_no, "a", numbers=[number(b"2" * 16)])
    with pytest.raises(InvalidInput) as refusal:
        await stage.decide(second.case_no, "a", numbers=[number(b"3" * 16), number(b"1" * 16)])
    assert [one.pointer for one in refusal.value.problems] == ["/outputs/no"]
    rows = await stage.look("select series, number, case_no, item from issued_numbers")
    assert [tuple(row) for row in rows] == [("s", b"1" * 16, first.case_no, "a")]
    await stage.decide(second.case_no, "a", numbers=[number(b"3" * 16)])


async def test_a_plain_refusal_writes_nothing(stage: Stage) -> None:
    case = await stage.submit(ONE)
    with pytest.raises(NotAllowed):
        await stage.say(case.case_no, Supplemented(materials=("unheard-of",)), CITIZEN)
    assert await stage.kinds(case.case_no) == ["submitted"]


async def test_time_never_goes_back(stage: Stage) -> None:
    case = await stage.submit(ONE)
    stage.clock.pass_time(hours=-5)
    accepted = await stage.accept(case.case_no)
    assert accepted.at == case.at


async def test_what_is_not_visible_does_not_exist(stage: Stage) -> None:
    case = await stage.submit(ONE)
    await stage.accept(case.case_no)
    for stranger in (officer("dep-z"), officer("dep-a", region="440100"), CITIZEN.__class__("x", "citizen")):
        with pytest.raises(OneThingError) as refusal:
            await stage.say(case.case_no, Withdrawn(), stranger)
        assert refusal.value.code is FailureCode.NOT_FOUND
    with pytest.raises(OneThingError) as refusal:  # the case is theirs, the task is not
        await stage.say(case.case_no, TaskClaimed(item="a", round=1), officer("dep-b"))
    assert refusal.value.code is FailureCode.NOT_FOUND


async def test_a_case_is_opened_once(stage: Stage) -> None:
    case = await stage.submit(ONE)
    with pytest.raises(NotAllowed) as refusal:
        await stage.submit(ONE, case_no=case.case_no)
    assert refusal.value.code is FailureCode.NOT_ALLOWED_NOW
    assert await stage.kinds(case.case_no) == ["submitted"]


async def test_claims_keep_others_out(stage: Stage) -> None:
    case = await stage.submit(ONE)
    await stage.accept(case.case_no)
    mine, other = officer("dep-a", "wang"), officer("dep-a", "li")
    claim, release = TaskClaimed(item="a", round=1), TaskReleased(item="a", round=1)
    assert (await stage.say(case.case_no, claim, mine)).took is Took.RECORDED
    assert (await stage.say(case.case_no, claim, mine)).took is Took.REPEATED
    for event in (claim, release, ItemDecided(item="a", round=1, outcome="approve")):
        with pytest.raises(NotAllowed) as refusal:
            await stage.say(case.case_no, event, other)
        assert refusal.value.code is FailureCode.CLAIMED_BY_ANOTHER
    await stage.say(case.case_no, release, leader("dep-a"))
    assert (await stage.say(case.case_no, claim, other)).took is Took.RECORDED
    (task,) = await stage.look("select claimed_by, claimed_at from tasks")
    assert (task["claimed_by"], task["claimed_at"]) == ("li", stage.clock.now())
    assert (await stage.kinds(case.case_no))[2:] == ["task_claimed", "task_released", "task_claimed"]


async def test_two_officers_at_once_one_wins(stage: Stage) -> None:
    case = await stage.submit(ONE)
    await stage.accept(case.case_no)
    event = ItemDecided(item="a", round=1, outcome="approve")
    answers = await asyncio.gather(
        *(stage.say(case.case_no, event, officer("dep-a", f"o{n}")) for n in range(10)), return_exceptions=True
    )
    won = [a for a in answers if isinstance(a, Recorded)]
    lost = [a.code for a in answers if isinstance(a, NotAllowed)]
    assert (len(won), lost) == (1, [FailureCode.ALREADY_DECIDED] * 9)


async def test_a_withdrawal_and_a_decision_at_once_have_one_order(stage: Stage) -> None:
    for _ in range(5):
        case = await stage.submit(ONE)
        await stage.accept(case.case_no)
        answers = await asyncio.gather(
            stage.say(case.case_no, Withdrawn(), CITIZEN), stage.decide(case.case_no, "a"), return_exceptions=True
        )
        told = [type(answer) for answer in answers]
        kinds = (await stage.kinds(case.case_no))[2:]
        assert kinds in (["withdrawn"], ["item_decided", "withdrawn"])
        assert told == [Recorded, Recorded if len(kinds) == 2 else NotAllowed]


async def test_seq_is_gapless_under_fifty_writers_at_once(stage: Stage) -> None:
    plan = make_plan(*(item(f"i{n}", days=2) for n in range(50)))
    case = await stage.submit(plan)
    await stage.accept(case.case_no)
    await asyncio.gather(*(stage.decide(case.case_no, f"i{n}") for n in range(50)))
    rows = await stage.look("select seq, at from journal where case_no = $1 order by seq", case.case_no)
    assert [r["seq"] for r in rows] == list(range(1, 53))
    assert [r["at"] for r in rows] == sorted(r["at"] for r in rows)


async def test_an_outcome_is_recorded_once(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    outcome = RecordFetched(command=_fetch(case), data="deed", record="record:deed")
    values = [sealed("record:deed", b"first")]
    first = await stage.come_of(case.case_no, outcome, values=lambda _: values)
    again = await stage.come_of(case.case_no, outcome, values=lambda _: [sealed("record:deed", b"second")])
    assert (first.took, again.took) == (Took.RECORDED, Took.REPEATED)
    assert (again.seq, again.at, again.state, again.snapshot) == (first.seq, first.at, first.state, first.snapshot)
    assert await stage.kinds(case.case_no) == ["submitted", "record_fetched"]
    assert [r["body"] for r in await stage.look("select body from sealed_values")] == [b"first"]


async def test_the_same_outcome_many_times_at_once(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    outcome = RecordFetched(command=_fetch(case), data="deed", record="record:deed")
    answers = await asyncio.gather(*(stage.come_of(case.case_no, outcome) for _ in range(20)))
    assert sorted(a.took for a in answers) == [Took.RECORDED] + [Took.REPEATED] * 19
    assert await stage.kinds(case.case_no) == ["submitted", "record_fetched"]


async def test_a_late_outcome_is_journalled_once_and_its_effect_undone(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    await stage.say(case.case_no, Withdrawn(), CITIZEN)
    await stage.look("delete from handovers")
    outcome = RecordFetched(command=_fetch(case), data="deed", record="record:deed")
    late = await stage.come_of(case.case_no, outcome, reply_carries=True)
    assert late.took is Took.LATE
    assert len(await stage.look("select from handovers")) == 1
    assert (await stage.come_of(case.case_no, outcome)).took is Took.REPEATED
    kinds = await stage.kinds(case.case_no)
    assert kinds == ["submitted", "withdrawn", "came_too_late"]
    assert "undo_effect" in [c.kind for c in late.snapshot.commands]


async def test_a_record_that_comes_late_does_not_replace_the_one_that_was_fetched_anew(stage: Stage) -> None:
    """The applicant changed what the source is asked; the answer to the first question comes after the second's."""
    case = await stage.submit(WITH_DATA)
    anew = await stage.say(case.case_no, Supplemented(fields=True, refetch=("deed",)), CITIZEN)
    for asked, answer in ((anew, b"of the new form"), (case, b"of the old form")):
        outcome = RecordFetched(command=_fetch(asked), data="deed", record="record:deed")
        await stage.come_of(case.case_no, outcome, values=lambda _, kept=answer: [sealed("record:deed", kept)])
    assert (await stage.kinds(case.case_no))[-1] == "came_too_late"
    rows = await stage.look("select body from sealed_values where name = 'record:deed'")
    assert [row["body"] for row in rows] == [b"of the new form"]


async def test_an_outcome_that_comes_with_the_end_of_patience_is_late(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    stage.clock.pass_time(minutes=61)
    late = await stage.come_of(case.case_no, RecordRefused(command=_fetch(case), data="deed", reason="none"))
    assert late.took is Took.LATE
    assert await stage.kinds(case.case_no) == ["submitted", "patience_ended", "came_too_late"]
    rows = await stage.look("select status, outcome_seq from commands where kind = 'fetch_record'")
    assert [tuple(r) for r in rows] == [("void", 3)]


async def test_an_outcome_of_another_epoch_or_an_unknown_command_is_refused_as_void(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    known = RecordFetched(command=_fetch(case), data="deed", record="record:deed")
    for outcome, epoch in ((known, 2), (known.model_copy(update={"command": "7.fetch_record.0"}), 1)):
        with pytest.raises(NotAllowed) as refusal:
            await stage.come_of(case.case_no, outcome, epoch=epoch)
        assert refusal.value.code is FailureCode.COMMAND_VOID
    assert await stage.kinds(case.case_no) == ["submitted"]


async def test_a_tick_steps_what_is_due_and_else_nothing(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    assert (await stage.tick(case.case_no)).took is Took.REPEATED
    stage.clock.pass_time(minutes=60)
    ticked = await stage.tick(case.case_no)
    assert (ticked.took, ticked.seq) == (Took.RECORDED, 2)
    assert (await stage.tick(case.case_no)).seq == 2


async def test_newer_state_is_refused_and_left_alone(stage: Stage) -> None:
    case = await stage.submit(ONE)
    await stage.look("update case_state set body = replace(body, '\"schema\":1', '\"schema\":2'), schema = 2")
    before = await stage.look("select * from case_state")
    with pytest.raises(OneThingError) as refusal:
        await stage.accept(case.case_no)
    assert refusal.value.code is FailureCode.NEWER_STATE
    assert await stage.look("select * from case_state") == before
    assert await stage.kinds(case.case_no) == ["submitted"]


async def test_another_process_reads_plan_and_calendar_from_the_record(stage: Stage) -> None:
    case = await stage.submit(ONE)
    writer = stage.another_writer()
    async with stage.api.transaction(COUNTER) as tx:
        accepted = await writer.record(tx, case.case_no, Accepted())
    assert accepted.plan == ONE


async def _accept_and_fail(stage: Stage, case_no: str) -> None:
    async with stage.api.transaction(COUNTER) as tx:
        await stage.writer.record(tx, case_no, Accepted())
        raise ZeroDivisionError


async def test_the_bell_rings_after_the_commit_only(stage: Stage) -> None:
    case = await stage.submit(WITH_DATA)
    assert (stage.notifier.cases, stage.notifier.handovers) == ([(case.case_no, 1)], 1)
    with pytest.raises(ZeroDivisionError):
        await _accept_and_fail(stage, case.case_no)
    assert stage.notifier.cases == [(case.case_no, 1)]
    assert await stage.kinds(case.case_no) == ["submitted"]
    async with stage.worker.transaction(WORKER) as tx:
        assert (await stage.writer.tick(tx, case.case_no)).seq == 1


async def test_what_is_due_is_recorded_once_by_who_looks_first_and_then_says_something(stage: Stage) -> None:
    case = await stage.submit(ONE)
    await stage.accept(case.case_no)
    stage.clock.pass_time(days=30)
    async with stage.api.transaction(CITIZEN) as tx:
        looked = await stage.writer.tick(tx, case.case_no)
        recorded = await stage.writer.record(tx, case.case_no, Withdrawn())
    assert (looked.took, recorded.took) == (Took.RECORDED, Took.RECORDED)
    kinds = await stage.kinds(case.case_no)
    assert kinds == ["submitted", "accepted", *_TIME, "withdrawn"]
    assert await _folds_to(stage, case.case_no, ONE) == recorded.state
    assert stage.notifier.cases[-1] == (case.case_no, recorded.seq)
