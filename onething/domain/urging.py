"""催办 and 督办: the applicant's side urges, a supervisor supervises, and who has the matter in hand answers in time.

Their clocks change nothing about the case: they end with the answer, with the decision that was waited for, or with the
case. Both limits are assumed: no rule of law sets them.
"""

from onething.domain import deadlines
from onething.domain.clock_kinds import supervision_clock, urge_clock
from onething.domain.events import Supervised, SupervisionAnswered, UrgeAnswered, Urged
from onething.domain.state import LastUrge, Reply
from onething.domain.turn import Turn

URGE_DAYS = 1
"""Working days in which an urge is answered, and before the end of which nobody urges again. Assumed."""


def urged(turn: Turn, event: Urged) -> None:
    due = deadlines.start(turn, urge_clock(turn.seq), reply=Reply(item=event.item, days=URGE_DAYS))
    turn.set(urge=LastUrge(at=turn.at, again_at=due))


def urge_answered(turn: Turn, event: UrgeAnswered) -> None:
    deadlines.stop(turn, event.clock)
    last = turn.state.urge
    if last is None:
        raise AssertionError("what was never urged is not answered")
    turn.set(urge=last.model_copy(update={"answered_at": turn.at}))


def supervised(turn: Turn, event: Supervised) -> None:
    deadlines.start(turn, supervision_clock(turn.seq), reply=Reply(item=event.item, days=event.days))


def supervision_answered(turn: Turn, event: SupervisionAnswered) -> None:
    deadlines.stop(turn, event.clock)


def item_settled(turn: Turn, code: str) -> None:
    """The decision is there: nobody has to say any more where it stays."""
    for name, clock in tuple(turn.clocks.items()):
        if clock.reply is not None and clock.reply.item == code:
            deadlines.stop(turn, name)


def case_decided(turn: Turn) -> None:
    for name, clock in tuple(turn.clocks.items()):
        if clock.reply is not None:
            deadlines.stop(turn, name)
