"""催办 and 督办: the applicant's side urges, a supervisor urges (which is counted apart) or supervises, and who has the
matter in hand answers in time.

Their clocks change nothing about the case: they end with the answer, with the decision that was waited for, or with the
case. Both limits are assumed: no rule of law sets them.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import supervision_clock, urge_clock
from onething.domain.events.followup import Supervised, SupervisionAnswered, UrgeAnswered, Urged
from onething.domain.followup.guards import last_urge, urge_of
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import LastUrge, Reply
from onething.domain.plan.plan import Plan

URGE_DAYS = 1
"""Working days in which an urge is answered, and before the end of which the same side does not urge again. Assumed,
and so is that one which nobody has answered in time stands in nobody's way: the next takes its place."""


def urged(reducer: Reducer, event: Urged) -> None:
    unanswered = urge_of(reducer.state, by_supervisor=event.by_supervisor)
    if unanswered is not None:
        deadlines_rules.stop(reducer, unanswered)
    reply = Reply(item=event.item, days=URGE_DAYS, to_supervisor=event.by_supervisor)
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
    deadlines_rules.start(reducer, supervision_clock(reducer.seq), reply=Reply(item=event.item, days=event.days))


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


def departments_asked(plan: Plan, item: str | None) -> tuple[str, ...]:
    """Who have to answer an urge or a supervision of that item (None: of the case), and so may read it."""
    known = plan.item_by_code.get(item) if item else None
    return plan.departments if known is None else (known.department,)
