"""What `make test` leaves to other days: drawn alike by a seed, nothing under `make test-all`, never a whole family."""

from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import conftest
from tests.support import whole

FAMILY = list(product("abcde", range(8)))


@pytest.fixture(autouse=True)
def sampling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "WHOLE", False)


def seeded(monkeypatch: pytest.MonkeyPatch, seed: str) -> list[tuple[str, int]]:
    monkeypatch.setattr(whole, "SEED", seed)
    return whole.sampled(FAMILY, 6, kind=lambda one: one[0])


def test_a_seed_draws_the_same_again_and_another_seed_others(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [f"202612{day:02}" for day in range(1, 31)]
    first, again = ([seeded(monkeypatch, day) for day in days] for _ in range(2))
    assert first == again
    assert len({tuple(chosen) for chosen in first}) > 20
    assert {one for chosen in first for one in chosen} == set(FAMILY), "in a month each has had its turn"


def test_of_each_kind_one_runs_at_least_and_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(30):
        chosen = seeded(monkeypatch, str(day))
        assert {letter for letter, _ in chosen} == set("abcde")
        assert len(set(chosen)) == 6
        assert chosen == sorted(chosen)
    assert len(whole.sampled(FAMILY, 1, kind=lambda one: one[0])) == 5, "more kinds than were asked for"
    assert len(whole.sampled(FAMILY, 1)) == 1


def test_all_of_it_runs_under_make_test_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "WHOLE", True)
    assert whole.sampled(FAMILY, 1) == FAMILY
    assert "whole" in whole.header()


def test_a_quarter_of_a_property_s_examples_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [whole.examples(count) for count in (100, 3)] == [25, 1]
    monkeypatch.setattr(whole, "WHOLE", True)
    assert whole.examples(100) == 100


def test_no_family_is_left_out() -> None:
    with pytest.raises(AssertionError, match="shows nothing"):
        whole.sampled(FAMILY, 0)


class _Test:
    """What the conftest asks of a test."""

    def __init__(self, path: str, *marker: Any, **named: Any) -> None:
        self.path = Path(path)
        self._marker = SimpleNamespace(args=marker, kwargs=named) if marker else None

    def get_closest_marker(self, _: str) -> SimpleNamespace | None:
        return self._marker


def _left(items: list[_Test], *arguments: str) -> list[_Test]:
    config: Any = SimpleNamespace(args=arguments, hook=SimpleNamespace(pytest_deselected=lambda items: None))
    left: Any = list(items)
    conftest._leave_to_other_days(config, left)
    return list(left)


def test_a_marker_samples_its_file_and_a_family_those_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    own, others = [_Test("a.py", 2) for _ in range(5)], [_Test("b.py") for _ in range(3)]
    family = [_Test(f"{name}.py", 1, family="f") for name in "cdc"]
    left = _left([*own, *others, *family])
    assert [sum(one in left for one in group) for group in (own, others, family)] == [2, 3, 1]
    assert _left(own, "a.py::test_this_one") == own, "what is asked for by name is run"
    monkeypatch.setattr(whole, "WHOLE", True)
    assert _left([*own, *family]) == [*own, *family]
