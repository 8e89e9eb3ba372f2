"""办成后补交: what is to be handed in after the decision, and what follows when it is not."""

import pytest

from onething.domain.definition.items import UndoHow
from onething.domain.definition.time_rules import Missed
from onething.domain.errors import NotAllowed
from onething.domain.events.intake import PapersReceived, Withdrawn
from onething.domain.events.undo import ReviewAsked, RevocationDecided
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ClockState
from tests.domain.builders import Case, item, make_plan, material, owes
from tests.domain.deadlines.test_rules import whats
from tests.domain.stories import finish, owing

CLOCK = "owed:permit"
HANDED_IN = PapersReceived(materials=("permit",))


def granted(missed: Missed = Missed.REVOKE) -> Case:
    case = Case(owing(missed), materials=[])
    case.accept()
    case.approve("pension")
    return case


def test_nothing_waits_for_it_and_its_time_begins_with_the_decision() -> None:
    case = Case(owing(Missed.REVOKE), materials=[])
    assert missing_materials(case.record.plan, case.state) == ()
    case.accept()
    assert CLOCK not in case.state.clocks
    case.approve("pension")
    assert case.state.clocks[CLOCK].state is ClockState.RUNNING
    assert missing_materials(case.record.plan, case.state) == ("permit",)
    case.approve("card")
    assert whats(case, CLOCK) == ["started"]
    finish(case)
    assert case.status is CaseStatus.CLOSED


def test_handed_in_when_the_case_has_closed() -> None:
    case = granted()
    case.approve("card")
    finish(case)
    case.say(HANDED_IN)
    assert (case.state.owed, CLOCK in case.state.clocks) == ({}, False)
    with pytest.raises(NotAllowed, match="不再等候"):
        case.say(HANDED_IN)


@pytest.mark.parametrize("missed", [Missed.REVOKE, Missed.STOP_BENEFIT])
def test_not_handed_in_its_departments_decide_what_becomes_of_it(missed: Missed) -> None:
    case = granted(missed)
    case.approve("card")
    finish(case)
    until = case.state.clocks[CLOCK].due_at
    assert until is not None
    case.wait(until - case.now)
    assert case.kinds()[-1] == "owed_time_ended"
    assert {code: one.unsupplied for code, one in case.state.revocations.items()} == {
        "pension": "permit",
        "card": "permit",
    }
    assert case.targets(CommandKind.SEND_NOTICES) == ["not_handed_in"]
    with pytest.raises(NotAllowed, match="没有等待决定"):
        case.say(RevocationDecided(item="pension", round=1, revoke=True, opinion="o"))
    case.say(HANDED_IN)  # until then, and whoever decides knows
    assert case.state.owed == {}


def test_it_may_be_demanded_once_more_first() -> None:
    case = granted(Missed.RECTIFY)
    first = case.state.clocks[CLOCK].due_at
    assert first is not None
    case.wait(first - case.now)
    assert (case.state.owed, case.state.revocations) == ({"permit": 1}, {})
    second = case.state.clocks[CLOCK].due_at
    assert second is not None
    case.wait(second - case.now)
    assert (case.state.owed, set(case.state.revocations)) == ({"permit": 2}, {"pension"})


def test_it_is_owed_no_more_when_what_needed_it_is_revoked_or_falls() -> None:
    case = granted()
    case.say(ReviewAsked(item="pension", round=1, reason="r"))
    case.say(RevocationDecided(item="pension", round=1, revoke=True, opinion="o", review=True))
    assert whats(case, CLOCK) == ["started", "cancelled"]
    paper = material("permit", due=owes()).model_copy(update={"needed_by": ("name",)})
    case = Case(make_plan(item("name", undo=UndoHow.RELEASE), item("card"), materials=[paper]), materials=[])
    case.accept()
    case.approve("name")
    case.say(Withdrawn())
    assert whats(case, CLOCK) == ["started", "cancelled"]


def test_what_stands_though_the_case_ended_early_owes_it_as_before() -> None:
    case = granted()
    case.say(Withdrawn())
    assert case.state.clocks[CLOCK].state is ClockState.RUNNING
