"""What goes with something that a place leaves out: whatever named it, and what only it had needed."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from definitions.layers.merging import USERS
from definitions.layers.tree import LayerNode

_NAMED_IN: Mapping[str, frozenset[str]] = {
    "items": frozenset({*USERS, "after", "outputs", "items"}),
    "materials": frozenset({"materials"}),
    "data": frozenset({"data", "values"}),
    "form": frozenset({"fields", "reads", "told_apart_by", "values"}),
    "questions": frozenset(),
    "compare": frozenset(),
}
"""Part → keys under which its elements are listed by name, alone or with what follows behind a dot or a colon."""
_PREFIX = {"data": "data.", "form": "form."}
_ONLY_NEEDED = {
    "parameters": "params.",
    "questions": "answers.",
    "situations": "situation.",
    "data": "",
    "materials": "",
}
"""Part → what stands before its names in conditions."""
_NO_NAMES = frozenset(
    {"name", "label", "help", "summary", "question", "says", "title", "note", "what", "why", "basis", "bases"}
)
"""Keys of texts for people, and of where rules come from."""
_WORD = re.compile(r"(?:params|answers|situation)\.\w+|[A-Za-z_][\w-]*")


def pruned(before: LayerNode, after: LayerNode, part: str, name: str) -> LayerNode:
    """`after` without whatever named it. `before`: as it still was there."""
    tree = _without(after, part, name)
    while gone := _users_gone(tree):
        for each_part, each in gone:
            tree = _without(_dropped(tree, each_part, each), each_part, each)
    return _without_the_needless(before, tree)


def _without(node: LayerNode, part: str, name: str, key: str = "") -> LayerNode:
    """A list of names loses it; an element that is made of it goes."""
    if node.parts:
        parts = {inner: _without(one, part, name, inner) for inner, one in node.parts.items() if inner != "answers"}
        return LayerNode({**node.parts, **parts}, node.place)
    if not node.elements:
        return node
    elements = [one for one in node.elements if not _is(one, part, name, key) and not _made_of(one, part, name)]
    return LayerNode([_without(one, part, name) for one in elements], node.place)


def _is(node: LayerNode, part: str, name: str, key: str) -> bool:
    if key not in _NAMED_IN.get(part, ()) or not isinstance(node.value, str):
        return False
    text = node.value.removeprefix(_PREFIX.get(part, "")) if key == "values" else node.value
    return text == name or text.startswith((f"{name}.", f"{name}:"))


def _made_of(node: LayerNode, part: str, name: str) -> bool:
    """A material that is the item's output, or shows the record."""
    word = {"items": "output", "data": "data"}.get(part, "")
    made = node.parts.get(word)
    return (
        made is not None and isinstance(made.value, str) and (made.value == name or made.value.startswith(f"{name}."))
    )


def _users_gone(tree: LayerNode) -> list[tuple[str, str]]:
    """Materials and fields that nobody is left to see."""
    return [
        (part, one.name)
        for part in ("materials", "form")
        for one in _list(tree, part)
        if one.name and any(word in one.parts and one.parts[word].value == [] for word in USERS)
    ]


def _dropped(tree: LayerNode, part: str, name: str) -> LayerNode:
    rest = [one for one in _list(tree, part) if one.name != name]
    return tree.having(**{part: LayerNode(rest, tree.parts[part].place)})


def _without_the_needless(before: LayerNode, tree: LayerNode) -> LayerNode:
    """What was named before, and is no more."""
    was = _mentioned(before)
    while True:
        now = _mentioned(tree)
        needless = [
            (part, one.name)
            for part, scope in _ONLY_NEEDED.items()
            for one in _list(tree, part)
            if one.name and was[f"{scope}{one.name}"] > _own(one, scope) >= now[f"{scope}{one.name}"]
        ]
        if not needless:
            return tree
        for part, name in needless:
            tree = _without(_dropped(tree, part, name), part, name)


def _own(node: LayerNode, scope: str) -> int:
    return Counter(_words(node))[f"{scope}{node.name}"]


def _mentioned(tree: LayerNode) -> Counter[str]:
    return Counter(_words(tree.without("examples")))


def _words(node: LayerNode) -> Iterator[str]:
    for key, one in node.parts.items():
        if key not in _NO_NAMES:
            yield from _words(one)
    for one in node.elements:
        yield from _words(one)
    if isinstance(node.value, str):
        yield from _WORD.findall(node.value)


def _list(tree: LayerNode, part: str) -> list[LayerNode]:
    return [*tree.parts[part].elements] if part in tree.parts else []
