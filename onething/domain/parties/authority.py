"""By what right a record may be asked for now."""

from collections.abc import Mapping
from typing import Protocol

from onething.domain.definition.parties import Authority
from onething.domain.kernel.state import PartyAnswer, PartyStanding
from onething.domain.plan.plan import PlanData


class KnownParties(Protocol):
    """What a state knows of its parties, or its working copy."""

    @property
    def parties(self) -> Mapping[str, PartyStanding]: ...
    @property
    def taken_in(self) -> bool: ...


def authority_of(known: KnownParties, data: PlanData) -> Authority | None:
    """None while there is no right to ask. A record about several needs each of them; of what they give the weakest is
    said. Dropping what is known of a party never makes more of it."""
    if not data.personal:
        return Authority.PUBLIC
    given = [from_party(known.parties.get(party), data) for party in data.about]
    if given and None not in given:
        return max((one for one in given if one is not None), key=_STRENGTH.index)
    return Authority.DUTY if data.duty is not None and known.taken_in else None


_STRENGTH = tuple(Authority)
"""The strongest first."""


def from_party(standing: PartyStanding | None, data: PlanData) -> Authority | None:
    """What of this party's will do for the look-up."""
    if standing is None:
        return None
    if standing.proof is not None and standing.proof in data.by:
        return standing.proof
    confirmed = standing.answer is PartyAnswer.CONFIRMED and Authority.CONFIRMED in data.by
    return Authority.CONFIRMED if confirmed else None


def without(known: KnownParties, data: PlanData) -> tuple[str, ...]:
    """Parties of whom nothing will do yet."""
    return tuple(party for party in data.about if from_party(known.parties.get(party), data) is None)
