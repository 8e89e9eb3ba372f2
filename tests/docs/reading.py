"""Reading the pages: fenced blocks, their commands, links."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"


def blocks(page: Path, language: str = "sh") -> list[str]:
    return [body for tag, body in _FENCE.findall(page.read_text()) if tag == language]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text())


def commands(page: Path) -> Iterator[Command]:
    """Every simple command of the page's `sh` blocks, without variables set before it or what it is piped into."""
    for block in blocks(page):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"\s(?:\||&&|>|2>)\s", line):
                words = shlex.split(part, comments=True)
                while words and re.match(r"^\w+=", words[0]):
                    words.pop(0)
                if words:
                    yield Command(page.relative_to(ROOT).as_posix(), tuple(words))
