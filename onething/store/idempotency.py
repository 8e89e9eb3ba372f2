"""First answers to requests, kept 30 days. The key is the first lock of a transaction, before the case.

A request that is refused rolls back and leaves no row, so that it may be tried again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, OneThingError
from onething.store.database import Transaction
from onething.store.queries import load

_sql = load("idempotency")
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """HTTP status and sealed body of the first answer."""

    status: int
    response: bytes = field(repr=False)


async def begin(tx: Transaction, route: str, key: str, digest: bytes, at: datetime) -> StoredAnswer | None:
    """None: this request is the first, go on and `finish` before the commit. Else the first answer.

    A repeat that comes while the first is still running waits for it (BUSY after the lock timeout). Keys are the
    actor's own. `digest` is of the request body: another body under the same key raises IDEMPOTENCY_KEY_REUSED.
    """
    caller = tx.actor.subject
    for _ in range(2):  # the first may be rolled back, or forgotten, between the two reads
        if await tx.row(_sql.begin, caller=caller, route=route, key=key, request_digest=digest, at=at) is not None:
            return None
        row = await tx.row(_sql.stored, caller=caller, route=route, key=key)
        if row is not None:
            break
    else:
        raise OneThingError(FailureCode.BUSY, "相同的请求正在处理，请稍后重试。")
    if row["request_digest"] != digest:
        raise OneThingError(
            FailureCode.IDEMPOTENCY_KEY_REUSED, "该 Idempotency-Key 已用于另一个请求，请为新的请求换一个。"
        )
    if row["status"] is None:
        raise AssertionError("a request was committed without finish")
    return StoredAnswer(row["status"], row["response"])


async def finish(tx: Transaction, route: str, key: str, answer: StoredAnswer) -> None:
    await tx.rows(
        _sql.finish,
        caller=tx.actor.subject,
        route=route,
        key=key,
        status=answer.status,
        response=answer.response,
    )


async def forget_old(tx: Transaction, now: datetime) -> int:
    """How many answers older than 30 days were dropped; a worker's housekeeping."""
    return int(await tx.value(_sql.forget, older_than=now - KEPT))
