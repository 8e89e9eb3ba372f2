"""What two layers say of the same thing, put together by its name."""

from collections.abc import Callable, Iterable, Sequence

from definitions.layers.tree import LayerNode

Both = Callable[[LayerNode, LayerNode], LayerNode]
"""What becomes of the same thing said by an earlier and a later layer."""


def merged(earlier: Iterable[LayerNode], later: Iterable[LayerNode], both: Both) -> list[LayerNode]:
    """The elements of two lists: what has the same name once, where the earlier has it; what has none, all of it."""
    found: list[LayerNode] = []
    at: dict[str, int] = {}
    for one in (*earlier, *later):
        name = one.name
        if name is not None and name in at:
            found[at[name]] = both(found[at[name]], one)
            continue
        if name is not None:
            at[name] = len(found)
        found.append(one)
    return found


def is_section(node: LayerNode) -> bool:
    """A part of the form, which is a frame for fields of several layers; a list's columns belong to it alone."""
    return "fields" in node.parts and "type" not in node.parts


def with_fields(section: LayerNode, fields: Sequence[LayerNode]) -> LayerNode:
    return section.having(fields=LayerNode([*fields], section.parts["fields"].place))


def unlike(first: LayerNode, second: LayerNode) -> list[str]:
    """The keys under which two say something else; a section's fields are no difference."""
    framed = is_section(first) and is_section(second)
    keys = [key for key in {**first.parts, **second.parts} if not (framed and key == "fields")]
    if not keys:
        return [] if first.plain() == second.plain() else [str(first.name or first.value)]
    return [key for key in keys if not _same(first.parts.get(key), second.parts.get(key))]


def _same(first: LayerNode | None, second: LayerNode | None) -> bool:
    return first is not None and second is not None and first.plain() == second.plain()
