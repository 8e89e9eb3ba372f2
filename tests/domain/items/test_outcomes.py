"""What an item may end with by its kind, and what each of these ends brings for the rest of the case."""

import pytest

from onething.domain.definition.items import Handling, OnRefusal
from onething.domain.definition.outcomes import ItemKind, OutcomeEffect
from onething.domain.definition.periods import PeriodState
from onething.domain.definition.time_rules import ClockRules, OverdueHow
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.items import CaseReopened
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.queries import ended_with
from onething.domain.kernel.state import CaseStatus, ItemState
from onething.domain.kernel.step_result import TaskClosed
from tests.domain.builders import DAY, Case, ends_of, item, make_plan, period, record
from tests.domain.stories import finish


def shop(refusal: OnRefusal = OnRefusal.GO_ON) -> Case:
    """The licence is looked at first; a filing needs it, and a card needs the filing."""
    case = Case(
        make_plan(
            item("look", procedure=ItemKind.VERIFICATION, refusal=refusal),
            item("file", needs=["look"], procedure=ItemKind.FILING, refusal=OnRefusal.SKIP_DEPENDANTS),
            item("card", needs=["file"], procedure=ItemKind.SERVICE, refusal=OnRefusal.GO_ON),
        )
    )
    case.accept()
    return case


def said(case: Case, code: str) -> str | None:
    outcome = ended_with(case.record.plan.item_by_code[code], case.state.items[code])
    return outcome.name if outcome else None


def test_each_kind_ends_well_in_its_own_words() -> None:
    case = shop()
    looked = case.decide("look", "matches")
    assert looked.tasks[0] == TaskClosed("look", 1, "matches")
    assert (case.at("look"), case.state.items["look"].outcome) == (ItemState.APPROVED, "matches")
    case.decide("file", "filed")
    case.decide("card", "done")
    assert [said(case, code) for code in ("look", "file", "card")] == ["一致", "已备案", "已办妥"]
    assert case.status is CaseStatus.DELIVERED


def test_where_nothing_is_found_the_others_go_on_and_nothing_is_granted() -> None:
    case = shop(OnRefusal.STOP)
    found = case.decide("look", "no_record")
    assert (case.at("look"), said(case, "look")) == (ItemState.NEUTRAL, "查无记录")
    assert case.at("file") is ItemState.OPEN
    assert found.state.effects == ()
    assert found.state.letters == {}
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted"]


def test_what_differs_ends_the_case_with_the_letter_of_its_end_and_none_of_a_refusal() -> None:
    case = shop(OnRefusal.STOP)
    case.decide("look", "differs")
    assert case.status is CaseStatus.TERMINATED
    assert set(case.state.letters.values()) == {"terminated"}


def test_what_differs_without_ending_the_case_writes_no_letter() -> None:
    case = shop()
    case.decide("look", "differs")
    assert (case.at("look"), case.state.letters) == (ItemState.REFUSED, {})
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted"]
    assert case.at("file") is ItemState.OPEN


@pytest.mark.parametrize("outcome", ["out_of_scope", "incomplete"])
def test_a_filing_is_refused_by_its_own_outcome_alone(outcome: str) -> None:
    case = shop()
    case.decide("look", "matches")
    case.decide("file", outcome)
    assert case.at("file") is ItemState.REFUSED
    assert case.at("card") is ItemState.SKIPPED
    assert "refused" in case.state.letters.values()


@pytest.mark.parametrize(("code", "outcome"), [("look", "approve"), ("look", "refuse"), ("look", "filed")])
def test_no_item_ends_with_the_words_of_another_kind(code: str, outcome: str) -> None:
    case = shop()
    with pytest.raises(NotAllowed) as refused:
        case.decide(code, outcome)
    assert refused.value.code is FailureCode.INVALID_VALUE
    assert "一致（matches）、不一致（differs）、查无记录（no_record）" in refused.value.detail


def test_a_plain_decision_is_remembered_by_its_state_alone() -> None:
    case = Case(make_plan(item("a"), item("b")))
    case.accept()
    case.decide("a", "approve")
    assert (case.state.items["a"].outcome, said(case, "a"), said(case, "b")) == (None, "准予", None)


@pytest.mark.parametrize(
    ("how", "state", "outcome"),
    [
        (OverdueHow.DEEM_APPROVED, ItemState.APPROVED, "filed"),
        (OverdueHow.REFUSE, ItemState.REFUSED, "out_of_scope"),
        (OverdueHow.LAPSE, ItemState.LAPSED, None),
    ],
)
def test_silence_brings_the_first_outcome_of_its_effect(how: OverdueHow, state: ItemState, outcome: str | None) -> None:
    file = item("file", procedure=ItemKind.FILING, overdue=how, law=5, refusal=OnRefusal.GO_ON)
    case = Case(make_plan(file, item("other"), clocks=ClockRules()))
    case.accept()
    case.wait(8 * DAY)
    assert (case.at("file"), case.state.items["file"].outcome) == (state, outcome)


def test_what_goes_back_or_is_taken_back_has_ended_with_nothing() -> None:
    case = shop()
    case.decide("look", "matches")
    case.send_back("file", "look")
    assert (case.at("look"), case.state.items["look"].outcome) == (ItemState.OPEN, None)
    case.decide("look", "no_record")
    assert said(case, "look") == "查无记录"


def test_a_system_says_late_what_would_have_been_well_or_not() -> None:
    """Of its people's neutral word its own approval is taken back; its refusal leaves nothing to take back."""
    for outcome, queued in (("matches", 1), ("no_record", 0)):
        case = Case(
            make_plan(
                item("look", procedure=ItemKind.VERIFICATION, handling=Handling.SYSTEM, patience=60),
                item("other"),
            )
        )
        case.accept()
        command = case.command(CommandKind.DISPATCH_ITEM, "look")
        case.wait(DAY)
        case.decide("look", "no_record")
        case.comes(ItemDecided(item="look", round=1, outcome=outcome, command=command.id))
        undoing = case.targets(CommandKind.UNDO_EFFECT)
        assert len(undoing) == queued


def test_every_kind_has_an_end_that_is_well() -> None:
    for kind in ItemKind:
        effects = [one.effect for one in ends_of(kind)]
        assert effects.count(OutcomeEffect.WELL) == 1
        assert effects[0] is OutcomeEffect.WELL


def either_way(refusal: OnRefusal = OnRefusal.GO_ON) -> Case:
    """What is on file is corrected where it differs, entered where there is none, and used where it matches."""
    case = Case(
        make_plan(
            item("look", procedure=ItemKind.VERIFICATION, refusal=refusal),
            item("correct", needs=["look"], outcomes={"look": "differs"}),
            item("enter", needs=["look"], outcomes={"look": "no_record"}, data=["site"]),
            item("use", needs=["look"], outcomes={"look": "matches"}),
            item("pay", needs=["use"]),
            data=[record("site")],
        )
    )
    case.fetch("site")
    case.accept()
    return case


@pytest.mark.parametrize("refusal", [OnRefusal.GO_ON, OnRefusal.SKIP_DEPENDANTS])
@pytest.mark.parametrize(
    ("ends", "opens"), [("differs", {"correct"}), ("no_record", {"enter"}), ("matches", {"use", "pay"})]
)
def test_what_comes_after_one_outcome_opens_on_it_and_not_on_others(
    refusal: OnRefusal, ends: str, opens: set[str]
) -> None:
    case = either_way(refusal)
    assert {case.at(code) for code in ("correct", "enter", "use", "pay")} == {ItemState.WAITING}
    case.decide("look", ends)
    skipped = {code for code in ("correct", "enter", "use", "pay") if case.at(code) is ItemState.SKIPPED}
    assert skipped == {"correct", "enter", "use", "pay"} - opens
    assert case.at(min(opens - {"pay"})) is ItemState.OPEN
    assert ("site" in case.state.data) is (ends == "no_record"), "nothing is looked up for what is not done"


def test_what_was_not_to_be_done_is_waited_for_again_when_what_it_comes_after_is_sent_back() -> None:
    case = either_way()
    case.decide("look", "matches")
    case.send_back("use", "look")
    assert {case.at(code) for code in ("correct", "enter", "use", "pay")} == {ItemState.WAITING}
    assert "site" in case.state.data
    case.decide("look", "differs")
    assert (case.at("correct"), case.at("use"), case.at("pay")) == (
        ItemState.OPEN,
        ItemState.SKIPPED,
        ItemState.SKIPPED,
    )


def test_so_it_is_when_a_closed_case_is_reopened() -> None:
    case = either_way()
    case.decide("look", "differs")
    case.approve("correct")
    finish(case)
    case.say(CaseReopened(items=("look",), basis="杭政复〔2026〕12号", reason="notice:9"))
    assert {case.at(code) for code in ("enter", "use", "pay")} == {ItemState.WAITING}
    assert case.at("correct") is ItemState.APPROVED


def test_a_period_comes_after_one_outcome_too() -> None:
    after = period("objecting", needs=["look"], outcomes={"look": "differs"})
    waits = {"needs": ["look"], "outcomes": {"look": "differs"}, "periods": {"objecting": PeriodState.OVER}}
    look = item("look", procedure=ItemKind.VERIFICATION, refusal=OnRefusal.SKIP_DEPENDANTS)
    for ends, begins in (("differs", True), ("matches", False)):
        case = Case(make_plan(look, item("strike", **waits), periods=[after]))
        case.accept()
        case.decide("look", ends)
        assert case.state.periods == (
            {"objecting": PeriodState.RUNNING} if begins else {"objecting": PeriodState.DROPPED}
        )
        assert case.at("strike") is (ItemState.WAITING if begins else ItemState.SKIPPED)
