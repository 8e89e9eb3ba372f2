"""Definitions as officers hand them in for the first time: typed in a word processor; with Chinese names for codes;
right in form and wrong in sense. Everything is told at once, at its line, in words that they know."""

import re
from pathlib import Path

import pytest

from definitions.commands import problems_of
from tests.definitions.support import folder_with

FILES = Path(__file__).parent / "officers"


@pytest.mark.parametrize("name", ["word-processor", "chinese-codes", "wrong-sense"])
def test_what_officers_are_told(tmp_path: Path, name: str) -> None:
    text = (FILES / f"{name}.yaml").read_text(encoding="utf-8")
    folder_with(tmp_path, text, f"catalog/{name}/v1.yaml")
    said = [str(one).removeprefix(f"catalog/{name}/v1.yaml:") for one in sorted(problems_of(tmp_path)[1])]
    assert said == (FILES / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", ["word-processor", "chinese-codes", "wrong-sense"])
def test_nothing_of_a_programming_language_is_shown(name: str) -> None:
    said = (FILES / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"\bstr\b|\bint\b|tuple|dict|\^\[|\$\)|expected|input", said)
