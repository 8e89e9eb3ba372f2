"""The glossary's code names are the code's."""

import re

import pytest

from tests.docs.reading import ROOT

ROOMS = ("activities", "api", "definitions", "onething", "workflows")
NAMES = sorted(set(re.findall(r"`([A-Za-z_.]+)`", (ROOT / "docs" / "glossary.md").read_text())))


@pytest.fixture(scope="module")
def words() -> set[str]:
    sources = (path.read_text() for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return {word for text in sources for word in re.findall(r"\w+", text)}


@pytest.mark.parametrize("name", NAMES)
def test_the_code_says_it_so(name: str, words: set[str]) -> None:
    assert set(name.split(".")) <= words
