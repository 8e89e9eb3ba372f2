"""The one pure function of a case: what follows from an event. Dispatch only; the rules are in the modules it calls."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from onething.domain import commitments, documents
from onething.domain.calendar.days import Calendar
from onething.domain.consults import rules as consults_rules
from onething.domain.deadlines import escalation, patience, pauses
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import NOTICE_CLOCK
from onething.domain.definition.periods import PeriodState
from onething.domain.discrepancies import rules as discrepancies_rules
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
    ClockOverdue,
    ClockResumed,
    ClockSuspended,
    ClockWarned,
    ConfirmationLapsed,
    DecidedBySilence,
    DeemedAccepted,
    DeferredTimeEnded,
    DemandTimeEnded,
    InspectionDayEnded,
    LookUpDue,
    ManualTimeEnded,
    MarksTakenBack,
    MendingTimeEnded,
    NoticeObjected,
    OutsideReported,
    OwedTimeEnded,
    PatienceEnded,
    PauseTimeEnded,
    PeriodEnded,
    RectifyTimeEnded,
    RungFired,
    SupplementTimeEnded,
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
    Rejected,
    Submitted,
    Supplemented,
    Withdrawn,
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
from onething.domain.events.outcomes import (
    CameTooLate,
    CertificatesIssued,
    DispatchRefused,
    EffectUndone,
    NoticesSent,
    RecordFetched,
    RecordRefused,
)
from onething.domain.events.tasks import ItemDecided, TaskClaimed, TaskReleased, TaskTransferred
from onething.domain.events.undo import ReviewAsked, RevocationDecided, UndoneByHand
from onething.domain.events.union import Event
from onething.domain.followup import ratings, urges
from onething.domain.inspections import planned_rules
from onething.domain.inspections import rules as inspections_rules
from onething.domain.intake import acceptance
from onething.domain.items import deferral, later_materials, reassignment, reopenings, returns
from onething.domain.items import rules as items_rules
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import SCHEMA, CaseState, CaseStatus, Commitment, DataState, PartyAnswer
from onething.domain.kernel.step_result import StepResult
from onething.domain.lookups import manual_check, right_to_ask
from onething.domain.lookups import rules as lookups_rules
from onething.domain.materials import shows_kin, with_versions
from onething.domain.parties import rules as parties_rules
from onething.domain.plan.plan import Plan
from onething.domain.reissue import rules as reissue_rules
from onething.domain.reservations import rules as reservations_rules
from onething.domain.undo import revocation
from onething.domain.undo import rules as undo_rules


def step(plan: Plan, calendar: Calendar, state: CaseState | None, event: Event, seq: int, at: datetime) -> StepResult:
    """Fold one event into the state.

    The event must be allowed (`engine.guards.check`), and an outcome's command open; the case writer sees to both. With
    `Supplemented.plan`, `plan` is already the new one; so is `calendar` with `CalendarChanged`. `state` is
    None for `Submitted` only.
    """
    if isinstance(event, Submitted):
        if state is not None:
            raise ValueError("a case is submitted once")
        return _submitted(plan, calendar, event, seq, at)
    if state is None:
        raise ValueError("a case begins with Submitted")
    reducer = Reducer(plan, calendar, state, seq, at)
    match event:
        case CorrectionsAsked():
            lookups_rules.corrections_asked(reducer, event)
        case Supplemented():
            lookups_rules.supplemented(reducer, event)
        case TakenIn():
            right_to_ask.taken_in(reducer)
        case PartyConfirmed():
            parties_rules.answered(reducer, event.party, PartyAnswer.CONFIRMED)
            right_to_ask.seek(reducer)
        case PartyDeclined():
            parties_rules.answered(reducer, event.party, PartyAnswer.DECLINED)
            right_to_ask.taken_back(reducer)
            right_to_ask.seek(reducer)
        case ConfirmationLapsed():
            parties_rules.answered(reducer, event.party, PartyAnswer.LAPSED)
            right_to_ask.seek(reducer)
        case PapersReceived():
            lookups_rules.papers_received(reducer, event)
        case Accepted():
            acceptance.accepted(reducer, event)
            right_to_ask.seek(reducer)
        case Rejected():
            deadlines_rules.stop(reducer, NOTICE_CLOCK)
            undo_rules.end_early(reducer, CaseStatus.REJECTED)
        case Withdrawn():
            undo_rules.end_early(reducer, CaseStatus.WITHDRAWN)
        case TaskClaimed() | TaskReleased() | TaskTransferred():
            pass  # who works on it is the queue's business; the journal keeps it
        case ItemDecided():
            items_rules.decided(reducer, event)
        case ItemCorrectionsAsked():
            pauses.corrections_asked(reducer, event)
        case DemandTakenBack():
            pauses.demand_taken_back(reducer, event)
        case ClockSuspended():
            pauses.suspended(reducer, event)
        case ClockResumed():
            pauses.resumed(reducer, event)
        case ClockExtended():
            pauses.extended(reducer, event)
        case Urged():
            urges.urged(reducer, event)
        case UrgeAnswered():
            urges.urge_answered(reducer, event)
        case Supervised():
            urges.supervised(reducer, event)
        case SupervisionAnswered():
            urges.supervision_answered(reducer, event)
        case CommitmentChecked():
            if commitments.checked(reducer, event) is Commitment.BROKEN:
                revocation.broken(reducer, event.material)
        case ReviewAsked():
            revocation.review_asked(reducer, event)
        case RevocationDecided():
            revocation.decided(reducer, event)
        case CertificateReissued():
            reissue_rules.reissued(reducer, event)
        case DiscrepancyResolved():
            discrepancies_rules.resolved(reducer, event)
        case Rated():
            ratings.rated(reducer, event)
        case RatingContacted():
            ratings.contacted(reducer)
        case RatingRectified():
            ratings.rectified(reducer)
        case LookUpRetried():
            lookups_rules.retried(reducer, event)
        case CalendarChanged():
            pauses.calendar_changed(reducer)
            deadlines_rules.calendar_changed(reducer)
        case ConsultAsked():
            consults_rules.opinion_requested(reducer, event)
        case ConsultAnswered():
            consults_rules.answered(reducer, event)
        case ConsultTakenBack():
            consults_rules.taken_back(reducer, event)
        case InspectionAppointed():
            inspections_rules.appointed(reducer, event)
        case InspectionMoved():
            inspections_rules.moved(reducer, event)
        case InspectionConcluded():
            inspections_rules.concluded(reducer, event)
        case DaysOffered():
            planned_rules.offered(reducer, event)
        case DayChosen():
            planned_rules.chosen(reducer, event)
        case DaySet():
            planned_rules.day_set(reducer, event)
        case PartRecorded():
            planned_rules.recorded(reducer, event)
            items_rules.inspection_went_on(reducer)
        case InspectionClosed():
            planned_rules.listed(reducer, event)
            items_rules.inspection_went_on(reducer)
        case PointsRectified():
            planned_rules.rectified(reducer, event)
        case NoticeObjected():
            items_rules.period_ended(reducer, event.period, PeriodState.OBJECTED)
        case OutsideReported():
            items_rules.period_ended(reducer, event.period, PeriodState.DONE)
        case ItemReassigned():
            reassignment.reassigned(reducer, event)
        case ItemReturned():
            returns.returned(reducer, event)
            right_to_ask.seek(reducer)
        case CaseReopened():
            reopenings.reopened(reducer, event)
            right_to_ask.seek(reducer)
        case DeliveryChosen():
            documents.chosen(reducer, event)
        case LetterDelivered():
            documents.delivered(reducer, event)
        case UndoneByHand():
            undo_rules.undone_by_hand(reducer, event.effect)
        case RecordFetched():
            lookups_rules.fetched(reducer, event, reducer.settle(event.command).hold)
        case RecordRefused():
            lookups_rules.refused(reducer, event, reducer.settle(event.command))
        case DispatchRefused():
            lookups_rules.dispatch_refused(reducer, event)
        case CertificatesIssued():
            target = reducer.settle(event.command).target
            reissue_rules.issued(reducer, event)
            items_rules.certificates_issued(reducer, target)
        case NoticesSent():
            lookups_rules.notices_over(reducer, event.command, reducer.settle(event.command).target, sent=True)
        case EffectUndone():
            reducer.settle(event.command)
            undo_rules.undone(reducer)
        case CameTooLate():
            lookups_rules.came_too_late(reducer, event)
        case MarksTakenBack():
            escalation.taken_back(reducer, event)
        case PauseTimeEnded():
            pauses.resumed(reducer, event)
        case ClockWarned():
            deadlines_rules.warned(reducer, event)
        case ClockOverdue():
            deadlines_rules.overdue(reducer, event)
        case RungFired():
            escalation.fired(reducer, event)
        case DeemedAccepted():
            acceptance.deemed_accepted(reducer)
            right_to_ask.seek(reducer)
        case SupplementTimeEnded():
            acceptance.supplement_time_ended(reducer)
        case DeferredTimeEnded():
            deferral.time_ended(reducer, event)
        case PeriodEnded():
            items_rules.period_ended(reducer, event.period)
        case InspectionDayEnded():
            planned_rules.day_ended(reducer, event)
            items_rules.inspection_went_on(reducer)
        case MendingTimeEnded():
            planned_rules.not_mended(reducer, event)
            items_rules.inspection_went_on(reducer)
        case RectifyTimeEnded():
            commitments.rectify_time_ended(reducer, event)
        case OwedTimeEnded():
            later_materials.time_ended(reducer, event)
        case DemandTimeEnded():
            pauses.demand_time_ended(reducer, event)
        case DecidedBySilence():
            items_rules.decided_by_silence(reducer, event)
        case LookedByHand():
            manual_check.looked(reducer, event)
        case ManualTimeEnded():
            manual_check.time_ended(reducer, event)
        case LookUpDue():
            patience.due(reducer, event)
        case PatienceEnded():
            lookups_rules.patience_ended(reducer, event)
        case _:
            assert_never(event)
    if reducer.deferred:
        deferral.follow_promises(reducer)
    if reducer.plan.after_decision:
        later_materials.follow(reducer)
    if reducer.plan.for_issue:
        reissue_rules.handed_in(reducer)
    reservations_rules.settle(reducer, event)
    return reducer.outcome()


def _submitted(plan: Plan, calendar: Calendar, event: Submitted, seq: int, at: datetime) -> StepResult:
    blank = CaseState(
        schema=SCHEMA,
        status=CaseStatus.SUBMITTED,
        plan=event.plan,
        calendar=event.calendar,
        submitted_at=at,
        items=items_rules.first_items(plan),
        data={},
        materials=event.materials,
        versions=with_versions({}, event.versions),
        announced=event.announced,
        delivery=event.delivery,
        kin_shown=shows_kin(plan, event.versions),
        taken_in=event.taken_in,
        received_at=event.received.at if event.received else None,
        commitments=commitments.given(event),
        compared=event.compared or {},
    )
    reducer = Reducer(plan, calendar, blank, seq, at)
    parties_rules.proved(reducer, event.proved)
    parties_rules.related(reducer, event.versions)
    for data in plan.data:
        if data.key in event.licensed:
            reducer.data[data.key] = DataState.IN_HAND
        else:
            parties_rules.look_up(reducer, data)
    right_to_ask.seek(reducer)
    acceptance.received(reducer, blank.received_at)
    reservations_rules.settle(reducer, event)
    return reducer.outcome()


def fold(
    plan_of: Mapping[str, Plan], calendar_of: Mapping[str, Calendar], journal: Iterable[tuple[int, datetime, Event]]
) -> CaseState:
    """The state that a journal gives: must equal the stored one. Plans and calendars are found by digest."""
    state: CaseState | None = None
    for seq, at, event in journal:
        plan, calendar = plan_of[plan_after(state, event)], calendar_of[calendar_after(state, event)]
        state = step(plan, calendar, state, event, seq, at).state
    if state is None:
        raise ValueError("an empty journal has no state")
    return state


def plan_after(state: CaseState | None, event: Event) -> str:
    """Digest of the plan that `event` is stepped with."""
    if isinstance(event, Submitted | Supplemented) and event.plan is not None:
        return event.plan
    if state is None:
        raise ValueError("a case begins with Submitted")
    return state.plan


def calendar_after(state: CaseState | None, event: Event) -> str:
    """Digest of the calendar that `event` is stepped with."""
    match event:
        case Submitted():
            return event.calendar
        case CalendarChanged():
            return event.new
    if state is None:
        raise ValueError("a case begins with Submitted")
    return state.calendar
