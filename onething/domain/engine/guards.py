"""What may happen now: the guards of every concern, asked in front of `step`; here are only those of one line, and what
belongs to no concern alone."""

from collections.abc import Collection, Iterator
from datetime import datetime

from onething.domain.calendar.days import Calendar
from onething.domain.commitments import guard_checked
from onething.domain.consults import guards as consult_guards
from onething.domain.consults.guards import guard_consult, guard_signed
from onething.domain.deadlines.guards import guard_calendar, guard_clock, guard_demand, guard_pause_time
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.discrepancies.guards import guard_known, guard_resolved
from onething.domain.documents import guard_chosen, guard_delivered
from onething.domain.errors import FailureCode, Refusal, refuse
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.consults import (
    ConsultAnswered,
    ConsultAsked,
    ConsultTakenBack,
    DayChosen,
    DaySet,
    DaysOffered,
    InspectionAppointed,
    InspectionClosed,
    InspectionConcluded,
    InspectionMoved,
    PartRecorded,
    PointsRectified,
)
from onething.domain.events.deadlines import (
    CalendarChanged,
    ClockExtended,
    ClockResumed,
    ClockSuspended,
    NoticeObjected,
    OutsideReported,
)
from onething.domain.events.documents import DeliveryChosen, LetterDelivered
from onething.domain.events.followup import (
    Rated,
    RatingContacted,
    RatingRectified,
    Supervised,
    SupervisionAnswered,
    UrgeAnswered,
    Urged,
)
from onething.domain.events.intake import (
    Accepted,
    CorrectionsAsked,
    DemandTakenBack,
    ItemCorrectionsAsked,
    PapersReceived,
    Supplemented,
)
from onething.domain.events.items import CaseReopened, CertificateReissued, ItemReassigned, ItemReturned
from onething.domain.events.lookups import (
    DiscrepancyResolved,
    LookedByHand,
    LookUpRetried,
    PartyConfirmed,
    PartyDeclined,
    TakenIn,
)
from onething.domain.events.tasks import ItemDecided, TaskClaimed, TaskReleased, TaskTransferred
from onething.domain.events.undo import ReviewAsked, RevocationDecided, UndoneByHand
from onething.domain.events.union import Event
from onething.domain.followup.guards import guard_rating, guard_urging
from onething.domain.inspections import guards as inspection_guards
from onething.domain.inspections.guards import guard_inspection
from onething.domain.inspections.planned_guards import guard_days, guard_inspected, guard_planned
from onething.domain.intake.guards import guard_changes_seen
from onething.domain.items.guards import (
    guard_closed,
    guard_conditions,
    guard_deferred,
    guard_item,
    guard_outcome,
    guard_reassigned,
    guard_reopened,
    guard_returned,
    guard_supplied,
    guard_wanted,
)
from onething.domain.kernel.lifecycle import FACTS_ALLOWED, STATUS_NAMES
from onething.domain.kernel.state import CaseState, CaseStatus
from onething.domain.lookups.guards import guard_looked, guard_promised, guard_retry
from onething.domain.materials import guard_seen, named
from onething.domain.parties.guards import guard_answer, guard_taken_in
from onething.domain.periods.guards import guard_period
from onething.domain.plan.plan import Plan
from onething.domain.reissue.guards import guard_reissued
from onething.domain.reservations.guards import guard_reserved
from onething.domain.undo.guards import guard_review, guard_revocation

_REOPENED = frozenset({"case_reopened"})


def check(plan: Plan, state: CaseState, event: Event, at: datetime) -> None:
    """Raise `NotAllowed` unless `event` may happen at `at` to a case in `state`."""
    refuse(why_not(plan, state, event, at))


def why_not(plan: Plan, state: CaseState, event: Event, at: datetime) -> Refusal | None:
    """The first reason why `event` may not happen at `at` to a case in `state`; None if it may."""
    return next(filter(None, _guards(plan, state, event, at)), None)


def why_not_in(status: CaseStatus, kinds: Collection[str]) -> Refusal | None:
    """Why no fact of these kinds may be said in that status; None if one may."""
    if any(status in FACTS_ALLOWED[kind] for kind in kinds):
        return None
    if kinds == _REOPENED and (refusal := guard_closed(status)) is not None:
        return refusal
    return Refusal(FailureCode.NOT_ALLOWED_NOW, f"办件当前为“{STATUS_NAMES[status]}”，不能这样办理。")


def why_no_time(plan: Plan, calendar: Calendar, state: CaseState, event: Event, at: datetime) -> Refusal | None:
    """Why what the event would start does not fit into the time that there is; None if it does. The event is allowed
    otherwise. Apart from `why_not`, since it takes the case's calendar."""
    match event:
        case ClockSuspended():
            return guard_pause_time(plan, calendar, state, event, at)
        case ConsultAsked():
            return consult_guards.guard_time(plan, calendar, state, event, at)
        case InspectionAppointed() | InspectionMoved():
            return inspection_guards.guard_time(calendar, state, event, at)
        case DaysOffered() | DaySet():
            return guard_days(calendar, plan, event, at)
        case _:
            return None


def _guards(plan: Plan, state: CaseState, event: Event, at: datetime) -> Iterator[Refusal | None]:
    """In this order: a guard may take it that those before it have let the event pass."""
    if isinstance(event, TaskClaimed | TaskReleased | TaskTransferred | ItemDecided | ItemReturned):
        yield guard_item(plan, state, event)
    if event.kind in FACTS_ALLOWED:
        yield why_not_in(state.status, {event.kind})
    if isinstance(event, Accepted):
        yield guard_deferred(plan, state, event)
        yield guard_changes_seen(state, event)
        yield guard_reserved(plan, event)
    if isinstance(event, ItemDecided):
        yield guard_outcome(plan, event)
        yield guard_conditions(plan, event)
        yield guard_inspected(plan, state, event)
        if _ends_well(plan, event):
            yield guard_supplied(plan, state, event)
            yield guard_reserved(plan, event)
            yield guard_known(plan, state, event)
        yield guard_seen(plan, state, event)
    if isinstance(event, Supplemented):
        yield _guard_plan_fixed(state, event)
        yield guard_promised(plan, state, event)
    if isinstance(event, Supplemented | PapersReceived):
        yield guard_wanted(plan, state, event)
    if isinstance(event, LookedByHand):
        yield guard_looked(state, event)
    if isinstance(event, CorrectionsAsked) and not (event.materials or event.fields):
        yield Refusal(FailureCode.MISSING_VALUE, "补正通知没有写明需要补正的材料或内容，请至少写明一项。")
    if isinstance(event, CorrectionsAsked | ItemCorrectionsAsked | Supplemented | PapersReceived):
        unknown = [code for code in named(event) if code not in plan.material_by_code]
        if unknown:
            yield Refusal(FailureCode.UNKNOWN_MATERIAL, f"本办件不需要材料：{'、'.join(unknown)}。")
    if isinstance(event, DemandTakenBack):
        yield guard_demand(state, event)
    if isinstance(event, ItemCorrectionsAsked | ClockSuspended | ClockResumed | ClockExtended):
        yield guard_clock(plan, state, event)
    if isinstance(event, Urged | UrgeAnswered | Supervised | SupervisionAnswered):
        yield guard_urging(state, event, at)
    if isinstance(event, CommitmentChecked):
        yield guard_checked(plan, state, event)
    if isinstance(event, ReviewAsked):
        yield guard_review(state, event)
    if isinstance(event, RevocationDecided):
        yield guard_revocation(plan, state, event)
    if isinstance(event, CertificateReissued):
        yield guard_reissued(plan, state, event)
    if isinstance(event, DiscrepancyResolved):
        yield guard_resolved(plan, state, event)
    if isinstance(event, Rated | RatingContacted | RatingRectified):
        yield guard_rating(state.rating, event)
    if isinstance(event, LookUpRetried):
        yield guard_retry(plan, state, event, at)
    if isinstance(event, ItemDecided) and _ends_well(plan, event):
        yield guard_signed(state, event)
    if isinstance(event, ConsultAsked | ConsultAnswered | ConsultTakenBack):
        yield guard_consult(plan, state, event)
    if isinstance(event, InspectionAppointed | InspectionMoved | InspectionConcluded):
        yield guard_inspection(state, event, at)
    if isinstance(event, DaysOffered | DayChosen | DaySet | PartRecorded | InspectionClosed | PointsRectified):
        yield guard_planned(plan, state, event, at)
    if isinstance(event, NoticeObjected | OutsideReported):
        yield guard_period(plan, state, event)
    if isinstance(event, PartyConfirmed | PartyDeclined):
        yield guard_answer(state, event)
    if isinstance(event, TakenIn):
        yield guard_taken_in(state, event)
    if isinstance(event, CalendarChanged):
        yield guard_calendar(state, event)
    if isinstance(event, ItemReassigned):
        yield guard_reassigned(plan, state, event)
    if isinstance(event, ItemReturned):
        yield guard_returned(plan, state, event, at)
    if isinstance(event, CaseReopened):
        yield guard_reopened(plan, state, event)
    if isinstance(event, DeliveryChosen):
        yield guard_chosen(state, event)
    if isinstance(event, LetterDelivered):
        yield guard_delivered(event.channel, event.outcome)
    undoing = {(effect.id, effect.round) for effect in state.undo_tasks}
    if isinstance(event, UndoneByHand) and (event.effect, event.round) not in undoing:
        yield Refusal(FailureCode.NOT_ALLOWED_NOW, "没有等待人工撤销的这一事项，可能已经处理完毕。")


def _ends_well(plan: Plan, event: ItemDecided) -> bool:
    return plan.item_by_code[event.item].effect(event.outcome) is OutcomeEffect.WELL


def _guard_plan_fixed(state: CaseState, event: Supplemented) -> Refusal | None:
    if state.accepted_at is not None and (event.plan or event.fields or event.refetch):
        detail = "办件受理后不能再修改情形和表单，只能补充材料；如需修改请撤回后重新申请。"
        return Refusal(FailureCode.PLAN_FIXED, detail)
    return None
