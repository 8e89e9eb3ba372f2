"""The step that sets up what a machine lacks."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from onething.embedded import programs
from tools import bootstrap, chromium, node_packages, servers, web_assets
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
    for variable in ("ONETHING_TEMPORAL_BIN", "ONETHING_TEST_SERVER_BIN", "ONETHING_CHROMIUM_BIN"):
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
        (programs.chromium, ["make test", "Node.js", "apt install chromium", "ONETHING_CHROMIUM_BIN", "npm config"]),
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


# -- the browser --------------------------------------------------------------------------------------------------

_NPM = """
echo "$@" >> "$XDG_CACHE_HOME/calls"
bin=node_modules/@sparticuz/chromium/bin
/bin/mkdir -p $bin
echo '#!/bin/sh
test -f "$LD_LIBRARY_PATH/libnss3.so" && echo "a browser $@"' > $bin/chromium.br
cd "$XDG_CACHE_HOME" && /bin/mkdir -p lib && echo > lib/libnss3.so && /bin/tar cf "$OLDPWD/$bin/al2023.tar.br" lib
"""
_NODE = 'test "$1" = --version && echo v20.11.0 || /bin/cat "$3" > "$4"'


@pytest.fixture
def npm(bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with npm, whose packages aren't compressed; returned is where it writes how often it was called."""
    program(bare_machine / "npm", _NPM)
    program(bare_machine / "node", _NODE)
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    return programs.cache_dir().parent / "calls"


def test_a_browser_of_the_machine_comes_before_ours(
    bare_machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = program(programs.cached_chromium(), "true")
    assert programs.chromium() == cached
    for name in ("google-chrome", "chromium-browser", "chromium"):
        on_path = program(bare_machine / name, "true")
        assert programs.chromium() == on_path
    monkeypatch.setenv("ONETHING_CHROMIUM_BIN", str(program(tmp_path / "mine", "true")))
    assert programs.chromium() == tmp_path / "mine"


def test_a_browser_is_unpacked_once_and_finds_its_libraries(npm: Path) -> None:
    for _ in range(2):
        chromium.install()
    assert len(npm.read_text().splitlines()) == 1
    assert programs.chromium() == programs.cached_chromium()
    answer = subprocess.run([programs.chromium(), "--headless"], capture_output=True, text=True, check=True)
    assert answer.stdout == "a browser --headless\n"
    assert sorted(left.name for left in programs.cache_dir().iterdir()) == [
        f"chromium-{programs.CHROMIUM_VERSION}", "logs",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "body", "complaint"),
    [
        ("npm", "echo no network; exit 1", "no network"),
        ("npm", f'{_NPM}\necho broken > "$OLDPWD/$bin/al2023.tar.br"', "库解不开"),
        ("npm", f"{_NPM}\nprintf '#!/bin/sh\\nexit 127' > \"$OLDPWD/$bin/chromium.br\"", "退出码 127"),
        ("node", 'test "$1" = --version && echo v20.11.0 || { echo not brotli; exit 1; }', "not brotli"),
    ],
)
def test_a_browser_that_does_not_start_is_none(
    npm: Path, bare_machine: Path, what: str, body: str, complaint: str
) -> None:
    program(bare_machine / what, body)
    with pytest.raises(StepFailed, match=complaint):
        chromium.install()
    assert programs.installed_chromium() is None
    assert [left.name for left in programs.cache_dir().iterdir() if left.name != "logs"] == []


def test_the_browser_is_the_one_that_npm_locks() -> None:
    demanded = json.loads((chromium.FOLDER / "package.json").read_text())["dependencies"]
    assert demanded == {"@sparticuz/chromium": programs.CHROMIUM_VERSION}


# -- what pages carry that others wrote ---------------------------------------------------------------------------

_SCRIPT = b"/* of somebody else */"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A lock file, with these fields changed, that names a script of a wheel, which is where the installer looks."""
    wheel = tmp_path / "wheels" / "carrier-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    files = {
        "carrier/static/own.js": _SCRIPT,
        "carrier-1.0.dist-info/METADATA": (
            b"Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\nRequires-Dist: absent\n"
        ),
        "carrier-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    listed = [(name, base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode(), len(content))
              for name, content in files.items()]  # fmt: skip
    record = "".join(f"{name},sha256={hashed},{size}\n" for name, hashed, size in listed)
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in {**files, "carrier-1.0.dist-info/RECORD": record.encode()}.items():
            archive.writestr(name, content)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for tool in ("PIP", "UV"):
        monkeypatch.setenv(f"{tool}_NO_INDEX", "1")
        monkeypatch.setenv(f"{tool}_FIND_LINKS", str(wheel.parent))

    def lock(**changes: str) -> Path:
        asset = {
            "file": "vendor/own.js",
            "sha256": digest(_SCRIPT),
            "wheel": "carrier==1.0",
            "wheel_sha256": digest(wheel.read_bytes()),
            "path": "carrier/static/own.js",
        } | changes
        file = tmp_path / "web" / "assets.lock"
        file.parent.mkdir(exist_ok=True)
        file.write_text("[[asset]]\n" + "".join(f'{name} = "{value}"\n' for name, value in asset.items()))
        return file

    return lock


def test_a_script_is_taken_out_of_its_wheel_once(locked: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    lock = locked()
    assert not web_assets.present(lock)
    web_assets.install(Path(sys.executable), lock)
    assert web_assets.present(lock)
    assert [(file.name, file.read_bytes()) for file in (lock.parent / "vendor").iterdir()] == [("own.js", _SCRIPT)]
    monkeypatch.setattr(web_assets, "run", lambda *_, **__: pytest.fail("it was there"))
    web_assets.install(Path(sys.executable), lock)


def test_a_script_that_was_changed_is_had_anew(locked: Callable[..., Path]) -> None:
    lock = locked()
    changed = lock.parent / "vendor" / "own.js"
    changed.parent.mkdir()
    changed.write_text("/* of an attacker */")
    assert not web_assets.present(lock)
    web_assets.install(Path(sys.executable), lock)
    assert changed.read_bytes() == _SCRIPT


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"sha256": digest(b"another")}, f"carrier/static/own.js 摘要是 {digest(_SCRIPT)}"),
        ({"wheel_sha256": digest(b"another")}, digest(b"another")),
        ({"wheel": "carrier==2.0"}, "carrier==2.0"),
        ({"path": "carrier/other.js"}, "carrier==1.0 里没有 carrier/other.js"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_not_as_locked_is_refused(locked: Callable[..., Path], changes: dict[str, str], complaint: str) -> None:
    lock = locked(**changes)
    with pytest.raises(StepFailed, match=complaint):
        web_assets.install(Path(sys.executable), lock)
    assert not (lock.parent / "vendor").exists()


@pytest.mark.parametrize(("level", "goes_on"), [("run", True), ("test", False)])
def test_without_scripts_the_system_runs_but_is_not_tested(
    level: str,
    goes_on: bool,
    locked: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Told either way, with the remedies."""
    lock, after = locked(sha256=digest(b"another")), []
    [step] = [step for step in bootstrap._steps(level) if step.title == web_assets.TITLE]
    failing = replace(step, needed=True, act=lambda: web_assets.install(Path(sys.executable), lock))
    then = replace(step, needed=True, title="下一步", act=lambda: after.append("came"))
    monkeypatch.setattr(bootstrap, "_steps", lambda _: [failing, then])
    if goes_on:
        bootstrap.main(level)
        message = capsys.readouterr().out
    else:
        with pytest.raises(SystemExit) as ended:
            bootstrap.main(level)
        message = str(ended.value)
    assert after == (["came"] if goes_on else [])
    assert [part for part in ("PIP_INDEX_URL", "assets.lock", "摘要是") if part not in message] == []


# -- how it is told -----------------------------------------------------------------------------------------------


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
