"""What is known of the parties of a case: how each was proved, and what those said who were asked."""

from collections.abc import Iterable, Iterator

from onething.domain.deadlines import patience
from onething.domain.deadlines import rules as deadlines_rules
from onething.domain.deadlines.clock_kinds import confirmation_clock
from onething.domain.definition.parties import Authority
from onething.domain.events.intake import VersionReceived
from onething.domain.events.lookups import PartyProved
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import DataState, PartyAnswer, PartyStanding
from onething.domain.parties.authority import authority_of, without
from onething.domain.plan.plan import PlanData


def look_up(reducer: Reducer, data: PlanData) -> None:
    """For the first time, or as if it were."""
    if authority_of(reducer, data) is None:
        reducer.data[data.key] = DataState.AWAITS
    else:
        patience.fetch(reducer, data)


def proved(reducer: Reducer, proofs: Iterable[PartyProved]) -> None:
    """As the application comes in, or its numbers change."""
    for one in proofs:
        if one.party in reducer.plan.party_by_id:
            _stand(reducer, one.party, proof=one.by)


def forgotten(reducer: Reducer, parties: Iterable[str]) -> None:
    """Another number is another person's: nothing of the one before counts for them."""
    for party in parties:
        deadlines_rules.stop(reducer, confirmation_clock(party), met=False)
        reducer.parties.pop(party, None)


def kept_to_plan(reducer: Reducer) -> None:
    """Other answers, another plan: of whom it does not speak nothing is known any more."""
    forgotten(reducer, [party for party in reducer.parties if party not in reducer.plan.party_by_id])


def related(reducer: Reducer, versions: Iterable[VersionReceived]) -> None:
    """An office has received a paper that shows kinship; a file that anybody can send shows nothing."""
    papers = {one.code for one in versions if one.digest is None}
    for party in reducer.plan.parties:
        known = reducer.parties.get(party.id)
        if papers.intersection(party.related_by) and (known is None or known.proof is None):
            _stand(reducer, party.id, proof=Authority.RELATED)


def ask(reducer: Reducer) -> None:
    """Those are asked without whose agreement a look-up waits, each with a time of their own; and nobody else, any
    more."""
    awaited = set(_awaited(reducer))
    for party in reducer.plan.parties:
        known = reducer.parties.get(party.id, PartyStanding())
        if party.id in awaited and party.speaks and known.answer is None:
            _stand(reducer, party.id, answer=PartyAnswer.ASKED)
            deadlines_rules.start(reducer, confirmation_clock(party.id))
        elif known.answer is PartyAnswer.ASKED and party.id not in awaited:
            _let_be(reducer, party.id)


def _awaited(reducer: Reducer) -> Iterator[str]:
    for data in reducer.plan.data:
        if reducer.data.get(data.key) is DataState.AWAITS and Authority.CONFIRMED in data.by:
            yield from without(reducer, data)


def answered(reducer: Reducer, party: str, answer: PartyAnswer) -> None:
    if answer is PartyAnswer.LAPSED:
        deadlines_rules.miss(reducer, confirmation_clock(party))
    else:
        deadlines_rules.stop(reducer, confirmation_clock(party))
    _stand(reducer, party, answer=answer)


def over(reducer: Reducer) -> None:
    """Nobody needs an answer any more."""
    for party, known in tuple(reducer.parties.items()):
        if known.answer is PartyAnswer.ASKED:
            _let_be(reducer, party)


def _let_be(reducer: Reducer, party: str) -> None:
    deadlines_rules.stop(reducer, confirmation_clock(party), met=False)
    _stand(reducer, party, answer=None)


def _stand(reducer: Reducer, party: str, **changed: object) -> None:
    reducer.parties[party] = reducer.parties.get(party, PartyStanding()).model_copy(update=changed)
