"""A joint inspection that a department appointed (联合踏勘): its clock runs from the appointment until all conclusions
are in. Of each day that is set for it the applicant is told in writing.

Neither appointing nor concluding stops or starts an item's time: the department suspends it, on that basis, and resumes
it when it goes on, since what follows from a conclusion (mending, another look) is for a person to say.
"""

from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import inspection_clock
from onething.domain.events.consults import InspectionAppointed, InspectionConcluded, InspectionMoved
from onething.domain.inspections import planned_rules
from onething.domain.kernel.queries import inspection_of
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import Inspection


def appointed(reducer: Reducer, event: InspectionAppointed) -> None:
    deadlines_rules.start(reducer, inspection_clock(event.n), agreed=event.limit)
    reducer.inspections[event.n] = Inspection(on=event.on, waiting=event.items)
    reducer.set(inspected=event.n)
    reducer.notice("inspection")


def moved(reducer: Reducer, event: InspectionMoved) -> None:
    reducer.inspections[event.n] = reducer.inspections[event.n].model_copy(update={"on": event.on})
    reducer.notice("inspection_moved")


def concluded(reducer: Reducer, event: InspectionConcluded) -> None:
    _settle(reducer, event.n, event.item, concluded=True)


def call_off(reducer: Reducer, item: str) -> None:
    """No conclusion is awaited for the item any more: it is decided, or over."""
    planned_rules.let_go(reducer, item)
    n = inspection_of(reducer.inspections, item)
    if n is not None:
        _settle(reducer, n, item, concluded=reducer.inspections[n].concluded)


def _settle(reducer: Reducer, n: int, item: str, *, concluded: bool) -> None:
    inspection = reducer.inspections[n]
    waiting = tuple(code for code in inspection.waiting if code != item)
    if waiting:
        reducer.inspections[n] = inspection.model_copy(update={"waiting": waiting, "concluded": concluded})
    else:
        del reducer.inspections[n]
        deadlines_rules.stop(reducer, inspection_clock(n), met=concluded)
