"""The yardstick's effects: a look-up over HTTP, one row in PostgreSQL."""

from typing import Any

import httpx
import orjson
from temporalio import activity

from bench.raw.model import SOURCES, Issue, Lookup

TABLE = "create table if not exists issued (case_no text primary key, items text not null, at timestamptz not null)"
_INSERT = "insert into issued (case_no, items, at) values ($1, $2, now()) on conflict (case_no) do nothing"
_ASKED = {
    "identity": {"name": "赵建国", "id_number": "11010519491231002X"},
    "address": {"address": "杭州市西湖区文三路1号"},
}


class RawActivities:
    """`client` is bound to the simulated outside world, `pool` to a database of the yardstick's own."""

    def __init__(self, client: httpx.AsyncClient, pool: Any) -> None:
        self._client = client
        self._pool = pool

    @activity.defn
    async def fetch(self, lookup: Lookup) -> str:
        """The day that the record is of."""
        response = await self._client.post(
            f"/sources/{SOURCES[lookup.data]}/records",
            content=orjson.dumps(_ASKED[lookup.data]),
            headers={"Idempotency-Key": f"{lookup.case_no}/{lookup.data}", "Content-Type": "application/json"},
        )
        response.raise_for_status()
        return str(orjson.loads(response.content)["as_of"])

    @activity.defn
    async def issue(self, issue: Issue) -> None:
        await self._pool.execute(_INSERT, issue.case_no, orjson.dumps(issue.items).decode())
