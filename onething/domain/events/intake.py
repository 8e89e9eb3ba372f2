"""Applying, correcting, accepting, withdrawing."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.events.lookups import PartyProved
from onething.domain.events.outcomes import (
    Compared,
)

PaperOfPerson = Literal[
    "resident_id",
    "hmt_residence_permit",
    "foreigner_permit",
    "passport",
    "hm_travel_permit",
    "taiwan_travel_permit",
    "military_id",
    "household_book",
    "licence",
    "other",
]
Presence = Literal["in_person", "original_brought"]


class Sighting(Strict):
    """Whom the counter saw, by which paper: in person, or their original papers, brought by another. A word of who says
    it; so is that a chip was read, of which only the counter's browser knows."""

    party: str  # of the definition, or `applicant`
    document: PaperOfPerson
    presence: Presence
    chip: bool = False  # a reader read the paper's chip, and it holds the applicant's number


class VersionReceived(Strict):
    """One version of a material, as it came. `digest`: SHA-256 (hex) of the file; none of a paper."""

    code: str
    version: int = Field(ge=1)  # its number in the case
    digest: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")


class ReceivedOffline(Strict):
    """Papers that the counter took in before the server heard of it. `at`: as the slip says; `device_contact_at`: when
    the device was last connected, as it says."""

    at: datetime
    device_contact_at: datetime


class Submitted(Strict):
    """The application is in. `materials` are the codes that came with it; `announced`: papers that the applicant's side
    says it will hand in, which nobody has received yet."""

    kind: Literal["submitted"] = "submitted"
    plan: str  # digest
    calendar: str  # digest
    channel: str  # counter, online, phone, agent, event
    delivery: DeliveryMethod = DeliveryMethod.ELECTRONIC  # as the applicant chose
    outlet: str | None = None  # where it was taken in; none online, and at a counter that is of no outlet
    materials: tuple[str, ...] = ()
    versions: tuple[VersionReceived, ...] = ()  # of `materials`, the newest of each; none of what is `reused`
    announced: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()  # materials in whose place something was promised (告知承诺)
    checked: tuple[str, ...] = ()  # those of them that will be checked
    reused: tuple[str, ...] = ()  # of `materials`: files of earlier cases, linked with the applicant's consent
    mandate: str | None = None  # under which somebody applied for another
    seen: tuple[Sighting, ...] = ()  # by the counter; neither this nor a mandate: the applicant applied in person
    compared: Compared | None = None  # what the applicant says, where the plan compares it
    received: ReceivedOffline | None = None  # earlier than this line
    proved: tuple[PartyProved, ...] = ()  # whose numbers are known to be theirs
    taken_in: bool = False  # over a counter: by an office, at once
    licensed: tuple[str, ...] = ()  # data that licences of the register gave, with their holder's consent
    held: tuple[str, ...] = ()  # reservations that are this case's from now on
    full: tuple[str, ...] = ()  # those that are another's, or used up


class CorrectionsAsked(Strict):
    """The one merged notice (一次性告知). The texts are sealed under `notice`."""

    kind: Literal["corrections_asked"] = "corrections_asked"
    materials: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    notice: str  # reference of the sealed text


class Supplemented(Strict):
    """What was asked for, or a fallback material, has come. Until acceptance it may bring a new plan. `announced`:
    papers that the applicant's side says it will hand in: they answer nothing until somebody has received them."""

    kind: Literal["supplemented"] = "supplemented"
    materials: tuple[str, ...] = ()
    versions: tuple[VersionReceived, ...] = ()  # of `materials`
    announced: tuple[str, ...] = ()
    fields: bool = False
    plan: str | None = None  # digest of the new plan when answers changed
    refetch: tuple[str, ...] = ()  # data keys whose look-up parameters changed
    renumbered: tuple[str, ...] = ()  # parties that have another number now
    proved: tuple[PartyProved, ...] = ()  # of these, and of those that the new plan brings
    compared: Compared | None = None  # all that the applicant says now
    disagrees: tuple[str, ...] = ()  # with it, all that disagrees now
    changed: tuple[str, ...] = ()  # pointers to fields of the application; before and after are sealed under `changes`
    changes: str | None = None
    delivery: DeliveryMethod | None = None  # chosen anew
    unasked: tuple[str, ...] = ()  # of these, and of materials in hand that are replaced: what nobody had asked for
    answered: tuple[str, ...] = ()  # pointers of the demand that this answers
    commitments: tuple[str, ...] = ()  # materials in whose place something is promised now
    checked: tuple[str, ...] = ()  # those of them that will be checked
    held: tuple[str, ...] = ()  # reservations that are this case's from now on
    full: tuple[str, ...] = ()  # those that are another's, or used up


class PapersReceived(Strict):
    """Papers are there: said by who received them, the counter or the department that needs them, and nobody else."""

    kind: Literal["papers_received"] = "papers_received"
    materials: tuple[str, ...] = Field(min_length=1)
    versions: tuple[VersionReceived, ...] = ()
    how: Literal["hand", "post"] = "hand"
    received: ReceivedOffline | None = None  # earlier than this line


class Accepted(Strict):
    """`deferred`: materials that may come later (容缺). What the applicant is told of them is sealed under `notice`.
    `seen`: the last line that changed what nobody had asked for, as whoever accepts has looked at it."""

    kind: Literal["accepted"] = "accepted"
    deferred: tuple[str, ...] = ()
    notice: str | None = None
    seen: int | None = None
    held: tuple[str, ...] = ()  # reservations that are this case's from now on
    full: tuple[str, ...] = ()  # those that are another's, or used up


class Rejected(Strict):
    """Not accepted (不予受理). Reason and basis are sealed under `notice`. `unmet`: points of the first notice that
    what was supplied since does not meet."""

    kind: Literal["rejected"] = "rejected"
    notice: str
    unmet: tuple[str, ...] = ()


class Withdrawn(Strict):
    kind: Literal["withdrawn"] = "withdrawn"


class StillAsked(Strict):
    """What another department has asked for and still waits for, and the notice that says so."""

    item: str
    materials: tuple[str, ...] = Field(min_length=1)
    notice: str


class DemandTakenBack(Strict):
    """A department does not ask for it any more; the applicant is told. Why, is sealed under `notice`."""

    kind: Literal["demand_taken_back"] = "demand_taken_back"
    item: str
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
