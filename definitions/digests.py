"""Files of digests of what is published: one line each, only ever appended to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from definitions.problems import DefinitionProblem


@dataclass(frozen=True)
class Locked:
    """`line` from 1; `digest` of the content, in hex."""

    line: int
    ref: str
    digest: str


PUBLISHED = "published.lock"
"""Beside the definitions: what holds in which place, with its digest."""


class LockFile:
    """`path` need not exist yet. `name`: what problems call it. `head`: its first line."""

    def __init__(self, path: Path, name: str, head: str) -> None:
        self._path = path
        self.name = name
        self._head = head
        self.problems: list[DefinitionProblem] = []
        self.entries = tuple(self._read())

    @property
    def refs(self) -> frozenset[str]:
        return frozenset(entry.ref for entry in self.entries)

    def append(self, digests: Mapping[str, str]) -> None:
        """Write the file with those added. Does nothing without any."""
        if digests:
            all_of_them = {entry.ref: entry.digest for entry in self.entries} | dict(digests)
            lines = "".join(f"{ref} sha256:{digest}\n" for ref, digest in all_of_them.items())
            self._path.write_text(self._head + lines, encoding="utf-8")

    def _read(self) -> Iterator[Locked]:
        if not self._path.exists():
            return
        for number, line in enumerate(self._path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            ref, found, digest = line.partition(" sha256:")
            if found:
                yield Locked(number, ref, digest)
            else:
                remedy = "从版本库恢复这个文件；它只由命令追加。"
                self.problems.append(
                    DefinitionProblem(self.name, number, "", "这一行不是“代码@版本 sha256:摘要”。", remedy)
                )
