"""Data and papers: what look-ups bring, what is asked of the applicant instead, corrections, other answers."""

from datetime import timedelta

import pytest

from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.intake import CorrectionsAsked, Rejected, Supplemented, Withdrawn
from onething.domain.events.outcomes import EffectUndone, RecordRefused
from onething.domain.events.union import Fact
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, DataState, ItemState
from onething.domain.plan.plan import Plan
from tests.domain.builders import HOUR, MINUTE, MONDAY, Case, fetched, item, make_plan, material, record
from tests.support.record import Taken


def house(*, releasable: bool = False, materials: list[str] | None = None) -> Case:
    """One item that needs one look-up, with an hour's patience."""
    return Case(
        make_plan(item("a", data=["house"]), data=[record("house", releasable=releasable)]), materials=materials
    )


def test_submission_looks_up_everything_at_once() -> None:
    case = Case(make_plan(item("a", data=["x", "y"]), data=[record("x", patience=5), record("y", releasable=True)]))
    x, y = case.submitted.commands
    assert (x.kind, x.target, x.patience_at) == ("fetch_record", "x", MONDAY + 5 * MINUTE)
    assert (x.id, y.id) == ("1.fetch_record.0", "1.fetch_record.1")
    assert case.state.commands[x.id].hold is None
    assert case.state.commands[y.id].hold is not None


def test_a_record_in_hand_settles_its_command_and_may_leave_a_hold() -> None:
    case = house(releasable=True)
    command = case.command(CommandKind.FETCH_RECORD)
    assert case.fetch("house") is Taken.RECORDED
    assert case.state.data["house"] is DataState.IN_HAND
    (hold,) = case.state.effects
    assert (hold.id, hold.kind, hold.target) == (command.id, "lookup", "house")
    assert case.fetch_again(command) is Taken.REPEATED


def test_a_look_up_that_leaves_nothing_is_no_effect() -> None:
    case = house()
    case.fetch("house")
    assert case.state.effects == ()


def test_a_refusing_source_asks_the_applicant() -> None:
    case = house()
    case.accept()
    case.source_refuses("house")
    assert case.state.data["house"] is DataState.ASKED
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted", "supply_needed"]
    assert missing_materials(case.record.plan, case.state) == ("paper-house",)
    case.say(Supplemented(materials=("paper-house",)))
    assert case.state.data["house"] is DataState.SUPPLIED
    assert case.at("a") is ItemState.OPEN


def test_a_paper_that_came_before_takes_the_place_at_once() -> None:
    case = house(materials=["paper-house"])
    case.accept()
    assert case.at("a") is ItemState.GATHERING
    case.source_refuses("house")
    assert case.state.data["house"] is DataState.SUPPLIED
    assert case.at("a") is ItemState.OPEN


def test_patience_ends_at_its_minute_and_not_before() -> None:
    case = house()
    command = case.command(CommandKind.FETCH_RECORD)
    case.wait(HOUR - timedelta(microseconds=1))
    assert case.state.data["house"] is DataState.PENDING
    case.wait(timedelta(days=2))
    (line,) = case.record.events("patience_ended")
    assert line.at == MONDAY + HOUR  # not when somebody looked
    assert case.record.commands[command.id].status == "void"
    assert case.state.data["house"] is DataState.ASKED


def test_ended_patience_releases_what_the_look_up_may_have_left() -> None:
    case = house(releasable=True)
    command = case.command(CommandKind.FETCH_RECORD)
    case.wait(HOUR)
    assert case.targets(CommandKind.UNDO_EFFECT) == [command.id]
    assert case.status is CaseStatus.SUBMITTED
    case.undo()
    assert case.state.undo_queue == ()


def test_a_late_record_is_journalled_once_and_not_used() -> None:
    case = house()
    late = fetched(case.command(CommandKind.FETCH_RECORD))
    case.wait(HOUR)
    assert case.comes(late) is Taken.LATE
    assert case.comes(late) is Taken.REPEATED
    assert case.state.data["house"] is DataState.ASKED
    (line,) = case.record.events("came_too_late")
    assert line.event.record == "record:house"
    assert case.targets(CommandKind.UNDO_EFFECT) == []


def test_a_late_record_is_released_once_more_after_its_release() -> None:
    case = house(releasable=True)
    late = fetched(case.command(CommandKind.FETCH_RECORD))
    case.wait(HOUR)
    case.undo()
    case.comes(late)
    assert case.targets(CommandKind.UNDO_EFFECT) == [late.command]
    case.undo()
    assert case.state.undo_queue == ()
    assert case.state.may_come == ()


def test_a_late_record_while_its_release_is_under_way_is_released_after_it() -> None:
    case = house(releasable=True)
    late = fetched(case.command(CommandKind.FETCH_RECORD))
    case.wait(HOUR)
    case.comes(late)
    first = case.command(CommandKind.UNDO_EFFECT)
    case.undo()
    second = case.command(CommandKind.UNDO_EFFECT)
    assert first.id != second.id
    assert second.target == late.command
    case.undo()
    assert case.state.commands.keys() == {case.command(CommandKind.SEND_NOTICES).id}


def test_a_late_record_whose_release_has_not_begun_needs_no_second() -> None:
    plan = make_plan(item("a", data=["x", "y"]), data=[record(key, releasable=True) for key in "xy"])
    case = Case(plan)
    late = fetched(case.command(CommandKind.FETCH_RECORD, "x"))
    case.say(Withdrawn())
    assert case.targets(CommandKind.UNDO_EFFECT) == ["1.fetch_record.1"]  # newest first: y
    case.comes(late)
    assert [effect.id for effect in case.state.undo_queue] == ["1.fetch_record.1", "1.fetch_record.0"]


def test_a_late_refusal_changes_nothing() -> None:
    case = house(releasable=True)
    command = case.command(CommandKind.FETCH_RECORD)
    case.wait(HOUR)
    case.undo()
    assert case.comes(RecordRefused(command=command.id, data="house", reason="none")) is Taken.LATE
    assert case.targets(CommandKind.UNDO_EFFECT) == []
    assert case.comes(fetched(command)) is Taken.REPEATED


def test_patience_with_a_notice_only_ends_the_trying() -> None:
    case = house()
    case.source_refuses("house")
    case.wait(timedelta(days=3))
    assert case.state.commands == {}
    assert case.state.data["house"] is DataState.ASKED


def test_a_result_that_nobody_could_be_told_closes_the_case_all_the_same() -> None:
    case = Case(make_plan(item("a")))
    case.accept()
    case.approve("a")
    case.wait(timedelta(days=3))
    assert case.status is CaseStatus.CLOSED


# -- corrections -----------------------------------------------------------------------------------------------------


def needing(*codes: str) -> Case:
    return Case(make_plan(item("a", materials=codes), materials=[material("extra", required=False)]))


def asked(*materials: str, fields: tuple[str, ...] = ()) -> CorrectionsAsked:
    return CorrectionsAsked(materials=materials, fields=fields, notice="n1")


def test_a_correction_takes_the_paper_back_and_tells_the_applicant() -> None:
    case = needing("deed", "map")
    case.say(asked("deed"))
    assert case.status is CaseStatus.CORRECTION
    assert case.state.materials == ("map",)
    assert case.targets(CommandKind.SEND_NOTICES) == ["corrections"]
    case.say(Supplemented(materials=("deed",)))
    assert case.status is CaseStatus.SUBMITTED


def test_a_correction_lasts_until_all_of_it_has_come() -> None:
    case = needing("deed")
    case.say(asked("deed", "extra", fields=("name",)))
    case.say(Supplemented(materials=("deed",)))
    case.say(Supplemented(materials=("extra",)))
    assert case.status is CaseStatus.CORRECTION
    case.say(Supplemented(fields=True))
    assert case.status is CaseStatus.SUBMITTED


def test_an_optional_paper_that_was_asked_for_is_waited_for() -> None:
    case = needing("deed")
    case.say(asked("extra"))
    assert missing_materials(case.record.plan, case.state) == ("extra",)
    case.say(Supplemented(materials=("deed",)))
    assert case.status is CaseStatus.CORRECTION
    case.say(Supplemented(materials=("extra",)))
    assert case.status is CaseStatus.SUBMITTED


def test_a_second_round_of_corrections() -> None:
    case = needing("deed")
    for _ in range(2):
        case.say(asked("deed"))
        case.say(Supplemented(materials=("deed",)))
    case.accept()
    assert case.at("a") is ItemState.OPEN
    assert case.kinds().count("corrections_asked") == 2


def test_a_correction_of_a_paper_in_place_of_data_asks_for_it_again() -> None:
    case = house(materials=["paper-house"])
    case.source_refuses("house")
    case.say(asked("paper-house"))
    assert case.state.data["house"] is DataState.ASKED
    case.say(Supplemented(materials=("paper-house",)))
    assert case.state.data["house"] is DataState.SUPPLIED
    assert case.status is CaseStatus.SUBMITTED


def test_data_go_on_coming_during_a_correction() -> None:
    case = Case(make_plan(item("a", data=["house"], materials=["deed"]), data=[record("house")]))
    case.say(asked("deed"))
    case.fetch("house")
    assert case.state.data["house"] is DataState.IN_HAND
    assert case.status is CaseStatus.CORRECTION


def test_a_case_in_correction_may_be_rejected() -> None:
    case = needing("deed")
    case.say(asked("deed"))
    case.say(Rejected(notice="n2"))
    assert case.status is CaseStatus.REJECTED
    assert case.targets(CommandKind.SEND_NOTICES) == ["rejected"]  # the correction's notice is called off


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (asked(), FailureCode.MISSING_VALUE),
        (asked("unheard-of"), FailureCode.UNKNOWN_MATERIAL),
        (Supplemented(materials=("unheard-of",)), FailureCode.UNKNOWN_MATERIAL),
    ],
)
def test_corrections_and_supplements_name_papers_of_the_plan(event: Fact, code: FailureCode) -> None:
    with pytest.raises(NotAllowed) as refused:
        needing("deed").say(event)
    assert refused.value.code is code


# -- other answers ---------------------------------------------------------------------------------------------------


def two_plans() -> tuple[Plan, Plan]:
    """With children, without: one item, one look-up and one paper fewer."""
    home, school = record("home", releasable=True), record("school", releasable=True)
    a = item("a", data=["home"])
    return (
        make_plan(a, item("b", needs=["a"], data=["school"], materials=["report"]), data=[home, school]),
        make_plan(a, data=[home]),
    )


def test_other_answers_drop_what_no_longer_applies_and_keep_what_does() -> None:
    with_children, without = two_plans()
    case = Case(with_children, other_plans=[without])
    case.fetch("home")
    school = case.command(CommandKind.FETCH_RECORD, "school")
    replanned = case.say(Supplemented(plan=without.digest, fields=True))
    assert replanned.voided == (school.id,)
    assert case.state.plan == without.digest
    assert case.state.data == {"home": DataState.IN_HAND}
    assert set(case.state.items) == {"a"}
    assert case.targets(CommandKind.UNDO_EFFECT) == [school.id]
    assert case.targets(CommandKind.FETCH_RECORD) == []


def test_a_record_of_dropped_data_is_released_also_when_it_comes_late() -> None:
    with_children, without = two_plans()
    case = Case(with_children, other_plans=[without])
    late = fetched(case.command(CommandKind.FETCH_RECORD, "school"))
    case.say(Supplemented(plan=without.digest))
    case.undo()
    case.comes(late)
    assert case.targets(CommandKind.UNDO_EFFECT) == [late.command]


def test_data_in_hand_that_no_longer_apply_are_released() -> None:
    with_children, without = two_plans()
    case = Case(with_children, other_plans=[without])
    case.fetch("school")
    case.say(Supplemented(plan=without.digest))
    (command,) = case.record.open_commands(CommandKind.UNDO_EFFECT)
    case.comes(EffectUndone(command=command.id, effect=command.target))
    assert case.state.effects == ()


def test_other_answers_look_up_what_is_new_and_what_changed() -> None:
    with_children, without = two_plans()
    case = Case(without, other_plans=[with_children])
    case.fetch("home")
    held = case.state.effects[0]
    case.say(Supplemented(plan=with_children.digest, refetch=("home", "school", "unknown")))
    assert case.targets(CommandKind.FETCH_RECORD) == ["school", "home"]
    assert case.targets(CommandKind.UNDO_EFFECT) == [held.id]
    assert case.state.data == {"home": DataState.PENDING, "school": DataState.PENDING}
    assert missing_materials(case.record.plan, case.state) == ("report",)


def test_an_old_answer_of_a_repeated_look_up_is_late() -> None:
    _, plan = two_plans()
    case = Case(plan)
    old = fetched(case.command(CommandKind.FETCH_RECORD, "home"))
    case.say(Supplemented(plan=plan.digest, refetch=("home",)))
    assert case.comes(old) is Taken.LATE
    assert case.state.data["home"] is DataState.PENDING
    assert case.fetch("home") is Taken.RECORDED


def test_a_correction_of_a_paper_that_no_longer_applies_is_over() -> None:
    with_children, without = two_plans()
    case = Case(with_children, other_plans=[without])
    case.say(asked("report"))
    case.say(Supplemented(plan=without.digest))
    assert case.status is CaseStatus.SUBMITTED


@pytest.mark.parametrize("change", [{"plan": True}, {"fields": True}, {"refetch": ("home",)}])
def test_after_acceptance_only_papers_may_be_added(change: dict[str, object]) -> None:
    _, plan = two_plans()
    case = Case(plan)
    case.accept()
    values = {key: plan.digest if key == "plan" else value for key, value in change.items()}
    with pytest.raises(NotAllowed) as refused:
        case.say(Supplemented.model_validate(values))
    assert refused.value.code is FailureCode.PLAN_FIXED
