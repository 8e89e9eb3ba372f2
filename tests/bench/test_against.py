"""A whole comparison of two commits whose drivers only pretend, and what is left of it: nothing."""

import asyncio
import io
import sys
import tempfile
from pathlib import Path

import pytest
from rich.console import Console

from bench.against import run
from bench.against.checkout import Checkout, own_environment
from bench.against.failure import ComparisonFailed
from bench.against.pairing import LegRequest
from bench.against.side import side
from bench.options import QUICK, Options
from tests.bench.repository import commit, git

BOOTSTRAP = """
import pathlib, sys
assert sys.argv[1:] == ["run"]
folder = pathlib.Path(".venv/bin")
folder.mkdir(parents=True)
(folder / "python").symlink_to(sys.executable)
"""
DRIVER = """
import json, sys
def send(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)
send("service", name="PostgreSQL")
send("ready")
for line in sys.stdin:
    request = json.loads(line)
    for _ in range(request["cases"]):
        send("case")
    send("leg", per_second=RATE, decision_p50_s=0.04, cpu_s=0.1, others=0.0)
"""
SLOW, FAST = DRIVER.replace("RATE", "8"), DRIVER.replace("RATE", "16")
DYING = 'import json, sys\nprint(json.dumps({"event": "ready"}), flush=True)\ninput()\nsys.exit("it broke")'
OPTIONS = Options(pairs=2, cases=3, in_flight=2, warm_up=1)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """HEAD is twice as fast as the commit before it."""
    monkeypatch.setattr(run, "_SETTLE_S", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / "repository"
    files = {
        "bench/__init__.py": "",
        "bench/baselines.toml": "",
        ".gitignore": ".venv",
        "tools/bootstrap.py": BOOTSTRAP,
    }
    commit(folder, files | {"bench/driver.py": SLOW})
    commit(folder, {"bench/driver.py": FAST})
    return folder


async def compare(repository: Path, name: str, options: Options = OPTIONS) -> tuple[bool, str]:
    """Whether the bound is kept, and what was printed. Nothing may be left behind, however it ends."""
    printed = io.StringIO()
    console = Console(file=printed, width=200, highlight=False)
    try:
        kept = await run.compare(name, options, console, Checkout(repository, Path(sys.executable)))
    finally:
        assert len(git(repository, "worktree", "list").splitlines()) == 1
        assert list(repository.parent.glob("onething-against-*")) == []
    return kept, printed.getvalue()


async def test_each_commit_is_driven_by_its_own_driver(repository: Path) -> None:
    kept, said = await compare(repository, "HEAD~1")
    assert kept
    assert "“办件速度，经 HTTP”是 HEAD~1 的" in said
    assert "2.000 倍（中位数），至少 0.95；噪声 1.000–1.000" in said
    assert said.count("件/秒") == 2 * 2 * 3 * OPTIONS.pairs


async def test_who_is_slower_misses_the_bound(repository: Path) -> None:
    fast = git(repository, "rev-parse", "HEAD")
    (repository / "bench/driver.py").write_text(SLOW)
    kept, said = await compare(repository, fast)
    assert not kept
    assert "未达到：“办件速度，不经 HTTP”" in said
    assert "0.500 倍" in said
    assert "未提交的改动" in said
    kept, _ = await compare(repository, fast, Options(pairs=1, cases=1, warm_up=1, at_least=0.5))
    assert kept


async def test_a_smoke_run_breaks_no_bound(repository: Path) -> None:
    fast = git(repository, "rev-parse", "HEAD")
    (repository / "bench/driver.py").write_text(SLOW)
    kept, said = await compare(repository, fast, QUICK)
    assert kept
    assert "✗" in said


def test_neither_side_sees_settings_or_code_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONETHING_PATIENCE_S", "1")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("ONETHING_TEMPORAL_BIN", "temporal")
    seen = own_environment()
    assert seen["ONETHING_TEMPORAL_BIN"] == "temporal"
    assert seen.keys() & {"ONETHING_PATIENCE_S", "PYTHONPATH"} == set()
    assert "PATH" in seen


async def test_a_driver_that_ends_midway_is_quoted(repository: Path) -> None:
    commit(repository, {"bench/driver.py": DYING})
    (repository / "bench/driver.py").write_text(FAST)
    with pytest.raises(ComparisonFailed, match=r"中途结束[^$]*it broke"):
        await compare(repository, "HEAD")


async def test_a_commit_from_before_the_bench_is_refused(repository: Path) -> None:
    git(repository, "rm", "--quiet", "-r", "bench")
    first = commit(repository, {})
    commit(repository, {"bench/baselines.toml": ""})
    with pytest.raises(ComparisonFailed, match="还没有 bench"):
        await compare(repository, first)


async def test_an_environment_that_cannot_be_made_ends_it(repository: Path) -> None:
    commit(repository, {"tools/bootstrap.py": "raise SystemExit(5)"})
    with pytest.raises(ComparisonFailed, match=r"bootstrap.py run .*退出码 5"):
        await compare(repository, "HEAD")


async def test_called_off_in_a_leg_nothing_is_left(repository: Path, tmp_path: Path) -> None:
    endless = FAST.replace(
        "    request =", f"    open({str(tmp_path / 'begun')!r}, 'w').close(); continue\n    request ="
    )
    (repository / "bench/driver.py").write_text(endless)
    comparing = asyncio.create_task(compare(repository, "HEAD"))
    while not (tmp_path / "begun").exists():
        await asyncio.sleep(0.02)
        assert not comparing.done()
    comparing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await comparing


async def test_a_commit_without_driver_gets_that_of_before_the_house(tmp_path: Path) -> None:
    """Its own modules do the work: the names that they had then."""
    for name, text in FORMER.items():
        (tmp_path / "bench" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "bench" / name).write_text(text)
    before_house = Path(run.__file__).with_name("before_house.py")
    (tmp_path / "bench" / "driver.py").write_text(before_house.read_text("utf-8"))
    started: list[str] = []
    ended: list[None] = []
    async with side("former", Checkout(tmp_path, Path(sys.executable)), tmp_path) as former:
        await former.ready(started.append)
        services = await former.leg(LegRequest("services", 3, 2), lambda: ended.append(None))
        calm = await former.leg(LegRequest("http", 2, 1, per_second=50), lambda: None)
        http = await former.leg(LegRequest("http", 1, 1), lambda: None)
    assert started == ["PostgreSQL"]
    assert len(ended) == 3
    assert (services.per_second, services.decision_p50_s, services.cpu_s, services.others) == (3 + 2, 2.0, 7.0, 0.5)
    assert http.per_second == 1 + 1 + 100
    assert calm.others == 2, "all were under way at once, whatever is to be in flight"
    assert (tmp_path / "put-away").exists()


FORMER = {
    "__init__.py": "",
    "servers.py": """
import contextlib, pathlib, types
@contextlib.asynccontextmanager
async def servers(reporter):
    reporter.begin("PostgreSQL")
    reporter.done("PostgreSQL", 0.1, None)
    print("what anybody prints is no event")
    try:
        yield types.SimpleNamespace(pids={"API": 1})
    finally:
        pathlib.Path("put-away").touch()
""",
    "run.py": """
import contextlib, types
@contextlib.asynccontextmanager
async def field_of(servers):
    yield types.SimpleNamespace(services=0, http=100)
""",
    "legs.py": """
import asyncio, types
async def keep_in_flight(total, in_flight, one):
    for _ in range(total):
        await one()
async def run_leg(contestant, cases, in_flight, groups, ended):
    under_way, most = 0, 0
    all_begun = asyncio.Event()
    async def one():
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if most == cases:
            all_begun.set()
        if in_flight == 1:
            await asyncio.wait([asyncio.ensure_future(all_begun.wait())], timeout=None if cases > 1 else 0)
        under_way -= 1
        ended()
    await keep_in_flight(cases, in_flight, one)
    tally = types.SimpleNamespace(decisions=[3.0, 1.0, 2.0])
    cpu = {"API": 3.0, "other": 4.0}
    others = most if most > 1 else 0.5
    return types.SimpleNamespace(per_second=cases + in_flight + contestant, tally=tally, cpu=cpu, others=others)
""",
}
