"""The project's own processes as services: the simulated outside world, workers, the API."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

from onething.embedded.probes import answers_http, polls_task_queue
from onething.embedded.processes import BEHIND_PEOPLE, Service

# Stops when the longest activity attempt has had its time to end.
WORKER_STOP_S = 70.0
# The workflow sandbox loads the workflow's module anew for every case: that must not mean to compile it.
FROM_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}


def simulator(port: int, env: Mapping[str, str], state: Path, log: Path) -> Service:
    url = f"http://127.0.0.1:{port}"
    return Service(
        name="模拟外部世界",
        argv=[sys.executable, "-m", "onething.connectors.simulator", "--port", str(port), "--state", str(state)],
        healthy=lambda: answers_http(f"{url}/healthz"),
        log=log,
        env=env,
        url=url,
        nice=BEHIND_PEOPLE,
    )


def worker(number: int, env: Mapping[str, str], log: Path, *, temporal: Path | None, address: str) -> Service:
    """One worker process; healthy when Temporal's CLI says that the task queue is polled (no CLI: when it lives on)."""
    queue = env["ONETHING_TEMPORAL_TASK_QUEUE"]
    namespace = env["ONETHING_TEMPORAL_NAMESPACE"]

    def healthy() -> bool:
        if temporal is None:
            time.sleep(1)  # nobody to ask: a worker that can't start ends within this second
            return True
        return polls_task_queue(temporal, address, namespace, queue)

    return Service(
        name=f"办理进程 {number}",
        argv=[sys.executable, "-m", "onething.cli", "worker"],
        healthy=healthy,
        log=log,
        env={**env, **FROM_BYTECODE},
        stop_patience_s=WORKER_STOP_S,
        alongside=True,
        nice=BEHIND_PEOPLE,
    )


def api(port: int, env: Mapping[str, str], log: Path) -> Service:
    url = f"http://127.0.0.1:{port}"
    return Service(
        name="API",
        argv=[sys.executable, "-m", "onething.cli", "api", "--port", str(port)],
        healthy=lambda: answers_http(f"{url}/readyz"),
        log=log,
        env=env,
        url=url,
        alongside=True,
    )
