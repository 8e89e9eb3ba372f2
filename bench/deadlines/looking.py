"""What became of the clocks: heard as it is recorded, and read from the journal afterwards."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg

from bench.deadlines.seeding import CLOCK, MOMENTS
from onething.store.connection.notifier import CASE, CaseNotice, Listener

_HEARD_WITHIN_S = 60.0
_FIRED = """
select case_no, at, seq from journal
where kind = 'clock_overdue' and event->>'clock' = $1 and case_no = any ($2)
"""
_RUNGS = "select case_no, at from rungs where clock = $1 and case_no = any ($2)"
# a notice of acceptance that is still to go out would be taken for the clock's line
_WAITING = """
select (select count(*) from handovers)
     + (select count(*) from commands where kind = 'send_notices' and status = 'open')
"""
_BEHIND = "select count(*) from cases where case_no = any ($1) and next_wake_at <= $2"


@dataclass
class Heard:
    """When a case was first heard to have changed: `case_no` → moment. Use as an async context manager."""

    url: str
    at: dict[str, datetime] = field(default_factory=dict)

    async def __aenter__(self) -> "Heard":
        self._listener = Listener(self.url, CASE, self._hear)
        await self._listener.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._listener.close()

    async def of_all(self, cases: Iterable[str]) -> None:
        """Wait until all were heard of, or the missing ones had their time; then a second for what is too many."""
        left = set(cases)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_HEARD_WITHIN_S):
                while not left <= self.at.keys():  # noqa: ASYNC110  the listener hears meanwhile
                    await asyncio.sleep(0.1)
        await asyncio.sleep(1)

    def _hear(self, payload: str) -> None:
        if payload:
            self.at.setdefault(CaseNotice.read(payload).case_no, datetime.now(UTC))


@dataclass(frozen=True)
class Found:
    """How the clocks of some cases fired. `lateness_s`: from the due moment until it was heard of, sorted."""

    cases: int
    fired_once: int
    stamped_due: int
    early: int
    lateness_s: tuple[float, ...]

    @property
    def all_once(self) -> bool:
        return self.fired_once == self.stamped_due == self.cases and not self.early


class Record:
    """Reads as the superuser: it looks at the record from outside the system."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def handed_over(self) -> bool:
        return int(await self._value(_WAITING)) == 0

    async def behind(self, cases: Mapping[str, datetime]) -> int:
        """How many of the cases have a moment that has come and was not looked at."""
        return int(await self._value(_BEHIND, list(cases), datetime.now(UTC)))

    async def fired(self, cases: Iterable[str]) -> int:
        """How many of the cases have a broken promise."""
        return int(await self._value(f"select count(distinct case_no) from ({_FIRED}) fired", CLOCK, list(cases)))

    async def until_none_behind(self, cases: Mapping[str, datetime], within_s: float) -> float:
        """Seconds from the last due moment until all were looked at. Raises TimeoutError."""
        last = max(cases.values())
        async with asyncio.timeout(within_s):
            while True:
                now = datetime.now(UTC)
                if now >= last and not await self.behind(cases):
                    return (now - last).total_seconds()
                await asyncio.sleep(0.25)

    async def found(self, cases: Mapping[str, datetime], heard: Heard) -> Found:
        connection = await asyncpg.connect(self._url)
        try:
            fired = await connection.fetch(_FIRED, CLOCK, list(cases))
            rungs = await connection.fetch(_RUNGS, CLOCK, list(cases))
        finally:
            await connection.close()
        overdue, cards = _by_case(fired), _by_case(rungs)
        late = {
            case_no: (heard.at[case_no] - due).total_seconds() for case_no, due in cases.items() if case_no in heard.at
        }
        return Found(
            cases=len(cases),
            fired_once=sum(len(overdue.get(one, ())) + len(cards.get(one, ())) == MOMENTS for one in cases),
            stamped_due=sum(overdue.get(one) == [due] == cards.get(one) for one, due in cases.items()),
            early=sum(seconds < 0 for seconds in late.values()),
            lateness_s=tuple(sorted(late.values())),
        )

    async def _value(self, query: str, *arguments: Any) -> Any:
        connection = await asyncpg.connect(self._url)
        try:
            return await connection.fetchval(query, *arguments)
        finally:
            await connection.close()


def _by_case(rows: list[Any]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for row in rows:
        found.setdefault(row["case_no"], []).append(row["at"])
    return found
