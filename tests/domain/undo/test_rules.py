"""What was granted stands; what was only reserved is released newest first, one at a time, by system or person."""

import pytest

from onething.domain.deadlines.clock_kinds import DELIVERY_CLOCK
from onething.domain.definition.items import UndoBy, UndoHow
from onething.domain.definition.time_rules import ClockRules
from onething.domain.errors import NotAllowed
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.intake import Accepted, Rejected, Supplemented, Withdrawn
from onething.domain.events.undo import RevocationDecided, UndoneByHand
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, Commitment, ItemState
from onething.domain.kernel.step_result import TaskClosed, TaskOpened
from tests.domain.builders import (
    DAY,
    HOUR,
    Case,
    fetched,
    item,
    make_plan,
    material,
    may_be_promised,
    record,
    success,
    undone,
)
from tests.support.record import Taken

RELEASE = UndoHow.RELEASE


def chain(*reserved: UndoBy | None) -> Case:
    """a → b → c …, all approved but the last, which is open. Each only reserves something, which its system or its
    people give back; None: it grants."""
    codes = "abcdefgh"[: len(reserved) + 1]
    items = [
        item(
            code,
            needs=codes[n - 1 : n] if n else (),
            undo=UndoHow.STANDS if by is None else UndoHow.RELEASE,
            by=by or UndoBy.SYSTEM,
        )
        for n, (code, by) in enumerate(zip(codes, reserved, strict=False))
    ]
    items += [item(codes[-1], needs=[codes[-2]])]
    case = Case(make_plan(*items))
    case.accept()
    for code in codes[:-1]:
        case.approve(code)
    return case


def effect(case: Case, code: str) -> str:
    """Id of the approval of that item."""
    (line,) = [line for line in case.record.events("item_decided") if line.event.item == code]
    return f"{line.seq}.approval"


def test_approvals_are_undone_newest_first_then_the_applicant_is_told() -> None:
    case = chain(UndoBy.SYSTEM, UndoBy.SYSTEM)
    case.say(Withdrawn())
    assert case.status is CaseStatus.WITHDRAWN
    assert case.targets(CommandKind.UNDO_EFFECT) == [effect(case, "b")]
    assert case.targets(CommandKind.SEND_NOTICES) == []
    case.undo()
    assert case.at("b") is ItemState.UNDONE
    assert case.targets(CommandKind.UNDO_EFFECT) == [effect(case, "a")]
    case.undo()
    assert case.targets(CommandKind.SEND_NOTICES) == ["withdrawn"]
    case.notify("withdrawn")
    assert case.state.commands == {}
    assert case.at("c") is ItemState.LAPSED


def test_a_refusal_that_stops_undoes_what_was_approved() -> None:
    case = chain(UndoBy.SYSTEM)
    case.refuse("b")
    assert case.status is CaseStatus.TERMINATED
    case.undo()
    assert (case.at("a"), case.at("b")) == (ItemState.UNDONE, ItemState.REFUSED)
    assert case.targets(CommandKind.SEND_NOTICES) == ["terminated"]


def test_what_a_person_has_to_undo_becomes_a_task_and_holds_nothing_up() -> None:
    case = chain(UndoBy.SYSTEM, UndoBy.PEOPLE)
    withdrawn = case.say(Withdrawn())
    opened = [task for task in withdrawn.tasks if isinstance(task, TaskOpened)]
    assert [(task.kind, task.name, task.item, task.department) for task in opened] == [
        ("undo", effect(case, "b"), "b", "dep-b")
    ]
    assert case.targets(CommandKind.UNDO_EFFECT) == [effect(case, "a")]
    done = case.say(UndoneByHand(effect=effect(case, "b"), round=1))
    assert done.tasks == (TaskClosed(effect(case, "b"), 1, "undone"),)
    assert case.at("b") is ItemState.UNDONE
    with pytest.raises(NotAllowed):
        case.say(UndoneByHand(effect=effect(case, "b"), round=1))


def test_what_was_granted_stands_and_the_applicant_is_told() -> None:
    """行政许可法 Art. 8: neither the applicant's withdrawal nor another department's refusal takes it back."""
    for ends in ("withdrawal", "refusal"):
        case = chain(None, None)
        if ends == "withdrawal":
            case.say(Withdrawn())
        else:
            case.refuse("c")
        assert (case.at("a"), case.at("b")) == (ItemState.APPROVED, ItemState.APPROVED)
        assert [one.target for one in case.state.effects] == ["a", "b"]
        assert (case.state.undo_queue, case.state.undo_tasks) == ((), ())
        assert case.targets(CommandKind.SEND_NOTICES) == ["withdrawn" if ends == "withdrawal" else "terminated"]


def test_what_a_granted_item_rests_on_is_not_reserved_any_more() -> None:
    """The appointment `a` was kept: `b` was granted on it. What `c` reserved, nobody goes on with."""
    case = chain(UndoBy.SYSTEM, None, UndoBy.PEOPLE)
    case.say(Withdrawn())
    assert case.undo_tasks() == [effect(case, "c")]
    assert case.targets(CommandKind.UNDO_EFFECT) == []
    assert [one.target for one in case.state.effects] == ["a", "b"]


@pytest.mark.parametrize("granted", [True, False])
def test_a_reserved_name_is_released_unless_it_was_registered(granted: bool) -> None:
    data = [record("name", releasable=True)]
    case = Case(make_plan(item("licence", data=["name"]), item("permit", needs=["licence"]), data=data))
    case.fetch("name")
    case.accept()
    if granted:
        case.approve("licence")
        case.refuse("permit")
    else:
        case.say(Withdrawn())
    held = [one.target for one in case.state.effects if one.hold]
    assert (held, bool(case.targets(CommandKind.UNDO_EFFECT))) == ((["name"], False) if granted else ([], True))


def test_a_law_that_lets_it_fall_is_followed() -> None:
    case = Case(make_plan(item("a", undo=UndoHow.BY_LAW, certificate=True), item("b", needs=["a"])))
    case.accept()
    case.approve("a")
    case.refuse("b")
    assert case.targets(CommandKind.UNDO_EFFECT) == [effect(case, "a")]
    case.undo()
    assert case.at("a") is ItemState.UNDONE
    assert case.targets(CommandKind.ISSUE_CERTIFICATES) == []


def test_what_stands_is_made_out_in_the_laws_time_and_then_the_applicant_is_told() -> None:
    """行政许可法 Art. 44: ten working days to issue and deliver, also where the rest of the case was refused."""
    case = Case(make_plan(item("a", certificate=True), item("b", needs=["a"]), clocks=ClockRules()))
    case.accept()
    case.approve("a")
    case.refuse("b")
    assert case.state.clocks[DELIVERY_CLOCK].due_at is not None
    assert (case.targets(CommandKind.ISSUE_CERTIFICATES), case.targets(CommandKind.SEND_NOTICES)) == ([""], [])
    case.comes(success(case.command(CommandKind.ISSUE_CERTIFICATES)))
    assert (case.status, case.targets(CommandKind.SEND_NOTICES)) == (CaseStatus.TERMINATED, ["terminated"])
    assert DELIVERY_CLOCK in case.state.clocks
    case.notify("terminated")
    assert DELIVERY_CLOCK not in case.state.clocks


def test_what_stands_is_checked_as_promised_also_after_the_end() -> None:
    """A promise that a granted item relies on: its check goes on, and its department may revoke on it."""
    plan = make_plan(
        item("a", materials=["lease"], certificate=True),
        item("b", needs=["a"]),
        materials=[material("lease", commitment=may_be_promised())],
    )
    case = Case(plan, materials=[], commitments=["lease"], checked=["lease"])
    case.accept()
    case.approve("a")
    case.refuse("b")
    assert case.state.commitments["lease"] is Commitment.CHECKING
    case.say(CommitmentChecked(material="lease", kept=False, finding="f"))
    decision = RevocationDecided(item="a", round=1, revoke=True, opinion="o", material="lease")
    with pytest.raises(NotAllowed, match="正在签发"):
        case.say(decision)
    case.comes(success(case.command(CommandKind.ISSUE_CERTIFICATES)))
    case.say(decision)
    assert (case.status, case.at("a")) == (CaseStatus.TERMINATED, ItemState.UNDONE)
    assert case.targets(CommandKind.UNDO_EFFECT) == [effect(case, "a")]


def test_ended_patience_hands_it_to_a_person_and_goes_on() -> None:
    case = chain(UndoBy.SYSTEM, UndoBy.SYSTEM)
    case.say(Withdrawn())
    case.wait(DAY)
    assert case.undo_tasks() == [effect(case, "b")]
    assert case.targets(CommandKind.UNDO_EFFECT) == [effect(case, "a")]
    assert case.at("b") is ItemState.APPROVED


def test_a_system_that_undoes_it_late_closes_the_persons_task() -> None:
    case = chain(UndoBy.SYSTEM)
    case.say(Withdrawn())
    late = undone(case.command(CommandKind.UNDO_EFFECT))
    case.wait(DAY)
    assert case.comes(late) is Taken.LATE
    assert case.undo_tasks() == []
    assert case.at("a") is ItemState.UNDONE


def test_a_system_that_undoes_it_after_the_person_changes_nothing() -> None:
    case = chain(UndoBy.SYSTEM)
    case.say(Withdrawn())
    late = undone(case.command(CommandKind.UNDO_EFFECT))
    case.wait(DAY)
    case.say(UndoneByHand(effect=effect(case, "a"), round=1))
    before = case.state
    assert case.comes(late) is Taken.LATE
    assert case.state == before


def test_an_early_end_releases_holds_and_look_ups_under_way() -> None:
    data = [record("first", releasable=True), record("second", releasable=True), record("plain")]
    case = Case(make_plan(item("a", data=["first", "second", "plain"]), data=data))
    case.fetch("first")
    held = case.state.effects[0].id
    way = case.command(CommandKind.FETCH_RECORD, "second").id
    rejected = case.say(Rejected(notice="n"))
    assert set(rejected.voided) == {way, "1.fetch_record.2"}
    assert case.targets(CommandKind.UNDO_EFFECT) == [way]
    case.undo()
    assert case.targets(CommandKind.UNDO_EFFECT) == [held]
    case.undo()
    assert case.targets(CommandKind.SEND_NOTICES) == ["rejected"]


def test_an_early_end_while_an_undo_is_under_way_waits_for_it() -> None:
    case = Case(make_plan(item("a", data=["x"]), item("b", undo=RELEASE), data=[record("x", releasable=True)]))
    case.accept()
    case.approve("b")
    case.wait(HOUR)  # patience with x ends: its release is under way
    release = case.command(CommandKind.UNDO_EFFECT)
    case.say(Withdrawn())
    assert case.record.open_commands(CommandKind.UNDO_EFFECT) == [release]
    case.undo()
    assert case.targets(CommandKind.UNDO_EFFECT) == [effect(case, "b")]


def given_up_release() -> Case:
    """A look-up called off, whose release its source did not carry out in time: a person has the task."""
    case = Case(make_plan(item("a", data=["x"]), data=[record("x", releasable=True)]))
    case.wait(HOUR)
    case.wait(DAY)
    return case


def test_a_release_that_fails_is_the_task_of_the_sources_owner() -> None:
    case = given_up_release()
    (task,) = case.record.open_tasks()
    assert (task.kind, task.item, task.department) == ("undo", "x", "owner-x")


def test_a_late_record_while_a_person_releases_it_needs_no_second_release() -> None:
    case = given_up_release()
    before = case.state
    late = case.record.commands["1.fetch_record.0"].command
    case.comes(fetched(late))
    assert case.state.undo_tasks == before.undo_tasks
    assert case.targets(CommandKind.UNDO_EFFECT) == []


def test_a_late_record_after_a_person_released_it_is_a_task_of_a_second_round() -> None:
    case = given_up_release()
    case.say(UndoneByHand(effect="1.fetch_record.0", round=1))
    case.comes(fetched(case.record.commands["1.fetch_record.0"].command))
    case.wait(DAY)
    (task,) = case.record.open_tasks()
    assert (task.name, task.round) == ("1.fetch_record.0", 2)
    with pytest.raises(NotAllowed):
        case.say(UndoneByHand(effect="1.fetch_record.0", round=1))
    done = case.say(UndoneByHand(effect="1.fetch_record.0", round=2))
    assert done.tasks == (TaskClosed("1.fetch_record.0", 2, "undone"),)


def test_a_first_release_that_answers_late_does_not_close_the_task_of_the_second() -> None:
    """It says nothing about the record that came after it."""
    case = Case(make_plan(item("a", data=["x"]), data=[record("x", releasable=True)]))
    look_up = case.command(CommandKind.FETCH_RECORD)
    case.wait(HOUR)
    release = undone(case.command(CommandKind.UNDO_EFFECT))
    case.comes(fetched(look_up))  # released once more after the first
    case.wait(DAY)
    (task,) = case.record.open_tasks()
    assert task.round == 2
    assert case.targets(CommandKind.UNDO_EFFECT) == []
    assert case.comes(release) is Taken.LATE
    assert case.undo_tasks() == [look_up.id]


def test_what_is_released_after_the_ending_notice_gives_no_second_notice() -> None:
    case = Case(make_plan(item("a", data=["x"]), data=[record("x", releasable=True)]))
    late = fetched(case.command(CommandKind.FETCH_RECORD))
    case.say(Withdrawn())
    case.undo()
    case.notify("withdrawn")
    case.comes(late)
    case.undo()
    assert case.state.commands == {}
    assert case.status is CaseStatus.WITHDRAWN


@pytest.mark.parametrize("event", [Withdrawn(), Rejected(notice="n"), Accepted(), Supplemented(materials=("paper-x",))])
def test_an_ended_case_takes_no_more_facts(event: Withdrawn | Rejected | Accepted | Supplemented) -> None:
    case = Case(make_plan(item("a", data=["x"]), data=[record("x")]))
    case.say(Withdrawn())
    with pytest.raises(NotAllowed):
        case.say(event)


def test_a_decided_case_can_no_longer_be_withdrawn() -> None:
    case = Case(make_plan(item("a", certificate=True)))
    case.accept()
    case.approve("a")
    with pytest.raises(NotAllowed):
        case.say(Withdrawn())


def test_after_an_outage_an_undo_has_its_patience_from_when_somebody_looked() -> None:
    """Two undoings, and nobody looks for a week: the second is tried before a person has to do it."""
    case = Case(
        make_plan(
            item("first", undo=RELEASE), item("second", needs=["first"], undo=RELEASE), item("last", needs=["second"])
        )
    )
    case.accept()
    case.approve("first")
    case.approve("second")
    case.refuse("last")
    case.wait(7 * DAY)
    assert [task.item for task in case.record.open_tasks()] == ["second"]
    assert case.command(CommandKind.UNDO_EFFECT).patience_at == case.now + DAY
