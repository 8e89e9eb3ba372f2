"""Cases in which a department may hold something."""

from collections.abc import AsyncIterator, Sequence

from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.connection.sql_files import Query, load

_sql = load("tables/reassignments")


async def pages(database: Database, actor: Actor, department: str, *, batch: int) -> AsyncIterator[Sequence[str]]:
    """Numbers of the cases under way that the department has to do with, then of those that have ended and in which it
    still has a task. No connection is held between two pages."""
    for query in (_sql.under_way, _sql.ended_with_tasks):
        async for page in _pages(database, actor, query, department, batch):
            yield page


async def _pages(
    database: Database, actor: Actor, query: Query, department: str, batch: int
) -> AsyncIterator[Sequence[str]]:
    after = ""
    while True:
        async with database.reading(actor) as tx:
            rows = await tx.rows(query, department=department, after=after, limit=batch)
        if not rows:
            return
        page = [row["case_no"] for row in rows]
        yield page
        after = page[-1]
