"""Where answers will be, for whichever worker asks next: sealed, replaced, and forgotten in time."""

from datetime import timedelta

from onething.security.sealing import Sealer
from onething.services.lookups.poll_addresses import KeptAddresses
from onething.store.connection.actor import Actor
from onething.store.sources import poll_addresses
from tests.store.stage import Stage
from tests.support import people

KEY = "33010020260302000001/1/1.fetch_record.1"


async def test_another_worker_finds_it_and_nobody_reads_it(stage: Stage) -> None:
    sealer = Sealer({"k": b"s" * 32}, "k")
    one, other = (KeptAddresses(stage.worker, sealer, stage.clock) for _ in range(2))
    assert await other.of(KEY) is None
    address = f"/records/ops/{people.ZHANG.id_number}"
    await one.keep(KEY, address, 60)
    assert await other.of(KEY) == address
    body = await stage.look("select body from status_addresses where key = $1", KEY)
    assert people.ZHANG.id_number[:10].encode() not in body[0]["body"]
    await other.keep(KEY, "/records/results/1", 60)
    assert await one.of(KEY) == "/records/results/1"
    assert await KeptAddresses(stage.worker, Sealer({"k": b"t" * 32}, "k"), stage.clock).of(KEY) is None
    await one.forget(KEY)
    assert await other.of(KEY) is None


async def test_it_is_forgotten_when_patience_has_ended(stage: Stage) -> None:
    addresses = KeptAddresses(stage.worker, Sealer({"k": b"s" * 32}, "k"), stage.clock)
    await addresses.keep(KEY, "/records/ops/1", 60)
    for minutes, there in ((59, True), (61, False)):
        async with stage.worker.transaction(Actor.worker()) as tx:
            await poll_addresses.forget_old(tx, stage.clock.now() + timedelta(minutes=minutes))
        assert (await addresses.of(KEY) is not None) is there
