"""A whole API on a real database: callers of every role, a clock that can be moved, and outcomes without Temporal."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI

from onething.connectors.tally import AttemptTally
from onething.domain.calendar.days import Calendar
from onething.domain.engine.snapshot import Assignment
from onething.domain.events.deadlines import CalendarChanged
from onething.domain.events.outcomes import NoticesSent, RecordFetched, RecordRefused
from onething.domain.events.union import CommandOutcome
from onething.domain.kernel.commands import Command
from onething.domain.kernel.state import DataState
from onething.relay.figures_flusher import FiguresFlusher
from onething.security.signing import CertificateSigner
from onething.services.application import sealed_values
from onething.services.command_gateway import RecordCommandGateway
from onething.services.core.context import AppContext
from onething.services.lookups.cache import SealedRecordCache
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database, Transaction
from onething.store.record.rows import SealedValue
from onething.store.tables import calendars
from onething.store.tables.cases import state
from tests.support import people

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 9:00 in China
_keys = count(1)


class MovableClock:
    """`stands_still`: others' tests reckon with it, so it is not to be moved."""

    stands_still = False

    def __init__(self) -> None:
        self._now = MORNING

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        assert not self.stands_still, "this town is shared: take fresh_town to move its clock"
        self._now += by


class RunningClock(MovableClock):
    """The real one, moved: for what signs with the time of another process."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, by: timedelta) -> None:
        self._ahead += by

    def come_back(self) -> None:
        self._ahead = timedelta(0)


class Town:
    """Callers by name: `citizen`, `counter`, `officer.amr` … as the demo accounts."""

    def __init__(
        self,
        app: FastAPI,
        context: AppContext,
        worker: Database,
        signer: CertificateSigner,
        clock: MovableClock,
        owner_url: str,
        fetching: Collection[str] = (),
    ) -> None:
        self.app = app
        self.context = context
        self.clock = clock
        self._worker = worker
        self.gateway = RecordCommandGateway(
            worker,
            context.writer,
            context.plan_cache,
            context.catalog,
            clock,
            context.sealer,
            context.index,
            signer,
            fetching,
        )
        self.record_cache = SealedRecordCache(worker, context.sealer, context.index, clock)
        self._owner_url = owner_url
        self._owner: psycopg.Connection[tuple[Any, ...]] | None = None
        self._clients: dict[str | None, httpx.AsyncClient] = {}

    def client(self, name: str | None = None) -> httpx.AsyncClient:
        """For one account, or for nobody."""
        if name not in self._clients:
            transport = httpx.ASGITransport(self.app)
            self._clients[name] = httpx.AsyncClient(transport=transport, base_url="http://api")
        if name is not None:  # anew, for the clock may have been moved past the end of the last token
            self._clients[name].headers.update(people.bearer(self.token(name)))
        return self._clients[name]

    def from_address(self, address: str, *forwarded_for: str) -> httpx.AsyncClient:
        """A client for nobody, at this address, with these headers of who is behind it. The caller closes it."""
        transport = httpx.ASGITransport(self.app, client=(address, 40000))
        headers = [("X-Forwarded-For", value) for value in forwarded_for]
        return httpx.AsyncClient(transport=transport, base_url="http://api", headers=headers)

    def token(self, name: str) -> str:
        return people.token(self.context, name)

    async def get(self, who: str | None, path: str, **kwargs: Any) -> httpx.Response:
        return await self.client(who).get(path, **kwargs)

    async def post(
        self, who: str | None, path: str, body: Any = None, key: str | None = None, **kwargs: Any
    ) -> httpx.Response:
        """With a fresh Idempotency-Key unless one is given; a counter has seen whom it takes an application from."""
        if (who or "").partition(".")[0] == "counter" and path == "/api/cases" and "seen" not in body:
            body = {**body, "seen": people.SEEN}
        headers = {"Idempotency-Key": key or f"key-{next(_keys)}", **kwargs.pop("headers", {})}
        return await self.client(who).post(path, json=body, headers=headers, **kwargs)

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        if self._owner is not None:
            self._owner.close()

    # -- outcomes, as workers would record them -----------------------------------------------------------------

    async def outcome(self, case_no: str, outcome: CommandOutcome, values: tuple[SealedValue, ...] = ()) -> None:
        async with self._worker.transaction(Actor.worker()) as tx:
            await self.context.writer.record_outcome(tx, case_no, 1, outcome, values=lambda _: values)

    async def commands(self, case_no: str, kind: str | None = None) -> Mapping[str, Any]:
        """The open ones: id → command."""
        async with self._worker.transaction(Actor.worker()) as tx:
            found = await state(tx, case_no)
        assert found is not None
        return {name: command for name, command in found[1].commands.items() if kind in (None, command.kind)}

    async def fetch_all(self, case_no: str) -> None:
        """Every open look-up gets its record; what an office has to ask for by duty too, so a counter takes it in."""
        async with self._worker.transaction(Actor.worker()) as tx:
            found = await state(tx, case_no)
        if found is not None and DataState.AWAITS in found[1].data.values():
            await self.post("counter", f"/api/cases/{case_no}/take-in")
        for command_id, command in (await self.commands(case_no)).items():
            if command.kind == "fetch_record":
                kept = {"record": {"found": f"record of {command.target}"}, "as_of": MORNING.isoformat()}
                await self._fetch(case_no, command_id, command.target, kept)

    async def record(self, case_no: str, data: str, kept: dict[str, Any]) -> None:
        """The open look-up gets this."""
        [command_id] = [name for name, one in (await self.commands(case_no)).items() if one.target == data]
        await self._fetch(case_no, command_id, data, kept)

    async def _fetch(self, case_no: str, command_id: str, data: str, kept: dict[str, Any]) -> None:
        name = sealed_values.record(data)
        sealed = self.context.values(case_no).seal(name, kept)
        event = RecordFetched(command=command_id, data=data, record=name)
        await self.outcome(case_no, event, (SealedValue(name, sealed),))

    async def refuse_fetch(self, case_no: str, data: str) -> None:
        for command_id, command in (await self.commands(case_no)).items():
            if command.target == data:
                await self.outcome(case_no, RecordRefused(command=command_id, data=data, reason="no_record"))

    async def finish(self, case_no: str, until: str = "") -> None:
        """Certificates and notices are out; stops where the case has the status `until`."""
        while open_commands := await self.commands(case_no):
            if until and self.rows("select status from cases where case_no = %s", case_no) == [(until,)]:
                return
            command_id, command = next(iter(open_commands.items()))
            if command.kind == "issue_certificates":
                await self._issue(case_no, command_id)
            elif command.kind == "send_notices":
                await self.outcome(case_no, NoticesSent(command=command_id, template=command.target))
            else:
                raise AssertionError(f"{command.kind} is still open")

    async def _issue(self, case_no: str, command_id: str) -> None:
        """As the activity does it, without Temporal."""
        command = Command(id=command_id, kind="issue_certificates")
        await self.gateway.issue_certificates(Assignment(case_no=case_no, epoch=1, command=command))

    def flusher(self, tally: AttemptTally, breakers: Callable[[], Mapping[str, str]]) -> FiguresFlusher:
        """A worker's."""
        return FiguresFlusher(self._worker, self.clock, tally, breakers)

    async def publish_calendar(self, calendar: Calendar) -> None:
        async with self._worker.transaction(Actor.worker()) as tx:
            await calendars.publish(tx, [calendar])

    async def change_calendar(self, case_no: str, calendar: Calendar) -> None:
        await self.publish_calendar(calendar)
        async with self._worker.transaction(Actor.worker()) as tx:
            found = await state(tx, case_no)
        assert found is not None
        async with self._worker.transaction(Actor.worker()) as tx:
            event = CalendarChanged(old=found[1].calendar, new=calendar.digest)
            await self.context.writer.record(tx, case_no, event)

    # -- looking at the tables ------------------------------------------------------------------------------------

    def as_worker(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction of a worker process."""
        return self._worker.transaction(Actor.worker())

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """As the superuser: for looking only."""
        return self._looking().execute(query.encode(), values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        """As the superuser: what nobody may do, to see it noticed."""
        self._looking().execute(statement.encode(), values)

    def counts(self) -> dict[str, int]:
        """Rows of every table that a request may write to, but for the access log."""
        tables = ("cases", "case_state", "journal", "commands", "tasks", "sealed_values", "drafts", "material_files",
                  "idempotency", "plans", "handovers", "clock_ledger")  # fmt: skip
        numbers = ", ".join(f"(select count(*) from {table})" for table in tables)
        return dict(zip(tables, self.rows(f"select {numbers}")[0], strict=True))

    def _looking(self) -> psycopg.Connection[tuple[Any, ...]]:
        """One for the town's life: a connection costs more than what it is asked."""
        if self._owner is None or self._owner.closed:
            self._owner = psycopg.connect(self._owner_url, autocommit=True)
        return self._owner
