"""Whose records may be looked up: who was proved how, who agreed, and that an office has taken the application in."""

from typing import Literal

from onething.domain.base import Strict
from onething.domain.definition.parties import Authority


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
