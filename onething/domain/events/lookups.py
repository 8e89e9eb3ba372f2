"""By whose right records are looked up; records looked for by hand, sources asked anew, disagreements resolved."""

from datetime import datetime
from typing import Literal

from onething.domain.base import Strict
from onething.domain.definition.parties import Authority
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


class PartyProved(Strict):
    """Part of an application: that the number of this party is known to be theirs."""

    party: str
    by: Literal[Authority.OWN, Authority.MANDATE, Authority.NAMED, Authority.SEEN]


class TakenIn(Strict):
    """收件: an office has looked at an application that came online, and goes on with it. By duty it may look up from
    now on (国务院关于在线政务服务的若干规定 Art. 7: what sharing gives is not asked of people)."""

    kind: Literal["taken_in"] = "taken_in"


class PartyConfirmed(Strict):
    """They agree to the look-ups about them in this case."""

    kind: Literal["party_confirmed"] = "party_confirmed"
    party: str


class PartyDeclined(Strict):
    """They do not agree, or do so no more: what has not been asked for by then is not, but by duty."""

    kind: Literal["party_declined"] = "party_declined"
    party: str
