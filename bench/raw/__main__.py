"""`python -m bench.raw TEMPORAL_ADDRESS TASK_QUEUE DATABASE_URL OUTSIDE_URL`: the yardstick's worker process."""

import asyncio
import gc
import signal
import sys

import asyncpg
import httpx
import uvloop
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import PollerBehaviorAutoscaling, Worker

from bench.raw.activities import TABLE, RawActivities
from bench.raw.workflow import RawWorkflow


async def main(address: str, queue: str, database: str, outside: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    limits = httpx.Limits(max_connections=400, max_keepalive_connections=100, keepalive_expiry=30)
    async with (
        asyncpg.create_pool(database, min_size=1, max_size=10) as pool,
        httpx.AsyncClient(base_url=outside, limits=limits, trust_env=False) as outside_client,
    ):
        await pool.execute(TABLE)
        activities = RawActivities(outside_client, pool)
        async with Worker(
            client,
            task_queue=queue,
            workflows=[RawWorkflow],
            activities=[activities.fetch, activities.issue],
            max_cached_workflows=1000,
            max_concurrent_activities=100,
            workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
            activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        ):
            await stop.wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(*sys.argv[1:]))
    gc.collect()  # see onething.worker: a client collected at exit can abort the interpreter
