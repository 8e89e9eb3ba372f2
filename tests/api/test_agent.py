"""A department's agent between a real API and the department's system: only it calls, and killed it loses nothing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from onething.connectors.agent import Agent, NotLetIn
from onething.connectors.departments import DepartmentClients
from onething.connectors.http_client import HttpClient
from tests.api import acts
from tests.api.conftest import built, key
from tests.api.lawful import task, with_a_registration_by_its_system
from tests.api.outside import Outside, outside_of
from tests.api.town import RunningClock
from tests.support.patience import PATIENCE_S
from tests.support.servers import PostgresServer

ITEM, SYSTEM = "registration", "amr"
CALM: dict[str, Any] = {"mode": "answer", "failure_rate": 0, "latency_s": 0, "ready_after_s": 0, "record": {}}


@pytest.fixture(scope="module")
async def outside(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    """One for all, by the real clock: the agent signs in a process of its own."""
    definitions = with_a_registration_by_its_system(tmp_path_factory.mktemp("agent") / "definitions")
    async with (
        built(postgres_server, migrated, definitions, clock=RunningClock(), fetching={SYSTEM}) as town,
        outside_of(town) as outside,
    ):
        yield outside


async def _left(outside: Outside, **behaviour: Any) -> tuple[str, str]:
    """A case whose registration waits to be fetched: its number and the key."""
    await outside.control(SYSTEM, "departments", **{**CALM, **behaviour})
    case_no = await acts.accepted_case(outside.town)
    command = await outside.command(case_no, ITEM)
    await outside.dispatch(case_no, command, ITEM)
    return case_no, f"{case_no}/1/{command}"


@asynccontextmanager
async def _at_work(
    outside: Outside, department: str = SYSTEM, secret: bytes = b"b" * 32, *, ends: bool = False
) -> AsyncIterator[list[str]]:
    """An agent of this process; gives what it tells. `ends`: by itself."""
    told: list[str] = []

    async def token() -> str:
        return outside.town.token("system.amr")

    http, stop = HttpClient(str(outside.simulator.base_url), outside.town.clock), asyncio.Event()
    async with httpx.AsyncClient(base_url=outside.api_url) as api:
        agent = Agent(
            department,
            api,
            DepartmentClients(http, outside.api_url),
            token=token,
            secret=secret,
            tell=told.append,
            clock=outside.town.clock,
            at_once=2,
        )
        running = asyncio.create_task(agent.run(stop))
        try:
            yield told
        finally:
            if not ends:
                stop.set()
            await asyncio.wait_for(running, PATIENCE_S)
            await http.aclose()


async def _until(told: list[str], words: str, times: int = 1) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while sum(words in line for line in told) < times:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def _decided(outside: Outside, case_no: str) -> list[str]:
    query = "select event ->> 'outcome' from journal where case_no = %s and kind = 'item_decided'"
    return [row[0] for row in outside.town.rows(query.replace("event ->>", "event::jsonb ->>"), case_no)]


async def test_it_hands_over_and_calls_back(outside: Outside) -> None:
    cases = [await _left(outside) for _ in range(4)]
    async with _at_work(outside) as told:
        await _until(told, "登记完毕（准予）", 4)
    for case_no, order in cases:
        assert _decided(outside, case_no) == ["approve"]
        assert [call["effect"] for call in await outside.listed("calls", key=order)] == [True]


async def test_who_says_no_and_who_will_not(outside: Outside) -> None:
    refused, _ = await _left(outside, record={"outcome": "refuse", "opinion": "住所不实", "outputs": {}})
    async with _at_work(outside) as told:
        await _until(told, "登记完毕（不予）")
    assert _decided(outside, refused) == ["refuse"]
    case_no, _ = await _left(outside, mode="refuse")
    async with _at_work(outside) as told:
        await _until(told, "登记完毕（不予处理）")
    assert (await outside.town.get("officer.amr", task(case_no))).status_code == 200


async def test_a_system_that_fails_is_asked_again_with_the_same_key(outside: Outside) -> None:
    case_no, order = await _left(outside, failure_rate=1, failures=["error"])
    async with _at_work(outside) as told:
        await _until(told, "出错（5xx）")
        await outside.control(SYSTEM, "departments", failure_rate=0)
        await _until(told, "登记完毕")
    assert _decided(outside, case_no) == ["approve"]
    assert sum(call["effect"] for call in await outside.listed("calls", key=order)) == 1


async def test_who_answers_later_is_asked_again_when_the_lease_has_ended(outside: Outside) -> None:
    case_no, order = await _left(outside, mode="accept_then_callback", ready_after_s=None)
    async with _at_work(outside) as told:
        await _until(told, "已收下")
        await outside.control(SYSTEM, "departments", ready_after_s=0)
        outside.town.change("update outbound set free_at = now()")
        await _until(told, "登记完毕")
    assert _decided(outside, case_no) == ["approve"]
    assert sum(call["effect"] for call in await outside.listed("calls", key=order)) == 1


async def test_it_takes_back_what_came_too_late_once_its_people_say_so(outside: Outside) -> None:
    town = outside.town
    case_no, order = await _left(outside, mode="accept_then_callback", ready_after_s=None)
    async with _at_work(outside) as told:
        await _until(told, "已收下")
        assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
        await outside.control(SYSTEM, "departments", **CALM)
        town.change("update commands set status = 'open' where case_no = %s and kind = 'dispatch_item'", case_no)
        town.change("update outbound set free_at = now()")
        await _until(told, "没有采用")
        revoking = {"revoke": True, "opinion": "申请已经撤回"}
        answer = await town.post(f"officer.{SYSTEM}", f"/api/tasks/{case_no}-{ITEM}.revoke-1/revoke", revoking)
        assert answer.status_code == 200, answer.text
        for _ in range(2):  # what the look-up holds, then the order
            [(command, _one)] = (await town.commands(case_no, "undo_effect")).items()
            await outside.undo(case_no, command)
        await _until(told, "登记完毕（已撤销）")
    [effect] = await outside.listed("effects", key=order)
    assert effect["undone"], effect


async def test_a_wrong_secret_is_told_and_loses_nothing(outside: Outside) -> None:
    case_no, _ = await _left(outside)
    async with _at_work(outside, secret=b"x" * 32) as told:
        await _until(told, "签名不符")
    outside.town.change("update outbound set free_at = now()")
    async with _at_work(outside) as told:
        await _until(told, "登记完毕")
    assert _decided(outside, case_no) == ["approve"]


async def test_another_departments_agent_is_told_so(outside: Outside) -> None:
    with pytest.raises(NotLetIn, match="没有办理此操作的权限"):
        async with _at_work(outside, department="tax", ends=True):
            pass


async def _start(outside: Outside, folder: Path) -> asyncio.subprocess.Process:
    env = {**os.environ, "ONETHING_SYSTEM_SECRET": key("b"), "XDG_CONFIG_HOME": str(folder), "PYTHONUNBUFFERED": "1"}
    where = ["--api", outside.api_url, "--to", str(outside.simulator.base_url)]
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "onething.cli", "agent", SYSTEM, *where),
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def _said(process: asyncio.subprocess.Process, words: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        while words not in (line := (await process.stdout.readline()).decode()):
            assert line, f"it ended without saying {words}"


async def test_killed_in_the_middle_it_has_one_effect(outside: Outside, tmp_path: Path) -> None:
    case_no, order = await _left(outside, latency_s=2)
    first = await _start(outside, tmp_path)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await outside.listed("calls", key=order):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        first.kill()
        await first.wait()
        assert _decided(outside, case_no) == []
        await outside.control(SYSTEM, "departments", latency_s=0)
        outside.town.change("update outbound set free_at = now()")
        second = await _start(outside, tmp_path)
        try:
            await _said(second, "登记完毕（准予）")
            second.send_signal(signal.SIGINT)
            await _said(second, "已结束")
            assert await asyncio.wait_for(second.wait(), PATIENCE_S) == 0
        finally:
            with suppress(ProcessLookupError):
                second.kill()
    finally:
        with suppress(ProcessLookupError):
            first.kill()
    assert _decided(outside, case_no) == ["approve"]
    await outside.let_pass(seconds=0)
    calls = await outside.listed("calls", key=order)
    assert len(calls) >= 2
    assert sum(call["effect"] for call in calls) == 1
