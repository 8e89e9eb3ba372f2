"""One fact, once: the first answer to a key is kept with the fact, in the fact's own transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson

from onething.domain.caller import Caller
from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.security.policy import Act
from onething.services.answers import Answer
from onething.services.office import Office
from onething.services.sent import Sent
from onething.store import ahead, idempotency
from onething.store.database import Transaction


@dataclass(frozen=True)
class Request:
    """Who asks for what under which key. `route` names the case or task as well, if there is one."""

    caller: Caller
    act: Act
    route: str
    key: str
    sent: Sent | None = None
    case_no: str | None = None
    task_id: str | None = None


async def once(office: Office, request: Request, work: Callable[[Transaction], Awaitable[Answer]]) -> Answer:
    """`work`'s answer, or the one that was given to this key before.

    Of concurrent repeats one is recorded; the others were refused by what it left behind, and get its answer instead.
    Raises OneThingError IDEMPOTENCY_KEY_REUSED for another body, and what `work` raises: then nothing is kept.
    """
    # without defaults: a field that comes with a later version does not make a repeat another request
    text = request.sent.model_dump_json(exclude_defaults=True) if request.sent is not None else ""
    digest = office.index.mac("request", text)
    try:
        async with office.transaction(request.caller, request.act, request.case_no, enters=True) as tx:
            if request.case_no is not None:
                await ahead.look(tx, request.route, request.key, request.case_no, request.task_id)
            before = await _answered(office, request, tx, digest)
            if before is not None:
                return before
            answer = await work(tx)
            body = orjson.dumps({"body": answer.body.decode(), "etag": answer.etag})
            kept = idempotency.StoredAnswer(answer.status, office.sealer.seal(body, context=_place(request)))
            idempotency.keep(tx, request.route, request.key, digest, kept, office.clock.now())
            return answer
    except OneThingError as refusal:
        if not isinstance(refusal, NotAllowed) and refusal.code is not FailureCode.CONCURRENT_CHANGE:
            raise
        async with office.transaction(request.caller, request.act, request.case_no) as tx:
            meanwhile = await _answered(office, request, tx, digest)
        if meanwhile is None:
            raise
        return meanwhile


async def _answered(office: Office, request: Request, tx: Transaction, digest: bytes) -> Answer | None:
    kept = await idempotency.answered(tx, request.route, request.key, digest)
    if kept is None:
        return None
    value = office.sealer.open_json(kept.response, context=_place(request))
    return Answer(kept.status, value["body"].encode(), value["etag"])


def _place(request: Request) -> str:
    return f"answer/{request.caller.subject}/{request.route}/{request.key}"
