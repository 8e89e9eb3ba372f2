"""Reading the pages: fenced blocks, their commands, links."""

import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SUBSTITUTION = re.compile(r"\$\([^()]*\)")
_NO_PROGRAM = re.compile(r"\w+=|[{}]$|\w+\(\)$")  # assignments, braces, a function that is being defined


@dataclass(frozen=True)
class Command:
    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"


def blocks(page: Path, language: str = "sh") -> list[str]:
    return [textwrap.dedent(body) for _, tag, body in _FENCE.findall(page.read_text()) if tag == language]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text())


def commands(page: Path) -> Iterator[Command]:
    """Every simple command of the page's `sh` blocks, without variables set before it and where its output goes."""
    for block in blocks(page):
        for line in block.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(_SUBSTITUTION.sub("…", line), posix=True, punctuation_chars="|&;<>")
            lexer.whitespace_split = True
            words: list[str] = []
            redirected = False
            for word in [*lexer, ";"]:
                if word[0] in "<>":
                    redirected = True
                elif redirected:
                    redirected = False
                elif word[0] not in "|&;":
                    words.append(word)
                else:
                    while words and _NO_PROGRAM.match(words[0]):
                        words.pop(0)
                    if words:
                        yield Command(page.relative_to(ROOT).as_posix(), tuple(words))
                    words = []
