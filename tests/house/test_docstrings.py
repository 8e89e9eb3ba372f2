"""Whoever opens a room reads first what it is for, where to start, and what it is not."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import PRODUCT, ROOT, modules, tree

_START, _OTHER = "Start here:", "Not to be confused with"
_FILE = re.compile(r"`([\w./-]+)`")


def _rooms() -> list[Path]:
    return [file.parent for file in modules(*PRODUCT) if file.name == "__init__.py" and "migrations" not in file.parts]


def _docstring(room: Path) -> str:
    return ast.get_docstring(tree(room / "__init__.py")) or ""


def _after(text: str, words: str) -> str:
    """What the docstring says after these words, up to the next of them or the end."""
    _, _, rest = text.partition(words)
    return rest.partition(_OTHER)[0].strip(" :\n")


def _is_there(room: Path, path: str) -> bool:
    """As the docstring has it: from the room itself, from `onething`, or from the top."""
    return any((place / path).exists() for place in (room, ROOT / "onething", ROOT))


@pytest.mark.parametrize("room", _rooms(), ids=lambda room: room.relative_to(ROOT).as_posix())
def test_every_room_says_what_for_where_to_start_and_what_it_is_not(room: Path) -> None:
    init, text = f"{room.relative_to(ROOT).as_posix()}/__init__.py", _docstring(room)
    assert len(text.partition(_START)[0].strip()) > 10, f"{init}: say first, in a sentence, what the room is for"
    assert _START in text, f"{init}: say `{_START} \\`file.py\\`` for who has never been here"
    assert _OTHER in text, f"{init}: say `{_OTHER} …`, the room that somebody might have looked for, and what it has"
    start = _FILE.findall(_after(text, _START))
    assert start, f"{init}: `{_START}` names a file, in backticks"
    assert _after(text, _OTHER), f"{init}: `{_OTHER}` names nothing"
    paths = [path for path in (*start, *_FILE.findall(_after(text, _OTHER))) if "/" in path or path.endswith(".py")]
    gone = [path for path in paths if not _is_there(room, path)]
    assert not gone, f"{init} sends readers to {', '.join(gone)}, which is not there: name where it is now"
