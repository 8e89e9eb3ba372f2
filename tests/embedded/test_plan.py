"""What the stack would start, by settings alone; nothing is started here."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from onething.embedded import commands, ports
from onething.embedded.folders import DataFolder
from onething.embedded.processes import Service, ServiceFailed
from onething.embedded.stack import Options, StackPlan, running
from onething.security.demo_accounts import IDENTITIES
from onething.settings import Settings

API_URL = "postgresql://onething_api:a@db.example:5432/onething"
WORKER_URL = "postgresql://onething_worker:w@db.example:5432/onething"
OWNER_URL = "postgresql://onething_owner:o@db.example:5432/onething"


def plan(folder: Path, options: Options | None = None) -> StackPlan:
    data = DataFolder(folder / "data")
    data.make()
    return StackPlan(data, options or Options(), Settings(), {})


def names(planned: StackPlan) -> list[str]:
    return [stage.name for stage in planned.stages]


def service(planned: StackPlan, name: str) -> Service:
    return next(stage for stage in planned.stages if isinstance(stage, Service) and stage.name == name)


def test_everything_is_started_by_default(tmp_path: Path) -> None:
    assert names(plan(tmp_path, Options(workers=2))) == [
        "PostgreSQL",
        "数据库",
        "表结构",
        "Temporal",
        "模拟外部世界",
        "办理进程 1",
        "办理进程 2",
        "API",
    ]


def test_ports_that_nobody_asked_for_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which are not the usual ones, and why; what was asked for by name needs no word."""
    data = DataFolder(tmp_path / "data")
    data.make()
    monkeypatch.setattr(ports, "is_free", lambda port: port != 8000)
    planned = StackPlan(data, Options(postgres_port=25432), Settings(), {"api": 8001, "temporal": 17233})
    told = [(one.service, one.port, one.usual, one.taken) for one in planned.state.other_ports]
    assert told == [("Temporal", 17233, 7233, False), ("API", 8001, 8000, True)]
    screen = io.StringIO()
    commands._print_addresses(Console(file=screen), planned.state)
    assert "API 用的是端口 8001，不是通常的 8000（已被别的程序占用）" in screen.getvalue()
    assert "Temporal 用的是端口 17233，不是通常的 7233（沿用上一次的）" in screen.getvalue()


def test_who_starts_it_without_a_font_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the first person who wants a certificate."""
    data = DataFolder(tmp_path / "data")
    data.make()
    monkeypatch.setenv("ONETHING_FONTS_DIR", str(tmp_path))
    screen = io.StringIO()
    commands._print_addresses(Console(file=screen), StackPlan(data, Options(), Settings(), {}).state)
    assert "没有中文字库，不能生成 PDF" in screen.getvalue()
    assert f"citizen {IDENTITIES['citizen']}" in screen.getvalue(), "an application is made by one's own number"


def test_outside_servers_are_used_by_settings_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONETHING_DATABASE_API_URL", API_URL)
    monkeypatch.setenv("ONETHING_DATABASE_WORKER_URL", WORKER_URL)
    monkeypatch.setenv("ONETHING_TEMPORAL_ADDRESS", "temporal.example:7233")
    planned = plan(tmp_path)
    assert names(planned) == ["模拟外部世界", "办理进程 1", "API"]
    assert service(planned, "办理进程 1").env["ONETHING_TEMPORAL_ADDRESS"] == "temporal.example:7233"

    monkeypatch.setenv("ONETHING_DATABASE_OWNER_URL", OWNER_URL)
    assert names(plan(tmp_path))[0] == "表结构"


def test_half_named_outside_database_gets_a_clear_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONETHING_DATABASE_API_URL", API_URL)
    with pytest.raises(ServiceFailed, match="ONETHING_DATABASE_WORKER_URL"):
        plan(tmp_path)


def test_each_process_gets_its_own_database_role_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONETHING_DATABASE_OWNER_URL", OWNER_URL)
    monkeypatch.setenv("ONETHING_DATABASE_API_URL", API_URL)
    monkeypatch.setenv("ONETHING_DATABASE_WORKER_URL", WORKER_URL)
    planned = plan(tmp_path)
    api, worker = service(planned, "API").env, service(planned, "办理进程 1").env
    assert api["ONETHING_DATABASE_API_URL"] == api["ONETHING_DATABASE_LISTEN_URL"] == API_URL
    assert worker["ONETHING_DATABASE_WORKER_URL"] == worker["ONETHING_DATABASE_LISTEN_URL"] == WORKER_URL
    # An empty value takes the variable away from the process.
    assert api["ONETHING_DATABASE_WORKER_URL"] == worker["ONETHING_DATABASE_API_URL"] == ""
    assert api["ONETHING_DATABASE_OWNER_URL"] == worker["ONETHING_DATABASE_OWNER_URL"] == ""


def test_an_outside_world_of_its_own_is_not_simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONETHING_OUTSIDE_URL", "http://bus.example")
    planned = plan(tmp_path)
    assert "模拟外部世界" not in names(planned)
    assert service(planned, "API").env["ONETHING_OUTSIDE_URL"] == "http://bus.example"


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [("ONETHING_API_PORT", "eight", "ONETHING_API_PORT")],
)
async def test_settings_it_cannot_run_with_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, word: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ServiceFailed, match=word):
        async with running(Options(data_dir=tmp_path / "data")):
            pytest.fail("started all the same")
