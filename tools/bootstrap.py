"""Sets up what the machine lacks: `python3 tools/bootstrap.py run | check | test`.

`run`: a virtual environment from the locked requirements, the Temporal dev server and the pages' scripts. `check`: the
development tools. `test`: the time-skipping test server, the identity provider and the browser of the tests. Standard
library only. Idempotent, quick when everything is there, and safe when several clones run it at once: programs live in
the user's cache folder, behind a file lock, and appear there whole.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "onething-bootstrap.stamp"
LEVELS = ("run", "check", "test")
OLDEST_PYTHON = (3, 11)

PACKAGES_REMEDIES = """无法按锁定清单安装 Python 依赖。任选一种办法：
  1. 检查网络或软件源镜像设置（pip 的 PIP_INDEX_URL、uv 的 UV_DEFAULT_INDEX、代理 HTTPS_PROXY），然后重试；
  2. 没有 python3-venv 的系统请先安装它，或安装 uv；
  3. 自己建好 .venv，并在其中运行 pip install --require-hashes -r requirements-dev.lock。"""


@dataclass(frozen=True)
class Step:
    """`optional`: without it the level works all the same; a failure is told, and the next step follows."""

    needed: bool
    title: str
    act: Callable[[], None]
    remedies: str
    optional: bool = False


def main(level: str) -> None:
    from onething.embedded import programs
    from tools.progress import Progress, StepFailed

    to_do = [step for step in _steps(level) if step.needed]
    if not to_do:
        return
    progress = Progress(len(to_do))
    for step in to_do:
        try:
            with _one_at_a_time(programs.cache_dir()), progress.step(step.title):
                step.act()
        except StepFailed as failure:
            message = f"\n{step.remedies}\n\n经过：\n{failure}"
            if not step.optional:
                sys.exit(message)
            print(f"{message}\n\n没有它也能用，继续。\n", flush=True)


def _steps(level: str) -> list[Step]:
    from onething.embedded import programs
    from tools import chromium, node_packages, servers, web_assets

    outside_temporal = level == "run" and os.environ.get("ONETHING_TEMPORAL_ADDRESS")
    return [
        Step(
            not _packages_current(level),
            f"安装 Python 依赖（{_lock(level).name}）",
            lambda: _install_packages(level),
            PACKAGES_REMEDIES,
        ),
        Step(
            level != "check" and not outside_temporal and programs.installed_temporal() is None,
            "准备 Temporal 开发服务器（首次需几分钟）",
            lambda: servers.install_temporal(PYTHON),
            programs.TEMPORAL_REMEDIES,
        ),
        Step(
            level != "check" and not web_assets.present(),
            web_assets.TITLE,
            lambda: web_assets.install(PYTHON),
            web_assets.REMEDIES,
            optional=level == "run",
        ),
        Step(
            level == "test" and programs.installed_test_server() is None,
            "准备 Temporal 时间跳跃测试服务器",
            lambda: servers.install_test_server(PYTHON),
            programs.TEST_SERVER_REMEDIES,
        ),
        Step(
            level == "test" and not node_packages.installed(),
            "安装测试用的身份提供者（npm ci）",
            node_packages.install,
            node_packages.REMEDIES,
        ),
        Step(
            level == "test" and programs.installed_chromium() is None,
            "准备网页测试用的浏览器（首次下载约 70 MB）",
            chromium.install,
            programs.CHROMIUM_REMEDIES,
        ),
    ]


def _lock(level: str) -> Path:
    return ROOT / ("requirements.lock" if level == "run" else "requirements-dev.lock")


def _wanted(lock: Path) -> str:
    """What a finished environment is stamped with; the folder belongs to it, since scripts carry its path."""
    content = b"".join([str(ROOT).encode(), lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes()])
    return f"{lock.name} {hashlib.sha256(content).hexdigest()}"


def _packages_current(level: str) -> bool:
    if not STAMP.exists() or not PYTHON.exists():
        return False
    enough = {_wanted(_lock(level)), _wanted(_lock("test"))}
    return STAMP.read_text() in enough


def _install_packages(level: str) -> None:
    from onething.embedded.programs import cache_dir
    from tools import packages
    from tools.progress import run

    if _packages_current(level):  # another run of this clone finished while this one waited
        return
    log = cache_dir() / "logs" / "packages.log"
    lock = _lock("test" if STAMP.exists() and STAMP.read_text().startswith("requirements-dev") else level)
    if VENV.exists() and not packages.works(PYTHON):
        shutil.rmtree(VENV)
    if not VENV.exists():
        uv = packages.uv()
        run([uv, "venv", "--python", sys.executable, VENV] if uv else [sys.executable, "-m", "venv", VENV], log=log)
    install = packages.installing(PYTHON)
    run([*install, "--require-hashes", "-r", lock], log=log)
    run([*install, "--no-deps", "--no-build-isolation", "-e", ROOT], log=log)
    STAMP.write_text(_wanted(lock))


@contextlib.contextmanager
def _one_at_a_time(cache: Path) -> Iterator[None]:
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "bootstrap.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("另一个引导步骤正在进行，等它完成 …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _use_a_recent_python() -> None:
    if sys.version_info >= OLDEST_PYTHON:
        return
    for name in ("python3.13", "python3.12", "python3.11"):
        if found := shutil.which(name):
            os.execv(found, [found, *sys.argv])
    sys.exit(
        f"需要 Python 3.11 或更新版本，当前是 {sys.version.split()[0]}。请安装后重试，或用 make PYTHON=路径 指明。"
    )


if __name__ == "__main__":
    _use_a_recent_python()
    if len(sys.argv) != 2 or sys.argv[1] not in LEVELS:
        sys.exit(f"用法：python3 tools/bootstrap.py {' | '.join(LEVELS)}")
    sys.path.insert(0, str(ROOT))
    main(sys.argv[1])
