"""Which stack a command speaks to: the one that was named, or the one that runs here, which is said. No guessing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onething.cli.client import session
from onething.cli.operations.record_settings import record_settings
from onething.cli.terminal.failures import CommandFailed, ExitCode
from onething.embedded import secret_file, state_file
from onething.embedded.folders import DataFolder
from onething.embedded.state_file import StackLock, StackState
from onething.settings import settings
from tests.cli.in_process import run

AT = "http://127.0.0.1:8765"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataFolder]:
    """A data folder of one's own, in an environment that names nothing else."""
    for name in ("ONETHING_URL", "ONETHING_DATABASE_WORKER_URL", "ONETHING_ANCHOR_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ONETHING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings.cache_clear()
    yield DataFolder()
    settings.cache_clear()


@pytest.fixture
def stack(folder: DataFolder) -> Iterator[dict[str, str]]:
    """What a running one leaves in its folder; its secrets."""
    folder.make()
    state_file.write(folder.state, StackState(phase="running", api_url=AT, ports={"postgres": 15999, "api": 8765}))
    lock = StackLock(folder.lock)
    assert lock.take()
    yield secret_file.load_or_make(folder.secrets, data_exists=False)
    lock.release()


def test_an_address_that_is_named_is_taken_without_a_word(
    stack: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert session.base_url("http://elsewhere:1/") == "http://elsewhere:1"
    assert capsys.readouterr().err == ""


def test_the_stack_that_runs_here_is_said_on_stderr(stack: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert session.base_url(None) == AT
    told = capsys.readouterr()
    assert told.out == ""
    assert AT in told.err
    assert str(DataFolder().path) in told.err


@pytest.mark.parametrize("command", ["case list --as counter", "bundle list", "logout", "login counter --password p"])
def test_nothing_is_guessed(command: str, folder: DataFolder) -> None:
    """Not even from what a stack wrote down that runs no more."""
    folder.make()
    state_file.write(folder.state, StackState(phase="stopped", api_url=AT))
    failure = run(*command.split()).exception
    assert isinstance(failure, CommandFailed)
    assert failure.exit_code is ExitCode.UNREACHABLE
    for told in ("--url", "ONETHING_URL", "onething up", str(folder.path)):
        assert told in failure.message


@pytest.mark.parametrize(
    "command",
    ["journal verify", "journal anchor", "calendar load", "departments move hrss nhsa --basis 三定 --dry-run"],
)
def test_operations_on_the_record_say_that_they_have_none(command: str) -> None:
    failure = run(*command.split(), env={"ONETHING_DEFINITIONS_DIR": None}).exception
    assert isinstance(failure, CommandFailed)
    assert "ONETHING_DATABASE_WORKER_URL" in failure.message
    assert "onething up" in failure.message


def test_the_record_of_the_stack_that_runs_here(stack: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    found = record_settings()
    assert found.database_worker_url is not None
    assert stack["WORKER_PASSWORD"] in found.database_worker_url
    assert "15999" in found.database_worker_url
    assert found.certificate_key is not None
    assert found.certificate_key.get_secret_value() == stack["ONETHING_CERTIFICATE_KEY"]
    told = capsys.readouterr()
    assert "127.0.0.1:15999" in told.err
    assert stack["WORKER_PASSWORD"] not in told.err + told.out


def test_a_database_that_is_named_comes_first(
    stack: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONETHING_DATABASE_WORKER_URL", "postgresql://own@elsewhere/one")
    settings.cache_clear()
    assert record_settings().database_worker_url == "postgresql://own@elsewhere/one"
    assert capsys.readouterr().err == ""


def test_a_stack_on_a_database_of_somebody_elses(stack: dict[str, str], folder: DataFolder) -> None:
    state_file.write(folder.state, StackState(phase="running", api_url=AT, ports={"api": 8765}))
    with pytest.raises(CommandFailed, match="外部数据库"):
        record_settings()


@pytest.mark.parametrize("base", [AT, "http://elsewhere:1"])
def test_secrets_of_the_stack_are_for_its_own_address(stack: dict[str, str], base: str) -> None:
    from onething.cli.commands.prefills import _of_the_stack_at

    assert _of_the_stack_at(base) == (stack["ONETHING_CALLBACK_SECRETS"] if base == AT else "")
