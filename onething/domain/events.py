"""Everything that can happen to a case. Facts are what people and systems say, outcomes what came of a command,
moments what the clock brought; larger groups have files of their own. Events hold codes, references and flags, never a
name, number, address or text.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

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
from onething.domain.consult_events import (
    ConsultAnswered,
    ConsultAsked,
    InspectionAppointed,
    InspectionConcluded,
    InspectionMoved,
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
from onething.domain.model import Strict
from onething.domain.outcome_events import (
    CameTooLate,
    CertificatesIssued,
    Compared,
    DispatchRefused,
    EffectUndone,
    NoticesSent,
    RecordFetched,
    RecordRefused,
)


class Submitted(Strict):
    """The application is in. `materials` are the codes that came with it."""

    kind: Literal["submitted"] = "submitted"
    plan: str  # digest
    calendar: str  # digest
    channel: str  # counter, online, phone, agent, event
    materials: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()  # materials in whose place something was promised (告知承诺)
    checked: tuple[str, ...] = ()  # those of them that will be checked
    reused: tuple[str, ...] = ()  # of `materials`: files of earlier cases, linked with the applicant's consent
    mandate: str | None = None  # under which somebody applied for another
    compared: Compared | None = None  # what the applicant says, where the plan compares it
    licensed: tuple[str, ...] = ()  # data that licences of the register gave, with their holder's consent


class CorrectionsAsked(Strict):
    """The one merged notice (一次性告知). The texts are sealed under `notice`."""

    kind: Literal["corrections_asked"] = "corrections_asked"
    materials: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    notice: str  # reference of the sealed text


class Supplemented(Strict):
    """What was asked for, or a fallback material, has come. Until acceptance it may bring a new plan."""

    kind: Literal["supplemented"] = "supplemented"
    materials: tuple[str, ...] = ()
    fields: bool = False
    plan: str | None = None  # digest of the new plan when answers changed
    refetch: tuple[str, ...] = ()  # data keys whose look-up parameters changed
    compared: Compared | None = None  # all that the applicant says now
    disagrees: tuple[str, ...] = ()  # with it, all that disagrees now
    changed: tuple[str, ...] = ()  # form fields
    commitments: tuple[str, ...] = ()  # materials in whose place something is promised now
    checked: tuple[str, ...] = ()  # those of them that will be checked


class Accepted(Strict):
    """`deferred`: materials that may come later (容缺). What the applicant is told of them is sealed under `notice`."""

    kind: Literal["accepted"] = "accepted"
    deferred: tuple[str, ...] = ()
    notice: str | None = None


class Rejected(Strict):
    """Not accepted (不予受理). Reason and basis are sealed under `notice`."""

    kind: Literal["rejected"] = "rejected"
    notice: str


class Withdrawn(Strict):
    kind: Literal["withdrawn"] = "withdrawn"


class TaskClaimed(Strict):
    kind: Literal["task_claimed"] = "task_claimed"
    item: str
    round: int


class TaskReleased(Strict):
    kind: Literal["task_released"] = "task_released"
    item: str
    round: int


class TaskTransferred(Strict):
    """Handed to a colleague of the same department, whose claim it is from then on. `to`: their account."""

    kind: Literal["task_transferred"] = "task_transferred"
    item: str
    round: int
    to: str


class ItemDecided(Strict):
    """A department's decision. Opinion and outputs are sealed under `opinion` and `outputs`. `command`: the one that
    it answers, where the department's own system decided."""

    kind: Literal["item_decided"] = "item_decided"
    item: str
    round: int
    outcome: Literal["approve", "refuse"]
    opinion: str | None = None
    outputs: str | None = None
    command: str | None = None
    despite: tuple[str, ...] = ()  # comparisons whose values disagree, as the officer knows


class UndoneByHand(Strict):
    """A department's person has undone what its system could not."""

    kind: Literal["undone_by_hand"] = "undone_by_hand"
    effect: str
    round: int  # of the task: the second when a record came after the first undoing


class StillAsked(Strict):
    """What another department has asked for and still waits for, and the notice that says so."""

    item: str
    materials: tuple[str, ...] = Field(min_length=1)
    notice: str


class ItemCorrectionsAsked(Strict):
    """A department asks, after acceptance, for these materials anew. The promise waits for them, the law does not: Art.
    45 does not list it. The text is sealed under `notice`. `also`: the notice tells of these once more, so that the
    applicant has one that says all."""

    kind: Literal["item_corrections_asked"] = "item_corrections_asked"
    item: str
    materials: tuple[str, ...] = Field(min_length=1)
    notice: str
    also: tuple[StillAsked, ...] = ()


class DiscrepancyResolved(Strict):
    """The owner of the data has looked which value is right. What it found is sealed under `note`."""

    kind: Literal["discrepancy_resolved"] = "discrepancy_resolved"
    code: str  # of the comparison
    round: int
    which: str  # one of its values
    note: str


class LookedByHand(Strict):
    """人工核查: people of the department that owns the data have looked. `record`: what they found, sealed; none: there
    is no such record. What they say of it is sealed under `note`."""

    kind: Literal["looked_by_hand"] = "looked_by_hand"
    data: str
    round: int
    note: str
    record: str | None = None
    as_of: datetime | None = None
    compared: Compared | None = None
    disagrees: tuple[str, ...] = ()


class LookUpRetried(Strict):
    """Somebody wants a source asked again at once: one that has not answered, or whose fallback is still awaited."""

    kind: Literal["look_up_retried"] = "look_up_retried"
    data: str


# -- moments -------------------------------------------------------------------------------------------------------


Fact = (
    Submitted
    | CorrectionsAsked
    | Supplemented
    | Accepted
    | Rejected
    | Withdrawn
    | TaskClaimed
    | TaskReleased
    | TaskTransferred
    | ItemDecided
    | UndoneByHand
    | ItemCorrectionsAsked
    | ClockSuspended
    | ClockResumed
    | ClockExtended
    | Urged
    | UrgeAnswered
    | Supervised
    | SupervisionAnswered
    | CommitmentChecked
    | RevocationDecided
    | DiscrepancyResolved
    | LookedByHand
    | Rated
    | RatingContacted
    | RatingRectified
    | LookUpRetried
    | CalendarChanged
    | ConsultAsked
    | ConsultAnswered
    | InspectionAppointed
    | InspectionMoved
    | InspectionConcluded
    | ItemReassigned
    | ItemReturned
)
Outcome = RecordFetched | RecordRefused | DispatchRefused | CertificatesIssued | NoticesSent | EffectUndone
Moment = (
    ClockWarned
    | ClockOverdue
    | RungFired
    | DeemedAccepted
    | SupplementTimeEnded
    | DeferredTimeEnded
    | DecidedBySilence
    | ManualTimeEnded
    | LookUpDue
    | PatienceEnded
)
Event = Annotated[Fact | Outcome | CameTooLate | Moment, Field(discriminator="kind")]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def late(outcome: Outcome | ItemDecided) -> CameTooLate:
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
        case CertificatesIssued() | NoticesSent():
            return CameTooLate(command=outcome.command, of=outcome.kind)
