"""The one pure function of a case: what follows from an event. Dispatch only; the rules are in the modules it calls."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from onething.domain import (
    byhand,
    committing,
    comparing,
    consulting,
    deadlines,
    deferring,
    gathering,
    inspecting,
    items,
    ladder,
    pausing,
    rating,
    reassigning,
    receiving,
    returning,
    revoking,
    undoing,
    urging,
    waiting,
)
from onething.domain.calendar import Calendar
from onething.domain.clock_events import (
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
from onething.domain.clock_kinds import NOTICE_CLOCK
from onething.domain.consult_events import (
    ConsultAnswered,
    ConsultAsked,
    InspectionAppointed,
    InspectionConcluded,
    InspectionMoved,
)
from onething.domain.events import (
    Accepted,
    CorrectionsAsked,
    DiscrepancyResolved,
    Event,
    ItemCorrectionsAsked,
    ItemDecided,
    LookedByHand,
    LookUpRetried,
    Rejected,
    Submitted,
    Supplemented,
    TaskClaimed,
    TaskReleased,
    TaskTransferred,
    UndoneByHand,
    Withdrawn,
)
from onething.domain.follow_up_events import (
    CommitmentChecked,
    Rated,
    RatingContacted,
    RatingRectified,
    RevocationDecided,
    Supervised,
    SupervisionAnswered,
    UrgeAnswered,
    Urged,
)
from onething.domain.handing_events import ItemReassigned, ItemReturned
from onething.domain.outcome import Outcome
from onething.domain.outcome_events import (
    CameTooLate,
    CertificatesIssued,
    DispatchRefused,
    EffectUndone,
    NoticesSent,
    RecordFetched,
    RecordRefused,
)
from onething.domain.plan import Plan
from onething.domain.state import SCHEMA, CaseState, CaseStatus, DataState
from onething.domain.turn import Turn


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
            gathering.corrections_asked(turn, event)
        case Supplemented():
            gathering.supplemented(turn, event)
        case Accepted():
            receiving.accepted(turn, event)
        case Rejected():
            deadlines.stop(turn, NOTICE_CLOCK)
            undoing.end_early(turn, CaseStatus.REJECTED)
        case Withdrawn():
            undoing.end_early(turn, CaseStatus.WITHDRAWN)
        case TaskClaimed() | TaskReleased() | TaskTransferred():
            pass  # who works on it is the queue's business; the journal keeps it
        case ItemDecided():
            items.decided(turn, event)
        case ItemCorrectionsAsked():
            pausing.corrections_asked(turn, event)
        case ClockSuspended():
            pausing.suspended(turn, event)
        case ClockResumed():
            pausing.resumed(turn, event)
        case ClockExtended():
            pausing.extended(turn, event)
        case Urged():
            urging.urged(turn, event)
        case UrgeAnswered():
            urging.urge_answered(turn, event)
        case Supervised():
            urging.supervised(turn, event)
        case SupervisionAnswered():
            urging.supervision_answered(turn, event)
        case CommitmentChecked():
            committing.checked(turn, event)
            if not event.kept:
                revoking.broken(turn, event.material)
        case RevocationDecided():
            revoking.decided(turn, event)
        case DiscrepancyResolved():
            comparing.resolved(turn, event)
        case Rated():
            rating.rated(turn, event)
        case RatingContacted():
            rating.contacted(turn)
        case RatingRectified():
            rating.rectified(turn)
        case LookUpRetried():
            gathering.retried(turn, event)
        case CalendarChanged():
            deadlines.calendar_changed(turn)
        case ConsultAsked():
            consulting.asked(turn, event)
        case ConsultAnswered():
            consulting.answered(turn, event)
        case InspectionAppointed():
            inspecting.appointed(turn, event)
        case InspectionMoved():
            inspecting.moved(turn, event)
        case InspectionConcluded():
            inspecting.concluded(turn, event)
        case ItemReassigned():
            reassigning.reassigned(turn, event)
        case ItemReturned():
            returning.returned(turn, event)
        case UndoneByHand():
            undoing.undone_by_hand(turn, event.effect)
        case RecordFetched():
            gathering.fetched(turn, event, turn.settle(event.command).hold)
        case RecordRefused():
            gathering.refused(turn, event, turn.settle(event.command))
        case DispatchRefused():
            gathering.dispatch_refused(turn, event)
        case CertificatesIssued():
            turn.settle(event.command)
            items.deliver(turn)
        case NoticesSent():
            gathering.notices_over(turn, turn.settle(event.command).target)
        case EffectUndone():
            turn.settle(event.command)
            undoing.undone(turn)
        case CameTooLate():
            gathering.came_too_late(turn, event)
        case ClockWarned():
            deadlines.warned(turn, event)
        case ClockOverdue():
            deadlines.overdue(turn, event)
        case RungFired():
            ladder.fired(turn, event)
        case DeemedAccepted():
            receiving.deemed_accepted(turn)
        case SupplementTimeEnded():
            receiving.supplement_time_ended(turn)
        case DeferredTimeEnded():
            deferring.time_ended(turn, event)
        case DecidedBySilence():
            items.decided_by_silence(turn, event)
        case LookedByHand():
            byhand.looked(turn, event)
        case ManualTimeEnded():
            byhand.time_ended(turn, event)
        case LookUpDue():
            waiting.due(turn, event)
        case PatienceEnded():
            gathering.patience_ended(turn, event)
        case _:
            assert_never(event)
    if turn.deferred:
        deferring.follow_promises(turn)
    return turn.outcome()


def _submitted(plan: Plan, calendar: Calendar, event: Submitted, seq: int, at: datetime) -> Outcome:
    blank = CaseState(
        schema=SCHEMA,
        status=CaseStatus.SUBMITTED,
        plan=event.plan,
        calendar=event.calendar,
        submitted_at=at,
        items=items.first_items(plan),
        data={},
        materials=event.materials,
        commitments=committing.given(event),
        compared=event.compared or {},
    )
    turn = Turn(plan, calendar, blank, seq, at)
    for data in plan.data:
        if data.key in event.licensed:
            turn.data[data.key] = DataState.IN_HAND
        else:
            gathering.fetch(turn, data)
    receiving.received(turn)
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
