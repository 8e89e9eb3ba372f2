"""What others are told of a line of the journal: its type, and codes and dates only. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from onething.domain.events.union import Event

_CLOCKS = frozenset({"rung_fired", "calendar_changed", "pause_time_ended", "marks_taken_back"})
_OF_THE_CASE = frozenset({"effect_undone", "undone_by_hand", "patience_ended", "urge_answered", "supervision_answered"})
"""Whatever item they name: what subscribers know as the case's stays the case's."""
_TOLD = (
    *(
        "item",
        "items",
        "earlier",
        "data",
        "material",
        "code",
        "template",
        "of",
        "clock",
        "letter",
        "period",
        "inspection",
    ),  # what it is about
    *("round", "outcome", "rung", "card", "overdue", "department", "channel", "outlet", "outputs", "why", "relying"),
)


def type_of(kind: str, event: Mapping[str, Any]) -> str:
    """`onething.case.accepted`, `onething.item.decided`, `onething.clock.overdue` …"""
    if kind.startswith("clock_") or kind in _CLOCKS:
        return f"onething.clock.{kind.removeprefix('clock_')}"
    if kind.startswith("item_") or (event.get("item") and kind not in _OF_THE_CASE):
        return f"onething.item.{kind.removeprefix('item_')}"
    return f"onething.case.{kind.removeprefix('case_')}"


def matches(types: Iterable[str], type_: str) -> bool:
    """Whether one of the patterns means it: the type itself, or `onething.case.*`."""
    return any(one == type_ or (one.endswith(".*") and type_.startswith(one[:-1])) for one in types)


def public_fields(event: Mapping[str, Any]) -> dict[str, Any]:
    """The codes of an event that subscribers may know, what it is about first; who did it, what was found and where
    values lie is not among them. Each value is text, a number or (`items`) a list of codes."""
    return {name: event[name] for name in _TOLD if isinstance(event.get(name), str | int | list)}


def _types() -> Iterator[str]:
    for one in get_args(get_args(Event)[0]):
        kind = one.model_fields["kind"].default
        yield type_of(kind, {})
        if "item" in one.model_fields:
            yield type_of(kind, {"item": "x"})


PATTERNS = ("onething.case.*", "onething.item.*", "onething.clock.*")
TYPES = tuple(sorted(set(_types())))
"""All types that there are."""
