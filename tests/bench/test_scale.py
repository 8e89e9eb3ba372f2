"""A small load: its rows are as the writer would have left them, and every page that is measured answers."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.scale.loading import Loaded, Loader
from bench.scale.measuring import Side
from bench.scale.options import SMALL, parse
from bench.scale.report import bounds
from bench.scale.stories import tell_all
from definitions.loader import load_catalog
from onething.domain.calendar.days import local_date
from onething.security.blind_index import BlindIndex
from onething.security.sealing import Sealer
from onething.store.connection.database import Database
from onething.store.record import journal
from onething.store.schema.install import install
from onething.store.tables import measures
from onething.store.tables.measures import ReportingPeriod
from tests.store.stage import REGION, SUPERVISOR, WORKER, Stage
from tests.store.tables.full_count import full_count
from tests.support.servers import PostgresServer, public_temporary_folder

ROOT = Path(__file__).parents[2]
PASSWORD = "test-only"
TOTAL, A_PAGE = 200, 50
SEALER = Sealer({"k1": b"s" * 32}, "k1")
INDEX = BlindIndex(b"i" * 32)


@pytest.fixture
async def filled(postgres_server: PostgresServer) -> AsyncIterator[tuple[Stage, Loaded]]:
    async with loaded_with(postgres_server, TOTAL) as found:
        yield found


@asynccontextmanager
async def loaded_with(postgres_server: PostgresServer, total: int) -> AsyncIterator[tuple[Stage, Loaded]]:
    template = postgres_server.template(
        "store", lambda url: install(url, api_password=PASSWORD, worker_password=PASSWORD)
    )
    name = postgres_server.fresh_database(template)
    api = Database(postgres_server.url(name, "onething_api", PASSWORD), pool_size=2)
    worker_url = postgres_server.url(name, "onething_worker", PASSWORD)
    worker = Database(worker_url, pool_size=2)
    await api.open()
    await worker.open()
    told = await tell_all(api, worker, SEALER, INDEX, load_catalog(), REGION, datetime.now(UTC))
    steps: list[int] = []
    loaded = Loader(postgres_server.url(name), SEALER, INDEX).load(told, total, steps.append)
    assert len(told) + sum(steps) == total
    yield Stage(api, worker, postgres_server.url(name), worker_url), loaded
    await api.close()
    await worker.close()
    postgres_server.drop(name)


async def test_copies_are_as_the_writer_would_have_left_them(filled: tuple[Stage, Loaded]) -> None:
    stage, loaded = filled
    assert loaded.cases == TOTAL == len({*loaded.under_way, *loaded.ended})
    assert (await stage.look("select count(*) from cases"))[0][0] == TOTAL
    assert {row["case_no"] for row in await stage.look("select case_no from cases where ended_at is null")} == {
        *loaded.under_way
    }

    # journals: of all that is under way, whole and chained
    async with stage.worker.transaction(WORKER) as tx:
        for case_no in loaded.under_way:
            assert await journal.verify_chain(tx, case_no) is None, case_no

    # what is sealed opens where it lies
    values = await stage.look("select case_no, name, body from sealed_values")
    assert len({row["case_no"] for row in values}) == TOTAL
    for row in values:
        assert SEALER.open(row["body"], context=f"{row['case_no']}/{row['name']}")

    # tasks, clocks and state are the case's own, and say the same
    assert (await stage.look("select count(*) from tasks where task_id not like case_no || '-%'"))[0][0] == 0
    told = await stage.look(
        "select c.case_no, c.status, s.body::jsonb ->> 'status' as state, (c.ended_at is null) as under_way,"
        " (s.body::jsonb -> 'items') is not null as items"
        " from cases c left join case_state s using (case_no)"
    )
    assert {(row["status"] == row["state"], row["items"]) for row in told} == {(True, True)}
    plans = await stage.look("select digest from plans")
    used = await stage.look("select distinct body::jsonb ->> 'plan' as digest from case_state")
    assert {row["digest"] for row in used} <= {row["digest"] for row in plans}

    # two years of several bundles
    (span,) = await stage.look(
        "select max(created_at) - min(created_at) as time, count(distinct bundle) as many from cases"
    )
    assert span["time"] > timedelta(days=500)
    assert span["many"] >= 4


async def test_figures_of_copies_are_those_that_a_full_count_finds(filled: tuple[Stage, Loaded]) -> None:
    stage, _ = filled
    today = local_date(datetime.now(UTC))
    everybody = [row["department"] for row in await stage.look("select distinct department from tasks")]
    decided = 0
    for weeks in range(0, 112, 8):
        period = (today - timedelta(weeks=weeks + 8) + timedelta(days=1), today - timedelta(weeks=weeks))
        async with stage.api.transaction(SUPERVISOR) as tx:
            shown = await measures.measure(tx, ReportingPeriod(REGION, everybody, *period))
        assert shown == await full_count(stage, *period), period
        decided += sum(one.decided for one in shown.items.values())
    assert decided > 100


def test_what_it_may_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert (parse([]).small, parse([]).cases) == (1_000, 1_000_000)
    assert parse(["--cases", "100000"]).cases == 100_000
    with pytest.raises(SystemExit):
        parse(["--cases", "500"])
    assert "--small 1000 --cases 100000" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        parse(["--help"])
    shown = capsys.readouterr().out
    assert "python -m bench.scale --cases 100000" in shown
    assert "退出码" in shown


def test_a_page_that_grows_and_a_process_that_swells_break_a_bound() -> None:
    loaded = Loaded(under_way=["a"], ended=["b"], open_tasks=1, people=1)
    small = Side(loaded, {"list": (0.01, 0.01), "case": (0.01, 0.02)}, {"API": 100})
    slow = Side(loaded, {"list": (0.01, 0.021), "case": (0.01, 0.039)}, {"API": 119})
    large = Side(loaded, {"list": (0.01, 0.019), "case": (0.01, 0.02)}, {"API": 121})
    assert [good for _, good in bounds(small, slow, 2.0)] == [False, True, True]
    assert [good for _, good in bounds(small, large, 2.0)] == [True, True, False]
    (broken, *_) = [text for text, good in bounds(small, slow, 2.0) if not good]
    assert broken.startswith("list：p99 是 2 件时的 2.10 倍")


def test_a_full_list_is_not_compared_with_an_emptier_one() -> None:
    loaded = Loaded(under_way=["a"], ended=["b"], open_tasks=1, people=1)
    seconds = {"cards": (0.01,), "drafts": (0.01,)}
    full = Side(loaded, seconds, {}, {"cards": 50, "drafts": 3}, frozenset({"cards"}))
    few = Side(loaded, seconds, {}, {"cards": 4, "drafts": 0})
    assert [good for _, good in bounds(full, full, 2.0)] == [True, True]
    told = list(bounds(few, full, 2.0))
    assert [good for _, good in told] == [False, True, True]
    assert told[0][0].startswith("cards：2 件时一页有 4 行，2 件时 50 行，不能相比")


async def test_a_thousand_cases_fill_every_page_that_a_million_does(postgres_server: PostgresServer) -> None:
    """Of whoever reads it: the cards of one department within a quarter, too."""
    async with loaded_with(postgres_server, SMALL) as (stage, _):
        for of, rows in (
            ("status", "cases"),
            ("kind", "journal where kind = 'rated'"),
            ("department", "tasks where department = 'amr' and state = 'open'"),
            ("department", "rungs where department = 'amr' and card is not null and at > now() - interval '90 days'"),
        ):
            many = await stage.look(f"select {of} as of, count(*) from {rows} group by 1")
            assert {row["of"]: row["count"] for row in many if row["count"] <= A_PAGE} == {}, rows


def test_a_page_of_more_than_a_hundred_milliseconds_breaks_a_bound_however_even_it_is() -> None:
    loaded = Loaded(under_way=["a"], ended=["b"], open_tasks=1, people=1)
    sides = [
        Side(loaded, {"list": (0.02,) * 94 + (late,) * 6, "case": (0.02,) * 95 + (0.5,) * 5}, {"API": 100})
        for late in (0.099, 0.101)
    ]
    assert [good for _, good in bounds(sides[0], sides[0], 2.0)] == [True, True, True]
    told = list(bounds(sides[1], sides[1], 2.0))
    assert [good for _, good in told] == [True, False, True]
    assert told[1][0] == "list：2 件时 p95 是 101 毫秒（上限 100）"


@pytest.mark.slow
@pytest.mark.sampled(1, family="bench")
@pytest.mark.timeout(600)
def test_every_page_answers() -> None:
    with public_temporary_folder() as folder:
        ran = subprocess.run(
            [sys.executable, "-m", "bench.scale", "--small", "100", "--cases", "200", "--requests", "2"],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
        assert list(Path(folder).glob("onething-bench-*")) == []
    assert ran.returncode in (0, 1), ran.stderr  # how fast it was says nothing here
    for said in ("监管总览", "待办列表", "按证件号码查找", "API 占用内存"):
        assert said in ran.stdout, ran.stdout + ran.stderr
