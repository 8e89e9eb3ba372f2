"""Whatever stands in the layers, what is wrong is told: nothing of it makes reading them fail."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from definitions.commands import problems_of
from definitions.problems import DefinitionProblem
from tests.definitions.layered import FILES, PLACES
from tests.support.whole import sampled

WRITTEN = {**FILES, **PLACES}
STRANGE: tuple[Any, ...] = (
    *(None, "", 3, -1, True, "x.y", "items.tobacco", "assumed", "食品"),
    *([], {}, ["a"], {"a": 1}, [[]], [{}], {"amount": 1, "unit": "working_day", "for": "office"}),
)
Trail = tuple[Any, ...]


def trails(value: Any, trail: Trail = ()) -> Iterator[Trail]:
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*trail, key)
        yield from trails(value[key], (*trail, key))


def bent(text: str, random: Random) -> str:
    """With something of it left out, or something strange in its place."""
    value = yaml.safe_load(text)
    for _ in range(random.choice((1, 1, 2))):
        *around, last = random.choice(list(trails(value)))
        part = value
        for key in around:
            part = part[key]
        if random.random() < 0.25:
            del part[last]
        else:
            part[last] = random.choice(STRANGE)
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize("seed", sampled(range(400), 15))
def test_what_is_bent_is_told_or_sound(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    name = random.choice([one for one in WRITTEN if one != "regions.yaml"])
    for file, text in WRITTEN.items():
        target = tmp_path / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(bent(text, random) if file == name else text, encoding="utf-8")
    _, problems = problems_of(tmp_path)
    assert all(isinstance(one, DefinitionProblem) and one.file in WRITTEN and one.line > 0 for one in problems)
