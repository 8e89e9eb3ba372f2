"""The one reconciler among many: that it is one, that another takes over, and what it does besides."""

import asyncio

from onething.relay.reconciler import Reconciler
from onething.security.policy import Act
from onething.store.connection.leader_lock import only_reconciler
from onething.store.record import idempotency
from tests.store.stage import CITIZEN, Stage
from tests.support.patience import PATIENCE_S


async def test_one_holds_the_lock_until_the_server_takes_it_away(stage: Stage) -> None:
    async with only_reconciler(stage.worker_url) as first:
        assert first()
        async with only_reconciler(stage.worker_url) as second:
            assert not second()
        await stage.look(
            "select pg_terminate_backend(l.pid, 60000) from pg_locks l join pg_database d on d.oid = l.database"
            " where l.locktype = 'advisory' and d.datname = current_database()"
        )
        async with only_reconciler(stage.worker_url) as third:
            assert third()
            assert not first()


class Rounds(Reconciler):
    """Counts them: what the first does besides is done when the second begins."""

    begun = 0
    second = asyncio.Event()

    async def mend_once(self) -> int:
        self.begun += 1
        if self.begun == 2:
            self.second.set()
        return await super().mend_once()


async def test_it_forgets_old_answers_now_and_then(stage: Stage) -> None:
    async with stage.api.transaction(CITIZEN) as tx:
        answer = idempotency.StoredAnswer(201, b"sealed")
        idempotency.keep(tx, idempotency.IdempotencyScope(Act.CREATE_CASE), "k", b"digest", answer, stage.clock.now())
    reconciler = Rounds(stage.worker, stage.clock, lambda: only_reconciler(stage.worker_url), every_s=0.02)

    async def kept_after(**length: float) -> int:
        stage.clock.pass_time(**length)
        reconciler.begun, reconciler.second = 0, asyncio.Event()
        mending = asyncio.create_task(reconciler.run())
        async with asyncio.timeout(PATIENCE_S):
            await reconciler.second.wait()
        mending.cancel()
        return len(await stage.look("select from idempotency"))

    assert await kept_after(days=29, hours=23, minutes=30) == 1
    assert await kept_after(minutes=59) == 1  # it has looked within the hour
    assert await kept_after(minutes=2) == 0
