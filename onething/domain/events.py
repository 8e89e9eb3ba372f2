"""Everything that can happen to a case. Facts are what people and systems say, outcomes what came of a command,
moments what the clock brought. Events hold codes, references and flags, never a name, number, address or text.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from onething.domain.clocks import PauseBasis
from onething.domain.consult_events import (
    ConsultAnswered,
    ConsultAsked,
    InspectionAppointed,
    InspectionConcluded,
    InspectionMoved,
)
from onething.domain.handing_events import ItemReassigned, ItemReturned
from onething.domain.model import Strict
from onething.domain.time_rules import OverdueHow

Compared = dict[str, str]
"""Value that a plan compares (`form.address`) → keyed digest of its normal form, which says nothing in other cases."""

# -- facts ---------------------------------------------------------------------------------------------------------


class Submitted(Strict):
    """The application is in. `materials` are the codes that came with it."""

    kind: Literal["submitted"] = "submitted"
    plan: str  # digest
    calendar: str  # digest
    channel: str  # counter, online, phone, agent, event
    materials: tuple[str, ...] = ()
    commitments: tuple[str, ...] | None = None  # materials in whose place something was promised (告知承诺)
    checked: tuple[str, ...] | None = None  # those of them that will be checked
    reused: tuple[str, ...] | None = None  # of `materials`: files of earlier cases, linked with the applicant's consent
    mandate: str | None = None  # under which somebody applied for another
    compared: Compared | None = None  # what the applicant says, where the plan compares it
    licensed: tuple[str, ...] | None = None  # data that licences of the register gave, with their holder's consent


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
    disagrees: tuple[str, ...] | None = None  # with it, all that disagrees now
    changed: tuple[str, ...] | None = None  # form fields
    commitments: tuple[str, ...] | None = None  # materials in whose place something is promised now
    checked: tuple[str, ...] | None = None  # those of them that will be checked


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
    despite: tuple[str, ...] | None = None  # comparisons whose values disagree, as the officer knows


class UndoneByHand(Strict):
    """A department's person has undone what its system could not."""

    kind: Literal["undone_by_hand"] = "undone_by_hand"
    effect: str
    round: int = 1  # of the task: the second when a record came after the first undoing


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


class ClockSuspended(Strict):
    """An item's time stands still: a special procedure (行政许可法 Art. 45) or force majeure. What the applicant is
    told is sealed under `notice`."""

    kind: Literal["clock_suspended"] = "clock_suspended"
    item: str
    basis: PauseBasis
    expected_days: int = Field(ge=1, le=3650)  # calendar days that it is expected to take
    notice: str


class ClockResumed(Strict):
    """The applicant is told in writing, unless it was recorded before that was done; so with all `tells`."""

    kind: Literal["clock_resumed"] = "clock_resumed"
    item: str
    tells: bool = False


class ExtensionRank(StrEnum):
    """Who has approved an extension (行政许可法 Art. 42)."""

    AGENCY_HEAD = "agency_head"
    GOVERNMENT_HEAD = "government_head"  # of the same level; needed where several agencies handle a case jointly


class ClockExtended(Strict):
    """More time, once. The reason, of which the applicant is told, is sealed under `notice`."""

    kind: Literal["clock_extended"] = "clock_extended"
    item: str | None = None  # none: the case
    amount: int = Field(ge=1, le=15)  # of the statutory limit's unit
    rank: ExtensionRank
    notice: str


class Urged(Strict):
    """催办: the applicant's side, or a supervisor, asks to get on with it. What it says, if anything, is sealed under
    `notice`."""

    kind: Literal["urged"] = "urged"
    item: str | None = None  # none: the case
    notice: str | None = None
    by_supervisor: bool = False  # and so not instead of the applicant


class UrgeAnswered(Strict):
    """`clock`: of the urge. The answer, which the applicant is told, is sealed under `notice`."""

    kind: Literal["urge_answered"] = "urge_answered"
    clock: str
    notice: str


class Supervised(Strict):
    """督办: a supervisor wants an account within so many working days. The text is sealed under `notice`."""

    kind: Literal["supervised"] = "supervised"
    item: str | None = None  # none: the case
    days: int = Field(ge=1, le=30)
    notice: str


class SupervisionAnswered(Strict):
    """`clock`: of the supervision. The account is sealed under `notice`."""

    kind: Literal["supervision_answered"] = "supervision_answered"
    clock: str
    notice: str


class CommitmentChecked(Strict):
    """A department has looked whether what was promised in place of a material is true. What it found is sealed."""

    kind: Literal["commitment_checked"] = "commitment_checked"
    material: str
    kept: bool
    finding: str  # reference of the sealed text
    follows: bool = False  # if it was broken, whoever approved on it decides whether that stands


class RevocationDecided(Strict):
    """Whether the approval of an item is taken back, since what it relied on was not so. Why, is sealed under
    `opinion`. `material`: whose promise was broken, and `finding`: what was found, sealed; none of both where an item
    that it needs was revoked."""

    kind: Literal["revocation_decided"] = "revocation_decided"
    item: str
    round: int
    revoke: bool
    opinion: str
    material: str | None = None
    finding: str | None = None


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
    disagrees: tuple[str, ...] | None = None


class RatingTag(StrEnum):
    """What a rating is about. The list is closed: whatever else there is to say is the comment's."""

    FAST = "fast"
    CLEAR = "clear"
    KIND = "kind"
    SLOW = "slow"
    UNCLEAR = "unclear"
    UNKIND = "unkind"
    TOO_MANY_TRIPS = "too_many_trips"
    TOO_MANY_MATERIALS = "too_many_materials"


class Rated(Strict):
    """好差评, once, when the case has ended. What was written is sealed under `comment`."""

    kind: Literal["rated"] = "rated"
    grade: int = Field(ge=1, le=5)  # 5 is best; 1 and 2 are bad
    tags: tuple[RatingTag, ...] = Field((), max_length=8)
    comment: str | None = None


class RatingContacted(Strict):
    """Who gave a bad rating was called back. What was said is sealed under `note`."""

    kind: Literal["rating_contacted"] = "rating_contacted"
    note: str


class RatingRectified(Strict):
    """What a bad rating was about is put right. How, is sealed under `note`."""

    kind: Literal["rating_rectified"] = "rating_rectified"
    note: str


class LookUpRetried(Strict):
    """Somebody wants a source asked again at once: one that has not answered, or whose fallback is still awaited."""

    kind: Literal["look_up_retried"] = "look_up_retried"
    data: str


class CalendarChanged(Strict):
    """A new version of the case's calendar holds from now on; every clock that ticks is counted again by it, and with
    `tells` the applicant is told if a due date moved."""

    kind: Literal["calendar_changed"] = "calendar_changed"
    old: str  # digest
    new: str  # digest
    tells: bool = False


# -- outcomes ------------------------------------------------------------------------------------------------------


class RecordFetched(Strict):
    kind: Literal["record_fetched"] = "record_fetched"
    command: str
    data: str
    record: str  # reference of the sealed record
    as_of: datetime | None = None  # when it was true
    kept_at: datetime | None = None  # the source was not asked, or gave no answer: it came then, and was kept
    compared: Compared | None = None
    disagrees: tuple[str, ...] | None = None  # comparisons with a value of this record that disagree now


class RecordRefused(Strict):
    """The source has no such record, or will not give it: the fallback opens."""

    kind: Literal["record_refused"] = "record_refused"
    command: str
    data: str
    reason: str  # from the source's closed vocabulary


class DispatchRefused(Strict):
    """The department's system will not decide this: its people do."""

    kind: Literal["dispatch_refused"] = "dispatch_refused"
    command: str
    item: str
    reason: str  # a word for programs


class CertificatesIssued(Strict):
    kind: Literal["certificates_issued"] = "certificates_issued"
    command: str
    numbers: tuple[str, ...]


class NoticesSent(Strict):
    kind: Literal["notices_sent"] = "notices_sent"
    command: str


class EffectUndone(Strict):
    kind: Literal["effect_undone"] = "effect_undone"
    command: str
    effect: str


class CameTooLate(Strict):
    """An outcome of a command that was void by then: kept, and undone if its effect happened."""

    kind: Literal["came_too_late"] = "came_too_late"
    command: str
    of: str  # kind of the outcome that came
    data: str | None = None
    record: str | None = None
    effect: str | None = None
    item: str | None = None
    decided: Literal["approve", "refuse"] | None = None  # what a department's system decided of it
    compared: Compared | None = None  # of a record in whose place the applicant was asked
    disagrees: tuple[str, ...] | None = None


# -- moments -------------------------------------------------------------------------------------------------------


class ClockWarned(Strict):
    kind: Literal["clock_warned"] = "clock_warned"
    clock: str


class ClockOverdue(Strict):
    kind: Literal["clock_overdue"] = "clock_overdue"
    clock: str


class RungFired(Strict):
    """A rung of the ladder: people are told, perhaps with a card."""

    kind: Literal["rung_fired"] = "rung_fired"
    clock: str
    rung: str


class DeemedAccepted(Strict):
    """Nobody said in time what is missing: accepted from the day of receipt (行政许可法 Art. 32)."""

    kind: Literal["deemed_accepted"] = "deemed_accepted"
    tells: bool = False


class SupplementTimeEnded(Strict):
    """The applicant has not supplied in time what was asked for; the plan says what follows."""

    kind: Literal["supplement_time_ended"] = "supplement_time_ended"


class DeferredTimeEnded(Strict):
    """A material that was deferred has not come in time: the case is terminated."""

    kind: Literal["deferred_time_ended"] = "deferred_time_ended"
    material: str


class DecidedBySilence(Strict):
    """The statutory time of an item has ended without a decision, and its plan says what that means. `calls_off`: what
    a department's system has of it is called off there; in journals of before it was only let go."""

    kind: Literal["decided_by_silence"] = "decided_by_silence"
    item: str
    round: int
    how: OverdueHow
    calls_off: Literal[True] | None = None


class ManualTimeEnded(Strict):
    """Nobody has found the record by hand in time: the applicant is asked for the material, if the plan names one."""

    kind: Literal["manual_time_ended"] = "manual_time_ended"
    data: str


class LookUpDue(Strict):
    """A source that refused is asked anew: nothing else takes the place of what it has."""

    kind: Literal["look_up_due"] = "look_up_due"
    data: str


class PatienceEnded(Strict):
    """Stamped with its due moment; `seen_at` is when somebody looked, after an outage much later. What follows from it
    gets its patience from then: else it would be given up without one attempt."""

    kind: Literal["patience_ended"] = "patience_ended"
    command: str
    seen_at: datetime | None = None


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
