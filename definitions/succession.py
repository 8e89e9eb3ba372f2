"""What departments and regions have in common: they begin, end, and another takes over."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import StringConstraints, model_validator

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


def comes_back(entries: Mapping[str, DatedEntry], code: str, key: str) -> bool:
    """Whether whoever follows what `key` names, from entry to entry, is at `code` again in the end."""
    seen: set[str] = set()
    next_one = getattr(entries[code], key)
    while next_one in entries and next_one not in seen:
        seen.add(next_one)
        next_one = getattr(entries[next_one], key)
    return code in seen
