"""First answers to requests, kept 30 days, written with the fact that they answer.

A request that is refused rolls back and leaves no row, so that it may be tried again. Of two at once the second to
commit rolls back: what it then finds here is its answer.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, OneThingError
from onething.security.policy import Act
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/idempotency")
STORED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class IdempotencyScope:
    """Where a key belongs, beside its caller: under another act, or about another case, it is another request's.

    `about`: the case's number or the task's id, and what else the act is about (`<case_no>/<material>`); empty for an
    act on nothing that is there yet.
    """

    act: Act
    about: str = ""

    def __str__(self) -> str:
        """As the table keeps it. An act's name holds no blank."""
        return f"{self.act} {self.about}".rstrip()


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """HTTP status and sealed body of the first answer."""

    status: int
    response: bytes = field(repr=False)


async def answered(tx: Transaction, scope: IdempotencyScope, key: str, digest: bytes) -> StoredAnswer | None:
    """The first answer, if there is one. Keys are the actor's own. `digest` is of the request body: another body under
    the same key raises IDEMPOTENCY_KEY_REUSED."""
    row = await tx.row(_sql.answered, caller=tx.actor.subject, scope=str(scope), key=key)
    if row is None:
        return None
    if row["request_digest"] != digest:
        raise OneThingError(
            FailureCode.IDEMPOTENCY_KEY_REUSED, "该 Idempotency-Key 已用于另一个请求，请为新的请求换一个。"
        )
    return StoredAnswer(row["status"], row["response"])


async def first(tx: Transaction, scope: IdempotencyScope, key: str) -> StoredAnswer | None:
    """The answer to the actor's first request under this key, whatever that said."""
    row = await tx.row(_sql.answered, caller=tx.actor.subject, scope=str(scope), key=key)
    return StoredAnswer(row["status"], row["response"]) if row else None


def keep(tx: Transaction, scope: IdempotencyScope, key: str, digest: bytes, answer: StoredAnswer, at: datetime) -> None:
    """With the commit. If another was first, the commit raises CONCURRENT_CHANGE, and nothing of this one is left."""
    tx.with_commit(
        _sql.keep,
        caller=tx.actor.subject,
        scope=str(scope),
        key=key,
        request_digest=digest,
        at=at,
        status=answer.status,
        response=answer.response,
    )


async def forget_old(tx: Transaction, now: datetime) -> int:
    """How many answers older than 30 days were dropped; a worker's housekeeping."""
    return int(await tx.value(_sql.forget, older_than=now - STORED_FOR))
