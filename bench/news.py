"""How the driver learns that a case has come so far: by the record's own notices, at next to no cost."""

import asyncio
from typing import Any

import asyncpg

from onething.store.connection.notifier import CASE, CaseNotice, Listener

_LOOK_EVERY_S = 5.0  # a notice may get lost
_HEADS = "select case_no, head_seq from cases where case_no = any ($1)"
_CLOSED = "select count(*) from cases where case_no = any ($1) and status = 'closed'"
_ASKED_OUTSIDE = """
select count(distinct case_no) from commands
where case_no = any ($1) and status = 'open' and kind in ('fetch_record', 'dispatch_item')
"""


class News:
    """Use as an async context manager. Reads as the superuser: it looks at the record from outside the system."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._listener = Listener(url, CASE, self._heard)
        self._seqs: dict[str, int] = {}
        self._waiting: dict[str, asyncio.Event] = {}
        self._connection: Any = None

    async def __aenter__(self) -> "News":
        self._connection = await asyncpg.connect(self._url)
        await self._listener.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._listener.close()
        await self._connection.close()

    async def reached(self, case_no: str, seq: int) -> None:
        """Wait until the case has this many lines. One waits for a case at a time."""
        event = self._waiting.setdefault(case_no, asyncio.Event())
        while self._seqs.get(case_no, 0) < seq:
            event.clear()
            try:
                await asyncio.wait_for(event.wait(), _LOOK_EVERY_S)
            except TimeoutError:
                await self._look()
        del self._waiting[case_no]

    async def closed(self, case_nos: list[str]) -> int:
        """How many of these are closed."""
        return int(await self._connection.fetchval(_CLOSED, case_nos))

    async def waiting_outside(self, case_nos: list[str]) -> int:
        """How many of these wait for a source or for a department's system."""
        return int(await self._connection.fetchval(_ASKED_OUTSIDE, case_nos))

    async def _look(self) -> None:
        async with asyncpg.create_pool(self._url, min_size=1, max_size=1) as pool:
            for row in await pool.fetch(_HEADS, list(self._waiting)):
                self._tell(row["case_no"], row["head_seq"])

    def _heard(self, payload: str) -> None:
        if payload:
            notice = CaseNotice.read(payload)
            self._tell(notice.case_no, notice.seq)

    def _tell(self, case_no: str, seq: int) -> None:
        self._seqs[case_no] = max(seq, self._seqs.get(case_no, 0))
        if case_no in self._waiting:
            self._waiting[case_no].set()
