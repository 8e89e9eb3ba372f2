"""送达: reached ends the office's time, known empties the counter's list, and nothing waits for either."""

from datetime import timedelta

import pytest

from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.clock_kinds import DELIVERY_CLOCK
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.definition.items import OnRefusal
from onething.domain.definition.time_rules import ClockRules, SupplementSilence
from onething.domain.documents import DELIVERED_NAMES, OUTCOMES, unread_result
from onething.domain.errors import NotAllowed
from onething.domain.events.documents import DeliveryChosen, LetterDelivered
from onething.domain.events.intake import CorrectionsAsked, Rejected, Supplemented, Withdrawn
from onething.domain.events.undo import ReviewAsked, RevocationDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.state import CaseStatus, ClockState
from onething.domain.kernel.step_result import NextStep
from tests.domain.builders import DAY, Case, item, make_plan, success
from tests.domain.deadlines.test_rules import local
from tests.domain.stories import posted

ELECTRONIC, COUNTER, POST = DeliveryMethod
PATIENCE = timedelta(days=8)


def decided(way: DeliveryMethod = ELECTRONIC, *, certificate: bool = True) -> Case:
    """On Monday 2 March at nine; the notice of the result is still to go out."""
    case = Case(make_plan(item("a", certificate=certificate), clocks=ClockRules()), delivery=way)
    case.accept()
    case.notify("accepted")
    case.approve("a")
    if certificate:
        case.comes(success(case.command(CommandKind.ISSUE_CERTIFICATES)))
    return case


def told(way: DeliveryMethod = ELECTRONIC) -> Case:
    case = decided(way)
    case.notify("result")
    return case


def result_of(case: Case) -> int:
    assert case.state.result is not None
    return case.state.result


def steps(case: Case) -> dict[int, NextStep]:
    return {letter: out.step for letter, out in case.record.unread.items()}


@pytest.mark.parametrize("certificate", [True, False])
def test_to_be_made_out_or_queued_is_not_to_have_reached(certificate: bool) -> None:
    case = decided(certificate=certificate)
    assert case.status is CaseStatus.DELIVERED
    assert case.state.clocks[DELIVERY_CLOCK].due_at == local(16, 17)
    case.wait(DAY)
    case.notify("result")
    assert (case.status, case.state.clocks.keys() & {DELIVERY_CLOCK}) == (CaseStatus.CLOSED, set())
    assert [line.what for _, line in case.record.ledger if line.clock == DELIVERY_CLOCK] == ["started", "met"]


def test_electronically_it_is_reached_by_its_notice_and_called_about_after_five_working_days() -> None:
    case = told()
    [out] = case.record.unread.values()
    assert (out.letter, out.kind, out.channel) == (case.state.result, "result", ELECTRONIC)
    assert (out.step, out.due_at) == (NextStep.CALL, local(9, 17))
    assert case.state.letters == {}


@pytest.mark.parametrize("way", [COUNTER, POST])
def test_who_wants_it_on_paper_has_it_when_it_is_in_their_hands(way: DeliveryMethod) -> None:
    case = told(way)
    assert (case.status, case.state.clocks[DELIVERY_CLOCK].state) == (CaseStatus.CLOSED, ClockState.RUNNING)
    [out] = case.record.unread.values()
    assert (out.step, out.due_at) == ((NextStep.POST, case.now) if way is POST else (NextStep.CALL, local(9, 17)))
    if way is POST:
        case.say(posted(result_of(case), "post", "sent", case.now))
        assert steps(case) == {result_of(case): NextStep.CONFIRM}
        case.say(posted(result_of(case), "post", "delivered", case.now))
    else:
        case.say(posted(result_of(case), "counter", "handed_over", case.now))
    assert (DELIVERY_CLOCK in case.state.clocks, case.record.unread) == (False, {})


def test_a_case_closes_though_nobody_comes_and_the_offices_time_runs_on() -> None:
    case = told(COUNTER)
    case.wait(20 * DAY)
    assert case.status is CaseStatus.CLOSED
    assert case.state.clocks[DELIVERY_CLOCK].state is ClockState.OVERDUE
    case.say(posted(result_of(case), "counter", "handed_over", case.now))
    assert case.state.clocks[DELIVERY_CLOCK].state is ClockState.MISSED


def test_unread_it_is_called_about_then_posted_and_what_is_not_possible_blocks_nothing() -> None:
    case = told()
    letter = result_of(case)
    for outcome in ("no_answer", "not_possible", "answered"):
        case.say(posted(letter, "call", outcome, case.now))
        [out] = case.record.unread.values()
        assert (out.step, out.due_at) == (NextStep.POST, case.now)
    case.say(posted(letter, "post", "sent", case.now))
    case.say(posted(letter, "post", "not_possible", case.now))
    assert (case.record.unread, case.status) == ({}, CaseStatus.CLOSED)


def test_what_the_post_brings_back_is_owed_no_more() -> None:
    case = told(POST)
    case.say(posted(result_of(case), "post", "not_possible", case.now))
    assert DELIVERY_CLOCK not in case.state.clocks
    assert [line.what for _, line in case.record.ledger if line.clock == DELIVERY_CLOCK][-1] == "cancelled"


def test_a_notice_that_does_not_get_through_has_reached_nobody() -> None:
    case = decided()
    case.wait(PATIENCE)
    assert (case.status, case.state.clocks[DELIVERY_CLOCK].state) == (CaseStatus.CLOSED, ClockState.RUNNING)
    [out] = case.record.unread.values()
    assert (out.step, out.due_at <= case.now) == (NextStep.CALL, True)
    assert unread_result(case.state)
    case.say(posted(result_of(case), "electronic", "read", case.now))
    assert (DELIVERY_CLOCK in case.state.clocks, case.record.unread) == (False, {})


def test_read_before_its_notice_gets_through_it_has_reached_and_nobody_is_called() -> None:
    case = decided()
    assert unread_result(case.state)
    case.say(posted(result_of(case), "electronic", "read", case.now))
    assert (DELIVERY_CLOCK in case.state.clocks, unread_result(case.state)) == (False, False)
    case.wait(PATIENCE)  # the notice is given up
    assert (case.status, case.record.unread) == (CaseStatus.CLOSED, {})


def test_a_refusal_in_between_goes_out_by_itself_or_with_the_result() -> None:
    items = [item("a", refusal=OnRefusal.GO_ON), item("b", refusal=OnRefusal.GO_ON), item("c")]
    case = Case(make_plan(*items, clocks=ClockRules()))
    case.accept()
    case.refuse("a")
    first = case.record.journal[-1].seq
    case.notify("refused")
    assert (list(case.record.unread), case.state.letters) == ([first], {})
    case.refuse("b")
    second = case.record.journal[-1].seq
    case.approve("c")  # the result overtakes what has not been told yet
    assert case.state.letters == {second: "refused", result_of(case): "result"}
    case.notify("result")
    assert list(case.record.unread) == [first, second, result_of(case)]


@pytest.mark.parametrize(
    ("how", "kind"), [("rejected", "rejected"), ("refused", "refused"), ("silent", "terminated"), ("withdrawn", None)]
)
def test_what_ends_a_case_is_followed_up_but_not_what_the_applicant_said(how: str, kind: str | None) -> None:
    rules = ClockRules(
        supplement_silence=SupplementSilence.WITHDRAWN, silence_basis="《测试条例》第一条", supplement=Limit(amount=3)
    )
    case = Case(make_plan(item("a"), clocks=rules if how == "silent" else ClockRules()))
    match how:
        case "rejected":
            case.say(Rejected(notice="n"))
        case "refused":
            case.accept()
            case.refuse("a")
        case "silent":
            case.say(CorrectionsAsked(fields=("name",), notice="n"))
            case.wait(4 * DAY)
        case _:
            case.say(Withdrawn())
    assert list(case.state.letters.values()) == ([kind] if kind else [])
    case.notify({"refused": "terminated", "silent": "withdrawn"}.get(how, how))
    assert [one.kind for one in case.record.unread.values()] == ([kind] if kind else [])


def test_what_stands_after_a_withdrawal_is_the_result_that_has_to_reach() -> None:
    case = Case(make_plan(item("a", certificate=True), item("b", needs=["a"]), clocks=ClockRules()))
    case.accept()
    case.approve("a")
    case.say(Withdrawn())
    case.comes(success(case.command(CommandKind.ISSUE_CERTIFICATES)))
    assert DELIVERY_CLOCK in case.state.clocks
    case.notify("withdrawn")
    assert (DELIVERY_CLOCK in case.state.clocks, list(case.record.unread)) == (False, [case.state.result])


def test_a_revocation_after_the_end_is_followed_up_too() -> None:
    case = told()
    case.say(posted(result_of(case), "counter", "handed_over", case.now))
    case.say(ReviewAsked(item="a", round=1, reason="n"))
    case.say(RevocationDecided(item="a", round=1, revoke=True, opinion="n", review=True))
    case.notify("approval_revoked")
    assert [one.kind for one in case.record.unread.values()] == ["approval_revoked"]


def test_handed_over_before_its_notice_goes_out() -> None:
    case = decided()
    case.say(posted(result_of(case), "counter", "handed_over", case.now))
    assert (DELIVERY_CLOCK in case.state.clocks, case.state.letters) == (False, {})
    case.notify("result")
    assert (case.record.unread, case.status) == ({}, CaseStatus.CLOSED)


def test_the_way_is_chosen_with_the_application_and_may_be_changed_until_the_result_goes_out() -> None:
    case = Case(make_plan(item("a"), clocks=ClockRules()), delivery=POST)
    case.say(Supplemented(fields=True, delivery=COUNTER))
    assert case.state.delivery is COUNTER
    with pytest.raises(NotAllowed):
        case.say(DeliveryChosen(method=POST))  # until acceptance it is said with a supplement
    case.accept()
    case.say(DeliveryChosen(method=ELECTRONIC))
    case.approve("a")
    case.say(DeliveryChosen(method=POST))
    case.notify("result")
    assert [one.channel for one in case.record.unread.values()] == [POST]
    with pytest.raises(NotAllowed):
        case.say(DeliveryChosen(method=ELECTRONIC))


@pytest.mark.parametrize("channel", OUTCOMES)
def test_each_way_has_its_own_outcomes(channel: str) -> None:
    case = told()
    for outcome in {outcome for _, outcome in DELIVERED_NAMES} - set(OUTCOMES[channel]):
        with pytest.raises(NotAllowed, match=OUTCOMES[channel][0]):
            case.say(LetterDelivered.model_validate(posted(result_of(case), channel, outcome, case.now).model_dump()))
