"""`python -m tests.embedded.toy_stack FOLDER [PORT]`: the stack with toys for workers and API; all else is real.

Its usual ports are this test process's own, below those that a system hands out: another test's stack would
otherwise take the ones that a killed stack has just left.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from onething.embedded import commands, pieces, stack
from onething.embedded.processes import Service
from onething.embedded.stack import Options


def toy_worker(number: int, env: Mapping[str, str], log: Path, *, temporal: Path | None, address: str) -> Service:
    script = "import time; time.sleep(600)"
    return Service(name=f"worker {number}", argv=[sys.executable, "-c", script], healthy=lambda: True, log=log, env=env)


def toy_api(port: int, env: Mapping[str, str], log: Path) -> Service:
    url = f"http://127.0.0.1:{port}"
    toy = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(log.parent)]
    return Service(name="API", argv=toy, healthy=lambda: pieces.answers_http(url), log=log, env=env, url=url)


if __name__ == "__main__":
    own = 20_000 + 10 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    stack.USUAL_PORTS = {name: own + index for index, name in enumerate(stack.USUAL_PORTS)}
    pieces.worker = toy_worker
    pieces.api = toy_api
    port = int(sys.argv[2]) if len(sys.argv) > 2 else None
    sys.exit(commands.up(Options(data_dir=Path(sys.argv[1]), api_port=port)))
