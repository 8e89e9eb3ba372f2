"""One request, one effect: the first answer to a key is kept with the fact, in the fact's own transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import orjson

from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.principal import Principal
from onething.services.core.context import AppContext
from onething.services.summaries.responses import StoredResponse
from onething.store.connection.database import Transaction
from onething.store.record import idempotency, prefetch
from onething.store.record.idempotency import IdempotencyScope

Run = TypeVar("Run")


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """Who requests what under which key. `text`: the body, by which a repetition is known to be one. `case_no` and
    `task_id` are what it changes, if that is there already."""

    principal: Principal
    scope: IdempotencyScope
    key: str
    text: str = ""
    case_no: str | None = None
    task_id: str | None = None


async def execute_once(
    context: AppContext,
    request: CommandRequest,
    authorise: Callable[[Transaction], Awaitable[Run]],
    perform: Callable[[Run], Awaitable[StoredResponse]],
    recheck: Callable[[Run], Awaitable[None]],
) -> StoredResponse:
    """What `perform` answers, or what was answered to this key before.

    `authorise` comes first at every repetition too: who may no longer do this gets nothing of what they got when they
    might. `recheck`: what else of the caller's right `perform` judges. What depends on the moment (a time limit, the
    state of the case) is not judged anew. Of concurrent repeats one is recorded; the others were refused by what it
    left behind, and get its answer instead.

    Raises OneThingError IDEMPOTENCY_KEY_REUSED for another body, and what the three raise: then nothing is kept.
    """
    act, case_no = request.scope.act, request.case_no
    digest = context.index.mac("request", request.text)
    try:
        async with context.transaction(request.principal, act, case_no, enters=True) as tx:
            if case_no is not None:
                await prefetch.look(tx, request.scope, request.key, case_no, request.task_id)
            run = await authorise(tx)
            before = await _answered(context, request, tx, digest)
            if before is not None:
                await recheck(run)
                return before
            answer = await perform(run)
            body = orjson.dumps({"body": answer.body.decode(), "etag": answer.etag})
            stored = idempotency.StoredAnswer(answer.status, context.sealer.seal(body, context=_context(request)))
            idempotency.keep(tx, request.scope, request.key, digest, stored, context.clock.now())
            return answer
    except OneThingError as refusal:
        if not isinstance(refusal, NotAllowed) and refusal.code is not FailureCode.CONCURRENT_CHANGE:
            raise
        async with context.transaction(request.principal, act, case_no) as tx:  # authorised a moment ago
            meanwhile = await _answered(context, request, tx, digest)
        if meanwhile is None:
            raise
        return meanwhile


async def first_answer(context: AppContext, tx: Transaction, request: CommandRequest) -> StoredResponse | None:
    """What was answered to the caller's first request under this key, whatever its body was: for who has lost the
    answer and goes on. None: nothing was recorded under it."""
    stored = await idempotency.first(tx, request.scope, request.key)
    return _opened(context, request, stored) if stored else None


async def _answered(
    context: AppContext, request: CommandRequest, tx: Transaction, digest: bytes
) -> StoredResponse | None:
    stored = await idempotency.answered(tx, request.scope, request.key, digest)
    return _opened(context, request, stored) if stored else None


def _opened(context: AppContext, request: CommandRequest, stored: idempotency.StoredAnswer) -> StoredResponse:
    value = context.sealer.open_json(stored.response, context=_context(request))
    return StoredResponse(stored.status, value["body"].encode(), value["etag"], repeated=True)


def _context(request: CommandRequest) -> str:
    return f"answer/{request.principal.subject}/{request.scope}/{request.key}"
