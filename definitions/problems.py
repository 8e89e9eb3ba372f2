"""What is wrong with a definition, where, and what to do about it: for the people who write definitions."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class DefinitionProblem:
    """`file` as it was given to the loader, `line` from 1, `pointer` a JSON pointer; `what` and `remedy` in Chinese."""

    file: str
    line: int
    pointer: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.pointer or '/'}：{self.what} 建议：{self.remedy}"


class DefinitionProblems(Exception):
    """All problems found, in the order of files and lines."""

    def __init__(self, problems: Sequence[DefinitionProblem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


def pointer_of(path: Sequence[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
