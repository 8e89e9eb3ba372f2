"""送达: that a letter has reached the applicant, and that they know of it, are two facts.

*Reached*: the account, window or address that the applicant chose has it; that ends the office's time (行政许可法 Art.
44). *Known*: they have read it, or have it in their hands: remedies count from then (行政复议法 2023 Art. 20,
行政诉讼法 Art. 46). Followed up is what can harm: a result, and what ends, refuses or takes away something. Five
working days unread, then a call, then the post (assumed: no rule of law sets it). Nothing waits for it: a case closes
as ever.
"""

from onething.domain.calendar import countdown
from onething.domain.calendar.limits import Limit
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import DELIVERY_CLOCK
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.documents import DeliveryChosen, LetterDelivered
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import ALIVE, CaseState, CaseStatus, ClockState
from onething.domain.kernel.step_result import LetterFollowed, LetterOut, NextStep

UNREAD = Limit(amount=5)
CARRIES_ALL = frozenset({"result", "rejected", "terminated", "withdrawn"})
"""Templates of the notice that ends a case: whatever has not gone out by then goes with it."""
TO_REPORTER = frozenset({"rejected", "withdrawn"})
"""Letters, of those that are followed up, that are for who only reported."""
CHANNEL_NAMES = {"electronic": "电子送达", "counter": "窗口领取", "post": "邮寄", "call": "电话联系"}
DELIVERED_NAMES = {
    ("electronic", "read"): "申请人已阅读",
    ("counter", "handed_over"): "已在窗口当面送交并签收",
    ("counter", "not_possible"): "未能在窗口送交",
    ("post", "sent"): "已交邮寄",
    ("post", "delivered"): "邮寄已签收",
    ("post", "not_possible"): "邮寄退回，未能送达",
    ("call", "answered"): "已电话告知",
    ("call", "no_answer"): "电话无人接听",
    ("call", "not_possible"): "无法电话联系",
}
"""Way and what came of it → for people; no other pair is possible."""
OUTCOMES = {way: tuple(outcome for one, outcome in DELIVERED_NAMES if one == way) for way in CHANNEL_NAMES}
REACHED = frozenset({"read", "handed_over", "delivered"})
"""By a signature at the window or for the post, or by reading: whoever has it in their hands knows of it, too."""


def written(reducer: Reducer, kind: str, *, result: bool = False) -> None:
    """The line is a letter that is followed up. `result`: what the office's time to deliver runs for. A line is one
    letter: what it is first called stays."""
    reducer.letters.setdefault(reducer.seq, kind)
    if result:
        _result_is_earlier(reducer)
        reducer.result = reducer.seq


def time_to_deliver(reducer: Reducer) -> None:
    """Of a result that is there, or about to be, begins. Where the case was reopened before that of the earlier result
    was over, this one takes its place; if it was missed, that stays on record."""
    _result_is_earlier(reducer)
    if reducer.plan.clocks is None:
        return
    earlier = reducer.clocks.get(DELIVERY_CLOCK)
    if earlier is not None and earlier.state is ClockState.OVERDUE:
        deadlines_rules.miss(reducer, DELIVERY_CLOCK)
    else:
        deadlines_rules.stop(reducer, DELIVERY_CLOCK, met=False)
    deadlines_rules.start(reducer, DELIVERY_CLOCK)


def _result_is_earlier(reducer: Reducer) -> None:
    """The letter stays, but what becomes of it ends no time any more."""
    if reducer.result is not None:
        reducer.earlier_results = (*reducer.earlier_results, reducer.result)
        reducer.result = None


def results(state: CaseState) -> frozenset[int]:
    """The lines that are letters of a result."""
    return frozenset((*state.earlier_results, *((state.result,) if state.result is not None else ())))


def notice_over(reducer: Reducer, command_id: str, template: str, *, sent: bool) -> None:
    """Letters that the notice carries have gone out, or telling of them was given up: then somebody has to call."""
    line = int(command_id.partition(".")[0])
    carried = [seq for seq in reducer.letters if template in CARRIES_ALL or seq == line]
    for seq in carried:
        _go_out(reducer, seq, reducer.letters.pop(seq), sent=sent)


def _go_out(reducer: Reducer, seq: int, kind: str, *, sent: bool) -> None:
    if reducer.plan.reporter is not None and not reducer.kin_shown and kind not in TO_REPORTER:
        if seq == reducer.result:
            deadlines_rules.stop(reducer, DELIVERY_CLOCK)
        return  # nobody is called or written to about what they may not read
    way = reducer.delivery
    reached = sent and way is DeliveryMethod.ELECTRONIC
    step, at = NextStep.CALL, reducer.at
    if way is DeliveryMethod.POST:
        step = NextStep.POST
    elif sent:
        at = countdown.end(reducer.calendar, reducer.at, UNREAD).at
    reducer.letter_out(LetterOut(seq, kind, way, reducer.at, at, step))
    if reached and seq == reducer.result:
        deadlines_rules.stop(reducer, DELIVERY_CLOCK)


def chosen(reducer: Reducer, event: DeliveryChosen) -> None:
    reducer.delivery = event.method


def delivered(reducer: Reducer, event: LetterDelivered) -> None:
    reached = event.outcome in REACHED
    over = reached or (event.channel, event.outcome) == ("post", "not_possible")  # nothing is left to be tried
    if over:
        reducer.letters.pop(event.letter, None)
        reducer.letter_followed(LetterFollowed(event.letter, None))
    else:
        step = NextStep.CONFIRM if event.outcome == "sent" else NextStep.POST
        reducer.letter_followed(LetterFollowed(event.letter, step))
    if over and event.letter == reducer.result:
        deadlines_rules.stop(reducer, DELIVERY_CLOCK, met=reached)


def unread_result(state: CaseState) -> bool:
    """Whether the result reaches, as they read it, who is served electronically: its notice has not got through, and
    perhaps never does."""
    clock = state.clocks.get(DELIVERY_CLOCK)
    electronic = state.result is not None and state.delivery is DeliveryMethod.ELECTRONIC
    return electronic and clock is not None and clock.state in ALIVE


def guard_delivered(channel: str, outcome: str) -> Refusal | None:
    possible = OUTCOMES[channel]
    if outcome in possible:
        return None
    return Refusal(FailureCode.INVALID_VALUE, f"这种送达方式的结果只能是 {'、'.join(possible)} 之一。")


def guard_chosen(state: CaseState, event: DeliveryChosen) -> Refusal | None:
    """An address may be another, so the same way may be chosen once more; and where a reopened case goes on, for the
    result that is to come."""
    if state.status is CaseStatus.PROCESSING or state.result is None or state.result in state.letters:
        return None
    return Refusal(FailureCode.NOT_ALLOWED_NOW, "办理结果已经送出，不能再改送达方式；需要另行送达的，请联系综合窗口。")
