"""The stack as a person meets it: started, looked at, killed, started again. Workers and API are toys here."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from onething.embedded import commands, ports, secret_file
from onething.embedded.processes import Identity, ServiceFailed, wait_until
from tests.support.patience import PATIENCE_S
from tests.support.servers import public_temporary_folder


class ToyStack:
    """`onething up` in a process of its own, the folder's one stack."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder.parent / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def up(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.output.open("wb") as output:
            command = [sys.executable, "-m", "tests.embedded.toy_stack", str(self.folder), *arguments]
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        return self.process

    def start(self) -> None:
        process = self.up()
        assert wait_until(lambda: "Ctrl-C" in self.said() or process.poll() is not None, PATIENCE_S), self.said()
        assert process.poll() is None, self.said()

    def said(self) -> str:
        return self.output.read_text()

    def state(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder / "stack.json").read_text())
        return told

    def identity(self, name: str) -> Identity:
        service = next(service for service in self.state()["services"] if service["name"] == name)
        return Identity(service["pid"], service["started"])

    def database(self) -> psycopg.Connection[tuple[Any, ...]]:
        lines = (self.folder / "onething.env").read_text().splitlines()
        password = next(line.partition("=")[2] for line in lines if line.startswith("POSTGRES_PASSWORD="))
        port = self.state()["ports"]["postgres"]
        url = f"postgresql://postgres:{password}@127.0.0.1:{port}/onething"
        return psycopg.connect(url, autocommit=True)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_S)


@pytest.fixture
def stack() -> Iterator[ToyStack]:
    with public_temporary_folder() as folder:
        toy = ToyStack(Path(folder) / "data")
        yield toy
        toy.end()


@pytest.mark.sampled(2)
def test_up_again_says_where_it_runs_and_ctrl_c_ends_everything(
    stack: ToyStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.start()
    url = stack.state()["api_url"]

    again = subprocess.run(
        [sys.executable, "-m", "tests.embedded.toy_stack", str(stack.folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "已经在运行" in again.stdout
    assert url in again.stdout
    assert commands.status(stack.folder) == 0
    assert url in capsys.readouterr().out

    everybody = [Identity(one["pid"], one["started"]) for one in stack.state()["services"]]
    assert stack.process is not None
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(PATIENCE_S) == 0
    assert not any(one.alive() for one in everybody)
    assert commands.status(stack.folder) == commands.NOT_RUNNING


@pytest.mark.sampled(2)
def test_down_ends_it_and_keeps_the_data(stack: ToyStack) -> None:
    stack.start()
    with stack.database() as database:
        database.execute("create table kept as select 7 as n")
    assert commands.down(stack.folder) == 0
    assert stack.process is not None
    assert stack.process.wait(PATIENCE_S) == 0
    assert commands.down(stack.folder) == 0
    stack.start()
    with stack.database() as database:
        assert database.execute("select n from kept").fetchone() == (7,)


@pytest.mark.sampled(2)
def test_each_killed_service_comes_back(stack: ToyStack) -> None:
    stack.start()
    for name in [service["name"] for service in stack.state()["services"]]:
        before = stack.identity(name)
        before.send(signal.SIGKILL)
        assert wait_until(lambda name=name, before=before: stack.identity(name) != before, PATIENCE_S), name  # type: ignore[misc]
    assert wait_until(lambda: answers_again(stack), PATIENCE_S)
    assert stack.process is not None
    assert stack.process.poll() is None


def answers_again(stack: ToyStack) -> bool:
    try:
        with stack.database() as database:
            return database.execute("select 1").fetchone() == (1,)
    except psycopg.Error:
        return False


@pytest.mark.sampled(2)
@pytest.mark.parametrize("victims", ["supervisor", "everything"])
def test_after_a_kill_a_new_up_goes_on_where_things_were(stack: ToyStack, victims: str) -> None:
    stack.start()
    with stack.database() as database:
        database.execute("create table kept as select 7 as n")
    everybody = [Identity(one["pid"], one["started"]) for one in stack.state()["services"]]
    secrets_before = (stack.folder / "onething.env").read_bytes()
    ports_before = stack.state()["ports"]
    assert stack.process is not None
    stack.process.kill()
    if victims == "everything":
        for one in everybody:
            one.send(signal.SIGKILL)
    stack.process.wait()

    stack.start()
    with stack.database() as database:
        assert database.execute("select n from kept").fetchone() == (7,)
    assert not any(one.alive() for one in everybody)
    assert "上一次没有正常停止" in stack.said()
    assert (stack.folder / "onething.env").read_bytes() == secrets_before
    assert stack.state()["ports"] == ports_before


@pytest.mark.sampled(2)
def test_a_demanded_port_that_is_taken_gets_a_clear_word(stack: ToyStack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert stack.up(str(port)).wait(PATIENCE_S) == 1
    assert re.search(rf"API 要用的端口 {port} 已被别的程序占用", stack.said().replace("\n", ""))
    assert "换一个端口" in stack.said().replace("\n", "")


def test_an_undemanded_port_that_is_taken_gives_way_to_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        chosen = ports.choose("API", None, port)
    assert chosen != port
    assert ports.is_free(chosen)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_there_is_not_is_told(port: int) -> None:
    with pytest.raises(ports.PortTaken, match="1 到 65535"):
        ports.choose("API", port)


def test_nothing_listens_beyond_this_machine(stack: ToyStack) -> None:
    stack.start()
    owned = {one["pid"] for one in stack.state()["services"]}
    inodes = set()
    for pid in owned:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = str(link.readlink()) if link.is_symlink() else ""
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                listening.append(fields[1].split(":")[0])
    assert len(listening) >= 5
    loopback = {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}
    assert set(listening) <= loopback


def test_secrets_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "onething.env"
    made = secret_file.load_or_make(file, data_exists=False)
    assert file.stat().st_mode & 0o777 == 0o600
    assert secret_file.load_or_make(file, data_exists=True) == made
    file.unlink()
    with pytest.raises(ServiceFailed, match="密钥文件"):
        secret_file.load_or_make(file, data_exists=True)
    assert not file.exists()
