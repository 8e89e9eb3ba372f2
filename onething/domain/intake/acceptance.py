"""From receipt to acceptance: the time to say what is missing, the applicant's to supply it, and what silence means.

Source: 行政许可法 Art. 32: who is not told within 5 working days what is missing has been accepted, from the day of
receipt.
"""

from datetime import datetime

from onething.domain import documents
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import CASE_CLOCK, CASE_STATUTORY, NOTICE_CLOCK, SUPPLEMENT_CLOCK
from onething.domain.definition.time_rules import SupplementSilence
from onething.domain.events.intake import Accepted
from onething.domain.items import deferral
from onething.domain.items import rules as items_rules
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import CaseStatus
from onething.domain.undo import rules as undo_rules


def received(reducer: Reducer, since: datetime | None = None) -> None:
    """What the counter has to look through has come: its time starts, or starts anew with what it asked for. `since`:
    when it took the papers in, if that was before the record heard of it."""
    if reducer.plan.clocks is not None:
        deadlines_rules.stop(reducer, SUPPLEMENT_CLOCK)
        deadlines_rules.stop(reducer, NOTICE_CLOCK, met=False)
        deadlines_rules.start(reducer, NOTICE_CLOCK, since)


def corrections_requested(reducer: Reducer) -> None:
    """The counter has told what is missing; now the applicant has time."""
    deadlines_rules.stop(reducer, NOTICE_CLOCK)
    if reducer.plan.clocks is not None and reducer.plan.clocks.supplement is not None:
        deadlines_rules.start(reducer, SUPPLEMENT_CLOCK)


def accepted(reducer: Reducer, event: Accepted) -> None:
    deadlines_rules.stop(reducer, NOTICE_CLOCK)
    deferral.accepted(reducer, event)
    _accept(reducer, reducer.at)
    reducer.notice("accepted")  # Art. 32: accepting is said in writing, too


def deemed_accepted(reducer: Reducer) -> None:
    """The case's clocks count from receipt; those of items from when they open, as ever. What is missing nobody asked
    for in time: the offices decide on what there is, or ask for it themselves."""
    receipt = reducer.clocks[NOTICE_CLOCK].started_at
    deadlines_rules.miss(reducer, NOTICE_CLOCK)
    there = {*reducer.materials, *reducer.commitments}
    reducer.done_without = tuple(one for one in items_rules.required_materials(reducer.plan) if one not in there)
    _accept(reducer, receipt)
    reducer.notice("deemed_accepted")


def _accept(reducer: Reducer, since: datetime) -> None:
    reducer.accept(since)
    deadlines_rules.start(reducer, CASE_CLOCK, since)
    if reducer.plan.clocks is not None:
        deadlines_rules.start(reducer, CASE_STATUTORY, since)
    items_rules.open_ready(reducer)


def supplement_time_ended(reducer: Reducer) -> None:
    """The applicant was reminded, and has kept silent."""
    deadlines_rules.miss(reducer, SUPPLEMENT_CLOCK)
    rules = reducer.plan.clocks
    match rules.supplement_silence if rules is not None else SupplementSilence.NOT_ACCEPTED:
        case SupplementSilence.GO_ON:
            reducer.set(fields_asked=(), materials_asked=())
            reducer.move_case(CaseStatus.SUBMITTED)
            received(reducer)
        case SupplementSilence.NOT_ACCEPTED:
            undo_rules.end_early(reducer, CaseStatus.REJECTED)
        case SupplementSilence.WITHDRAWN:
            documents.written(reducer, "terminated")
            undo_rules.end_early(reducer, CaseStatus.WITHDRAWN)
