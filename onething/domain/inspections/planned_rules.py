"""Inspections that the definition plans (联合踏勘、联合验收、联合会审): when one begins, what each department finds,
the one list of what is to be mended, and looking again at that alone.

It runs inside the time of its items: what its items' departments have to decide waits for their own part of it only.
What the applicant mends takes none of the departments' time. Who did not come checks alone, inside its own time
(行政许可法 Art. 34: an office's own check is made by its own staff); where a local rule says so, it has agreed to the
facts that the others recorded.
"""

from onething.domain.deadlines import pauses
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import joint_clock, mend_clock
from onething.domain.definition.periods import InspectionState, PartState, WhenAbsent
from onething.domain.definition.time_rules import Card, Recipient
from onething.domain.events.consults import (
    DayChosen,
    DaySet,
    DaysOffered,
    InspectionClosed,
    PartRecorded,
    PointsRectified,
)
from onething.domain.events.deadlines import InspectionDayEnded, MendingTimeEnded
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import AT_DEPARTMENT, SETTLED, InspectionPart, PlannedProgress
from onething.domain.kernel.step_result import RungReached
from onething.domain.plan.plan import PlanInspection

S, P = InspectionState, PartState
_PENDING = frozenset({P.DUE, P.POINTS})


def begin_ready(reducer: Reducer) -> bool:
    """Begin those whose turn it is; close those whose items are all decided. Whether there was one."""
    if not reducer.accepted:
        return False
    before = dict(reducer.planned)
    for inspection in reducer.plan.inspections:
        states = {code: reducer.items[code].state for code in inspection.items}
        over = all(state in SETTLED for state in states.values())
        standing = reducer.planned.get(inspection.code)
        if standing is None and over:
            reducer.planned[inspection.code] = PlannedProgress(state=S.CLOSED)
        elif standing is None:
            settled = all(reducer.items[code].state in SETTLED for code in inspection.needs_items)
            if settled and any(state in AT_DEPARTMENT for state in states.values()):
                _begin(reducer, inspection.code, [code for code, state in states.items() if state not in SETTLED])
        elif over and standing.state is not S.CLOSED:
            _close(reducer, inspection.code, standing)
    return reducer.planned != before


def _begin(reducer: Reducer, code: str, items: list[str]) -> None:
    reducer.planned[code] = PlannedProgress(parts={item: InspectionPart() for item in items})
    deadlines_rules.start(reducer, joint_clock(code))


def offered(reducer: Reducer, event: DaysOffered) -> None:
    _set(reducer, event.inspection, state=S.OFFERED, offered=event.days, on=None)
    reducer.notice("days_offered")


def chosen(reducer: Reducer, event: DayChosen) -> None:
    if event.on is None:
        _set(reducer, event.inspection, state=S.READY)
    else:
        _set(reducer, event.inspection, state=S.SET, on=event.on)


def day_set(reducer: Reducer, event: DaySet) -> None:
    _set(reducer, event.inspection, state=S.SET, on=event.on)
    reducer.notice("day_set")


def recorded(reducer: Reducer, event: PartRecorded) -> None:
    standing = reducer.planned[event.inspection]
    part = InspectionPart(state=P.POINTS if event.points else P.PASSED, points=event.points)
    _set(reducer, event.inspection, state=S.HELD, parts={**standing.parts, event.item: part})
    _close_if_clean(reducer, event.inspection)


def day_ended(reducer: Reducer, event: InspectionDayEnded) -> None:
    code = event.inspection
    standing = reducer.planned[code]
    due = [item for item, part in standing.parts.items() if part.state is P.DUE]
    _tell_of_absent(reducer, reducer.plan.inspection_by_code[code], due)
    if standing.state is S.SET:
        _set(reducer, code, state=S.READY, on=None)  # nobody has come: another day
        return
    absent = {item: standing.parts[item].model_copy(update={"state": P.ABSENT}) for item in due}
    _set(reducer, code, parts={**standing.parts, **absent})
    _close_if_clean(reducer, code)


def _tell_of_absent(reducer: Reducer, inspection: PlanInspection, items: list[str]) -> None:
    """With a yellow card (assumed: no rule of law gives these cards)."""
    if inspection.absent is WhenAbsent.FACTS_AGREED:
        return
    standing = reducer.planned[inspection.code]
    clock = reducer.clocks[joint_clock(inspection.code)]
    told = (Recipient.LEADER, Recipient.SUPERVISOR)
    for item in items:
        rung = f"absent:{item}:{standing.on:%Y-%m-%d}"
        reducer.rung_reached(RungReached(joint_clock(inspection.code), clock.started_at, rung, item, told, Card.YELLOW))


def listed(reducer: Reducer, event: InspectionClosed) -> None:
    code = event.inspection
    standing, planned = reducer.planned[code], reducer.plan.inspection_by_code[code]
    reducer.notice("inspection_list")
    if event.round > planned.rechecks:
        _fail(reducer, code)
        return
    deadlines_rules.stop(reducer, joint_clock(code))
    deadlines_rules.start(reducer, mend_clock(code))
    _set(reducer, code, state=S.RECTIFYING)
    pauses.for_rectifying(reducer, code, _to_mend(standing), promises_only=not planned.stops_law)


def rectified(reducer: Reducer, event: PointsRectified) -> None:
    """Only what failed is looked at again."""
    code = event.inspection
    standing = reducer.planned[code]
    deadlines_rules.stop(reducer, mend_clock(code))
    pauses.rectified(reducer, code, _to_mend(standing))
    again = {
        item: part.model_copy(update={"state": P.DUE}) if part.state is P.POINTS else part
        for item, part in standing.parts.items()
    }
    _set(reducer, code, state=S.READY, round=standing.round + 1, offered=(), on=None, parts=again)
    deadlines_rules.start(reducer, joint_clock(code))


def not_mended(reducer: Reducer, event: MendingTimeEnded) -> None:
    deadlines_rules.miss(reducer, mend_clock(event.inspection))
    _fail(reducer, event.inspection)


def let_go(reducer: Reducer, item: str) -> None:
    """The item is decided, or over: nobody waits for its part any more. What was found stays."""
    planned = reducer.plan.inspection_of.get(item)
    standing = planned and reducer.planned.get(planned.code)
    if planned is None or not standing or standing.state is S.CLOSED or item not in standing.parts:
        return
    if standing.parts[item].state in _PENDING:
        _set(reducer, planned.code, parts={code: one for code, one in standing.parts.items() if code != item})
        _close_if_clean(reducer, planned.code)


def forget(reducer: Reducer, item: str) -> None:
    """The item is to be decided anew, since the case was reopened: its department looks by itself."""
    planned = reducer.plan.inspection_of.get(item)
    if planned is not None and planned.code in reducer.planned:
        parts = reducer.planned[planned.code].parts
        _set(reducer, planned.code, parts={code: one for code, one in parts.items() if code != item})


def call_off(reducer: Reducer) -> None:
    """The case is over."""
    for code, standing in tuple(reducer.planned.items()):
        if standing.state is not S.CLOSED:
            _close(reducer, code, standing)


def _close_if_clean(reducer: Reducer, code: str) -> None:
    standing = reducer.planned[code]
    if not any(part.state in _PENDING for part in standing.parts.values()):
        _close(reducer, code, standing)


def _fail(reducer: Reducer, code: str) -> None:
    standing = reducer.planned[code]
    pauses.rectified(reducer, code, _to_mend(standing))
    failed = {
        item: part.model_copy(update={"state": P.FAILED}) if part.state is P.POINTS else part
        for item, part in standing.parts.items()
    }
    _set(reducer, code, parts=failed)
    _close(reducer, code, reducer.planned[code])


def _close(reducer: Reducer, code: str, standing: PlannedProgress) -> None:
    pauses.rectified(reducer, code, _to_mend(standing))
    deadlines_rules.stop(reducer, joint_clock(code))
    deadlines_rules.stop(reducer, mend_clock(code), met=False)
    _set(reducer, code, state=S.CLOSED, offered=())


def _to_mend(standing: PlannedProgress) -> tuple[str, ...]:
    return tuple(item for item, part in standing.parts.items() if part.state is P.POINTS)


def _set(reducer: Reducer, code: str, **changed: object) -> None:
    reducer.planned[code] = reducer.planned[code].model_copy(update=changed)
