"""Values of several files in one tree: each part remembers the file, the line and the path at which it was written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from definitions.problems import DefinitionProblem, pointer_of
from definitions.reading import Document, Trail, WrittenAt

NAMES = ("id", "code", "key")
"""By which of them an element of a list is the same one in another layer."""
MADE_UP = ""
"""The file of what nobody wrote."""


@dataclass(frozen=True)
class LayerNode:
    """`value`: a mapping or a list of nodes, or what stands there. Never changed: layers make new ones."""

    value: Any
    place: WrittenAt

    @property
    def parts(self) -> Mapping[str, "LayerNode"]:
        """Of a mapping; of anything else there are none."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def elements(self) -> Sequence["LayerNode"]:
        """Of a list; of anything else there are none."""
        return self.value if isinstance(self.value, list) else ()

    @property
    def name(self) -> str | None:
        """By what it is known among the elements of a list."""
        found = (self.parts[word].value for word in NAMES if word in self.parts)
        return next((one for one in found if isinstance(one, str)), None)

    def having(self, **changes: "LayerNode") -> "LayerNode":
        """A mapping with these parts."""
        return replace(self, value={**self.parts, **changes})

    def without(self, *keys: str) -> "LayerNode":
        return replace(self, value={key: one for key, one in self.parts.items() if key not in keys})

    def plain(self) -> Any:
        match self.value:
            case dict():
                return {key: one.plain() for key, one in self.value.items()}
            case list():
                return [one.plain() for one in self.value]
        return self.value

    def problem(self, what: str, remedy: str) -> DefinitionProblem:
        return DefinitionProblem(self.place.file, self.place.line, pointer_of(self.place.trail), what, remedy)

    @property
    def where(self) -> str:
        """`file:line`, for a sentence about another place."""
        return f"{self.place.file}:{self.place.line}"


def tree_of(document: Document) -> LayerNode:
    return _node(document, document.value, ())


def made(value: Any, place: WrittenAt | None = None) -> LayerNode:
    """Of plain values that stand in no file, or all at one place."""
    at = place or WrittenAt(MADE_UP, 0, ())
    match value:
        case LayerNode():
            return value
        case dict():
            return LayerNode({key: made(one, at) for key, one in value.items()}, at)
        case list():
            return LayerNode([made(one, at) for one in value], at)
    return LayerNode(value, at)


def _node(document: Document, value: Any, trail: Trail) -> LayerNode:
    place = document.place(trail)
    match value:
        case dict():
            return LayerNode({key: _node(document, one, (*trail, key)) for key, one in value.items()}, place)
        case list():
            return LayerNode([_node(document, one, (*trail, index)) for index, one in enumerate(value)], place)
    return LayerNode(value, place)


class LayeredDocument(Document):
    """A tree, read as if it were one file. `problems`: of the YAML that it was read from."""

    def __init__(self, tree: LayerNode, name: str, problems: Iterable[DefinitionProblem] = ()) -> None:
        self.name = name
        self.problems = list(problems)
        self.tree = tree
        self.value = tree.plain()
        self._places: dict[Trail, WrittenAt] = dict(_places(tree, ()))

    def place(self, path: Sequence[str | int]) -> WrittenAt:
        trail = tuple(path)
        around = trail
        while around not in self._places:
            around = around[:-1]
        found = self._places[around]
        return WrittenAt(found.file, found.line, (*found.trail, *trail[len(around) :]))

    def has(self, path: Sequence[str | int]) -> bool:
        return tuple(path) in self._places


def _places(node: LayerNode, trail: Trail) -> Iterator[tuple[Trail, WrittenAt]]:
    yield trail, node.place
    for key, one in node.parts.items():
        yield from _places(one, (*trail, key))
    for index, one in enumerate(node.elements):
        yield from _places(one, (*trail, index))
