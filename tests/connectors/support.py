"""What the connector tests share: a source made by hand, the shipped ones, a clock to move."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from onething.domain.source import FastRetry, RetrySchedule, SlowRetry, SourceDefinition, SourceField

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
        timeout_s=1,
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
