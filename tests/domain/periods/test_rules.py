"""Times in which no authority decides: when they begin, how they end, what opens after, and whose time stands still."""

from datetime import timedelta

import pytest

from onething.domain.deadlines.clock_kinds import CASE_CLOCK, CASE_STATUTORY, item_clock, period_clock
from onething.domain.definition.items import OnRefusal
from onething.domain.definition.periods import PeriodKind, PeriodState
from onething.domain.definition.time_rules import ClockRules
from onething.domain.errors import NotAllowed
from onething.domain.events.deadlines import NoticeObjected, OutsideReported
from onething.domain.events.intake import Withdrawn
from onething.domain.events.items import CaseReopened
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ClockState, ItemState
from onething.domain.plan.plan import PlanItem, PlanPeriod
from tests.domain.builders import DAY, Case, item, make_plan, period
from tests.domain.stories import finish

OVER, OBJECTED, DONE, LAPSED = PeriodState.OVER, PeriodState.OBJECTED, PeriodState.DONE, PeriodState.LAPSED
OBJECTION = NoticeObjected(period="notice", objection="o")
HANDED_OVER = OutsideReported(period="handover", report="r")


def begun(*items: PlanItem, periods: tuple[PlanPeriod, ...]) -> Case:
    case = Case(make_plan(*items, periods=periods, clocks=ClockRules()))
    case.accept()
    return case


def closing() -> Case:
    """An enterprise is struck off twenty days after it was announced, unless somebody objects."""
    strike = item("strike", periods={"notice": OVER})
    ordinary = item("ordinary", periods={"notice": OBJECTED})
    return begun(item("tax"), strike, ordinary, periods=(period("notice", needs=["tax"]),))


def test_it_begins_when_what_it_comes_after_is_decided_and_what_comes_after_it_opens_when_it_is_over() -> None:
    case = closing()
    assert case.state.periods == {}
    case.approve("tax")
    assert case.state.periods == {"notice": PeriodState.RUNNING}
    due_at = case.state.clocks[period_clock("notice")].due_at
    assert due_at is not None
    assert due_at.date() == (case.now + 21 * DAY).date()  # the twentieth is a Sunday
    case.wait(due_at - case.now - timedelta(minutes=1))
    assert case.at("strike") is ItemState.WAITING
    case.wait(timedelta(minutes=1))
    assert case.kinds()[-1] == "period_ended"
    assert (case.at("strike"), case.at("ordinary")) == (ItemState.OPEN, ItemState.SKIPPED)
    assert period_clock("notice") not in case.state.clocks
    assert "period_ended" in case.targets(CommandKind.SEND_NOTICES)
    case.approve("strike")
    finish(case)
    assert case.status is CaseStatus.CLOSED


def test_its_last_day_is_no_day_off() -> None:
    case = begun(item("strike", periods={"notice": OVER}), periods=(period("notice", days=5),))
    due_at = case.state.clocks[period_clock("notice")].due_at  # from Monday 2 March: Saturday is the fifth day
    assert due_at is not None
    assert f"{due_at:%m-%d}" == "03-09"


def test_an_objection_ends_it_and_the_other_way_opens() -> None:
    case = closing()
    with pytest.raises(NotAllowed, match="还没有开始"):
        case.say(OBJECTION)
    case.approve("tax")
    case.say(OBJECTION)
    assert (case.at("strike"), case.at("ordinary")) == (ItemState.SKIPPED, ItemState.OPEN)
    assert case.state.periods == {"notice": OBJECTED}
    with pytest.raises(NotAllowed, match="已经结束"):
        case.say(OBJECTION)
    case.wait(40 * DAY)
    assert "period_ended" not in case.kinds()


def test_where_nothing_else_is_to_be_done_an_objection_ends_the_case() -> None:
    case = begun(item("strike", periods={"notice": OVER}), periods=(period("notice"),))
    assert case.status is CaseStatus.PROCESSING
    case.say(OBJECTION)
    assert (case.at("strike"), case.status) == (ItemState.SKIPPED, CaseStatus.DELIVERED)


def test_the_time_of_the_whole_stands_still_and_that_of_the_law_where_an_article_sets_it() -> None:
    for stops_law in (True, False):
        case = begun(item("strike", periods={"notice": OVER}), periods=(period("notice", stops_law=stops_law),))
        assert case.state.clocks[CASE_CLOCK].state is ClockState.SUSPENDED
        law = case.state.clocks[CASE_STATUTORY].state
        assert law is (ClockState.SUSPENDED if stops_law else ClockState.RUNNING)
        case.wait(22 * DAY)
        assert case.state.clocks[CASE_CLOCK].state is ClockState.RUNNING
        assert item_clock("strike") in case.state.clocks


def test_it_stops_nothing_while_others_take_longer_or_where_it_counts() -> None:
    long = item("long", days=30, law=30)
    for periods in ((period("notice", days=5),), (period("notice", days=60, counts=True),)):
        case = begun(long, item("strike", periods={"notice": OVER}), periods=periods)
        assert case.state.clocks[CASE_CLOCK].state is ClockState.RUNNING


def test_a_wait_that_nobody_shortens() -> None:
    wait = period("cooling-off", PeriodKind.FIXED, days=30)
    case = begun(item("divorce", periods={"cooling-off": OVER}), periods=(wait,))
    for event in (
        NoticeObjected(period="cooling-off", objection="o"),
        OutsideReported(period="cooling-off", report="r"),
    ):
        with pytest.raises(NotAllowed, match="期满才结束"):
            case.say(event)
    case.wait(31 * DAY)
    assert case.at("divorce") is ItemState.OPEN


def transfer() -> Case:
    register = item("register", periods={"handover": DONE})
    undo = item("undo", periods={"handover": LAPSED})
    return begun(register, undo, periods=(period("handover", PeriodKind.OUTSIDE, days=30),))


def test_what_others_have_to_do_is_reported() -> None:
    case = transfer()
    case.say(HANDED_OVER)
    assert (case.at("register"), case.at("undo")) == (ItemState.OPEN, ItemState.SKIPPED)


def test_or_is_not_waited_for_any_more() -> None:
    case = transfer()
    case.wait(31 * DAY)
    assert case.state.periods == {"handover": LAPSED}
    assert (case.at("register"), case.at("undo")) == (ItemState.SKIPPED, ItemState.OPEN)


def test_one_may_come_after_another() -> None:
    periods = (period("notice", days=5), period("again", days=5, after={"notice": OBJECTED}))
    case = begun(item("strike", periods={"again": OVER}), periods=periods)
    case.say(OBJECTION)
    assert case.state.periods == {"notice": OBJECTED, "again": PeriodState.RUNNING}
    case = begun(item("strike", periods={"again": OVER}), item("other"), periods=periods)
    case.wait(8 * DAY)
    assert case.state.periods == {"notice": OVER, "again": PeriodState.DROPPED}
    assert case.at("strike") is ItemState.SKIPPED


def test_nobody_waits_for_what_is_not_going_to_be() -> None:
    tax = item("tax", refusal=OnRefusal.SKIP_DEPENDANTS)
    strike = item("strike", needs=["tax"], periods={"notice": OVER})
    case = begun(tax, strike, item("other"), periods=(period("notice", needs=["tax"]),))
    case.refuse("tax")
    assert case.state.periods == {"notice": PeriodState.DROPPED}
    assert case.at("strike") is ItemState.SKIPPED


def test_it_begins_after_all_where_a_refusal_that_dropped_it_is_set_aside() -> None:
    tax = item("tax", refusal=OnRefusal.SKIP_DEPENDANTS)
    strike = item("strike", needs=["tax"], periods={"notice": OVER})
    case = begun(tax, strike, item("other"), periods=(period("notice", needs=["tax"]),))
    case.refuse("tax")
    case.approve("other")
    finish(case)
    case.say(CaseReopened(items=("tax",), basis="令", reason="r"))
    assert (case.at("strike"), case.state.periods) == (ItemState.WAITING, {})
    case.approve("tax")
    assert case.state.periods == {"notice": PeriodState.RUNNING}


def test_what_an_objection_ended_stays_so_when_another_decision_is_set_aside() -> None:
    strike = item("strike", needs=["tax"], periods={"notice": OVER})
    tax = item("tax", refusal=OnRefusal.GO_ON)
    case = begun(tax, strike, periods=(period("notice"),))
    case.refuse("tax")
    case.say(OBJECTION)
    finish(case)
    case.say(CaseReopened(items=("tax",), basis="令", reason="r"))
    assert (case.at("tax"), case.at("strike")) == (ItemState.OPEN, ItemState.SKIPPED)


def test_it_is_over_with_the_case() -> None:
    case = closing()
    case.approve("tax")
    case.say(Withdrawn())
    assert case.state.periods == {"notice": PeriodState.DROPPED}
    assert period_clock("notice") not in case.state.clocks
    case.wait(40 * DAY)
    assert "period_ended" not in case.kinds()
