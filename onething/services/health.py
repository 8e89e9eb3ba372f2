"""Whether this process can work: alive always, ready when the record answers and has this code's schema.

And how far behind the outbox to Temporal is.
"""

from onething.domain.errors import FailureCode, OneThingError
from onething.services.core.context import AppContext
from onething.services.summaries.responses import ResponseModel
from onething.store.connection import installation
from onething.store.connection.actor import Actor
from onething.store.record import outbox as outbox_record


class Health(ResponseModel):
    status: str


async def ready(context: AppContext) -> Health:
    """Raises OneThingError UNAVAILABLE."""
    async with context.database.transaction(Actor.anybody()) as tx:
        if not await installation.schema_is_ready(tx):
            raise OneThingError(FailureCode.UNAVAILABLE, "数据库结构与程序版本不一致，请安装本版本的表结构。")
    return Health(status="ready")


async def outbox(context: AppContext) -> tuple[int, float] | None:
    """How many cases wait in the outbox, and the oldest for how many seconds; None when the record does not answer."""
    try:
        async with context.database.transaction(Actor.anybody()) as tx:
            return await outbox_record.waiting(tx, context.clock.now())
    except OneThingError:
        return None
