"""Finding and changing one part of a tree by a path of keys and names."""

from collections.abc import Callable, Sequence

from definitions.layers.tree import LayerNode

NodeChange = Callable[[LayerNode | None], LayerNode | None]
"""What stands there, or nothing, becomes what shall stand there, or nothing."""


class NotThereError(LookupError):
    """`part` of the path leads nowhere; `known`: what there is."""

    def __init__(self, part: str, known: Sequence[str]) -> None:
        self.part = part
        self.known = known
        super().__init__(part)


def found(tree: LayerNode, path: Sequence[str]) -> LayerNode | None:
    """Of a path whose last part may not be there. Raises NotThereError."""
    seen: list[LayerNode | None] = []

    def look(node: LayerNode | None) -> LayerNode | None:
        seen.append(node)
        return node

    changed(tree, path, look)
    return seen[0]


def changed(tree: LayerNode, path: Sequence[str], change: NodeChange) -> LayerNode:
    """Raises NotThereError, but for a last key that a mapping does not have yet."""
    part, rest = path[0], path[1:]
    if isinstance(tree.value, list):
        return _in_list(tree, part, rest, change)
    if rest and part not in tree.parts:
        raise NotThereError(part, sorted(tree.parts))
    if not isinstance(tree.value, dict):
        raise NotThereError(part, ())
    there = tree.parts.get(part)
    after = changed(there, rest, change) if rest and there is not None else change(there)
    return tree.without(part) if after is None else tree.having(**{part: after})


def _in_list(tree: LayerNode, part: str, rest: Sequence[str], change: NodeChange) -> LayerNode:
    if part not in [one.name for one in tree.elements]:
        raise NotThereError(part, [one.name for one in tree.elements if one.name is not None])
    elements = []
    for one in tree.elements:
        after = one if one.name != part else changed(one, rest, change) if rest else change(one)
        if after is not None:
            elements.append(after)
    return LayerNode(elements, tree.place)
