"""Modules that the pages name are there: a page that sends somebody to a room of before is worse than none."""

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

from tests.docs.reading import PAGES, ROOT, prose

_MODULE = re.compile(r"\b(?:onething|workflows|activities|api|definitions)(?:\.[A-Za-z_]\w*)+")
_NOT_MODULES = re.compile(r"\.(?:case|item|clock|env|md|py|toml|yaml|yml|log|sock)\b")
"""Types of events that subscribers get, and files."""


def _is_there(dotted: str) -> bool:
    """A module, or something that a module has."""
    parent, _, name = dotted.rpartition(".")
    try:
        return hasattr(importlib.import_module(parent), name) or importlib.util.find_spec(dotted) is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_modules_that_are_named_exist(page: Path) -> None:
    text = prose(page)
    named = {dotted for quoted in re.findall(r"`[^`\n]+`", text) for dotted in _MODULE.findall(quoted)}
    gone = sorted(dotted for dotted in named if not _NOT_MODULES.search(dotted) and not _is_there(dotted))
    assert gone == [], f"{page.relative_to(ROOT)} names {', '.join(gone)}: say where it is now"
