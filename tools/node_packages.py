"""The npm packages of tests: an identity provider, by its lock file, into its own folder."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from onething.embedded.programs import cache_dir
from tools.progress import StepFailed, run

FOLDER = Path(__file__).parent.parent / "tests" / "identity" / "provider"
OLDEST_NODE = 20

REMEDIES = f"""测试要用一个真的身份提供者（npm 的 oidc-provider）。任选一种办法：
  1. 安装 Node.js {OLDEST_NODE} 以上（带 npm），让 node 与 npm 命令位于 PATH，然后运行 make test；
  2. 已有 Node.js 的，检查网络或 npm 的软件源镜像设置（npm config set registry 地址），然后重试。"""


def installed(folder: Path = FOLDER) -> bool:
    """Whether there is something to run them with, and what stands in the folder is what its lock file says."""
    stamp = _stamp(folder)
    return shutil.which("node") is not None and stamp.exists() and stamp.read_text() == _wanted(folder)


def install(folder: Path = FOLDER) -> None:
    """`npm ci`, unless it was done for this lock file. `StepFailed` tells what is missing or what npm said."""
    if installed(folder):
        return
    _require_node()
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts"]
    run(["npm", "ci", *quiet], log=cache_dir() / "logs" / "npm.log", cwd=folder, timeout_s=300)
    _stamp(folder).write_text(_wanted(folder))


def _stamp(folder: Path) -> Path:
    """Inside what npm replaces: an installation that was broken off has none."""
    return folder / "node_modules" / "onething.stamp"


def _wanted(folder: Path) -> str:
    return hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()


def _require_node() -> None:
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise StepFailed(f"本机没有 {program}")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=60).stdout.strip()
    number = re.match(r"v(\d+)\.", version)
    if number is None or int(number[1]) < OLDEST_NODE:
        raise StepFailed(f"node 的版本是 {version or '未知'}，需要 {OLDEST_NODE} 以上")
