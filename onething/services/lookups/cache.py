"""Records of sources, used again where the source's definition lets them (`activities.ports.SealedRecordCache`).

Kept sealed, under a keyed index of what was asked: who was asked about can be read only by asking the same.
"""

import json
from datetime import datetime, timedelta

from activities.ports import FetchWork
from onething.domain.calendar.time_source import TimeSource
from onething.domain.lookups.answers import Fetched, Refused
from onething.domain.sources.source import SourceDefinition
from onething.security.blind_index import BlindIndex
from onething.security.sealing import SealBroken, Sealer
from onething.store.connection.database import Database
from onething.store.sources import record_cache


class SealedRecordCache:
    def __init__(self, database: Database, sealer: Sealer, index: BlindIndex, clock: TimeSource) -> None:
        self._database = database
        self._sealer = sealer
        self._index = index
        self._clock = clock

    async def fresh(self, work: FetchWork) -> Fetched | None:
        return await self._found(work, work.source.fresh_for_minutes)

    async def last_good(self, work: FetchWork, again_in_s: float) -> Fetched | None:
        heard = self._clock.now() + timedelta(seconds=again_in_s + work.source.timeout_s)
        if work.until is None or heard < work.until:
            return None
        return await self._found(work, work.source.stale_ok_minutes)

    async def keep(self, work: FetchWork, answer: Fetched | Refused) -> None:
        source, asked = work.source, self._asked(work)
        if isinstance(answer, Refused):
            await record_cache.drop(self._database, source.code, asked)
            return
        body = {"record": answer.record, "as_of": answer.as_of.isoformat()}
        sealed = self._sealer.seal_json(body, context=_context(source, asked))
        now = self._clock.now()
        until = now + timedelta(minutes=source.kept_minutes)
        await record_cache.keep(self._database, source.code, asked, record_cache.RetainedRecord(now, sealed), until)

    async def _found(self, work: FetchWork, minutes: int | None) -> Fetched | None:
        if minutes is None:
            return None
        source, asked = work.source, self._asked(work)
        since = self._clock.now() - timedelta(minutes=minutes)
        kept = await record_cache.found(self._database, source.code, asked, since)
        if kept is None:
            return None
        try:
            body = self._sealer.open_json(kept.body, context=_context(source, asked))
        except SealBroken:  # under a key that was given up: as good as gone
            return None
        return Fetched(body["record"], datetime.fromisoformat(body["as_of"]), kept.came_at)

    def _asked(self, work: FetchWork) -> bytes:
        """Of what is asked and of what the answer holds: another definition begins anew."""
        fields = [[field.id, field.type, field.path] for field in work.source.fields]
        text = json.dumps([work.params, fields], ensure_ascii=False, sort_keys=True)
        return self._index.of_look_up(work.source.code, text)


def _context(source: SourceDefinition, query_digest: bytes) -> str:
    return f"kept-record/{source.code}/{query_digest.hex()}"
