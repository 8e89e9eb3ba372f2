"""视图: filters of the queue that people have saved for themselves, under a name of their own."""

from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.core.context import AppContext
from onething.services.summaries.responses import StoredResponse, answer
from onething.services.tasks.queue import require_sound
from onething.services.tasks.schemas import SavedView, SavedViewList, SavedViewRequest
from onething.store.connection.database import Transaction
from onething.store.tables import saved_views


async def everything(context: AppContext, principal: Principal) -> SavedViewList:
    """The caller's own."""
    async with context.transaction(principal, Act.LIST_SAVED_VIEWS) as tx:
        require(principal, Act.LIST_SAVED_VIEWS)
        return SavedViewList(items=await _mine(context, tx))


@act_on_no_case(Act.SAVE_VIEW)
async def save(run: ActRun, request: SavedViewRequest) -> StoredResponse:
    """201. Raises InvalidInput for a filter that can't be, NotAllowed where there are as many as one may have."""
    require_sound(run.context, request.filter)
    known = {view.name: view.id for view in await _mine(run.context, run.tx)}
    free = (n for n in range(1, saved_views.MOST + 1) if n not in known.values())
    n = known.get(request.name) or next(free, None)
    if n is None:
        detail = f"视图至多保存 {saved_views.MOST} 个，请先删去不用的。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
    view = SavedView(id=n, name=request.name, filter=request.filter)
    body = run.context.sealer.seal_json(view.model_dump(mode="json"), context=_bound_to(run.tx))
    await saved_views.save(run.tx, n, body, run.context.clock.now())
    return answer(view, 201)


async def remove(context: AppContext, principal: Principal, n: int) -> None:
    """Raises OneThingError NOT_FOUND."""
    async with context.transaction(principal, Act.LIST_SAVED_VIEWS) as tx:
        require(principal, Act.LIST_SAVED_VIEWS)
        if not await saved_views.remove(tx, n):
            raise OneThingError(FailureCode.NOT_FOUND, "没有这个视图。")


async def _mine(context: AppContext, tx: Transaction) -> list[SavedView]:
    found = [context.sealer.open_json(row.body, context=_bound_to(tx)) for row in await saved_views.mine(tx)]
    return [SavedView.model_validate(view) for view in found]


def _bound_to(tx: Transaction) -> str:
    return f"queue-views/{tx.actor.subject}"
