"""What the connector tests share: a source made by hand, the shipped ones, a clock to move."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from onething.domain.sources.source import (
    FastRetry,
    RetrySchedule,
    SlowRetry,
    SourceDefinition,
    SourceField,
)
from tests.support.patience import PATIENCE_S

SOURCES_FOLDER = Path(__file__).parents[2] / "definitions" / "sources"


@cache
def shipped_sources() -> dict[str, SourceDefinition]:
    yaml = YAML(typ="safe")
    return {
        path.stem: SourceDefinition.model_validate(yaml.load(path.read_text()))
        for path in SOURCES_FOLDER.glob("*.yaml")
    }


def a_source(**changes: Any) -> SourceDefinition:
    """`business-licence`, short and quick, with changes."""
    plain = SourceDefinition(
        code="business-licence",
        name="营业执照电子证照",
        department="amr",
        path="/sources/business-licence/records",
        params=(SourceField(id="uscc", label="统一社会信用代码"),),
        fields=(SourceField(id="uscc", label="统一社会信用代码"), SourceField(id="status", label="登记状态")),
        timeout_s=50,
        retry=RetrySchedule(fast=FastRetry(first_s=0.01, factor=2, attempts=5), slow=SlowRetry(every_s=1)),
        patience_minutes=1,
    )
    return plain.model_copy(update=changes)


class MovedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class RunningSimulator:
    """The simulator as a process of its own, on a free port."""

    def __init__(self, state: Path | None = None) -> None:
        self._arguments = [sys.executable, "-m", "onething.connectors.simulator", "--port", "0"]
        if state is not None:
            self._arguments += ["--state", str(state)]
        self.http = httpx.Client(timeout=PATIENCE_S)
        self.start()

    def start(self) -> None:
        environment = {**os.environ, "ONETHING_TRIAL": "true"}
        self._process = subprocess.Popen(self._arguments, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url.startswith("http://"), "the simulator did not start"

    def kill(self) -> None:
        """As kill -9 does."""
        self._process.kill()
        self._process.wait(PATIENCE_S)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def control(self, code: str, side: str = "sources", **change: Any) -> httpx.Response:
        return self.http.put(f"{self.url}/control/{side}/{code}", json=change)

    def calls(self, **query: str | int) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.http.get(f"{self.url}/calls", params=query).json()["items"]
        return items

    def effects(self, **query: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.http.get(f"{self.url}/effects", params=query).json()["items"]
        return items

    def calm(self) -> None:
        """Every source and department answers at once again."""
        control = self.http.get(f"{self.url}/control").json()
        for side in ("sources", "departments"):
            for code in control[side]:
                self.control(code, side, mode="answer", latency_s=0, failure_rate=0)
