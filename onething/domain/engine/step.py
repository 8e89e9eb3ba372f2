"""The one pure function of a case: what follows from an event. Dispatch only; the rules are in the modules it calls."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from onething.domain import commitments
from onething.domain.calendar.days import Calendar
from onething.domain.consults import rules as consults_rules
from onething.domain.deadlines import escalation, patience, pauses
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import NOTICE_CLOCK
from onething.domain.discrepancies import rules as discrepancies_rules
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.consults import ConsultAnswered, ConsultAsked
from onething.domain.events.deadlines import (
    CalendarChanged,
    ClockExtended,
    ClockOverdue,
    ClockResumed,
    ClockSuspended,
    ClockWarned,
    DecidedBySilence,
    DeemedAccepted,
    DeferredTimeEnded,
    LookUpDue,
    ManualTimeEnded,
    PatienceEnded,
    RungFired,
    SupplementTimeEnded,
)
from onething.domain.events.followup import (
    Rated,
    RatingContacted,
    RatingRectified,
    Supervised,
    SupervisionAnswered,
    UrgeAnswered,
    Urged,
)
from onething.domain.events.inspections import InspectionAppointed, InspectionConcluded, InspectionMoved
from onething.domain.events.intake import (
    Accepted,
    CorrectionsAsked,
    ItemCorrectionsAsked,
    Rejected,
    Submitted,
    Supplemented,
    Withdrawn,
)
from onething.domain.events.items import ItemReassigned, ItemReturned
from onething.domain.events.lookups import DiscrepancyResolved, LookedByHand, LookUpRetried
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
from onething.domain.events.undo import RevocationDecided, UndoneByHand
from onething.domain.events.union import Event
from onething.domain.followup import ratings, urges
from onething.domain.inspections import rules as inspections_rules
from onething.domain.intake import acceptance
from onething.domain.items import deferral, reassignment, returns
from onething.domain.items import rules as items_rules
from onething.domain.kernel.reducer import Turn
from onething.domain.kernel.state import SCHEMA, CaseState, CaseStatus, DataState
from onething.domain.kernel.step_result import Outcome
from onething.domain.lookups import manual_check
from onething.domain.lookups import rules as lookups_rules
from onething.domain.plan.plan import Plan
from onething.domain.undo import revocation
from onething.domain.undo import rules as undo_rules


def step(plan: Plan, calendar: Calendar, state: CaseState | None, event: Event, seq: int, at: datetime) -> Outcome:
    """Fold one event into the state.

    The event must be allowed (`moves.check`), and an outcome's command open; the door sees to both. With
    `Supplemented.plan`, `plan` is already the new one; so is `calendar` with `CalendarChanged`. `state` is
    None for `Submitted` only.
    """
    if isinstance(event, Submitted):
        if state is not None:
            raise ValueError("a case is submitted once")
        return _submitted(plan, calendar, event, seq, at)
    if state is None:
        raise ValueError("a case begins with Submitted")
    turn = Turn(plan, calendar, state, seq, at)
    match event:
        case CorrectionsAsked():
            lookups_rules.corrections_asked(turn, event)
        case Supplemented():
            lookups_rules.supplemented(turn, event)
        case Accepted():
            acceptance.accepted(turn, event)
        case Rejected():
            deadlines_rules.stop(turn, NOTICE_CLOCK)
            undo_rules.end_early(turn, CaseStatus.REJECTED)
        case Withdrawn():
            undo_rules.end_early(turn, CaseStatus.WITHDRAWN)
        case TaskClaimed() | TaskReleased() | TaskTransferred():
            pass  # who works on it is the queue's business; the journal keeps it
        case ItemDecided():
            items_rules.decided(turn, event)
        case ItemCorrectionsAsked():
            pauses.corrections_asked(turn, event)
        case ClockSuspended():
            pauses.suspended(turn, event)
        case ClockResumed():
            pauses.resumed(turn, event)
        case ClockExtended():
            pauses.extended(turn, event)
        case Urged():
            urges.urged(turn, event)
        case UrgeAnswered():
            urges.urge_answered(turn, event)
        case Supervised():
            urges.supervised(turn, event)
        case SupervisionAnswered():
            urges.supervision_answered(turn, event)
        case CommitmentChecked():
            commitments.checked(turn, event)
            if not event.kept:
                revocation.broken(turn, event.material)
        case RevocationDecided():
            revocation.decided(turn, event)
        case DiscrepancyResolved():
            discrepancies_rules.resolved(turn, event)
        case Rated():
            ratings.rated(turn, event)
        case RatingContacted():
            ratings.contacted(turn)
        case RatingRectified():
            ratings.rectified(turn)
        case LookUpRetried():
            lookups_rules.retried(turn, event)
        case CalendarChanged():
            deadlines_rules.calendar_changed(turn)
        case ConsultAsked():
            consults_rules.asked(turn, event)
        case ConsultAnswered():
            consults_rules.answered(turn, event)
        case InspectionAppointed():
            inspections_rules.appointed(turn, event)
        case InspectionMoved():
            inspections_rules.moved(turn, event)
        case InspectionConcluded():
            inspections_rules.concluded(turn, event)
        case ItemReassigned():
            reassignment.reassigned(turn, event)
        case ItemReturned():
            returns.returned(turn, event)
        case UndoneByHand():
            undo_rules.undone_by_hand(turn, event.effect)
        case RecordFetched():
            lookups_rules.fetched(turn, event, turn.settle(event.command).hold)
        case RecordRefused():
            lookups_rules.refused(turn, event, turn.settle(event.command))
        case DispatchRefused():
            lookups_rules.dispatch_refused(turn, event)
        case CertificatesIssued():
            turn.settle(event.command)
            items_rules.deliver(turn)
        case NoticesSent():
            lookups_rules.notices_over(turn, turn.settle(event.command).target)
        case EffectUndone():
            turn.settle(event.command)
            undo_rules.undone(turn)
        case CameTooLate():
            lookups_rules.came_too_late(turn, event)
        case ClockWarned():
            deadlines_rules.warned(turn, event)
        case ClockOverdue():
            deadlines_rules.overdue(turn, event)
        case RungFired():
            escalation.fired(turn, event)
        case DeemedAccepted():
            acceptance.deemed_accepted(turn)
        case SupplementTimeEnded():
            acceptance.supplement_time_ended(turn)
        case DeferredTimeEnded():
            deferral.time_ended(turn, event)
        case DecidedBySilence():
            items_rules.decided_by_silence(turn, event)
        case LookedByHand():
            manual_check.looked(turn, event)
        case ManualTimeEnded():
            manual_check.time_ended(turn, event)
        case LookUpDue():
            patience.due(turn, event)
        case PatienceEnded():
            lookups_rules.patience_ended(turn, event)
        case _:
            assert_never(event)
    if turn.deferred:
        deferral.follow_promises(turn)
    return turn.outcome()


def _submitted(plan: Plan, calendar: Calendar, event: Submitted, seq: int, at: datetime) -> Outcome:
    blank = CaseState(
        schema=SCHEMA,
        status=CaseStatus.SUBMITTED,
        plan=event.plan,
        calendar=event.calendar,
        submitted_at=at,
        items=items_rules.first_items(plan),
        data={},
        materials=event.materials,
        commitments=commitments.given(event),
        compared=event.compared or {},
    )
    turn = Turn(plan, calendar, blank, seq, at)
    for data in plan.data:
        if data.key in event.licensed:
            turn.data[data.key] = DataState.IN_HAND
        else:
            lookups_rules.fetch(turn, data)
    acceptance.received(turn)
    return turn.outcome()


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
