"""退回: an earlier item opens once more, what relies on it waits, and each one's time goes on from what was used."""

from datetime import timedelta

import pytest

from onething.domain.calendar.limits import ExtensionRank
from onething.domain.deadlines.clock_kinds import item_clock, item_statutory
from onething.domain.definition.items import Handling, OnRefusal
from onething.domain.definition.time_rules import ClockRules, OverdueHow
from onething.domain.errors import NotAllowed
from onething.domain.events.deadlines import ClockExtended
from onething.domain.events.intake import Withdrawn
from onething.domain.events.tasks import ItemDecided, TaskClaimed
from onething.domain.events.undo import RevocationDecided
from onething.domain.items.deemed import deemed_approvals
from onething.domain.items.guards import MOST_ROUNDS
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ClockState, EffectKind, ItemState
from onething.domain.kernel.task_ref import TaskKind
from tests.domain.builders import DAY, HOUR, LADDER, Case, item, make_plan, success
from tests.domain.stories import finish


def licensed(**first: object) -> Case:
    """The licence is approved after a day; seal and tax need it, and the stamp needs the seal."""
    case = Case(
        make_plan(
            item("licence", days=3, **first),  # type: ignore[arg-type]
            item("seal", needs=["licence"], days=3, refusal=OnRefusal.GO_ON),
            item("tax", needs=["licence"], days=3),
            item("stamp", needs=["seal"]),
            clocks=ClockRules(ladder=LADDER),
        )
    )
    case.accept()
    case.wait(23 * HOUR)  # its system has a day
    if case.targets(CommandKind.DISPATCH_ITEM):
        case.system_decides("licence")
    else:
        case.approve("licence")
    return case


def due(case: Case, name: str) -> str:
    at = case.state.clocks[name].due_at
    return "" if at is None else f"{at:%m-%d}"


def test_the_earlier_item_opens_again_and_what_relies_on_it_waits() -> None:
    case = licensed()
    case.say(TaskClaimed(item="tax", round=1))
    case.send_back("seal", "licence")
    states = {code: (one.state, one.round) for code, one in case.state.items.items()}
    assert states == {
        "licence": (ItemState.OPEN, 2),
        "seal": (ItemState.WAITING, 1),
        "tax": (ItemState.WAITING, 1),
        "stamp": (ItemState.WAITING, 0),
    }
    assert [(task.name, task.round) for task in case.record.open_tasks()] == [("licence", 2)]
    assert case.record.tasks["seal", 1].result == case.record.tasks["tax", 1].result == "returned"
    case.approve("licence")
    assert [(task.name, task.round) for task in case.record.open_tasks()] == [("seal", 2), ("tax", 2)]
    for code in ("seal", "tax", "stamp"):
        case.approve(code)
    finish(case)
    assert case.status is CaseStatus.CLOSED
    assert [effect.target for effect in case.state.effects] == ["licence", "seal", "tax", "stamp"]


def test_an_item_has_the_time_that_it_had_left() -> None:
    """The licence had used one of three days; seal and tax none when they went away. The case's time goes on."""
    case = licensed()
    case_due = due(case, "case")
    assert (due(case, item_clock("licence")), due(case, item_clock("seal"))) == ("03-05", "03-06")
    case.wait(DAY)
    case.send_back("seal", "licence")
    assert due(case, item_clock("licence")) == "03-06"
    assert due(case, item_statutory("licence")) == "03-31"
    assert due(case, item_clock("seal")) == ""
    case.wait(2 * DAY)
    case.approve("licence")
    assert due(case, item_clock("seal")) == "03-10", "away for two days' ends"
    assert due(case, item_statutory("seal")) == "04-02"
    assert due(case, "case") == case_due


def test_what_was_extended_stays_so_though_the_state_forgot() -> None:
    case = Case(make_plan(item("licence"), item("seal", needs=["licence"]), clocks=ClockRules()))
    case.accept()
    case.say(ClockExtended(item="licence", amount=5, rank=ExtensionRank.AGENCY_HEAD, notice="n"))
    before = due(case, item_statutory("licence"))
    case.approve("licence")
    assert item_statutory("licence") not in case.state.clocks
    case.send_back("seal", "licence")
    assert due(case, item_statutory("licence")) == before
    with pytest.raises(NotAllowed, match="只能延长一次"):
        case.say(ClockExtended(item="licence", amount=5, rank=ExtensionRank.AGENCY_HEAD, notice="n"))


def test_who_was_late_is_late_at_once_and_not_warned_twice() -> None:
    case = Case(make_plan(item("licence"), item("seal", needs=["licence"], days=9), clocks=ClockRules(ladder=LADDER)))
    case.accept()
    case.wait(3 * DAY)
    case.approve("licence")
    fired = [reached.rung for _, reached in rungs(case)]
    case.wait(DAY)
    case.send_back("seal", "licence")
    assert case.state.clocks[item_clock("licence")].state is ClockState.OVERDUE
    case.wait(HOUR)
    assert [reached.rung for _, reached in rungs(case)] == fired
    case.approve("licence")
    assert case.state.clocks[item_clock("licence")].state is ClockState.MISSED


def rungs(case: Case) -> list[tuple[str, object]]:
    return [(line.event.clock, line.event) for line in case.record.events("rung_fired")]  # type: ignore[union-attr]


def test_it_goes_back_step_by_step() -> None:
    case = licensed()
    case.approve("seal")
    with pytest.raises(NotAllowed, match="逐级退回"):
        case.send_back("tax", "licence")
    with pytest.raises(NotAllowed, match="直接需要"):
        case.send_back("stamp", "licence")
    case.send_back("stamp", "seal")
    case.send_back("seal", "licence")
    assert {code: one.round for code, one in case.state.items.items()} == {
        "licence": 2,
        "seal": 2,
        "tax": 1,
        "stamp": 1,
    }


def test_only_what_was_approved_by_who_has_it_in_hand_and_not_without_end() -> None:
    case = licensed()
    case.send_back("seal", "licence")
    with pytest.raises(NotAllowed, match="没有前一事项"):
        case.send_back("licence", "seal")
    with pytest.raises(NotAllowed, match="等待前置事项"):
        case.send_back("tax", "licence")
    case.approve("licence")
    with pytest.raises(NotAllowed, match="新一轮"):
        case.say(case.record.sent_back("seal", "licence").model_copy(update={"round": 1}))
    for _ in range(MOST_ROUNDS - 2):
        case.send_back("seal", "licence")
        case.approve("licence")
    with pytest.raises(NotAllowed, match="督办人员"):
        case.send_back("seal", "licence")


def test_refused_in_its_second_round_it_takes_along_what_waited() -> None:
    case = licensed(refusal=OnRefusal.SKIP_DEPENDANTS)
    case.send_back("seal", "licence")
    case.refuse("licence")
    assert {case.at(code) for code in ("seal", "tax", "stamp")} == {ItemState.SKIPPED}
    assert case.state.clocks[item_clock("seal")].state is ClockState.CANCELLED
    finish(case)
    assert case.status is CaseStatus.CLOSED


def test_what_its_system_approved_is_not_taken_back_at_anothers_word() -> None:
    """Its own people decide on it: approved once more it is the same approval to its system."""
    case = licensed(handling=Handling.SYSTEM)
    order = case.state.effects[0].id
    case.send_back("seal", "licence")
    assert case.deciding() == ["licence"]
    assert (case.state.undo_queue, case.state.undo_tasks) == ((), ())
    case.approve("licence")
    assert [(one.id, one.kind) for one in case.state.effects] == [(order, EffectKind.APPROVAL)]
    case.say(Withdrawn())
    finish(case)
    assert (case.at("licence"), case.record.events("effect_undone")) == (ItemState.APPROVED, [])


@pytest.mark.parametrize("refusal", OnRefusal)
def test_refused_by_its_people_its_system_is_told_at_once(refusal: OnRefusal) -> None:
    case = licensed(handling=Handling.SYSTEM, refusal=refusal)
    order = case.state.effects[0].id
    case.send_back("seal", "licence")
    case.refuse("licence")
    assert case.targets(CommandKind.UNDO_EFFECT) == [order]


def test_withdrawn_while_they_think_they_decide_whether_it_stands() -> None:
    case = licensed(handling=Handling.SYSTEM)
    case.send_back("seal", "licence")
    case.say(Withdrawn())
    assert case.targets(CommandKind.UNDO_EFFECT) == []
    assert [(task.kind, task.item) for task in case.record.open_tasks()] == [(TaskKind.REVOKE, "licence")]
    case.say(RevocationDecided(item="licence", round=1, revoke=False, opinion="o"))
    assert case.at("licence") is ItemState.APPROVED


def test_withdrawn_while_they_are_asked_already_they_are_asked_once() -> None:
    """Silence let the licence lapse before: what its system approved is still theirs to say."""
    case = licensed(handling=Handling.SYSTEM, overdue=OverdueHow.PROCEED_WITHOUT, law=2)
    case.send_back("seal", "licence")
    case.wait(6 * DAY)
    assert case.at("licence") is ItemState.LAPSED
    asked = [(task.name, task.round) for task in case.record.open_tasks() if task.kind is TaskKind.REVOKE]
    assert asked == [("licence.revoke", 1)]
    case.say(Withdrawn())
    assert [(task.name, task.round) for task in case.record.open_tasks()] == asked
    case.say(RevocationDecided(item="licence", round=1, revoke=True, opinion="o"))
    assert len(case.targets(CommandKind.UNDO_EFFECT)) == 1


def test_an_order_that_waits_is_called_off_and_given_anew() -> None:
    case = Case(
        make_plan(
            item("licence"),
            item("seal", needs=["licence"]),
            item("bank", needs=["licence"], handling=Handling.SYSTEM),
        )
    )
    case.accept()
    case.approve("licence")
    first = case.command(CommandKind.DISPATCH_ITEM, "bank")
    case.send_back("seal", "licence")
    assert case.targets(CommandKind.DISPATCH_ITEM) == []
    case.undo()
    case.approve("licence")
    second = case.command(CommandKind.DISPATCH_ITEM, "bank")
    assert second.id != first.id
    case.system_decides("bank")
    case.comes(success(first))
    case.undo()
    assert case.at("bank") is ItemState.APPROVED, "the order before was undone, this one stands"
    case.approve("seal")
    finish(case)
    assert case.status is CaseStatus.CLOSED


def test_what_its_people_had_in_hand_stays_theirs() -> None:
    case = Case(
        make_plan(
            item("licence"), item("bank", needs=["licence"], handling=Handling.SYSTEM), item("seal", needs=["bank"])
        )
    )
    case.accept()
    case.approve("licence")
    case.wait(timedelta(days=2))  # longer than the patience with its system
    case.send_back("bank", "licence")
    case.approve("licence")
    assert (case.targets(CommandKind.DISPATCH_ITEM), case.deciding()) == ([], ["bank"])


def test_what_silence_approved_may_go_back_and_silence_does_not_decide_again() -> None:
    case = Case(
        make_plan(
            item("licence", overdue=OverdueHow.DEEM_APPROVED, law=1),
            item("seal", needs=["licence"]),
            clocks=ClockRules(),
        )
    )
    case.accept()
    case.wait(2 * DAY)
    assert "licence" in deemed_approvals(case.record.plan, case.state)
    case.send_back("seal", "licence")
    case.wait(5 * DAY)
    assert case.at("licence") is ItemState.OPEN
    case.say(ItemDecided(item="licence", round=2, outcome="approve"))
    assert deemed_approvals(case.record.plan, case.state) == {}
