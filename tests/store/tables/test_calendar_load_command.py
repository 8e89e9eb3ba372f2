"""`onething calendar load` as an operator runs it: what it tells, whom it reaches, and what a kill -9 leaves to do."""

import asyncio
import csv
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from definitions.calendars import load_calendars
from onething.domain.events.intake import Submitted
from onething.services.deadlines import calendars
from onething.store.tables import cases
from tests.cli import in_process
from tests.domain.builders import item, make_plan
from tests.store.stage import CITIZEN, WORKER, Stage
from tests.support.patience import PATIENCE_S

PLAN = make_plan(item("a"))
CLOSED = "2026-03-04"  # a Wednesday; cases are accepted on Monday 2 March


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "onething.cli", "calendar", *arguments]


def environment(url: str, own: Path) -> dict[str, str]:
    return {**os.environ, "ONETHING_DATABASE_WORKER_URL": url, "ONETHING_DEFINITIONS_DIR": str(own)}


def onething(url: str, own: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return in_process.typed("calendar", *arguments, env=environment(url, own))


async def opened(stage: Stage, count: int) -> list[str]:
    """Accepted cases by the packaged calendar."""
    cn = load_calendars()["cn"]
    await calendars.publish(stage.worker, [cn])
    made = []
    for _ in range(count):
        stage.clock.pass_time(minutes=1)
        said = Submitted(plan=PLAN.digest, calendar=cn.digest, channel="online")
        case_no = (await stage.submit(PLAN, said=said)).case_no
        await stage.accept(case_no)
        made.append(case_no)
    return made


def close(stage: Stage, folder: Path) -> None:
    done = onething(stage.worker_url, folder, "close", CLOSED, "--reason", "台风停办", "--basis", "令")
    assert done.returncode == 0, done.stderr


def moved_in(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


async def changes(stage: Stage) -> dict[str, int]:
    rows = await stage.look("select case_no, count(*) n from journal where kind = 'calendar_changed' group by case_no")
    return {row["case_no"]: row["n"] for row in rows}


async def notices(stage: Stage) -> dict[str, int]:
    rows = await stage.look("select case_no, count(*) n from commands where target = 'date_moved' group by case_no")
    return {row["case_no"]: row["n"] for row in rows}


async def test_killed_between_batches_it_reaches_every_case_once_when_run_again(stage: Stage, tmp_path: Path) -> None:
    made = await opened(stage, 12)
    close(stage, tmp_path)
    file = tmp_path / "moved.csv"
    arguments = ("load", "--batch", "2", "--csv", str(file))
    async with stage.worker.transaction(WORKER, of_case=made[7]) as tx:
        await stage.writer.tick(tx, made[7])  # it can't get past this case before it is killed
        own = environment(stage.worker_url, tmp_path)
        first = await asyncio.create_subprocess_exec(*command(*arguments), env=own)
        async with asyncio.timeout(PATIENCE_S):
            while len(await changes(stage)) < 6:
                assert first.returncode is None
                await asyncio.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        assert await first.wait() == -signal.SIGKILL
    left = set(made) - (await changes(stage)).keys()
    assert left >= set(made[7:])

    again = await asyncio.to_thread(onething, stage.worker_url, tmp_path, *arguments)
    assert again.returncode == 0, again.stderr
    assert f"看过 12 件没有办结（含草稿）或仍在计时的办件，{len(left)} 件换上了它" in again.stdout
    assert f"{len(left)} 份期限变更告知待发送" in again.stdout
    once = dict.fromkeys(made, 1)
    assert await changes(stage) == once
    assert await notices(stage) == once
    third = await asyncio.to_thread(onething, stage.worker_url, tmp_path, *arguments)
    assert "0 件换上了它" in third.stdout
    assert (await changes(stage), await notices(stage)) == (once, once)
    rows = [(one["办件编号"], one["时限代码"]) for one in moved_in(file)]
    assert len(rows) == len(set(rows))
    assert {case_no for case_no, _ in rows} >= left


async def test_who_is_affected_is_told_a_few_by_name_and_all_in_a_file(stage: Stage, tmp_path: Path) -> None:
    made = await opened(stage, 12)
    close(stage, tmp_path)
    file = tmp_path / "moved.csv"
    loaded = await asyncio.to_thread(onething, stage.worker_url, tmp_path, "load", "--csv", str(file))
    assert loaded.returncode == 0, loaded.stderr
    rows = moved_in(file)
    assert {one["办件编号"] for one in rows} == set(made)
    ledger = await stage.look("select case_no, clock, due_before, due_at from clock_ledger where what = 'recounted'")
    assert len(rows) == len(ledger) > 20
    assert {(one["办件编号"], one["时限代码"]) for one in rows} == {(one["case_no"], one["clock"]) for one in ledger}
    assert f"12 件的 {len(rows)} 个期限变了，12 份期限变更告知待发送。" in loaded.stdout
    assert f"以上是前 20 个，共 {len(rows)} 个" in loaded.stdout
    assert rows[0]["原到期"] < rows[0]["新到期"]
    assert rows[0]["新到期"] in loaded.stdout
    unwritable = await asyncio.to_thread(onething, stage.worker_url, tmp_path, "load", "--csv", str(file / "x"))
    assert (unwritable.returncode, "写不进" in unwritable.stderr) == (1, True)


async def test_an_operator_loads_the_closure_that_was_just_written(stage: Stage, tmp_path: Path) -> None:
    cn = load_calendars()["cn"]
    stage.clock.at = datetime.now(UTC)  # the command has the clock on the wall
    await calendars.publish(stage.worker, [cn])
    async with stage.api.transaction(CITIZEN) as tx:
        head = await stage.new_case(tx, PLAN, CITIZEN)
        await stage.writer.open_case(tx, head, PLAN, Submitted(plan=PLAN.digest, calendar=cn.digest, channel="online"))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return onething(stage.worker_url, tmp_path, *arguments)

    assert run("close", "2026-08-13", "--reason", "台风停办", "--basis", "令").returncode == 0
    loaded = await asyncio.to_thread(run, "load")
    assert loaded.returncode == 0, loaded.stderr
    assert "cn@2 已载入记录。" in loaded.stdout
    assert "1 件换上了它" in loaded.stdout
    again = await asyncio.to_thread(run, "load")
    assert "cn@2 记录里已经有了。" in again.stdout
    assert "0 件换上了它" in again.stdout
    async with stage.worker.transaction(WORKER) as tx:
        found = await cases.state(tx, head.case_no)
    assert found is not None
    assert found[1].calendar == load_calendars(tmp_path)["cn"].digest

    shutil.rmtree(tmp_path / "calendars")  # the package's own, which is older than what the record has
    refused = await asyncio.to_thread(run, "load")
    assert (refused.returncode, "已经有 cn@2" in refused.stderr) == (1, True)
    gone = await asyncio.to_thread(onething, "postgresql://nobody@127.0.0.1:1/none", tmp_path, "load")
    assert (gone.returncode, "再运行一次就接着换" in gone.stderr) == (3, True)
    unset = await asyncio.to_thread(onething, "", tmp_path, "load")
    assert "ONETHING_DATABASE_WORKER_URL" in unset.stderr
