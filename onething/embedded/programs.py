"""Where the programs are that the stack starts.

Standard library only: the bootstrap step uses it before anything is installed.
"""

import os
import shutil
from pathlib import Path

TEMPORAL_CLI_VERSION = "1.5.1"
TEST_SERVER_VERSION = "1.38.0"
CHROMIUM_VERSION = "147.0.0"


class ProgramMissing(Exception):
    """A program was not found; the message (Chinese, for people) names every remedy."""


def cache_dir() -> Path:
    """The user's cache folder of the project, shared by every clone."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "onething"


def _executable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _explicit(variable: str) -> Path | None:
    given = os.environ.get(variable)
    if not given:
        return None
    if not _executable(Path(given)):
        raise ProgramMissing(f"{variable}={given} 不是可执行文件：请改正这个环境变量，或去掉它。")
    return Path(given).absolute()


def installed_temporal() -> Path | None:
    """The Temporal CLI: explicit path, then PATH, then the project's cache; None if there is none yet."""
    if explicit := _explicit("ONETHING_TEMPORAL_BIN"):
        return explicit
    if on_path := shutil.which("temporal"):
        return Path(on_path)
    cached = cache_dir() / "bin" / "temporal"
    return cached if _executable(cached) else None


def installed_test_server() -> Path | None:
    """Temporal's time-skipping test server: explicit path, then the project's cache; None if there is none yet."""
    if explicit := _explicit("ONETHING_TEST_SERVER_BIN"):
        return explicit
    cached = cache_dir() / "bin" / "temporal-test-server"
    return cached if _executable(cached) else None


def installed_chromium() -> Path | None:
    """A browser for tests: explicit path, then PATH, then the project's cache; None if there is none yet."""
    if explicit := _explicit("ONETHING_CHROMIUM_BIN"):
        return explicit
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if on_path := shutil.which(name):
            return Path(on_path)
    cached = cached_chromium()
    return cached if _executable(cached) else None


def cached_chromium() -> Path:
    """Where this version's browser is started from, in a folder of its own that holds all of it."""
    return cache_dir() / f"chromium-{CHROMIUM_VERSION}" / "bin" / "chromium"


def temporal() -> Path:
    """The Temporal CLI; `ProgramMissing` with the remedies if there is none."""
    found = installed_temporal()
    if found is None:
        raise ProgramMissing(TEMPORAL_REMEDIES)
    return found


def test_server() -> Path:
    """The time-skipping test server; `ProgramMissing` with the remedies if there is none."""
    found = installed_test_server()
    if found is None:
        raise ProgramMissing(TEST_SERVER_REMEDIES)
    return found


def chromium() -> Path:
    """The tests' browser; `ProgramMissing` with the remedies if there is none."""
    found = installed_chromium()
    if found is None:
        raise ProgramMissing(CHROMIUM_REMEDIES)
    return found


TEMPORAL_REMEDIES = f"""没有找到 Temporal 开发服务器（temporal 命令）。任选一种办法：
  1. 在项目目录里运行 make demo 或 make test，由引导步骤自动准备；
  2. 自行安装 Temporal CLI，并让 temporal 命令位于 PATH；
  3. 用环境变量 ONETHING_TEMPORAL_BIN 指明 temporal 可执行文件的路径；
  4. 安装 Go 后运行 go install github.com/temporalio/cli/cmd/temporal@v{TEMPORAL_CLI_VERSION}；
  5. 已有 Temporal 服务的，用 ONETHING_TEMPORAL_ADDRESS=主机:端口 指明，本机就不再启动。"""

TEST_SERVER_REMEDIES = f"""没有找到 Temporal 时间跳跃测试服务器（只有测试需要它）。任选一种办法：
  1. 运行 make test，由引导步骤自动准备（能上网时由 SDK 下载，否则需要 Java 11 以上和 Maven）；
  2. 用环境变量 ONETHING_TEST_SERVER_BIN 指明它的可执行文件；
  3. 安装 Java 与 Maven，取得 io.temporal:temporal-test-server:{TEST_SERVER_VERSION} 及其依赖后写一个启动脚本。"""

CHROMIUM_REMEDIES = f"""没有找到浏览器 Chromium（只有网页的测试需要它）。任选一种办法：
  1. 运行 make test，由引导步骤自动准备（需要 Node.js 20 以上和 npm；只有 x86-64 的 Linux 可用）；
  2. 安装系统自带的 Chromium（例如 apt install chromium），让 chromium 等命令位于 PATH；
  3. 用环境变量 ONETHING_CHROMIUM_BIN 指明 Chromium 或 Chrome 可执行文件的路径；
  4. 检查网络或 npm 的软件源镜像（npm config set registry 地址），要取的是 @sparticuz/chromium {CHROMIUM_VERSION}。"""
