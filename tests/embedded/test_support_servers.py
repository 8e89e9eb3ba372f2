"""The servers that other tests stand on."""

import asyncpg
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from onething.embedded.temporal import EmbeddedTemporal
from tests.support.servers import PostgresServer


async def test_copies_of_a_template_are_separate_databases(postgres_server: PostgresServer) -> None:
    name = postgres_server.template(
        "numbers", lambda url: postgres_server.execute("create table n (n int)", url.rpartition("/")[2])
    )
    first, second = postgres_server.fresh_database(name), postgres_server.fresh_database(name)
    postgres_server.execute("insert into n values (1)", first)
    for database, rows in ((first, 1), (second, 0)):
        connection = await asyncpg.connect(postgres_server.url(database))
        assert await connection.fetchval("select count(*) from n") == rows
        await connection.close()


async def test_temporal_dev_server_takes_a_client(temporal_server: EmbeddedTemporal) -> None:
    client = await Client.connect(temporal_server.address)
    assert await client.service_client.check_health()


async def test_time_can_be_skipped(time_skipping_env: WorkflowEnvironment) -> None:
    before = await time_skipping_env.get_current_time()
    await time_skipping_env.sleep(3600)
    assert (await time_skipping_env.get_current_time() - before).total_seconds() >= 3600
