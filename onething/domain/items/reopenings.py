"""重新办理: a closed case goes on with items whose decision was set aside, and with what was skipped because of them.

Sources: 行政复议法 (2023) Arts. 63, 64, 66: whoever reviews a decision changes it, or sets it aside and may order
another within a time; what was not decided is to be. 行政诉讼法 Arts. 70, 72: so the court. That the office above
orders it (层级监督) is assumed: no article says how. What was granted and stands is not touched (行政许可法 Arts. 8,
69). All time begins anew, of the items and of the case (assumed; what the order says of time is for people to keep).
"""

from collections.abc import Iterator

from onething.domain import documents
from onething.domain.deadlines import patience
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import CASE_CLOCK, CASE_STATUTORY, item_clock, item_statutory
from onething.domain.definition.items import OnRefusal
from onething.domain.definition.time_rules import OverdueHow
from onething.domain.events.items import CaseReopened
from onething.domain.inspections import planned_rules
from onething.domain.items import deferral
from onething.domain.items.rules import open_ready
from onething.domain.kernel import queries
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import CaseStatus, DataState, ItemState, Reopening
from onething.domain.periods import rules as periods_rules
from onething.domain.plan.plan import PlanItem
from onething.domain.reissue import rules as reissue_rules


def reopened(reducer: Reducer, event: CaseReopened) -> None:
    reducer.move_case(CaseStatus.PROCESSING)
    for code in event.items:
        _wait_anew(reducer, code)
        reducer.keep_with_people(code)  # a reason is there to be read
        reissue_rules.decided_anew(reducer, code)
    going_on = (*event.items, *(code for named in event.items for code in waits_with(reducer, named)))
    reducer.set(reopening=Reopening(line=reducer.seq, items=going_on))
    reducer.final_notice_queued = False
    deadlines_rules.start(reducer, CASE_CLOCK)
    if reducer.plan.clocks is not None:
        deadlines_rules.start(reducer, CASE_STATUTORY)
    documents.written(reducer, "reopened")
    reducer.notice("reopened")
    look_up_again(reducer, going_on)
    deferral.needed_again(reducer, going_on)
    open_ready(reducer)


def _wait_anew(reducer: Reducer, code: str) -> None:
    """Its clocks have ended; others start as it opens."""
    for clock in (item_clock(code), item_statutory(code)):
        reducer.clocks.pop(clock, None)
    planned_rules.forget(reducer, code)
    reducer.move_item(code, ItemState.WAITING)


def waits_with(reducer: Reducer, code: str) -> Iterator[str]:
    """What was skipped because of the item, and of nothing else that stands, waits again."""
    for dependant in reducer.plan.dependants[code]:
        needs = reducer.plan.item_by_code[dependant].needs_items
        skipped = reducer.items[dependant].state is ItemState.SKIPPED
        item = reducer.plan.item_by_code[dependant]
        stopped = any(_stops(reducer, reducer.plan.item_by_code[need], item) for need in needs)
        if skipped and not stopped and not periods_rules.has_ended_otherwise(reducer, item):
            periods_rules.begin_again(reducer, item)
            _wait_anew(reducer, dependant)
            yield dependant
            yield from waits_with(reducer, dependant)


def _stops(reducer: Reducer, item: PlanItem, dependant: PlanItem) -> bool:
    """Whether what needs it was skipped because of how it ended."""
    if item.code in dependant.needs_outcomes:
        return queries.comes_otherwise(reducer.plan, reducer.items, {item.code: dependant.needs_outcomes[item.code]})
    match reducer.items[item.code].state:
        case ItemState.SKIPPED:
            return True
        case ItemState.REFUSED:
            return item.on_refusal is OnRefusal.SKIP_DEPENDANTS
        case ItemState.LAPSED:
            return item.overdue is OverdueHow.LAPSE
    return False


def look_up_again(reducer: Reducer, codes: tuple[str, ...]) -> None:
    """What only skipped items needed was dropped with them; and what was still looked for when all was decided was
    called off."""
    needed = {key for code in codes for key in reducer.plan.item_by_code[code].needs_data}
    for data in reducer.plan.data:
        came = reducer.data.get(data.key)
        if (came is None and data.key in needed) or came in {DataState.PENDING, DataState.CHECKING}:
            patience.fetch(reducer, data)
