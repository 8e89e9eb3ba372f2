"""The shipped sources keep the strict model, and the retry schedule is fast first, then slow."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from onething.domain.sources.source import (
    FastRetry,
    RetrySchedule,
    SlowRetry,
    SourceDefinition,
    SourceEffect,
    next_delay,
)
from tests.connectors.support import SOURCES_FOLDER, a_source, shipped_sources


def test_every_shipped_source_is_valid_and_named_after_its_file() -> None:
    files = sorted(path.stem for path in SOURCES_FOLDER.glob("*.yaml"))
    assert files == sorted(shipped_sources())
    assert len(files) >= 8


def test_only_the_name_reservation_holds_something() -> None:
    held = [code for code, source in shipped_sources().items() if source.effect is SourceEffect.RELEASABLE]
    assert held == ["name-reservation"]


def test_identity_numbers_and_names_are_marked_personal() -> None:
    for source in shipped_sources().values():
        for field in (*source.params, *source.fields):
            if field.id.endswith("id_number") or field.id in {"name", "legal_representative", "account_no"}:
                assert field.personal, f"{source.code}.{field.id}"


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"path": "sources/x"},
        {"path": "/sources/../x"},
        {"timeout_s": 0},
        {"timeout_s": 55},
        {"patience_minutes": 0},
        {"params": []},
        {"fields": [{"id": "status", "label": "状态"}, {"id": "status", "label": "状态"}]},
        {"effect": "sometimes"},
        {"fresh_for_minutes": 60},  # it holds something
        {"stale_ok_minutes": 60},
        {"effect": "none", "fresh_for_minutes": 0},
        {"effect": "none", "stale_ok_minutes": 7 * 24 * 60 + 1},
        {"effect": "none", "stale_ok_minutes": 60, "style": "callback", "ask_again_s": 60},
    ],
)
def test_a_wrong_definition_is_refused(change: dict[str, object]) -> None:
    data = YAML(typ="safe").load(Path(SOURCES_FOLDER / "name-reservation.yaml").read_text())
    SourceDefinition.model_validate(data)
    with pytest.raises(ValidationError):
        SourceDefinition.model_validate(data | change)


def test_records_are_kept_for_the_longer_of_the_two() -> None:
    assert a_source().kept_minutes == 0
    assert a_source(fresh_for_minutes=60).kept_minutes == 60
    assert a_source(fresh_for_minutes=60, stale_ok_minutes=90).kept_minutes == 90


def test_delays_are_fast_then_slow() -> None:
    source = a_source(
        retry=RetrySchedule(fast=FastRetry(first_s=0.5, factor=2, attempts=3), slow=SlowRetry(every_s=60))
    )
    assert [next_delay(source, attempt) for attempt in range(1, 6)] == [0.5, 1, 2, 60, 60]


@given(
    first=st.floats(0.01, 60),
    factor=st.floats(1, 10),
    attempts=st.integers(0, 20),
    every=st.floats(0.1, 86400),
)
def test_delays_never_shrink_and_never_pass_the_slow_one(
    first: float, factor: float, attempts: int, every: float
) -> None:
    source = a_source(
        retry=RetrySchedule(
            fast=FastRetry(first_s=first, factor=factor, attempts=attempts), slow=SlowRetry(every_s=every)
        )
    )
    delays = [next_delay(source, attempt) for attempt in range(1, attempts + 3)]
    assert delays == sorted(delays)
    assert delays[-1] == every
    assert min(delays) > 0
