"""Undone by hand, and approvals revoked."""

from typing import Literal

from onething.domain.base import Strict


class UndoneByHand(Strict):
    """A department's person has undone what its system could not. `item` or `data`: whose effect it was
    (`engine/subjects.py`)."""

    kind: Literal["undone_by_hand"] = "undone_by_hand"
    effect: str
    round: int  # of the task: the second when a record came after the first undoing
    item: str | None = None
    data: str | None = None


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
