"""催办 and 督办: the applicant's side urges, a supervisor urges (which is counted apart) or supervises, and who has the
matter in hand answers in time.

Their clocks change nothing about the case: they end with the answer, with the decision that was waited for, or with the
case. Both limits are assumed: no rule of law sets them.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import supervision_clock, urge_clock
from onething.domain.events.followup import Supervised, SupervisionAnswered, UrgeAnswered, Urged
from onething.domain.followup.guards import last_urge, urge_of
from onething.domain.kernel.custody import at_work
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import CaseState, LastUrge, Reply
from onething.domain.plan.plan import Plan

URGE_DAYS = 1
"""Working days in which an urge is answered, and before the end of which the same side does not urge again. Assumed,
and so is that one which nobody has answered in time stands in nobody's way: the next takes its place."""


def urged(reducer: Reducer, event: Urged) -> None:
    unanswered = urge_of(reducer.state, by_supervisor=event.by_supervisor)
    if unanswered is not None:
        deadlines_rules.stop(reducer, unanswered)
    reply = _reply(reducer, event.item, URGE_DAYS).model_copy(update={"to_supervisor": event.by_supervisor})
    due = deadlines_rules.start(reducer, urge_clock(reducer.seq), reply=reply)
    reducer.set(**{_last(by_supervisor=event.by_supervisor): LastUrge(at=reducer.at, again_at=due)})


def urge_answered(reducer: Reducer, event: UrgeAnswered) -> None:
    reply = reducer.clocks[event.clock].reply
    by_supervisor = reply is not None and reply.to_supervisor
    deadlines_rules.stop(reducer, event.clock)
    last = last_urge(reducer.state, by_supervisor=by_supervisor)
    if last is None:
        raise AssertionError("what was never urged is not answered")
    reducer.set(**{_last(by_supervisor=by_supervisor): last.model_copy(update={"answered_at": reducer.at})})


def _last(*, by_supervisor: bool) -> str:
    """The field of the state that keeps it."""
    return "supervisors_urge" if by_supervisor else "urge"


def supervised(reducer: Reducer, event: Supervised) -> None:
    deadlines_rules.start(reducer, supervision_clock(reducer.seq), reply=_reply(reducer, event.item, event.days))


def supervision_answered(reducer: Reducer, event: SupervisionAnswered) -> None:
    deadlines_rules.stop(reducer, event.clock)


def item_settled(reducer: Reducer, code: str) -> None:
    """The decision is there: nobody has to say any more where it stays."""
    for name, clock in tuple(reducer.clocks.items()):
        if clock.reply is not None and clock.reply.item == code:
            deadlines_rules.stop(reducer, name)


def case_decided(reducer: Reducer) -> None:
    for name, clock in tuple(reducer.clocks.items()):
        if clock.reply is not None:
            deadlines_rules.stop(reducer, name)


def _reply(reducer: Reducer, item: str | None, days: int) -> Reply:
    about_case = () if item is not None else at_work(reducer.plan, reducer.state)
    return Reply(item=item, days=days, departments=about_case)


def reassigned(reducer: Reducer, before: str, department: str) -> None:
    """Who was asked and has handed on what it held is asked no more, unless it holds more; who took it over is."""
    for name, clock in reducer.clocks.items():
        reply = clock.reply
        if reply is not None and before in reply.departments:
            left = [one for one in reply.departments if one != before or one in reducer.plan.departments]
            asked = tuple(dict.fromkeys((*left, department)))
            reducer.clocks[name] = clock.model_copy(update={"reply": reply.model_copy(update={"departments": asked})})


def departments_asked(plan: Plan, state: CaseState, item: str | None) -> tuple[str, ...]:
    """To whom an urge or a supervision of that item (None: of the case) goes now."""
    known = plan.item_by_code.get(item) if item else None
    return at_work(plan, state) if known is None else (known.department,)
