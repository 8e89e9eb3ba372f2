"""Gets Temporal's servers into the user's cache folder: the SDK's own download first, then from source or packages."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from onething.embedded import programs
from tools.progress import StepFailed, run

DOWNLOAD = """
import asyncio, sys
from temporalio.testing import WorkflowEnvironment

async def main():
    environment = await WorkflowEnvironment.{start}(download_dest_dir=sys.argv[1])
    await environment.shutdown()

asyncio.run(main())
"""

# Without a namespace, which Maven doesn't need.
POM = f"""<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>onething</groupId><artifactId>test-server</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId>
    <version>{programs.TEST_SERVER_VERSION}</version>
  </dependency></dependencies>
</project>
"""

WRAPPER = """#!/bin/sh
exec java -cp "$(dirname "$0")/../{jars}/*" io.temporal.testserver.TestServer "$@"
"""


def install_temporal(python: Path) -> None:
    """The Temporal CLI into the cache; `StepFailed` tells what each way said."""
    if programs.installed_temporal() is not None:
        return

    def by_sdk(folder: Path) -> None:
        _download(python, "start_local", folder, "temporal")

    def by_go(folder: Path) -> None:
        _require("go")
        module = f"github.com/temporalio/cli/cmd/temporal@v{programs.TEMPORAL_CLI_VERSION}"
        run(["go", "install", module], log=_log("go"), env={**os.environ, "GOBIN": str(folder)}, timeout_s=1800)
        _publish(folder / "temporal", "temporal")

    _first_that_works(by_sdk, by_go)


def install_test_server(python: Path) -> None:
    """The time-skipping test server into the cache; `StepFailed` tells what each way said."""
    if programs.installed_test_server() is not None:
        return

    def by_sdk(folder: Path) -> None:
        _download(python, "start_time_skipping", folder, "temporal-test-server")

    def by_maven(folder: Path) -> None:
        _require("java")
        _require("mvn")
        (folder / "pom.xml").write_text(POM)
        goal = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=jars"]
        run(goal, log=_log("maven"), cwd=folder, timeout_s=900)
        jars = programs.cache_dir() / f"test-server-{programs.TEST_SERVER_VERSION}"
        shutil.rmtree(jars, ignore_errors=True)
        (folder / "jars").rename(jars)
        wrapper = folder / "temporal-test-server"
        wrapper.write_text(WRAPPER.format(jars=jars.name))
        _publish(wrapper, "temporal-test-server")

    _first_that_works(by_sdk, by_maven)


def _first_that_works(*ways: Callable[[Path], None]) -> None:
    failures: list[str] = []
    for way in ways:
        programs.cache_dir().mkdir(parents=True, exist_ok=True)
        # Inside the cache, so that publishing is a rename within one file system.
        with tempfile.TemporaryDirectory(dir=programs.cache_dir(), prefix="unfinished-") as folder:
            try:
                return way(Path(folder))
            except StepFailed as failure:
                failures.append(str(failure))
    raise StepFailed("\n".join(failures))


def _download(python: Path, start: str, folder: Path, name: str) -> None:
    run([python, "-c", DOWNLOAD.format(start=start), folder], log=_log(f"download-{name}"), timeout_s=300)
    downloaded = [file for file in folder.iterdir() if file.is_file()]
    if len(downloaded) != 1:
        raise StepFailed(f"SDK 下载后没有找到 {name}")
    _publish(downloaded[0], name)


def _publish(file: Path, name: str) -> None:
    target = programs.cache_dir() / "bin" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    file.chmod(0o755)
    file.rename(target)


def _require(program: str) -> None:
    if shutil.which(program) is None:
        raise StepFailed(f"本机没有 {program}")


def _log(name: str) -> Path:
    return programs.cache_dir() / "logs" / f"{name}.log"
