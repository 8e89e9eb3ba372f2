"""What silence means: of the counter, of the applicant, of a department; and the ladder that people are told by."""

import pytest
from pydantic import ValidationError

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import Limit
from onething.domain.definition.basis import Basis
from onething.domain.definition.items import OnRefusal, OverdueRule
from onething.domain.definition.time_rules import (
    Card,
    ClockRules,
    LegalEffect,
    OverdueHow,
    Recipient,
    Rung,
    SupplementSilence,
)
from onething.domain.engine.step import step
from onething.domain.errors import NotAllowed
from onething.domain.events.deadlines import CalendarChanged, ClockResumed, ClockSuspended, RungFired
from onething.domain.events.intake import CorrectionsAsked, Rejected, Supplemented, Withdrawn
from onething.domain.events.tasks import ItemDecided
from onething.domain.items.deemed import Deemed, deemed_approvals
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ClockState, ItemState
from onething.domain.plan.plan import PlanItem
from tests.domain.builders import (
    CALENDAR,
    DAY,
    HOUR,
    LADDER,
    LATER,
    MINUTE,
    MONDAY,
    Case,
    item,
    make_plan,
    material,
    record,
)
from tests.domain.deadlines.test_rules import local, whats

LAW = ClockRules(supplement=Limit(amount=3))


def applied(clocks: ClockRules = LAW, **of_item: object) -> Case:
    """Applied for on Monday 2 March at nine, with what is needed; nobody has looked at it yet."""
    plan = make_plan(item("a", materials=["deed"], **of_item), clocks=clocks)  # type: ignore[arg-type]
    return Case(plan, materials=["deed"])


def asked(clocks: ClockRules = LAW) -> Case:
    case = applied(clocks)
    case.say(CorrectionsAsked(materials=("deed",), notice="n"))
    return case


# -- the counter -----------------------------------------------------------------------------------------------------


def test_receipt_starts_the_five_days_of_the_counter() -> None:
    clock = applied().state.clocks["notice"]
    assert (clock.started_at, clock.due_at) == (MONDAY, local(9, 17))


def test_whom_nobody_told_anything_is_accepted_from_the_day_of_receipt() -> None:
    case = applied()
    case.wait(10 * DAY)
    (line,) = case.record.events("deemed_accepted")
    assert line.at == local(9, 17)
    assert "deemed_accepted" in [entry.command.target for entry in case.record.commands.values()]
    state = case.state
    assert (state.status, state.accepted_at) == (CaseStatus.PROCESSING, MONDAY)
    assert state.clocks["case"].started_at == state.clocks["case:statutory"].started_at == MONDAY
    assert state.clocks["case"].due_at == local(16, 17)  # ten working days after 2 March
    assert state.clocks["item:a"].started_at == local(9, 17)
    assert state.clocks["notice"].state is ClockState.MISSED


def test_a_promise_shorter_than_the_five_days_was_missed_by_then() -> None:
    case = Case(make_plan(item("a"), days=3, clocks=LAW))
    case.wait(8 * DAY)
    assert case.kinds()[1:3] == ["deemed_accepted", "clock_overdue"]
    assert case.record.journal[2].at == local(9, 17)  # on record after what brought it
    assert case.state.clocks["case"].due_at == local(5, 17)


@pytest.mark.parametrize("event", [CorrectionsAsked(fields=("name",), notice="n"), Rejected(notice="n")])
def test_whoever_was_told_is_not_deemed_accepted(event: CorrectionsAsked | Rejected) -> None:
    case = applied()
    case.say(event)
    assert whats(case, "notice") == ["started", "met"]
    case.wait(2 * DAY)
    assert "deemed_accepted" not in case.kinds()


def test_acceptance_in_time_ends_the_counter_s_clock() -> None:
    case = applied()
    case.wait(4 * DAY)
    case.accept()
    assert whats(case, "notice") == ["started", "met"]
    assert case.state.accepted_at == MONDAY + 4 * DAY


def test_acceptance_after_the_five_days_comes_too_late_to_choose_the_day() -> None:
    case = applied()
    case.now += 10 * DAY
    with pytest.raises(NotAllowed):
        case.accept()
    assert case.state.accepted_at == MONDAY


def test_what_nobody_asked_for_starts_nothing_anew() -> None:
    """However often it comes: from receipt the office has five days (行政许可法 Art. 32)."""
    plan = make_plan(item("a", materials=["deed"]), materials=[material("photo", required=False)], clocks=ClockRules())
    case = Case(plan)
    for day in range(1, 4):
        case.wait(DAY)
        assert case.state.clocks["notice"].started_at == MONDAY, day
        case.say(Supplemented(materials=("photo", "deed")))
    assert whats(case, "notice") == ["started"]
    case.wait(5 * DAY)
    assert [line.at for line in case.record.events("deemed_accepted")] == [local(9, 17)]
    assert case.state.accepted_at == MONDAY


def test_nor_does_a_part_of_what_was_asked_for() -> None:
    case = Case(make_plan(item("a", materials=["deed", "lease"]), clocks=ClockRules()))
    case.say(CorrectionsAsked(materials=("deed", "lease"), notice="n"))
    case.wait(DAY)
    case.say(Supplemented(materials=("deed",)))
    assert whats(case, "notice") == ["started", "met"]
    case.wait(DAY)
    case.say(Supplemented(materials=("lease",)))
    assert case.state.clocks["notice"].started_at == MONDAY + 2 * DAY


def test_what_takes_the_place_of_a_record_was_asked_for() -> None:
    case = Case(make_plan(item("a", data=["register"]), data=[record("register")], clocks=ClockRules()))
    case.source_refuses("register")
    case.wait(DAY)
    case.say(Supplemented(materials=("paper-register",)))
    assert case.state.clocks["notice"].started_at == MONDAY + DAY
    case.wait(DAY)
    case.say(Supplemented(materials=("paper-register",)))
    assert case.state.clocks["notice"].started_at == MONDAY + DAY


def test_what_the_counter_asked_for_starts_the_five_days_anew() -> None:
    case = asked()
    case.wait(DAY)
    case.say(Supplemented(materials=("deed",)))
    assert case.state.clocks["notice"].started_at == MONDAY + DAY
    assert case.state.clocks["notice"].due_at == local(10, 17)


def test_plans_of_before_wait_for_ever() -> None:
    case = Case(make_plan(item("a")))
    case.wait(100 * DAY)
    assert case.status is CaseStatus.SUBMITTED
    assert not case.state.clocks


# -- the applicant -----------------------------------------------------------------------------------------------------


def test_supplied_in_time() -> None:
    case = asked()
    assert case.state.clocks["supplement"].due_at == local(5, 17)
    case.wait(DAY)
    case.say(Supplemented(materials=("deed",)))
    assert whats(case, "supplement") == ["started", "met"]


def test_not_supplied_in_time_it_is_not_accepted_after_a_reminder() -> None:
    """行政许可法 Art. 32: refusing to accept is a dated paper, never silence alone."""
    case = asked()
    case.wait(4 * DAY)
    (reminded,), (line,) = case.record.events("clock_warned"), case.record.events("supplement_time_ended")
    assert reminded.at < line.at == local(5, 17)
    notices = [row.command.target for row in case.record.commands.values() if row.command.kind == "send_notices"]
    assert notices == ["corrections", "supplement_reminder", "rejected"]
    assert case.status is CaseStatus.REJECTED
    with pytest.raises(NotAllowed):
        case.say(Supplemented(materials=("deed",)))


def test_only_a_law_takes_silence_for_withdrawal() -> None:
    with pytest.raises(ValueError, match="silence_basis"):
        ClockRules(supplement=Limit(amount=3), supplement_silence=SupplementSilence.WITHDRAWN)
    by_law = {"supplement_silence": SupplementSilence.WITHDRAWN, "silence_basis": "《测试条例》第一条"}
    case = asked(ClockRules(supplement=Limit(amount=3), **by_law))  # type: ignore[arg-type]
    case.wait(4 * DAY)
    assert case.status is CaseStatus.WITHDRAWN


def test_or_the_counter_judges_what_there_is() -> None:
    case = asked(ClockRules(supplement=Limit(amount=3), supplement_silence=SupplementSilence.GO_ON))
    case.wait(4 * DAY)
    assert case.status is CaseStatus.SUBMITTED
    assert case.state.clocks["notice"].started_at == local(5, 17)
    case.say(Rejected(notice="n"))
    assert case.status is CaseStatus.REJECTED


def test_without_a_limit_the_applicant_has_all_the_time_there_is() -> None:
    case = asked(ClockRules())
    case.wait(300 * DAY)
    assert case.status is CaseStatus.CORRECTION


# -- a department ------------------------------------------------------------------------------------------------------


def silent(how: OverdueHow, **more: object) -> Case:
    """An item with five days by law, one after it, one beside it; nobody decides."""
    first = item("a", days=1, law=5, overdue=how, **more)  # type: ignore[arg-type]
    case = Case(make_plan(first, item("after", needs=["a"]), item("beside"), clocks=ClockRules()))
    case.accept()
    case.wait(8 * DAY)
    return case


@pytest.mark.parametrize(
    ("how", "own", "after"),
    [
        (OverdueHow.ESCALATE, ItemState.OPEN, ItemState.WAITING),
        (OverdueHow.DEEM_APPROVED, ItemState.APPROVED, ItemState.OPEN),
        (OverdueHow.LAPSE, ItemState.LAPSED, ItemState.SKIPPED),
        (OverdueHow.PROCEED_WITHOUT, ItemState.LAPSED, ItemState.OPEN),
    ],
)
def test_what_the_end_of_the_law_s_time_brings(how: OverdueHow, own: ItemState, after: ItemState) -> None:
    case = silent(how)
    assert (case.at("a"), case.at("after")) == (own, after)
    decided = case.record.events("decided_by_silence")
    assert [line.at for line in decided] == ([] if how is OverdueHow.ESCALATE else [local(9, 17)])
    assert ("a" in case.deciding()) == (how is OverdueHow.ESCALATE)


def approved_by_silence(case: Case) -> dict[str, Deemed]:
    return deemed_approvals(case.record.plans[case.state.plan], case.state)


def test_what_was_approved_by_silence_is_known_by_its_clock() -> None:
    case = silent(OverdueHow.DEEM_APPROVED)
    deemed = approved_by_silence(case)
    assert deemed == {"a": (local(9, 17), "测试条例第一条")}
    assert deemed["a"].text == "法定期限于2026年3月9日届满，未作出决定，依据测试条例第一条视为准予。"
    case.say(Withdrawn())
    assert approved_by_silence(case) == deemed


@pytest.mark.parametrize("how", [how for how in OverdueHow if how is not OverdueHow.DEEM_APPROVED])
def test_no_other_silence_approves(how: OverdueHow) -> None:
    case = silent(how)
    assert approved_by_silence(case) == {}


def test_who_was_approved_in_time_or_late_was_approved_by_somebody() -> None:
    for how, days in ((OverdueHow.DEEM_APPROVED, 6), (OverdueHow.ESCALATE, 9)):
        case = Case(make_plan(item("a", law=5, overdue=how), item("b"), clocks=ClockRules()))
        case.accept()
        case.wait(days * DAY)
        case.approve("a")
        assert approved_by_silence(case) == {}


def test_refused_by_silence_has_the_consequences_of_a_refusal() -> None:
    assert silent(OverdueHow.REFUSE).status is CaseStatus.TERMINATED
    assert silent(OverdueHow.REFUSE, refusal=OnRefusal.SKIP_DEPENDANTS).at("after") is ItemState.SKIPPED


def test_a_decision_after_the_due_moment_comes_after_its_consequences() -> None:
    case = Case(make_plan(item("a", law=5, overdue=OverdueHow.DEEM_APPROVED), item("b"), clocks=ClockRules()))
    case.accept()
    case.now += 8 * DAY  # nobody has looked since
    with pytest.raises(NotAllowed):
        case.say(ItemDecided(item="a", round=1, outcome="refuse"))
    assert case.at("a") is ItemState.APPROVED


def test_time_that_stands_still_decides_nothing() -> None:
    case = Case(make_plan(item("a", law=5, overdue=OverdueHow.LAPSE, pauses=[PauseBasis.HEARING]), clocks=ClockRules()))
    case.accept()
    case.say(ClockSuspended(item="a", basis=PauseBasis.HEARING, expected_days=30, notice="n"))
    case.wait(60 * DAY)
    assert case.at("a") is ItemState.SUSPENDED
    case.say(ClockResumed(item="a"))
    case.wait(8 * DAY)
    assert case.at("a") is ItemState.LAPSED


def test_nothing_is_decided_by_silence_without_an_article() -> None:
    for how in (OverdueHow.DEEM_APPROVED, OverdueHow.REFUSE):
        for basis in (None, Basis(title="某办法"), Basis(title="某办法", article="第一条", assumed=True)):
            with pytest.raises(ValidationError, match="article"):
                OverdueRule(how=how, basis=basis)
        assert OverdueRule(how=how, basis=Basis(title="某条例", article="第一条")).how is how
        with pytest.raises(ValidationError, match="without a basis"):
            PlanItem.model_validate(item("a").model_dump() | {"overdue": how})
    assert OverdueRule(how=OverdueHow.LAPSE).basis is None


# -- delivery ----------------------------------------------------------------------------------------------------------


def test_delivery_has_ten_days_of_its_own() -> None:
    case = Case(make_plan(item("a", certificate=True), clocks=ClockRules()))
    case.accept()
    case.approve("a")
    assert case.state.clocks["delivery"].due_at == local(16, 17)
    case.wait(20 * DAY)
    assert case.state.clocks["delivery"].state is ClockState.OVERDUE
    assert case.command(CommandKind.ISSUE_CERTIFICATES)


# -- the ladder --------------------------------------------------------------------------------------------------------


def laddered(days: int = 5, law: int = 10) -> Case:
    plan = make_plan(item("a", days=days, law=law, pauses=[PauseBasis.HEARING]), clocks=ClockRules(ladder=LADDER))
    case = Case(plan)
    case.accept()
    return case


def rungs(case: Case, clock: str) -> list[tuple[str, object]]:
    lines = [(line.event, line.at) for line in case.record.events("rung_fired")]
    return [(event.rung, at) for event, at in lines if isinstance(event, RungFired) and event.clock == clock]


def test_rungs_come_at_their_moments_each_once() -> None:
    case = laddered()
    case.wait(30 * DAY)
    assert rungs(case, "item:a") == [("soon", local(6, 17)), ("yellow", local(9, 17))]  # 3=1, 4=2, 5=3, 6=4 of 5: 80 %
    assert rungs(case, "item:a:statutory") == [("before", local(12, 17)), ("red", local(17, 17))]
    assert case.record.events("clock_warned") == []  # the ladder takes its place


def test_a_rung_says_whom_to_tell_and_with_which_card() -> None:
    case = Case(make_plan(item("a", days=1), clocks=ClockRules(ladder=LADDER)))
    case.accept()
    case.wait(2 * DAY)
    assert case.state.clocks["item:a"].fired == (0, 1)
    yellow = RungFired(clock="case", rung="yellow")
    outcome = step(case.record.plan, case.record.calendars[case.state.calendar], case.state, yellow, 99, case.now)
    (told,) = outcome.rungs
    assert (told.clock, told.item, told.tells, told.card) == (
        "case",
        None,
        (Recipient.HANDLER, Recipient.LEADER),
        Card.YELLOW,
    )
    assert outcome.ledger[0].what == "rung:yellow"


def test_a_pause_moves_the_rungs_ahead_and_repeats_none() -> None:
    case = laddered()
    case.wait(4 * DAY + 9 * HOUR)  # Friday evening: soon has fired
    case.say(ClockSuspended(item="a", basis=PauseBasis.HEARING, expected_days=7, notice="n"))
    case.wait(7 * DAY)
    case.say(ClockResumed(item="a"))  # the next Friday evening
    case.wait(4 * DAY)
    assert rungs(case, "item:a") == [("soon", local(6, 17)), ("yellow", local(16, 17))]


def test_a_rung_that_would_come_at_the_start_does_not_come() -> None:
    early = Rung(code="early", of=LegalEffect.PROMISE, days_left=3, tells=(Recipient.HANDLER,))
    case = Case(make_plan(item("a", days=3), clocks=ClockRules(ladder=(early,))))
    case.accept()
    assert case.state.clocks["item:a"].rung is None
    case.wait(10 * DAY)
    assert rungs(case, "item:a") == []


@pytest.mark.parametrize(
    "change", [{"days_left": 1, "days_after": 1}, {}, {"share_percent": 50, "of": LegalEffect.NONE}]
)
def test_a_rung_says_when_exactly_once(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rung.model_validate({"code": "x", "of": "promise", "tells": ["handler"]} | change)


def test_a_new_calendar_that_ends_the_time_of_a_suspended_item_decides_nothing_until_it_goes_on() -> None:
    """Two working days from Monday: Thursday while Tuesday is closed, Wednesday when it is not after all."""
    plan = make_plan(
        item("a", days=1, law=2, overdue=OverdueHow.DEEM_APPROVED, pauses=[PauseBasis.HEARING]), clocks=ClockRules()
    )
    case = Case(plan)
    case.accept()
    case.say(CalendarChanged(old=CALENDAR.digest, new=LATER.digest))
    case.wait(3 * DAY)
    case.say(ClockSuspended(item="a", basis=PauseBasis.HEARING, expected_days=5, notice="notice:1"))
    case.say(CalendarChanged(old=LATER.digest, new=CALENDAR.digest))
    case.wait(DAY)
    assert case.at("a") is ItemState.SUSPENDED
    assert case.state.clocks["item:a:statutory"].state is ClockState.OVERDUE
    case.say(ClockResumed(item="a"))
    case.wait(MINUTE)
    assert case.at("a") is ItemState.APPROVED
