"""A look-up begins when there is a right to ask: at once, or once its party agrees, an office has taken the application
in, or kinship is shown. Where none comes, the applicant brings what takes the record's place.
"""

from onething.domain.deadlines import patience
from onething.domain.items.rules import open_ready
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import DataState, PartyAnswer, PartyStanding
from onething.domain.parties import rules as parties_rules
from onething.domain.parties.authority import authority_of, without
from onething.domain.plan.plan import PlanData
from onething.domain.undo import rules as undo_rules


def seek(reducer: Reducer) -> None:
    """After what may have given a right, or taken the hope of one."""
    for data in reducer.plan.data:
        if reducer.data.get(data.key) is not DataState.AWAITS:
            continue
        if authority_of(reducer, data) is not None:
            patience.fetch(reducer, data)
        elif not _may_still_come(reducer, data):
            _brought_instead(reducer, data)
    parties_rules.ask(reducer)
    open_ready(reducer)


def taken_in(reducer: Reducer) -> None:
    """An office has the application in its hands: it says so, takes papers for it in, or tells what is missing."""
    reducer.taken_in = True
    seek(reducer)


def taken_back(reducer: Reducer) -> None:
    """Somebody agrees no more: what waits for its source by that alone is called off. What is in hand was asked for
    rightly."""
    for data in reducer.plan.data:
        waits = reducer.data.get(data.key) in {DataState.PENDING, DataState.CHECKING}
        if waits and authority_of(reducer, data) is None:
            undo_rules.call_off(reducer, CommandKind.FETCH_RECORD, data.key)
            patience.over(reducer, data.key)
            reducer.data[data.key] = DataState.AWAITS
    undo_rules.go_on(reducer)


def _may_still_come(reducer: Reducer, data: PlanData) -> bool:
    """By duty, something always may. Else while somebody is asked, and until acceptance by what a counter sees."""
    if data.duty is not None:
        return True
    answers = {reducer.parties.get(party, PartyStanding()).answer for party in without(reducer, data)}
    if answers & _NO:
        return False
    return PartyAnswer.ASKED in answers or not reducer.accepted


_NO = {PartyAnswer.DECLINED, PartyAnswer.LAPSED}


def _brought_instead(reducer: Reducer, data: PlanData) -> None:
    """Nobody looks for it by hand either: that would be a look-up, too. With nothing to bring, it goes on waiting."""
    if data.fallback is None:
        return
    reducer.data[data.key] = DataState.ASKED
    if data.fallback in reducer.materials:
        reducer.data[data.key] = DataState.SUPPLIED
    else:
        reducer.notice("supply_needed")
