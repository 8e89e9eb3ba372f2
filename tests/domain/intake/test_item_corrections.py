"""A department asks for something anew after acceptance: promises wait, the law's time goes on."""

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.definition.time_rules import ClockRules, OverdueHow
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.deadlines import ClockSuspended
from onething.domain.events.intake import ItemCorrectionsAsked, StillAsked, Supplemented, Withdrawn
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.state import CaseStatus, ClockState, ItemState
from tests.domain.builders import DAY, Case, item, make_plan
from tests.domain.deadlines.test_rules import local

ASK = ItemCorrectionsAsked(item="a", materials=("deed", "photo"), notice="n")


def asked(**of_item: object) -> Case:
    plan = make_plan(
        item("a", materials=["deed", "photo"], days=5, **of_item),  # type: ignore[arg-type]
        item("b", days=1),
        clocks=ClockRules(),
    )
    case = Case(plan)
    case.accept()
    case.say(ASK)
    return case


def test_promises_wait_and_the_law_does_not() -> None:
    case = asked()
    clocks = case.state.clocks
    assert case.at("a") is ItemState.CORRECTION
    assert {name for name, clock in clocks.items() if clock.state is ClockState.SUSPENDED} == {"case", "item:a"}
    assert case.record.plan.clocks is not None
    assert case.record.plan.clocks.critical == ("a",)
    assert missing_materials(case.record.plan, case.state) == ("deed", "photo")


def test_it_goes_on_when_all_of_it_has_come() -> None:
    case = asked()
    case.wait(DAY)
    case.say(Supplemented(materials=("deed",)))
    assert (case.at("a"), missing_materials(case.record.plan, case.state)) == (ItemState.CORRECTION, ("photo",))
    case.wait(DAY)
    case.say(Supplemented(materials=("photo",)))  # Wednesday 4 March at nine: closings of 2 and 3 out
    assert case.at("a") is ItemState.OPEN
    assert case.state.asked == {}
    assert case.state.clocks["item:a"].due_at == local(10, 17)
    case.approve("a")
    assert case.state.clocks["item:a"].state is ClockState.MET


def test_nobody_decides_or_suspends_meanwhile() -> None:
    case = asked()
    with pytest.raises(NotAllowed, match="待补正"):
        case.refuse("a")
    with pytest.raises(NotAllowed, match="不在办理中"):
        case.say(ClockSuspended(item="a", basis=PauseBasis.FORCE_MAJEURE, expected_days=1, notice="n"))
    with pytest.raises(NotAllowed, match="不能要求补正"):
        case.say(ASK)


def test_the_law_s_time_may_end_meanwhile_and_the_case_goes_on() -> None:
    case = asked(law=5, overdue=OverdueHow.PROCEED_WITHOUT)
    case.wait(DAY)
    case.approve("b")
    case.wait(8 * DAY)
    assert case.at("a") is ItemState.LAPSED
    assert case.status is CaseStatus.DELIVERED
    assert case.state.asked == {}
    assert case.state.clocks["case"].state is ClockState.MET


def test_another_department_s_notice_tells_of_what_is_still_awaited_and_of_nothing_else() -> None:
    case = asked()
    case.say(Supplemented(materials=("photo",)))
    mine = ItemCorrectionsAsked(item="b", materials=("photo",), notice="n2")
    for item_, materials in (("a", ("deed", "photo")), ("b", ("deed",)), ("c", ("deed",))):
        also = (StillAsked(item=item_, materials=materials, notice="n"),)
        with pytest.raises(NotAllowed, match="材料有变"):
            case.say(mine.model_copy(update={"also": also}))
    case.say(mine.model_copy(update={"also": (StillAsked(item="a", materials=("deed",), notice="n"),)}))
    assert case.state.asked == {"a": ("deed",), "b": ("photo",)}


def test_an_early_end_waits_for_nothing() -> None:
    case = asked()
    case.say(Withdrawn())
    assert (case.at("a"), case.state.asked) == (ItemState.LAPSED, {})
    assert not case.deciding()


def test_only_what_the_case_needs_can_be_asked_for_and_only_by_newer_plans() -> None:
    case = asked()
    with pytest.raises(NotAllowed) as refused:
        case.say(ItemCorrectionsAsked(item="b", materials=("passport",), notice="n"))
    assert refused.value.code is FailureCode.UNKNOWN_MATERIAL
    old = Case(make_plan(item("a", materials=["deed", "photo"])))
    old.accept()
    with pytest.raises(NotAllowed, match="只按承诺计时"):
        old.say(ASK)
