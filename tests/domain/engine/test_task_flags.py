"""What marks open tasks follows from the state, whatever brought it about."""

from datetime import timedelta

from hypothesis import given

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.deadlines.clock_kinds import item_statutory
from onething.domain.definition.time_rules import ClockRules, LegalEffect
from onething.domain.engine.task_flags import TaskFlag, TaskFlags, due_effect, flags_of
from onething.domain.events.deadlines import ClockResumed, ClockSuspended
from onething.domain.events.followup import Supervised, UrgeAnswered, Urged
from onething.domain.events.intake import DemandTakenBack, ItemCorrectionsAsked, Supplemented
from onething.domain.kernel.state import AT_DEPARTMENT
from onething.domain.kernel.task_ref import TaskKind, item_task
from tests.domain.builders import DAY, HOUR, MONDAY, Case, compared, item, make_plan, record
from tests.domain.calendar.schedules import Play, played
from tests.domain.engine.test_properties import law

ASKED = ItemCorrectionsAsked(item="licence", materials=("charter",), notice="notice:3")


def opened() -> Case:
    case = Case(make_plan(item("licence", materials=["charter"], days=3), item("tax"), clocks=ClockRules()))
    case.accept()
    return case


def of(case: Case, code: str = "licence") -> TaskFlags:
    return flags_of(case.record.plans[case.state.plan], case.state)[item_task(code), case.round(code)]


def test_a_task_that_has_just_opened_has_none_but_the_law_s_date() -> None:
    case = opened()
    law_ends = case.state.clocks[item_statutory("licence")].due_at
    assert law_ends is not None
    assert of(case) == TaskFlags((), statutory_due_at=law_ends)


def test_urges_and_supervisions_until_they_are_answered() -> None:
    case = opened()
    case.say(Urged(item="licence", notice="notice:3"))
    assert of(case).flags == (TaskFlag.URGED,)
    assert of(case, "tax").flags == ()
    case.say(Supervised(days=2, notice="supervision:4"))
    answer_due = MONDAY + 2 * DAY + 8 * HOUR
    assert (of(case).flags, of(case).supervised_due_at) == ((TaskFlag.URGED, TaskFlag.SUPERVISED), answer_due)
    assert (of(case, "tax").flags, of(case, "tax").supervised_due_at) == ((TaskFlag.SUPERVISED,), answer_due)
    case.say(UrgeAnswered(clock="urge:3", notice="notice:5"))
    assert of(case).flags == (TaskFlag.SUPERVISED,)


def test_what_was_asked_for_is_open_and_then_answered() -> None:
    case = opened()
    case.say(ASKED)
    assert of(case).flags == (TaskFlag.CORRECTION_OPEN,)
    case.say(Supplemented(materials=("charter",)))
    assert of(case).flags == (TaskFlag.CORRECTION_ANSWERED,)
    case.say(ASKED)
    assert of(case).flags == (TaskFlag.CORRECTION_OPEN,)


def test_what_is_taken_back_or_does_not_come_was_not_answered() -> None:
    case = opened()
    case.say(ASKED)
    case.say(DemandTakenBack(item="licence", notice="notice:4"))
    assert of(case).flags == ()
    case.say(ASKED)
    case.wait(20 * DAY)
    assert TaskFlag.CORRECTION_ANSWERED not in of(case).flags


def test_a_suspended_one_keeps_standing_still_until_it_is_resumed() -> None:
    plan = make_plan(item("licence", pauses=[PauseBasis.HEARING]), clocks=ClockRules())
    case = Case(plan)
    case.accept()
    case.say(ClockSuspended(item="licence", basis=PauseBasis.HEARING, expected_days=5, notice="notice:3"))
    assert of(case) == TaskFlags((TaskFlag.SUSPENDED,))  # a hearing stops the law's time too
    case.say(ClockResumed(item="licence"))
    assert of(case).flags == ()


def test_an_item_that_was_sent_back_is_marked_and_so_is_the_one_that_comes_again() -> None:
    case = Case(make_plan(item("licence"), item("seal", needs=["licence"])))
    case.accept()
    case.approve("licence")
    assert of(case, "seal").flags == ()
    case.send_back("seal", "licence")
    assert of(case).flags == (TaskFlag.RETURNED,)
    case.approve("licence")
    assert of(case, "seal").flags == (TaskFlag.RETURNED,)


def test_answers_of_an_earlier_round_mark_no_later_one() -> None:
    parts = item("licence", materials=["charter"]), item("seal", needs=["licence"])
    case = Case(make_plan(*parts, clocks=ClockRules()))
    case.accept()
    case.say(ASKED)
    case.say(Supplemented(materials=("charter",)))
    case.approve("licence")
    case.send_back("seal", "licence")
    assert of(case).flags == (TaskFlag.RETURNED,)


def test_values_that_differ_mark_the_items_that_rely_on_them() -> None:
    plan = make_plan(
        item("licence"),
        item("tax"),
        data=[record("home")],
        compare=[compared("address", "form.address", "data.home.address", items=["licence"])],
    )
    case = Case(plan)
    case.accept()
    case.fetch_saying("home", "address", address="elsewhere")
    assert of(case).flags == (TaskFlag.DISCREPANCY,)
    assert of(case, "tax").flags == ()


def test_what_the_due_date_of_a_task_is_in_law() -> None:
    assert due_effect(TaskKind.DECIDE) is LegalEffect.PROMISE
    assert {due_effect(kind) for kind in TaskKind if kind is not TaskKind.DECIDE} == {LegalEffect.NONE}


@law
@given(played())
def test_each_item_at_its_department_has_its_flags_and_no_other(play: Play) -> None:
    for one in play.record.steps:
        state = one.effected.state
        found = flags_of(play.record.plans[state.plan], state)
        there = {(item_task(code), at.round) for code, at in state.items.items() if at.state in AT_DEPARTMENT}
        assert found.keys() == there
        for (name, round_no), flags in found.items():
            anew = state.reopening is not None and name.subject in state.reopening.items
            assert (TaskFlag.RETURNED in flags.flags) == (round_no > 1 and not anew)
            both = {TaskFlag.CORRECTION_OPEN, TaskFlag.CORRECTION_ANSWERED}
            assert not both <= set(flags.flags)
            assert (TaskFlag.CORRECTION_OPEN in flags.flags) == bool(state.asked.get(name.subject))
            assert flags.supervised_due_at is None or TaskFlag.SUPERVISED in flags.flags
            assert flags.statutory_due_at is None or flags.statutory_due_at >= state.submitted_at - timedelta(days=1)
