"""Compiled plans: immutable rows, kept for good. The case writer writes them with the event that brings them."""

from onething.domain.plan.plan import Plan
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("tables/plans")


async def get(tx: Transaction, digest: str) -> Plan | None:
    body = await tx.value(_sql.plan, digest=digest)
    return None if body is None else Plan.model_validate_json(body)
