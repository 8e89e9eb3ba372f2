"""A party agrees to the look-ups about them in a case, or does not, or no more."""

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events.lookups import PartyConfirmed, PartyDeclined
from onething.domain.kernel.state import PartyAnswer
from onething.security.policy import Act
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.parties.schemas import PartyAnswered
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.record import access_log
from onething.store.tables import case_parties


@act_on_case(Act.CONFIRM_LOOK_UPS)
async def confirm(run: CaseRun, party: str) -> StoredResponse:
    """Raises NOT_FOUND for who is not that party, NotAllowed where nothing waits for them."""
    return await _answer(run, party, PartyAnswer.CONFIRMED)


@act_on_case(Act.DECLINE_LOOK_UPS)
async def decline(run: CaseRun, party: str) -> StoredResponse:
    """As `confirm`. What was asked for before stays; an office that has to ask by law still may."""
    return await _answer(run, party, PartyAnswer.DECLINED)


async def _answer(run: CaseRun, party: str, statement: PartyAnswer) -> StoredResponse:
    if party not in await case_parties.of_actor(run.tx, run.case_no):
        raise OneThingError(FailureCode.NOT_FOUND, "没有找到向您提出的查询请求，请从“谁问到我”里打开。")
    event = PartyConfirmed(party=party) if statement is PartyAnswer.CONFIRMED else PartyDeclined(party=party)
    recorded = await run.record(event)
    access_log.add(run.tx, run.act, run.context.clock.now(), case_no=run.case_no)
    view = PartyAnswered(case_no=run.case_no, party=party, answer=statement, seq=recorded.seq, at=recorded.at)
    return answer(view)
