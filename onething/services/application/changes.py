"""What a correction changes in an application, field by field, and whether that was asked for."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from onething.services.application.schemas import Application

PARTS = ("form", "answers", "applicant", "delivery")
"""Of an application, what may be corrected. Who applies, by the number, may not: that is another application."""


class Change(NamedTuple):
    """`pointer` into the application (`/form/shareholders/0/name`); None: there was, or is, nothing."""

    pointer: str
    before: Any
    after: Any

    @property
    def field(self) -> str:
        """Of which field it is a part: the first two steps."""
        return "/".join(self.pointer.split("/")[:3])


def changes(old: Application, new: Application) -> list[Change]:
    """In the order of `PARTS`, and of the fields in them."""
    before, after = old.model_dump(include=set(PARTS)), new.model_dump(include=set(PARTS))
    return [one for part in PARTS for one in _differences(before[part], after[part], f"/{part}")]


def _differences(before: Any, after: Any, at: str) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from _differences(before.get(name), after.get(name), f"{at}/{name}")
    elif _are_rows(before) and _are_rows(after) and len(before) == len(after):
        for row, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(one, other, f"{at}/{row}")
    elif before != after:
        yield Change(at, before, after)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def is_demanded(demands: Iterable[str], pointer: str) -> bool:
    """Whether a demand points to it, to what it is a part of, or to a part of it."""
    return any(_within(pointer, one) or _within(one, pointer) for one in demands)


def answered(demands: Iterable[str], entered: Collection[str], applicable: Collection[str]) -> tuple[str, ...]:
    """Demands that are met: what they point to is said anew, whether or not it is another value; or other answers have
    made it needless. `entered`: pointers to fields; `applicable`: of the form, by id."""
    return tuple(
        one
        for one in demands
        if any(_within(one, pointer) or _within(pointer, one) for pointer in entered)
        or (one.startswith("/form/") and one.split("/")[2] not in applicable)
    )


def _within(pointer: str, whole: str) -> bool:
    return pointer == whole or pointer.startswith(f"{whole}/")
