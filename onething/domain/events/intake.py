"""Applying, correcting, accepting, withdrawing."""

from typing import Literal

from pydantic import Field

from onething.domain.base import Strict
from onething.domain.events.outcomes import (
    Compared,
)


class Sighting(Strict):
    """Whom the counter saw, by which paper: in person, or their original papers, brought by another."""

    party: Literal["applicant"]
    document: Literal[
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
    presence: Literal["in_person", "original_brought"]


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
    seen: tuple[Sighting, ...] = ()  # by the counter; neither this nor a mandate: the applicant applied in person
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
