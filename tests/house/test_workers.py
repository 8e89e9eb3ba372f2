"""How each worker of `make test` is set up, so that tests cost what they do and not what lies around them."""

import gc
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support import servers


def test_the_collector_looks_at_nothing_that_was_there_before_the_first_test() -> None:
    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] == 10_000


def test_databases_lie_in_memory_where_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert servers.in_memory(tmp_path / "nothing") is None
    for free, chosen in ((servers.ROOM - 1, None), (servers.ROOM, tmp_path)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        assert servers.in_memory(tmp_path) == chosen
