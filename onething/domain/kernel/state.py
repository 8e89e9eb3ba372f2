"""The state of a case: what the rules need to know, folded from the journal. Small: sums, no ledgers, no texts."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field, ValidationError

from onething.domain.base import Strict
from onething.domain.calendar.countdown import Pause
from onething.domain.calendar.limits import Limit
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.definition.parties import Authority
from onething.domain.definition.periods import InspectionState, PartState, PeriodState
from onething.domain.definition.time_rules import OverdueHow
from onething.domain.errors import NewerState
from onething.domain.kernel.clock_id import ClockId

SCHEMA = 1


class CaseStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CORRECTION = "correction"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PROCESSING = "processing"
    DECIDED = "decided"
    DELIVERED = "delivered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


ENDED = frozenset({CaseStatus.REJECTED, CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.TERMINATED})


AT_ITS_END = frozenset({CaseStatus.DECIDED, CaseStatus.DELIVERED, *ENDED})
"""Nothing is left to be decided."""


class ItemState(StrEnum):
    WAITING = "waiting"  # for other items
    GATHERING = "gathering"  # for materials, data or acceptance
    OPEN = "open"
    SUSPENDED = "suspended"
    CORRECTION = "correction"
    APPROVED = "approved"
    REFUSED = "refused"
    NEUTRAL = "neutral"  # looked for, and not found: nothing was granted, and nothing refused
    LAPSED = "lapsed"
    SKIPPED = "skipped"
    UNDONE = "undone"


DECIDED = frozenset({ItemState.APPROVED, ItemState.REFUSED, ItemState.NEUTRAL})
"""Its department has said how it ends, or the law's silence has."""

SETTLED = DECIDED | {ItemState.LAPSED, ItemState.SKIPPED, ItemState.UNDONE}


UNOPENED = frozenset({ItemState.WAITING, ItemState.GATHERING})


AT_DEPARTMENT = frozenset({ItemState.OPEN, ItemState.SUSPENDED, ItemState.CORRECTION})
"""The department has a task for it, whether or not it may decide now."""


class DataState(StrEnum):
    AWAITS = "awaits"  # nobody has the right to ask for it yet
    PENDING = "pending"
    IN_HAND = "in_hand"
    ASKED = "asked"  # the source gave up or refused: the applicant is asked for the fallback material
    SUPPLIED = "supplied"  # by the fallback material, or a promise in its place
    CHECKING = "checking"  # people of the department that owns the data look for it


class PartyAnswer(StrEnum):
    """What somebody says who was asked whether their records may be looked up."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"  # or taken back
    LAPSED = "lapsed"  # nothing, in the time that there was


class PartyStanding(Strict):
    """What is known of a party."""

    proof: Authority | None = None
    answer: PartyAnswer | None = None


class ItemProgress(Strict):
    state: ItemState
    round: int = 0  # 1 when it first comes to the department
    by_people: bool = False  # though its department's system decides it by plan: something was sent back
    outcome: str | None = None  # while it is one of `DECIDED`, where the plan has outcomes for it: `queries.ended_with`


class ClockState(StrEnum):
    RUNNING = "running"
    SUSPENDED = "suspended"
    MET = "met"
    OVERDUE = "overdue"  # still running after its due moment
    MISSED = "missed"  # stopped after its due moment
    CANCELLED = "cancelled"


ALIVE = frozenset({ClockState.RUNNING, ClockState.SUSPENDED, ClockState.OVERDUE})


class Reply(Strict):
    """What a clock waits for: the answer to an urge or a supervision."""

    item: str | None = None  # none: about the case
    days: int  # working days
    to_supervisor: bool = False  # of an urge that was not the applicant's
    departments: tuple[str, ...] = ()  # about the case: those that had something of it to do as it was asked


class Untrue(Strict):
    """What a new calendar, since then, has made untrue of a clock, until that is recorded as taken back."""

    since: datetime
    overdue: bool = False
    rungs: tuple[str, ...] = ()


class RunningClock(Strict):
    """A promised or statutory deadline, by its `ClockId`. Its budget is in the plan; what does not follow
    from that and the calendar is kept, and the next moments, so that finding them takes neither."""

    started_at: datetime
    due_at: datetime | None  # none while suspended
    warn_at: datetime | None = None  # none when warned, or stopped; not looked at while suspended
    provisional: bool = False  # computed beyond the calendar's coverage
    state: ClockState = ClockState.RUNNING
    pauses: tuple[Pause, ...] = ()  # in the order in which they began
    extended: int = 0  # of the budget's unit
    rung: tuple[str, datetime] | None = None  # of the ladder, the next one
    fired: tuple[int, ...] = ()  # places in the plan's ladder
    silence: OverdueHow | None = None  # what the end of the time brings by itself
    reply: Reply | None = None  # of a clock that somebody's answer stops
    limit: Limit | None = None  # set as it was started, where neither law nor plan say it
    untrue: Untrue | None = None


class CountersignRule(StrEnum):
    """Whose agreement an approval needs, of the departments that were asked together."""

    ALL = "all"
    ANY = "any"


class ConsultAnswer(StrEnum):
    ANSWERED = "answered"  # an opinion: it binds nobody
    AGREED = "agreed"
    DISAGREED = "disagreed"
    LAPSED = "lapsed"  # agreed, but to what was sent back since


class Consult(Strict):
    """A department was asked what it thinks of an item."""

    n: int  # from 1, of the item
    round: int = 1  # in which it was asked
    ask: int  # the first number of those that were asked together
    department: str
    rule: CountersignRule | None = None  # of a countersign (会签)
    answer: ConsultAnswer | None = None


class Inspection(Strict):
    """Several departments look at the place together, since one of them appointed it (临时约定的联合踏勘)."""

    on: date
    waiting: tuple[str, ...]  # items whose conclusion is still to come
    concluded: bool = False  # one at least is in


class InspectionPart(Strict):
    """What one item has to look at in an inspection that the definition plans."""

    state: PartState = PartState.DUE
    points: tuple[str, ...] = ()  # ids of what is not mended; while it is due again, those that are looked at


class PlannedProgress(Strict):
    """How an inspection stands that the definition plans."""

    state: InspectionState = InspectionState.READY
    round: int = 1  # the first look, then each that only looks at failed points
    offered: tuple[date, ...] = ()  # days, in this round
    on: date | None = None
    parts: dict[str, InspectionPart] = Field(default_factory=dict)  # item → its part

    @property
    def waits_for_day(self) -> bool:
        """Whether somebody has still to record their part when the day is over."""
        due = any(part.state is PartState.DUE for part in self.parts.values())
        return due and self.state in {InspectionState.SET, InspectionState.HELD}

    @property
    def waits_for_lead(self) -> bool:
        """Whether it is the lead's turn: to offer or set a day, or to give the list."""
        return self.state in {InspectionState.READY, InspectionState.HELD}


class Commitment(StrEnum):
    """What was promised in place of a material."""

    GIVEN = "given"  # and will not be checked
    TO_CHECK = "to_check"  # once an item that needs it is approved
    CHECKING = "checking"
    RECTIFYING = "rectifying"  # it was not so, and may be put right
    RECHECKING = "rechecking"  # the time for that is over
    KEPT = "kept"
    BROKEN = "broken"


UNDER_CHECK = frozenset({Commitment.CHECKING, Commitment.RECTIFYING, Commitment.RECHECKING})
"""Its department has a task to look."""


class Revocation(Strict):
    """Whether the approval of an item stands, since something that it relied on does not."""

    round: int
    material: str | None = None  # whose promise was broken; none: an item that it needs was revoked, or a review
    review: bool = False  # somebody had it looked at anew
    unsupplied: str | None = None  # the material that was to be handed in after the decision, and was not
    revoked: bool | None = None  # none while it is undecided


class Differing(StrEnum):
    """How values stand that once disagreed."""

    OPEN = "open"
    RESOLVED = "resolved"  # the owner of the data has said which is right
    MATCHED = "matched"  # they say the same by now


class Discrepancy(Strict):
    data: str  # key of the record whose owner looks
    round: int = 1
    standing: Differing = Differing.OPEN
    which: str | None = None  # the value that is right


class ByHand(Strict):
    """人工核查: people of the department that owns the data look for a record."""

    round: int = 1
    open: bool = True  # the department has the task


class Waiting(Strict):
    """A source is asked on after patience with it has ended, or after it refused."""

    since: datetime  # when it was first asked
    told: int | None = None  # line of the journal since which its department and supervisors know
    again_at: datetime | None = None  # when it is asked anew: it refused. None while a look-up is under way


class ReissueWhy(StrEnum):
    """Why a certificate took the place of an earlier one of the same output."""

    TYPING_ERROR = "typing_error"  # 更正: the office wrote down another thing than was decided
    LOST = "lost"  # 补发
    DAMAGED = "damaged"  # 换发


class Edition(Strict):
    """How often the certificates of an item have been made out, or are being."""

    n: int = 1
    due: tuple[str, ...] = ()  # outputs that are being made out anew, or will be if the item is approved anew
    why: ReissueWhy | None = None  # none of the first of an approval
    first: int = 1  # of the approval that stands


class Reopening(Strict):
    """The last time that the closed case was reopened."""

    line: int
    items: tuple[str, ...]  # that go on since: those that were named, and those that had been skipped with them


class Rating(StrEnum):
    """What the applicant thought of how it went, and what is still owed for it."""

    GOOD = "good"
    TO_CONTACT = "to_contact"
    TO_RECTIFY = "to_rectify"
    RECTIFIED = "rectified"


class Reserved(StrEnum):
    """How something stands that several cases share."""

    HELD = "held"
    FULL = "full"  # it is another's, or used up
    RELEASED = "released"  # the case needs it no more


class Hold(Strict):
    """What a look-up leaves at its source until it is released."""

    source: str
    department: str
    asked_as: str | None = None  # command id by which the source knows it, if not that of the look-up


class OpenCommand(Strict):
    kind: str
    target: str = ""
    patience_at: datetime | None = None
    hold: Hold | None = None  # of a fetch that may leave one
    asked_as: str | None = None  # of a fetch that goes on with another: the command id whose key the source knows
    begun_at: datetime | None = (
        None  # of a fetch whose patience is not that of the plan: when the source was first asked
    )


class EffectKind(StrEnum):
    LOOKUP = "lookup"  # a source holds something for us
    APPROVAL = "approval"  # a department approved an item
    ORDER = "order"  # a department's system has, or may have, approved an item, which went on without it


class Effect(Strict):
    """Something done that undoing must take back. `id` is the command id (look-up, order, and approval by a
    department's system) or `<seq>.approval`."""

    id: str
    kind: EffectKind
    target: str  # data key or item code
    hold: Hold | None = None  # of a look-up
    round: int = 1  # 2 when it is undone once more, since its record came late
    by: str | None = None  # of an order: whose system has it; of an approval: who gave it, where the item moved since


class LastUrge(Strict):
    """Who urged does so again from `again_at` on."""

    at: datetime
    again_at: datetime
    answered_at: datetime | None = None


def nth_check(earlier: Mapping[str, int], material: str) -> int:
    """Number of the check of what was promised in place of the material: the first, unless some came before."""
    return earlier.get(material, 0) + 1


class CaseState(Strict):
    schema_version: Literal[1] = Field(alias="schema")
    status: CaseStatus
    plan: str
    calendar: str
    submitted_at: datetime
    received_at: datetime | None = None  # by the counter without a network, before that
    accepted_at: datetime | None = None
    items: dict[str, ItemProgress]
    periods: dict[str, PeriodState] = Field(default_factory=dict)  # those that have begun
    data: dict[str, DataState]
    materials: tuple[str, ...] = ()  # in hand
    announced: tuple[str, ...] = ()  # papers that are to be handed in, as the applicant's side says
    versions: dict[str, int] = Field(default_factory=dict)  # material → number of its newest version
    materials_asked: tuple[str, ...] = ()  # by the last correction notice, and not supplied yet
    fields_asked: tuple[str, ...] = ()  # pointers of the last correction notice, and not answered yet
    unasked: int | None = None  # the last line that changed what nobody had asked for, before acceptance
    clocks: dict[ClockId, RunningClock] = Field(default_factory=dict)
    commands: dict[str, OpenCommand] = Field(default_factory=dict)  # the open ones only
    effects: tuple[Effect, ...] = ()  # done and standing, oldest first
    undo_queue: tuple[Effect, ...] = ()  # to be undone, in this order
    undo_tasks: tuple[Effect, ...] = ()  # handed to a department's person
    may_come: tuple[Effect, ...] = ()  # called off; their answer may still come, and bring something
    asked: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # item → materials asked anew, not supplied yet
    brought: dict[str, int] = Field(default_factory=dict)  # item → round in which all had come that it asked for
    deferred: tuple[str, ...] = ()  # materials that may come after acceptance, and have not
    owed: dict[str, int] = Field(default_factory=dict)  # material due after a decision → times that its time has ended
    done_without: tuple[str, ...] = ()  # materials that did not come in time: the offices decide on what there is
    urge: LastUrge | None = None  # by the applicant's side
    supervisors_urge: LastUrge | None = None
    commitments: dict[str, Commitment] = Field(default_factory=dict)  # material → what was promised in its place
    checks: dict[str, int] = Field(default_factory=dict)  # material → checks of its promise that came before
    revocations: dict[str, Revocation] = Field(default_factory=dict)  # item → the last
    editions: dict[str, Edition] = Field(default_factory=dict)  # item → of its certificates, the last
    rating: Rating | None = None
    retries: dict[str, datetime] = Field(default_factory=dict)  # data key → when its source was asked anew
    # item → in order: whose answer is awaited, and since a decision or a return what stands of countersigns
    consults: dict[str, tuple[Consult, ...]] = Field(default_factory=dict)
    consulted: dict[str, int] = Field(default_factory=dict)  # item → number of the last opinion that was asked for
    planned: dict[str, PlannedProgress] = Field(default_factory=dict)  # inspections of the plan that have begun
    inspections: dict[int, Inspection] = Field(default_factory=dict)  # number → appointed ones that wait
    inspected: int = 0  # number of the last that was appointed
    holders: dict[str, str] = Field(default_factory=dict)  # item or data key → department, where duties moved
    compared: dict[str, str] = Field(default_factory=dict)  # value → keyed digest
    discrepancies: dict[str, Discrepancy] = Field(default_factory=dict)  # comparison → where its values disagreed
    by_hand: dict[str, ByHand] = Field(default_factory=dict)  # data key → the last manual check
    waits: dict[str, Waiting] = Field(default_factory=dict)  # data key → its source is asked on
    told: bool = False  # the notice that ends the case was queued
    delivery: DeliveryMethod = DeliveryMethod.ELECTRONIC  # as the applicant chose
    letters: dict[int, str] = Field(default_factory=dict)  # line → kind of letters to follow up that have not gone out
    result: int | None = None  # the line that the office's time to deliver runs for
    earlier_results: tuple[int, ...] = ()  # those of before a reopening
    reopening: Reopening | None = None
    taken_in: bool = False  # by an office, which has looked at it
    parties: dict[str, PartyStanding] = Field(default_factory=dict)  # those of whom something is known
    kin_shown: bool = False  # by a paper that an office received: who applied only reported until then
    reservations: dict[str, Reserved] = Field(default_factory=dict)  # those that were asked for
    answered_at: datetime | None = None  # the latest moment at which something of what was asked for had come

    def to_json(self) -> bytes:
        return self.model_dump_json(by_alias=True, exclude_defaults=True).encode()

    @classmethod
    def from_json(cls, raw: str | bytes) -> "CaseState":
        """Raise `NewerState` when newer code wrote it; never rewrite what is not understood."""
        try:
            return cls.model_validate_json(raw)
        except ValidationError:
            if json.loads(raw)["schema"] > SCHEMA:
                raise NewerState("案件状态") from None
            raise

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def ended_early(self) -> bool:
        return self.ended and self.status is not CaseStatus.CLOSED

    @property
    def counts_days(self) -> bool:
        """Whether a calendar still matters to it: of what has ended, a promise may be checked or a rating answered."""
        return not self.ended or any(clock.state in ALIVE for clock in self.clocks.values())
