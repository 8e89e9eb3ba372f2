"""Tells subscribers what happened: reads the journal behind those who record, so that it costs them nothing.

Each subscription has a place in the journal and goes on from there, line by line: in order, at least once, a repeat
under the same id. What fails is tried again later; after the last try it is a dead letter, and the next line is told.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

import orjson

from onething.connectors.webhooks import Undelivered, WebhookClient
from onething.domain.calendar.time_source import TimeSource
from onething.domain.engine import publication
from onething.security.sealing import Sealer
from onething.security.webhook_secrets import WebhookSecrets
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.tables import subscriptions
from onething.store.tables.subscriptions import NewsLine, Subscription

log = logging.getLogger(__name__)

_WORKER = Actor.worker()
SOURCE = "/onething"
BACKOFF = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800))
"""Pauses between the tries of one line; when the try after the last fails, it is a dead letter."""
GIVE_UP = timedelta(days=3)
MOST_DEAD = 1000
_FAILING = "三天没有一次送达，已停用"
_TOO_MANY = f"送不到的超过 {MOST_DEAD} 条，已停用"
_UNWANTED = "对方答 410，表示不再接收，已停用"


class WebhookDispatcher:
    """One in every worker process; the one that `only_one` chooses works."""

    def __init__(
        self,
        database: Database,
        clock: TimeSource,
        sealer: Sealer,
        client: WebhookClient,
        only_one: Callable[[], AbstractAsyncContextManager[Callable[[], bool]]],
        *,
        every_s: float = 1.0,
        batch: int = 500,
        at_most_s: float = 5.0,
    ) -> None:
        """`at_most_s`: how long one subscriber's turn is, for the others wait."""
        self._database = database
        self._clock = clock
        self._sealer = sealer
        self._client = client
        self._only_one = only_one
        self._every_s = every_s
        self._batch = batch
        self._at_most_s = at_most_s

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                async with self._only_one() as chosen:
                    while chosen():
                        more = await self.tell_once()
                        await asyncio.sleep(0 if more else self._every_s)
            except Exception as failure:
                log.warning("webhook dispatcher interrupted", extra={"failure": type(failure).__name__})
            await asyncio.sleep(self._every_s)

    async def tell_once(self) -> bool:
        """Everybody's turn; whether there is more at once."""
        now = self._clock.now()
        async with self._database.transaction(_WORKER) as tx:
            await subscriptions.rewind(tx)
            everybody = await subscriptions.everything(tx)
        due = [one for one in everybody if one.disabled_at is None and (one.next_at is None or one.next_at <= now)]
        return any(await asyncio.gather(*(self._turn(one) for one in due)))

    async def _turn(self, subscription: Subscription) -> bool:
        async with self._database.transaction(_WORKER, durable=False) as tx:
            lines = await subscriptions.news(tx, subscription, limit=self._batch)
        until = asyncio.get_running_loop().time() + self._at_most_s
        attempts, passed = subscription.attempts, None
        for line in lines:
            type_ = publication.type_of(line.kind, line.event)
            if not _concerns(subscription, line, type_):
                passed = line
                continue
            if asyncio.get_running_loop().time() > until:
                break
            if not await self._tell(subscription, line, type_, attempts):
                return False
            attempts, passed = 0, None
        if passed is not None:
            async with self._database.transaction(_WORKER, durable=False) as tx:
                await subscriptions.reached(tx, subscription.id, passed, delivered=False, at=self._clock.now())
        return len(lines) == self._batch

    async def _tell(self, subscription: Subscription, line: NewsLine, type_: str, attempts: int) -> bool:
        """Whether the next line's turn has come at once."""
        body, id_ = body_of(line, type_), f"{line.case_no}-{line.seq}"
        keys = WebhookSecrets.opened(self._sealer, subscription.id, subscription.secrets)
        headers = {"Content-Type": "application/cloudevents+json", **keys.headers(id_, self._clock.now(), body)}
        try:
            await self._client.post(subscription.url, headers, body)
        except Undelivered as failure:
            await self._failed(subscription, line, type_, attempts, failure)
            return False
        async with self._database.transaction(_WORKER, durable=False) as tx:
            await subscriptions.reached(tx, subscription.id, line, delivered=True, at=self._clock.now())
        return True

    async def _failed(
        self, subscription: Subscription, line: NewsLine, type_: str, attempts: int, failure: Undelivered
    ) -> None:
        now = self._clock.now()
        log.warning("webhook not delivered", extra={"subscription": subscription.id, "failure": failure.why})
        async with self._database.transaction(_WORKER) as tx:
            last = attempts >= len(BACKOFF)
            next_at = now if last else now + BACKOFF[attempts]
            await subscriptions.failed(tx, subscription.id, failure.why, at=now, next_at=next_at)
            why = None
            if failure.gone:
                why = _UNWANTED
            elif subscription.failing_since is not None and now - subscription.failing_since >= GIVE_UP:
                why = _FAILING
            elif last:
                dead = await subscriptions.bury(
                    tx, subscription.id, line, type_, attempts=attempts + 1, failure=failure.why, at=now
                )
                await subscriptions.reached(tx, subscription.id, line, delivered=False, at=now)
                why = _TOO_MANY if dead > MOST_DEAD else None
            if why is not None:
                await subscriptions.disable(tx, subscription.id, why, now)


def body_of(line: NewsLine, type_: str) -> bytes:
    """The CloudEvent, the same to the byte each time: ids, codes and dates."""
    data = {
        "case_no": line.case_no,
        "seq": line.seq,
        "bundle": line.bundle,
        "region": line.region,
        **publication.public_fields(line.event),
    }
    event = {
        "specversion": "1.0",
        "id": f"{line.case_no}-{line.seq}",
        "source": SOURCE,
        "type": type_,
        "subject": line.case_no,
        "time": _utc(line.at),
        "datacontenttype": "application/json",
        "data": data,
    }
    return orjson.dumps(event)


def _concerns(subscription: Subscription, line: NewsLine, type_: str) -> bool:
    return (
        publication.matches(subscription.types, type_)
        and subscription.bundle in (None, line.bundle.partition(".")[0], line.bundle.partition("@")[0])
        and subscription.region in (None, line.region)
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
