"""The step that sets up what a machine lacks."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from onething.embedded import programs
from tools import bootstrap, node_packages, servers
from tools.progress import Progress, StepFailed, run

ROOT = Path(__file__).parents[2]
_STARTS = {"subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "socket.connect"}


def program(file: Path, body: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a PATH of one folder that doesn't exist yet, which is returned."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")
    for variable in ("ONETHING_TEMPORAL_BIN", "ONETHING_TEST_SERVER_BIN"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path / "bin"


@pytest.mark.parametrize("level", bootstrap.LEVELS)
def test_it_starts_nothing_when_everything_is_there(level: str, capfd: pytest.CaptureFixture[str]) -> None:
    subprocess.run([sys.executable, "tools/bootstrap.py", level], cwd=ROOT, check=True)
    capfd.readouterr()
    started: list[str] = []
    sys.addaudithook(lambda event, _: started.append(event) if event in _STARTS else None)
    bootstrap.main(level)
    assert (started, capfd.readouterr().out) == ([], "")


def test_an_unknown_level_is_told_the_known_ones() -> None:
    told = subprocess.run([sys.executable, "tools/bootstrap.py", "all"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 1
    assert "run | check | test" in told.stderr


def test_the_explicit_path_comes_first_and_a_wrong_one_is_named(
    bare_machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path = program(bare_machine / "temporal", "true")
    assert programs.temporal() == on_path
    explicit = program(tmp_path / "mine", "true")
    monkeypatch.setenv("ONETHING_TEMPORAL_BIN", str(explicit))
    assert programs.temporal() == explicit
    monkeypatch.setenv("ONETHING_TEMPORAL_BIN", str(tmp_path / "absent"))
    with pytest.raises(programs.ProgramMissing, match="absent"):
        programs.temporal()


@pytest.mark.parametrize(
    ("find", "remedies"),
    [
        (programs.temporal, ["make demo", "PATH", "ONETHING_TEMPORAL_BIN", "go install", "ONETHING_TEMPORAL_ADDRESS"]),
        (programs.test_server, ["make test", "ONETHING_TEST_SERVER_BIN", "Maven"]),
    ],
)
@pytest.mark.usefixtures("bare_machine")
def test_a_missing_program_comes_with_every_remedy(find: Callable[[], Path], remedies: list[str]) -> None:
    with pytest.raises(programs.ProgramMissing) as missing:
        find()
    assert [remedy for remedy in remedies if remedy not in str(missing.value)] == []


def test_without_download_the_cli_is_built_from_source_and_found_again(bare_machine: Path, tmp_path: Path) -> None:
    offline = program(tmp_path / "python", "echo no network; exit 1")
    program(bare_machine / "go", 'test "$1" = install && echo "#!/bin/sh" > "$GOBIN/temporal"')
    servers.install_temporal(offline)
    assert programs.temporal() == programs.cache_dir() / "bin" / "temporal"
    assert os.access(programs.temporal(), os.X_OK)
    assert [left.name for left in programs.cache_dir().iterdir() if left.name.startswith("unfinished")] == []


def test_what_every_way_said_is_told(bare_machine: Path, tmp_path: Path) -> None:
    offline = program(tmp_path / "python", "echo no network; exit 1")
    program(bare_machine / "java", "true")
    with pytest.raises(StepFailed, match=r"(?s)no network.*本机没有 mvn"):
        servers.install_test_server(offline)
    assert programs.installed_test_server() is None


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with a lock file for npm."""
    (tmp_path / "package-lock.json").write_text("{}")
    return tmp_path


def test_npm_installs_once_for_a_lock_file(bare_machine: Path, packages: Path) -> None:
    program(bare_machine / "node", "echo v20.1.0")
    program(bare_machine / "npm", 'echo "$@" >> calls; /bin/mkdir -p node_modules')
    for lock in ("{}", "{}", '{"other": 1}', '{"other": 1}'):
        (packages / "package-lock.json").write_text(lock)
        node_packages.install(packages)
        assert node_packages.installed(packages)
    assert len((packages / "calls").read_text().splitlines()) == 2


def test_an_installation_that_npm_broke_off_is_none(bare_machine: Path, packages: Path) -> None:
    program(bare_machine / "node", "echo v20.1.0")
    program(bare_machine / "npm", "echo no network; exit 1")
    with pytest.raises(StepFailed, match="no network"):
        node_packages.install(packages)
    assert not node_packages.installed(packages)


@pytest.mark.parametrize(("version", "complaint"), [("v18.20.4", "v18"), ("v8.1.0", "v8"), ("", "未知")])
def test_a_node_that_is_too_old_is_named(bare_machine: Path, packages: Path, version: str, complaint: str) -> None:
    program(bare_machine / "node", f"echo {version}")
    program(bare_machine / "npm", "true")
    with pytest.raises(StepFailed, match=complaint):
        node_packages.install(packages)


@pytest.mark.usefixtures("bare_machine")
def test_without_node_the_remedies_name_it(packages: Path) -> None:
    with pytest.raises(StepFailed, match="本机没有 node"):
        node_packages.install(packages)
    assert [remedy for remedy in ("Node.js", "npm config", "make test") if remedy not in node_packages.REMEDIES] == []


def test_a_command_that_takes_too_long_is_ended_and_named(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="sleep"):
        run(["sleep", "30"], log=tmp_path / "log", timeout_s=0.1)


def test_progress_without_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(2)
    with progress.step("第一步"):
        pass
    with pytest.raises(ValueError, match="x"), progress.step("第二步"):
        raise ValueError("x")
    said = capsys.readouterr().out
    assert "[1/2] 第一步 … 完成（" in said
    assert "[2/2] 第二步 … 失败（" in said
    assert "\033" not in said
