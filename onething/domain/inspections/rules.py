"""Joint inspection (联合踏勘): its clock runs from the appointment until all conclusions are in. Of each day that is
set for it the applicant is told in writing.

Neither appointing nor concluding stops or starts an item's time: the department suspends it, on that basis, and resumes
it when it goes on, since what follows from a conclusion (mending, another look) is for a person to say.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import inspection_clock
from onething.domain.events.inspections import InspectionAppointed, InspectionConcluded, InspectionMoved
from onething.domain.kernel.queries import inspection_of
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import Inspection


def appointed(turn: Turn, event: InspectionAppointed) -> None:
    deadlines_rules.start(turn, inspection_clock(event.n), agreed=event.limit)
    turn.inspections[event.n] = Inspection(on=event.on, waiting=event.items)
    turn.set(inspected=event.n)
    turn.notice("inspection")


def moved(turn: Turn, event: InspectionMoved) -> None:
    turn.inspections[event.n] = turn.inspections[event.n].model_copy(update={"on": event.on})
    turn.notice("inspection_moved")


def concluded(turn: Turn, event: InspectionConcluded) -> None:
    _settle(turn, event.n, event.item, concluded=True)


def call_off(turn: Turn, item: str) -> None:
    """No conclusion is awaited for the item any more: it is decided, or over."""
    n = inspection_of(turn.inspections, item)
    if n is not None:
        _settle(turn, n, item, concluded=turn.inspections[n].concluded)


def _settle(turn: Turn, n: int, item: str, *, concluded: bool) -> None:
    inspection = turn.inspections[n]
    waiting = tuple(code for code in inspection.waiting if code != item)
    if waiting:
        turn.inspections[n] = inspection.model_copy(update={"waiting": waiting, "concluded": concluded})
    else:
        del turn.inspections[n]
        deadlines_rules.stop(turn, inspection_clock(n), met=concluded)
