"""Records looked for by hand, sources asked anew, disagreements resolved."""

from datetime import datetime
from typing import Literal

from onething.domain.base import Strict
from onething.domain.events.outcomes import (
    Compared,
)


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
