"""Suspend, resume and extend: which clocks stop, what is given back, what is refused and why."""

import pytest

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import ExtensionRank, Limit, Unit
from onething.domain.definition.items import Nature
from onething.domain.definition.time_rules import ClockRules, OverdueHow
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.events.deadlines import CalendarChanged, ClockExtended, ClockResumed, ClockSuspended
from onething.domain.events.intake import Withdrawn
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import ClockState, ItemState
from onething.domain.plan.critical_path import critical_nodes
from onething.domain.plan.plan import PlanExtension
from tests.domain.builders import CALENDAR, DAY, HOUR, LATER, MONDAY, Case, item, make_plan
from tests.domain.deadlines.test_rules import local, whats

ALL = tuple(PauseBasis)


def running(*, days: int = 3, clocks: ClockRules | None = ClockRules()) -> Case:  # noqa: B008  # frozen
    """Two items side by side, the first on the critical path; accepted on Monday 2 March at nine."""
    case = Case(make_plan(item("a", days=days, pauses=ALL), item("b", days=1, pauses=ALL), clocks=clocks))
    case.accept()
    return case


def hearing(code: str = "a") -> ClockSuspended:
    return ClockSuspended(item=code, basis=PauseBasis.HEARING, expected_days=5, notice="notice:1")


def more(code: str | None = "a", amount: int = 5, rank: ExtensionRank = ExtensionRank.AGENCY_HEAD) -> ClockExtended:
    return ClockExtended(item=code, amount=amount, rank=rank, notice="notice:2")


def state_of(case: Case, clock: str) -> ClockState:
    return case.state.clocks[clock].state


def test_the_clocks_of_the_law_run_beside_those_of_the_promises() -> None:
    case = running()
    assert list(case.state.clocks) == [
        "case", "case:statutory", "item:a", "item:a:statutory", "item:b", "item:b:statutory"
    ]  # fmt: skip
    assert case.state.clocks["item:a:statutory"].due_at == local(30, 17)  # 20 working days
    assert case.state.clocks["item:a:statutory"].warn_at is None


def test_a_pause_on_the_critical_path_stops_item_and_case() -> None:
    case = running()
    case.wait(DAY)
    effected = case.say(hearing())
    assert case.at("a") is ItemState.SUSPENDED
    for clock in ("item:a", "item:a:statutory", "case", "case:statutory"):
        assert (state_of(case, clock), case.state.clocks[clock].due_at) == (ClockState.SUSPENDED, None)
    assert state_of(case, "item:b") is ClockState.RUNNING
    assert [due.due_at for due in effected.dues] == [None]
    assert case.command(CommandKind.SEND_NOTICES, "suspended")
    assert {(line.what, line.due_at) for line in effected.ledger} == {("suspended", None)}


def test_a_pause_beside_the_critical_path_leaves_the_case_running() -> None:
    case = running()
    case.say(hearing("b"))
    assert state_of(case, "item:b") is ClockState.SUSPENDED
    assert state_of(case, "case") is state_of(case, "case:statutory") is ClockState.RUNNING


def test_resuming_gives_back_what_was_left() -> None:
    case = running()  # a: 3, 4, 5 March
    case.wait(DAY)
    case.say(hearing())  # Tuesday at nine: nothing used up yet
    case.wait(6 * DAY)
    case.say(ClockResumed(item="a"))  # Monday 9 at nine: 9, 10, 11
    assert case.at("a") is ItemState.OPEN
    assert case.state.clocks["item:a"].due_at == local(11, 17)
    assert case.state.clocks["item:a"].warn_at == local(11, 9)
    assert whats(case, "item:a") == ["started", "suspended", "resumed"]


def test_nothing_of_a_suspended_item_comes_due() -> None:
    case = running()
    case.say(hearing())
    case.wait(60 * DAY)
    assert {line.event.clock for line in case.record.events("clock_overdue")} == {"item:b", "item:b:statutory"}  # type: ignore[union-attr]


def test_the_case_stands_still_until_the_last_critical_item_is_resumed() -> None:
    case = Case(make_plan(item("a", pauses=ALL), item("b", pauses=ALL), clocks=ClockRules()))  # as long as each other
    case.accept()
    case.say(hearing("a"))
    case.wait(DAY)
    case.say(hearing("b"))
    case.wait(DAY)
    case.say(ClockResumed(item="a"))
    assert (state_of(case, "item:a"), state_of(case, "case")) == (ClockState.RUNNING, ClockState.SUSPENDED)
    case.wait(DAY)
    case.say(ClockResumed(item="b"))
    assert case.state.clocks["case"].due_at == local(18, 17)  # 10 working days, closings of 2, 3, 4 March out


def test_nobody_decides_what_is_suspended() -> None:
    case = running()
    case.say(hearing())
    with pytest.raises(NotAllowed, match="先恢复"):
        case.approve("a")


def test_an_early_end_ends_what_is_suspended() -> None:
    case = running()
    case.say(hearing())
    case.say(Withdrawn())
    assert case.at("a") is ItemState.LAPSED
    assert state_of(case, "item:a") is ClockState.CANCELLED
    assert not case.deciding()


def test_a_promise_that_was_missed_stays_missed_and_the_law_s_time_may_still_be_stopped() -> None:
    case = running(days=1)
    case.wait(3 * DAY)
    case.say(hearing())
    assert (state_of(case, "item:a"), state_of(case, "item:a:statutory")) == (ClockState.OVERDUE, ClockState.SUSPENDED)
    case.wait(DAY)
    case.say(ClockResumed(item="a"))
    assert state_of(case, "item:a") is ClockState.OVERDUE


def test_an_extension_lengthens_law_and_promise_of_that_item_only() -> None:
    case = running()
    effected = case.say(more())
    assert case.state.clocks["item:a"].due_at == local(12, 17)
    assert case.state.clocks["item:a:statutory"].due_at == local(30, 17) + 7 * DAY
    assert case.state.clocks["case"].due_at == local(16, 17)
    assert [(line.clock, line.what) for line in effected.ledger] == [
        ("item:a:statutory", "extended"),
        ("item:a", "extended"),
    ]
    assert case.command(CommandKind.SEND_NOTICES, "extended")


def test_hours_promised_do_not_become_days() -> None:
    hours = item("a", pauses=ALL).model_copy(update={"promised": Limit(amount=3, unit=Unit.WORKING_HOUR)})
    case = Case(make_plan(hours, clocks=ClockRules()))
    case.accept()
    case.say(more())
    assert (case.state.clocks["item:a"].extended, case.state.clocks["item:a:statutory"].extended) == (0, 5)


def test_more_is_given_in_the_unit_of_the_limit_and_the_refusal_says_so() -> None:
    one = item("a", days=3).model_copy(update={"statutory": Limit(amount=15, unit=Unit.CALENDAR_DAY)})
    case = Case(make_plan(one, clocks=ClockRules()))
    case.accept()
    with pytest.raises(NotAllowed, match="至多延长 10 个自然日"):
        case.say(more(amount=11))
    case.say(more(amount=10))
    assert case.state.clocks["item:a:statutory"].due_at == local(27, 17)


def test_what_is_extended_while_suspended_is_longer_when_resumed() -> None:
    case = running()
    case.say(hearing())
    case.say(more(amount=2))
    assert case.state.clocks["item:a"].due_at is None
    case.wait(HOUR)
    case.say(ClockResumed(item="a"))
    assert case.state.clocks["item:a"].due_at == local(9, 17)


def test_a_case_handled_jointly_gets_fifteen_from_the_government_s_head() -> None:
    case = running(clocks=ClockRules(joint=True))
    with pytest.raises(NotAllowed) as refused:
        case.say(more(None, 15))
    assert refused.value.code is FailureCode.NOT_PERMITTED
    case.say(more(None, 15, ExtensionRank.GOVERNMENT_HEAD))
    assert case.state.clocks["case:statutory"].extended == 15


def extensible(nature: Nature, extension: PlanExtension | None = None, law: Limit | None = Limit(amount=20)) -> Case:  # noqa: B008  # frozen
    planned = item("a").model_copy(update={"nature": nature, "extension": extension, "statutory": law})
    case = Case(make_plan(planned, clocks=ClockRules()))
    case.accept()
    return case


def test_more_time_is_given_by_an_article_alone() -> None:
    """行政许可法 Art. 42 speaks of licences."""
    with pytest.raises(NotAllowed, match="没有法律规定"):
        extensible(Nature.CONFIRMATION).say(more(amount=1))
    extensible(Nature.LICENCE).say(more(amount=10))
    own = PlanExtension(amount=3, approver=ExtensionRank.SUPERIOR_AGENCY, basis="《某条例》第三条")
    case = extensible(Nature.CONFIRMATION, own)
    with pytest.raises(NotAllowed, match="至多延长 3"):
        case.say(more(amount=4))
    with pytest.raises(NotAllowed, match="须经上级机关批准"):
        case.say(more(amount=3))
    case.say(more(amount=3, rank=ExtensionRank.SUPERIOR_AGENCY))
    assert case.state.clocks["item:a:statutory"].extended == 3


def test_an_item_that_no_law_limits_has_no_clock_of_the_law_and_keeps_its_promise() -> None:
    case = extensible(Nature.CONFIRMATION, law=None)
    assert "item:a" in case.state.clocks
    assert "item:a:statutory" not in case.state.clocks
    with pytest.raises(NotAllowed, match="没有在计时"):
        case.say(more(amount=1))
    case.say(ClockSuspended(item="a", basis=PauseBasis.FORCE_MAJEURE, expected_days=3, notice="n"))
    assert (case.at("a"), state_of(case, "item:a")) == (ItemState.SUSPENDED, ClockState.SUSPENDED)
    case.say(ClockResumed(item="a"))
    case.approve("a")
    assert state_of(case, "item:a") is ClockState.MET


def test_a_clock_that_has_ended_stands_still_no_more() -> None:
    case = running()
    case.say(hearing())
    case.wait(HOUR)
    case.say(Withdrawn())
    assert {pause.until for clock in case.state.clocks.values() for pause in clock.pauses} == {case.now}


@pytest.mark.parametrize(
    ("before", "event", "words"),
    [
        ([], ClockResumed(item="a"), "不需要恢复"),
        ([], hearing("x"), "没有这个事项"),
        ([hearing()], hearing(), "已经中止"),
        ([], ClockSuspended(item="a", basis=PauseBasis.CORRECTION, expected_days=1, notice="n"), "等待补正"),
        ([], more(amount=11), "至多延长 10"),
        ([more()], more(), "只能延长一次"),
    ],
)
def test_what_is_refused(before: list[ClockSuspended | ClockExtended], event: ClockSuspended, words: str) -> None:
    plan = make_plan(item("a", pauses=[PauseBasis.HEARING]), clocks=ClockRules())
    case = Case(plan)
    case.accept()
    for one in before:
        case.say(one)
    with pytest.raises(NotAllowed, match=words):
        case.say(event)


def test_force_majeure_needs_no_mention_and_others_do() -> None:
    case = Case(make_plan(item("a"), clocks=ClockRules()))
    case.accept()
    with pytest.raises(NotAllowed, match="没有规定可以中止计时的程序"):
        case.say(hearing())
    case.say(ClockSuspended(item="a", basis=PauseBasis.FORCE_MAJEURE, expected_days=3, notice="n"))
    assert case.at("a") is ItemState.SUSPENDED


def test_after_the_law_s_time_nothing_is_stopped_or_extended() -> None:
    case = running()
    case.wait(40 * DAY)
    with pytest.raises(NotAllowed, match="法定期限已过"):
        case.say(hearing())
    with pytest.raises(NotAllowed, match="已经届满"):
        case.say(more())


def test_without_the_clocks_of_the_law_there_are_promises_only() -> None:
    case = running(clocks=None)
    assert list(case.state.clocks) == ["case", "item:a", "item:b"]
    with pytest.raises(NotAllowed, match="只按承诺计时"):
        case.say(hearing())


def test_the_critical_path_is_every_longest_chain() -> None:
    plan = make_plan(
        item("first", days=2),
        item("long", needs=["first"], days=3),
        item("short", needs=["first"], days=2),
        item("last", needs=["short"], days=1),
        item("alone", days=4),
    )
    assert critical_nodes(plan.items) == ("first", "long", "short", "last")
    assert critical_nodes(()) == ()


def test_a_pause_overlapping_days_off_costs_them_nothing() -> None:
    case = running()
    case.wait(4 * DAY + 9 * HOUR)  # Friday at six: a is overdue since Thursday's closing
    assert state_of(case, "case") is ClockState.RUNNING
    case.say(hearing())
    case.wait(2 * DAY)
    case.say(ClockResumed(item="a"))
    assert case.state.clocks["case"].due_at == local(16, 17)
    assert case.state.clocks["case"].started_at == MONDAY


def test_that_time_runs_on_is_told_too() -> None:
    case = running()
    case.say(hearing())
    case.say(ClockResumed(item="a"))
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted", "suspended", "resumed"]


def test_a_procedure_takes_no_longer_than_its_plan_says_and_the_clock_goes_on_by_itself() -> None:
    """Two working days at most: from Monday at nine until the closing of Wednesday."""
    case = Case(make_plan(item("a", pauses=[PauseBasis.HEARING], at_most=2), clocks=ClockRules()))
    case.accept()
    with pytest.raises(NotAllowed, match="至多中止到 2026-03-04（《测试条例》第九条），请把预计天数改为 2 天以内"):
        case.say(hearing())
    case.say(hearing().model_copy(update={"expected_days": 2}))
    case.wait(DAY)
    assert case.at("a") is ItemState.SUSPENDED
    case.wait(DAY + 9 * HOUR)
    assert [(line.at, line.event.kind) for line in case.record.events("pause_time_ended")] == [
        (local(4, 17), "pause_time_ended")
    ]
    assert case.at("a") is ItemState.OPEN
    assert case.targets(CommandKind.SEND_NOTICES) == ["accepted", "suspended", "resumed"]
    # what was paused counts: 3, 4 March
    assert case.state.clocks["item:a:statutory"].due_at == local(30, 17) + 2 * DAY
    with pytest.raises(NotAllowed, match="已经用完"):
        case.say(hearing().model_copy(update={"expected_days": 1}))


def test_however_often_it_is_interrupted() -> None:
    """Two working days at most, of which a day and a half are used up before; the other half on 11 March."""
    case = Case(make_plan(item("a", pauses=[PauseBasis.HEARING], at_most=2), clocks=ClockRules()))
    case.accept()
    case.wait(DAY)
    short = hearing().model_copy(update={"expected_days": 1})
    case.say(short)  # Tuesday at nine
    case.wait(DAY + 3 * HOUR)
    case.say(ClockResumed(item="a"))  # Wednesday at noon
    case.wait(6 * DAY)
    case.say(short)
    case.wait(7 * DAY)
    [ended] = case.record.events("pause_time_ended")
    assert local(10, 12) <= ended.at <= local(11, 17)
    stood = [(pause.since, pause.until) for pause in case.state.clocks["item:a:statutory"].pauses]
    assert stood[1][1] == ended.at


def test_a_procedure_that_stops_promises_only_lets_silence_come() -> None:
    visits = item("a", law=2, pauses=[PauseBasis.SITE_VISIT], overdue=OverdueHow.DEEM_APPROVED)
    case = Case(make_plan(visits, clocks=ClockRules()))
    case.accept()
    case.say(ClockSuspended(item="a", basis=PauseBasis.SITE_VISIT, expected_days=9, notice="notice:1"))
    assert (state_of(case, "item:a"), state_of(case, "item:a:statutory")) == (ClockState.SUSPENDED, ClockState.RUNNING)
    case.wait(4 * DAY)
    assert case.at("a") is ItemState.APPROVED
    assert [line.at for line in case.record.events("decided_by_silence")] == [local(4, 17)]
    assert not any(pause.until is None for clock in case.state.clocks.values() for pause in clock.pauses)


def test_a_new_calendar_moves_the_end_of_what_stands_still() -> None:
    case = Case(make_plan(item("a", pauses=[PauseBasis.HEARING], at_most=2), clocks=ClockRules()))
    case.accept()
    case.say(hearing().model_copy(update={"expected_days": 1}))
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))  # 3 March is closed
    case.wait(7 * DAY)
    assert [line.at for line in case.record.events("pause_time_ended")] == [local(5, 17)]
