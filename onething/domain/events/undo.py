"""Undone by hand, and approvals revoked."""

from typing import Literal

from pydantic import Field

from onething.domain.base import Strict


class UndoneByHand(Strict):
    """A department's person has undone what its system could not. `item` or `data`: whose effect it was
    (`engine/subjects.py`)."""

    kind: Literal["undone_by_hand"] = "undone_by_hand"
    effect: str
    round: int  # of the task: the second when a record came after the first undoing
    item: str | None = None
    data: str | None = None


class ReviewAsked(Strict):
    """A department, or a supervisor, thinks that the approval of an item should not have been given: whoever gave it
    looks at it anew and decides whether it stands (行政许可法 Art. 69). Why, is sealed under `reason`."""

    kind: Literal["review_asked"] = "review_asked"
    item: str
    round: int = Field(ge=1)  # of the question whether it stands
    reason: str


class RevocationDecided(Strict):
    """Whether the approval of an item is taken back, since what it relied on was not so. Why, is sealed under
    `opinion`. `material`: whose promise was broken, and `finding`: what was found, sealed; none of both where an item
    that it needs was revoked, `unsupplied` was to be handed in afterwards, or, with `review`, the approval itself was
    looked at anew."""

    kind: Literal["revocation_decided"] = "revocation_decided"
    item: str
    round: int
    revoke: bool
    opinion: str
    material: str | None = None
    finding: str | None = None
    review: bool = False
    unsupplied: str | None = None
