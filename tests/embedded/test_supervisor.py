"""The supervisor, with tiny processes in place of servers."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from onething.embedded.commands import ConsoleReporter
from onething.embedded.launch import AUTOGROUP
from onething.embedded.processes import Identity, Service, ServiceFailed, ServiceProcess, wait_until
from onething.embedded.supervisor import StartupTask, Supervisor
from tests.support.patience import PATIENCE_S


def sleeper(
    folder: Path, name: str = "sleeper", script: str = "", healthy: Callable[[], bool] = lambda: True
) -> Service:
    """A process that writes down when it starts and stops, then sleeps."""
    body = f"""
    import pathlib, signal, sys, time
    journal = pathlib.Path({str(folder)!r}) / "journal"
    def note(what):
        with journal.open("a") as out: out.write(what + "\\n")
    def stop(*_):
        note("{name} stopped"); sys.exit(0)
    signal.signal(signal.SIGTERM, stop)
    note("{name} started")
    {script}
    time.sleep(3600)
    """
    argv = [sys.executable, "-c", textwrap.dedent(body)]
    return Service(name=name, argv=argv, healthy=healthy, log=folder / f"{name}.log", start_patience_s=PATIENCE_S)


def journal(folder: Path) -> list[str]:
    file = folder / "journal"
    return file.read_text().splitlines() if file.exists() else []


async def until(condition: Callable[[], bool]) -> bool:
    return await asyncio.to_thread(wait_until, condition, PATIENCE_S)


def said(folder: Path, line: str, times: int = 1) -> Callable[[], bool]:
    return lambda: journal(folder).count(line) >= times


async def test_starts_in_order_and_stops_in_reverse(tmp_path: Path) -> None:
    def install() -> None:
        (tmp_path / "journal").open("a").write("installed\n")

    first = sleeper(tmp_path, "first", healthy=said(tmp_path, "first started"))
    second = sleeper(tmp_path, "second", healthy=said(tmp_path, "second started"))
    supervisor = Supervisor([first, StartupTask("install", install), second], log=tmp_path / "supervisor.log")
    await supervisor.start()
    await supervisor.stop()
    assert journal(tmp_path) == ["first started", "installed", "second started", "second stopped", "first stopped"]


async def test_a_killed_child_comes_back_as_another_process(tmp_path: Path) -> None:
    changes: list[int] = []
    screen = io.StringIO()
    supervisor = Supervisor(
        [sleeper(tmp_path, healthy=said(tmp_path, "sleeper started"))],
        log=tmp_path / "supervisor.log",
        reporter=ConsoleReporter(Console(file=screen)),
        changed=lambda: changes.append(1),
    )
    await supervisor.start()
    one = supervisor.supervised[0]
    try:
        for times in (2, 3):
            before = one.process.identity
            assert before is not None
            before.send(signal.SIGKILL)
            assert await until(said(tmp_path, "sleeper started", times))
            assert not before.alive()
        assert one.restarts == 2
        assert len(changes) == 3
        assert "ended with -9" in (tmp_path / "supervisor.log").read_text()
        assert screen.getvalue().count("✗ sleeper 意外被信号 9 结束") == 2
        assert "↻ sleeper 已重新启动（第 2 次）" in screen.getvalue()
    finally:
        await supervisor.stop()
    assert not one.process.running()


async def test_a_service_that_never_starts_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    good = sleeper(tmp_path, "good", healthy=said(tmp_path, "good started"))
    bad = sleeper(tmp_path, "bad", script="sys.exit('no licence')", healthy=lambda: False)
    supervisor = Supervisor([good, bad], log=tmp_path / "supervisor.log")
    with pytest.raises(ServiceFailed, match=r"(?s)bad 启动失败（退出码 1）.*no licence"):
        await supervisor.start()
    assert journal(tmp_path)[-1] == "good stopped"


async def test_a_failing_child_is_tried_ever_less_often(tmp_path: Path) -> None:
    started_twice = f"journal.read_text().count('started') > 1 and sys.exit({3})"
    supervisor = Supervisor(
        [sleeper(tmp_path, script=started_twice, healthy=said(tmp_path, "sleeper started"))],
        log=tmp_path / "supervisor.log",
    )
    await supervisor.start()
    try:
        killed = supervisor.supervised[0].process.identity
        assert killed is not None
        killed.send(signal.SIGKILL)
        log = tmp_path / "supervisor.log"
        assert await until(lambda: log.exists() and log.read_text().count("ended with") >= 3)
        waits = [float(line.split()[-2]) for line in log.read_text().splitlines()]
        assert waits == sorted(set(waits))
    finally:
        await supervisor.stop()


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    script = f"""
    import asyncio, pathlib
    from tests.embedded.test_supervisor import sleeper, said
    from onething.embedded.supervisor import Supervisor
    folder = pathlib.Path({str(tmp_path)!r})
    async def main():
        supervisor = Supervisor([sleeper(folder, healthy=said(folder, "sleeper started"))], log=folder / "log")
        await supervisor.start()
        print(supervisor.supervised[0].process.pid, flush=True)
        await supervisor.wait()
    asyncio.run(main())
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = Identity.of(int(parent.stdout.readline()))
    assert child is not None
    assert child.alive()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_until(lambda: not child.alive(), 5)


def test_a_recycled_pid_is_another_process(tmp_path: Path) -> None:
    process = ServiceProcess(sleeper(tmp_path, healthy=said(tmp_path, "sleeper started")))
    process.start()
    try:
        assert process.identity is not None
        stranger = Identity(process.identity.pid, "1")
        assert not stranger.alive()
        stranger.end(patience_s=0.1)
        assert process.running()
    finally:
        process.stop()


def test_an_empty_value_takes_a_variable_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONETHING_SECRET_OF_THE_PARENT", "x")
    script = "import os; print('seen' if 'ONETHING_SECRET_OF_THE_PARENT' in os.environ else 'absent')"
    service = Service(
        name="env",
        argv=[sys.executable, "-c", script],
        healthy=lambda: False,
        log=tmp_path / "env.log",
        env={"ONETHING_SECRET_OF_THE_PARENT": ""},
    )
    process = ServiceProcess(service)
    process.launch()
    assert wait_until(lambda: not process.running(), PATIENCE_S)
    assert service.log.read_text() == "absent\n"


def test_a_stubborn_process_is_killed(tmp_path: Path) -> None:
    stubborn = "signal.signal(signal.SIGTERM, signal.SIG_IGN); note('deaf')"
    service = sleeper(tmp_path, script=stubborn, healthy=said(tmp_path, "deaf"))
    process = ServiceProcess(Service(**{**vars(service), "stop_patience_s": 0.2}))
    process.start()
    process.stop()
    assert process.exit_code() == -signal.SIGKILL
    assert process.pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


@pytest.mark.parametrize("nice", [0, 7])
def test_a_service_stands_back_itself_and_its_session(tmp_path: Path, nice: int) -> None:
    script = """
    import os, pathlib
    group = pathlib.Path("/proc/self/autogroup")
    print(os.nice(0), *(group.read_text().split()[-1:] if group.exists() else []))
    """
    argv, log = [sys.executable, "-c", textwrap.dedent(script)], tmp_path / "nice.log"
    process = ServiceProcess(Service(name="nice", argv=argv, healthy=lambda: False, log=log, nice=nice))
    process.launch()
    assert wait_until(lambda: not process.running(), PATIENCE_S)
    of_session = [str(nice)] if AUTOGROUP.exists() else []
    assert log.read_text().split() == [str(os.nice(0) + nice), *of_session]
