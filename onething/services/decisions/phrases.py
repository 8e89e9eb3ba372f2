"""常用语: phrases that people use in opinions, kept by each for themselves."""

from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.core.context import AppContext
from onething.services.decisions.schemas import Phrase, PhraseList, PhraseRequest
from onething.services.summaries.responses import StoredResponse, answer
from onething.store.connection.database import Transaction
from onething.store.tables import phrases


async def everything(context: AppContext, principal: Principal) -> PhraseList:
    """The caller's own, in the order in which they were kept."""
    async with context.transaction(principal, Act.LIST_PHRASES) as tx:
        require(principal, Act.LIST_PHRASES)
        return PhraseList(items=await _mine(context, tx))


@act_on_no_case(Act.SAVE_PHRASE)
async def save(run: ActRun, request: PhraseRequest) -> StoredResponse:
    """201; one that is there already stays as it is. Raises NotAllowed where there are as many as one may have."""
    known = {one.text: one for one in await _mine(run.context, run.tx)}
    if request.text in known:
        return answer(known[request.text], 201)
    numbers = {one.id for one in known.values()}
    n = next((n for n in range(1, phrases.MOST + 1) if n not in numbers), None)
    if n is None:
        detail = f"常用语至多保存 {phrases.MOST} 条，请先删去不用的。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
    kept = Phrase(id=n, text=request.text)
    body = run.context.sealer.seal_json(kept.model_dump(mode="json"), context=_bound_to(run.tx))
    await phrases.add(run.tx, n, body, run.context.clock.now())
    return answer(kept, 201)


async def remove(context: AppContext, principal: Principal, n: int) -> None:
    """Raises OneThingError NOT_FOUND."""
    async with context.transaction(principal, Act.LIST_PHRASES) as tx:
        require(principal, Act.LIST_PHRASES)
        if not await phrases.remove(tx, n):
            raise OneThingError(FailureCode.NOT_FOUND, "没有这条常用语，可能已经删去。")


async def _mine(context: AppContext, tx: Transaction) -> list[Phrase]:
    found = [context.sealer.open_json(row.body, context=_bound_to(tx)) for row in await phrases.mine(tx)]
    return [Phrase.model_validate(one) for one in found]


def _bound_to(tx: Transaction) -> str:
    return f"phrases/{tx.actor.subject}"
