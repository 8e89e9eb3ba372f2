"""Compiled plans: immutable rows, kept for good. The door writes them with the event that brings them."""

from onething.domain.plan import Plan
from onething.store.database import Transaction
from onething.store.queries import load

_sql = load("reference")


async def get(tx: Transaction, digest: str) -> Plan | None:
    body = await tx.value(_sql.plan, digest=digest)
    return None if body is None else Plan.model_validate_json(body)
