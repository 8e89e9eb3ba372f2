"""Another commit in a folder of its own, with the environment that it sets up for itself."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.against.failure import ComparisonFailed

_DRIVER = Path("bench/driver.py")
_BEFORE_HOUSE = Path(__file__).with_name("before_house.py")
_KEPT = "ONETHING_TEMPORAL_BIN"
_OF_OTHERS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Checkout:
    """A folder with a commit's files, and the Python of its environment."""

    folder: Path
    python: Path


def own_environment() -> Mapping[str, str]:
    """The environment variables for both sides: without settings of the user's, and none that leads to others' code."""
    given = os.environ.items()
    return {
        name: value
        for name, value in given
        if name == _KEPT or not (name.startswith("ONETHING_") or name in _OF_OTHERS)
    }


@contextlib.asynccontextmanager
async def checkout(commit: str, repository: Path, above: Path) -> AsyncIterator[Checkout]:
    """A Git worktree of the commit in the folder `above`, set up by its own `tools/bootstrap.py`; gone afterwards.

    What bootstrap prints goes to stdout as it comes. Raises `ComparisonFailed`.
    """
    folder = above / f"onething-{commit[:12]}"
    try:
        await _run("git", "worktree", "add", "--quiet", "--detach", str(folder), commit, cwd=repository)
        if not (folder / "bench").is_dir():
            raise ComparisonFailed(f"提交 {commit[:12]} 还没有 bench，量不了它：请换一个较晚的提交。")
        await _run(sys.executable, "tools/bootstrap.py", "run", cwd=folder)
        if not (folder / _DRIVER).exists():
            shutil.copyfile(_BEFORE_HOUSE, folder / _DRIVER)
        yield Checkout(folder, folder / ".venv" / "bin" / "python")
    finally:
        if folder.exists():
            await _run("git", "worktree", "remove", "--force", "--force", str(folder), cwd=repository)


async def _run(*command: str, cwd: Path) -> None:
    """To its end, also when called off: then it is stopped, with all that it started. Raises `ComparisonFailed`."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=own_environment(), stdin=asyncio.subprocess.DEVNULL, start_new_session=True
    )
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        os.killpg(process.pid, signal.SIGTERM)
        await process.wait()
        raise
    if code:
        raise ComparisonFailed(f"{' '.join(command)} 没有成功（退出码 {code}），原因见上。")
