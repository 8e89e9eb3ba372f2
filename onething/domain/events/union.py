"""Everything that can happen to a case, put together. Facts are what people and systems say, outcomes what came of a
command, moments what the clock brought. Events hold codes, references and flags, never a name, number, address or text.
"""

from typing import Annotated

from pydantic import Field, TypeAdapter

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
    Moment,
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
    Rejected,
    Submitted,
    Supplemented,
    Withdrawn,
)
from onething.domain.events.items import CaseReopened, CertificateReissued, ItemReassigned, ItemReturned
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
from onething.domain.events.undo import ReviewAsked, RevocationDecided, UndoneByHand

Fact = (
    Submitted
    | CorrectionsAsked
    | Supplemented
    | PapersReceived
    | Accepted
    | Rejected
    | Withdrawn
    | TaskClaimed
    | TaskReleased
    | TaskTransferred
    | ItemDecided
    | UndoneByHand
    | ItemCorrectionsAsked
    | DemandTakenBack
    | ClockSuspended
    | ClockResumed
    | ClockExtended
    | Urged
    | UrgeAnswered
    | Supervised
    | SupervisionAnswered
    | CommitmentChecked
    | ReviewAsked
    | RevocationDecided
    | CertificateReissued
    | CaseReopened
    | DiscrepancyResolved
    | LookedByHand
    | Rated
    | RatingContacted
    | RatingRectified
    | LookUpRetried
    | CalendarChanged
    | ConsultAsked
    | ConsultAnswered
    | ConsultTakenBack
    | InspectionAppointed
    | InspectionMoved
    | InspectionConcluded
    | DaysOffered
    | DayChosen
    | DaySet
    | PartRecorded
    | InspectionClosed
    | PointsRectified
    | NoticeObjected
    | OutsideReported
    | ItemReassigned
    | ItemReturned
    | DeliveryChosen
    | LetterDelivered
)
CommandOutcome = RecordFetched | RecordRefused | DispatchRefused | CertificatesIssued | NoticesSent | EffectUndone
Event = Annotated[Fact | CommandOutcome | CameTooLate | Moment, Field(discriminator="kind")]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def late(outcome: CommandOutcome | ItemDecided) -> CameTooLate:
    """What is journalled instead of an outcome, or of a system's decision, whose command is void."""
    match outcome:
        case ItemDecided():
            if outcome.command is None:
                raise ValueError("only an answer to a command comes late")
            return CameTooLate(command=outcome.command, of=outcome.kind, item=outcome.item, decided=outcome.outcome)
        case DispatchRefused():
            return CameTooLate(command=outcome.command, of=outcome.kind, item=outcome.item)
        case RecordFetched():
            return CameTooLate(
                command=outcome.command,
                of=outcome.kind,
                data=outcome.data,
                record=outcome.record,
                compared=outcome.compared,
                disagrees=outcome.disagrees,
            )
        case RecordRefused():
            return CameTooLate(command=outcome.command, of=outcome.kind, data=outcome.data)
        case EffectUndone():
            return CameTooLate(command=outcome.command, of=outcome.kind, effect=outcome.effect)
        case NoticesSent():
            return CameTooLate(command=outcome.command, of=outcome.kind, template=outcome.template)
        case CertificatesIssued():
            return CameTooLate(command=outcome.command, of=outcome.kind)
