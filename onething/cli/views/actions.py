"""What may be done next, and why not, in the terminal."""

from collections.abc import Iterator, Sequence
from typing import NotRequired, TypedDict

from rich.markup import escape

from onething.cli.terminal.labels import ACTS


class Action(TypedDict):
    """As the API tells of it."""

    act: str
    allowed: bool
    why: NotRequired[str]
    remedy: NotRequired[str]


def lines(actions: Sequence[Action]) -> Iterator[str]:
    """What can be done in one line; what can't, with the reason, acts of the same reason together."""
    allowed = [_name(one) for one in actions if one["allowed"]]
    if allowed:
        yield f"现在可以：{'、'.join(allowed)}"
    reasons: dict[str, list[str]] = {}
    for one in actions:
        if not one["allowed"]:
            reasons.setdefault(one["why"] + one.get("remedy", ""), []).append(_name(one))
    for reason, names in reasons.items():
        told = f"不能{'、'.join(names)}：{reason}"
        yield f"[dim]{escape(told)}[/dim]"


def _name(action: Action) -> str:
    return ACTS.get(action["act"], action["act"])
