"""条件: a decision says of each whether it is met, and follows from that."""

import pytest

from onething.domain.definition.items import Handling
from onething.domain.definition.outcomes import ItemKind
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import ItemState
from tests.domain.builders import Case, item, make_plan


def held(procedure: ItemKind = ItemKind.DECISION) -> Case:
    case = Case(make_plan(item("a", conditions=("safe", "clean"), procedure=procedure), item("b")))
    case.accept()
    return case


@pytest.mark.parametrize(
    ("outcome", "conditions", "detail"),
    [
        ("approve", {}, "还缺：须safe。；须clean。"),
        ("approve", {"safe": True}, "还缺：须clean。"),
        ("approve", {"safe": True, "clean": False}, "不符合的有：须clean。"),
        ("refuse", {"safe": True, "clean": True}, "哪一条不符合"),
        ("refuse", {}, "还缺"),
        ("approve", {"safe": True, "clean": True, "tall": True}, "没有条件“tall”"),
    ],
)
def test_what_does_not_follow_from_its_conditions_is_no_decision(
    outcome: str, conditions: dict[str, bool], detail: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        held().decide("a", outcome, **conditions)
    assert refused.value.code is FailureCode.INVALID_VALUE
    assert detail in refused.value.detail


def test_with_all_met_it_is_approved_and_with_one_unmet_refused() -> None:
    case = held()
    case.decide("a", "approve", safe=True, clean=True)
    assert case.at("a") is ItemState.APPROVED
    case = held()
    case.decide("a", "refuse", safe=False, clean=True)
    assert case.at("a") is ItemState.REFUSED


def test_an_outcome_of_its_own_may_refuse_for_another_reason_and_what_is_not_found_says_nothing() -> None:
    case = held(ItemKind.FILING)
    case.decide("a", "incomplete", safe=True, clean=True)
    assert case.at("a") is ItemState.REFUSED
    case = held(ItemKind.VERIFICATION)
    case.decide("a", "no_record")
    assert case.at("a") is ItemState.NEUTRAL


@pytest.mark.parametrize("conditions", [{}, {"safe": True, "clean": True}])
def test_a_department_s_system_may_say_or_not(conditions: dict[str, bool]) -> None:
    case = Case(make_plan(item("a", conditions=("safe", "clean"), handling=Handling.SYSTEM), item("b")))
    case.accept()
    command = case.command(CommandKind.DISPATCH_ITEM, "a").id
    case.say(ItemDecided(item="a", round=1, outcome="approve", command=command, conditions=conditions))
    assert case.at("a") is ItemState.APPROVED
