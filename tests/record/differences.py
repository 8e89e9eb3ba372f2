"""What one JSON document has that the other has not. Members of lists are compared by their names, not their places."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

NAMING = ("seq", "id", "code", "name", "digest", "key", "$ref")  # keys by which the members of a list are called


class What(StrEnum):
    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """`where`: the keys that lead there; members of lists as `[their name or number]`. Of a change `old` and `new`."""

    where: tuple[str, ...]
    what: What
    old: Any = None
    new: Any = None


def differences(old: Any, new: Any, where: tuple[str, ...] = ()) -> Iterator[Difference]:
    """In the order of the old document, then of the new one. What is new or gone whole is one difference."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_objects(old, new, where)
    elif isinstance(old, list) and isinstance(new, list):
        old_members, new_members = _named(old, new), _named(new, old)
        found = list(_of_objects(old_members, new_members, where))
        yield from found
        if not found and list(old_members) != list(new_members):
            yield Difference(where, What.CHANGED, list(old_members), list(new_members))
    elif old != new or type(old) is not type(new):
        yield Difference(where, What.CHANGED, old, new)


def _of_objects(old: Mapping[str, Any], new: Mapping[str, Any], where: tuple[str, ...]) -> Iterator[Difference]:
    for key, value in old.items():
        if key in new:
            yield from differences(value, new[key], (*where, key))
        else:
            yield Difference((*where, key), What.GONE, old=value)
    for key, value in new.items():
        if key not in old:
            yield Difference((*where, key), What.NEW, new=value)


def _named(members: list[Any], others: list[Any]) -> dict[str, Any]:
    """The members by the names that both lists allow."""
    both = (members, others)
    if all(not isinstance(one, dict | list) for one in [*members, *others]):
        names = [json.dumps(one, ensure_ascii=False) for one in members]
        if len(set(names)) == len(names):
            return {f"[{name}]": one for name, one in zip(names, members, strict=True)}
    for key in NAMING:
        if all(_names_all(list_, key) for list_ in both):
            return {f"[{one[key]}]": one for one in members}
    return {f"[{number}]": one for number, one in enumerate(members)}


def _names_all(members: list[Any], key: str) -> bool:
    names = [one.get(key) for one in members if isinstance(one, dict)]
    return len(names) == len(members) == len(set(map(str, names))) and None not in names
