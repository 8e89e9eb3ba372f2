"""Where recordings are kept, and what is to be done with those that changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

MOST = 20  # sentences of one kind that are printed


@dataclass
class Book:
    """`missing_only`: what is recorded stays as it is. `look_only`: nothing is written at all.

    `changes`: kind → sentence → the recordings that it holds for ("" where the kind is a single one)."""

    missing_only: bool = False
    look_only: bool = False
    changes: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def note(self, kind: str, sentences: Iterable[str], recording: str = "") -> None:
        for sentence in sentences:
            self.changes.setdefault(kind, {}).setdefault(sentence, []).append(recording)

    def write(self, file: Path, text: str) -> None:
        if not self.look_only:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def remove(self, file: Path) -> None:
        if not self.look_only:
            file.unlink()

    def lines(self) -> list[str]:
        """What is printed in the end."""
        found: list[str] = []
        for kind, sentences in self.changes.items():
            lines = [f"{kind}{_of(names)}: {sentence}" for sentence, names in sentences.items()]
            found += lines[:MOST]
            if len(lines) > MOST:
                found.append(f"{kind}: and {len(lines) - MOST} more differences, which `git diff` shows")
        return found or ["nothing changed"]


def _of(names: list[str]) -> str:
    """Some names, and how many more there are."""
    if names == [""]:
        return ""
    if len(names) <= 3:
        return " " + ", ".join(names)
    return f" {', '.join(names[:2])} and {len(names) - 2} others"
