"""What goes with something that a place leaves out: whatever named it, and what only it had needed."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from definitions.layers.tree import LayerNode

_NAMED_IN: Mapping[str, frozenset[str]] = {
    "items": frozenset({"after", "items"}),
    "periods": frozenset({"after"}),
    "inspections": frozenset({"after"}),
    "materials": frozenset({"materials", "lookups", "values"}),
    "form": frozenset({"fields", "reads", "told_apart_by", "values", "at"}),
    "questions": frozenset(),
    "compare": frozenset(),
}
"""Part → keys under which its elements are listed by name, alone or with what follows behind a dot or a colon."""
_PREFIX = {"materials": "data.", "form": "form."}
_ONLY_NEEDED = {
    "parameters": "params.",
    "questions": "answers.",
    "situations": "situation.",
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
    for field in _read(before) - _read(tree):
        tree = _without(_without_field(tree, field), "form", field)
    return _without_the_needless(before, _without_the_empty(tree))


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
    """A material that is the item's output; a check of the field's value."""
    word, made = {
        "items": ("output", rf"{re.escape(name)}\."),
        "form": ("must", rf".*\bform\.{re.escape(name)}\b"),
    }.get(part, ("", ""))
    text = node.parts.get(word)
    return text is not None and isinstance(text.value, str) and re.match(made, text.value, re.DOTALL) is not None


def _read(tree: LayerNode) -> set[str]:
    """Fields that some item reads, by themselves or with their section."""
    named = {
        one.value for item in _list(tree, "items") if "reads" in item.parts for one in item.parts["reads"].elements
    }
    return {
        field.name
        for section in _list(tree, "form")
        if "fields" in section.parts
        for field in section.parts["fields"].elements
        if field.name and named.intersection({field.name, section.name})
    }


def _without_field(tree: LayerNode, name: str) -> LayerNode:
    sections = [
        section.having(
            fields=LayerNode(
                [one for one in section.parts["fields"].elements if one.name != name], section.parts["fields"].place
            )
        )
        if "fields" in section.parts
        else section
        for section in _list(tree, "form")
    ]
    return tree.having(form=LayerNode(sections, tree.parts["form"].place))


def _without_the_empty(tree: LayerNode) -> LayerNode:
    """Sections without a field, and comparisons that have no two values or no record among them any more."""
    for part, word in (("form", "fields"), ("compare", "values")):
        for one in _list(tree, part):
            values = [each.value for each in one.parts[word].elements] if word in one.parts else []
            compares = len(values) > 1 and any(str(value).startswith("data.") for value in values)
            if one.name and not (compares if part == "compare" else values):
                tree = _without(_dropped(tree, part, one.name), part, one.name)
    return tree


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
