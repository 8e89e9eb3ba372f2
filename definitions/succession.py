"""What departments, regions and outlets have in common: they begin, end, and another takes over."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import StringConstraints, model_validator

from definitions.problems import DefinitionProblem
from definitions.reading import Document
from onething.domain.base import Strict, Text


class DatedEntry(Strict):
    """`name` is the one that it has, or had. `since` and `until` are its first and last day; `successor` takes over
    from the day after, by the public document `basis`."""

    name: Text
    since: date | None = None
    until: date | None = None
    successor: str | None = None
    basis: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None

    SUCCESSOR: ClassVar[str]
    """What a successor is, as a message calls it."""

    def is_there(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.successor is not None and (self.until is None or self.basis is None):
            raise ValueError(f"写了 successor（{self.SUCCESSOR}）就要写 until（最后一天）和 basis（依据）")
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError("until（最后一天）早于 since（第一天）")
        return self


def entry(written: object) -> object:
    """A name alone is an entry that has nothing else to say."""
    return {"name": written} if isinstance(written, str) else written


def check_links(
    document: Document,
    part: str,
    entries: Mapping[str, DatedEntry],
    keys: Sequence[str],
    noun: str,
    problems: list[DefinitionProblem],
) -> None:
    """Whoever is named is there, takes over no later than the day after, and nothing leads back to itself. `part`: of
    the file; `keys`: what names another entry; `noun`: what one is called."""
    for code, one in entries.items():
        for key in keys:
            named = getattr(one, key)
            if named is None:
                continue
            heir, trail = entries.get(named), (part, code, key)
            if heir is None:
                remedy = f"改正代码，或把它也写进 {document.name}。"
                problems.append(document.problem(trail, f"没有{noun}“{named}”。", remedy))
            elif key == "successor" and heir.since and one.until and (heir.since - one.until).days > 1:
                what = f"“{code}”到 {one.until} 为止，接续的“{named}”从 {heir.since} 才开始，中间无人负责。"
                problems.append(document.problem(trail, what, "使接续的一方 since 不晚于 until 的次日。"))
            elif _comes_back(entries, code, key):
                problems.append(document.problem(trail, f"“{code}”的 {key} 绕回了自己。", "去掉其中一处。"))


def _comes_back(entries: Mapping[str, DatedEntry], code: str, key: str) -> bool:
    """Whether whoever follows what `key` names, from entry to entry, is at `code` again in the end."""
    seen: set[str] = set()
    next_one = getattr(entries[code], key)
    while next_one in entries and next_one not in seen:
        seen.add(next_one)
        next_one = getattr(entries[next_one], key)
    return code in seen
