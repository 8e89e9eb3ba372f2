"""One fact, once: the first answer to a key is kept with the fact, in the fact's own transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orjson

from onething.domain.caller import Caller
from onething.security.policy import Act
from onething.services.answers import Answer
from onething.services.office import Office
from onething.services.requests import Sent
from onething.store import idempotency
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


async def once(office: Office, request: Request, work: Callable[[Transaction], Awaitable[Answer]]) -> Answer:
    """`work`'s answer, or the one that was given to this key before; a concurrent repeat waits for the first.

    Raises OneThingError IDEMPOTENCY_KEY_REUSED for another body, and what `work` raises: then nothing is kept.
    """
    text = request.sent.model_dump_json() if request.sent is not None else ""
    digest = office.index.mac("request", text)
    place = f"{request.caller.subject}/{request.route}/{request.key}"
    async with office.transaction(request.caller, request.act, request.case_no) as tx:
        kept = await idempotency.begin(tx, request.route, request.key, digest, office.clock.now())
        if kept is not None:
            value = office.sealer.open_json(kept.response, context=f"answer/{place}")
            return Answer(kept.status, value["body"].encode(), value["etag"])
        answer = await work(tx)
        body = orjson.dumps({"body": answer.body.decode(), "etag": answer.etag})
        sealed = office.sealer.seal(body, context=f"answer/{place}")
        await idempotency.finish(tx, request.route, request.key, idempotency.StoredAnswer(answer.status, sealed))
        return answer
