"""A name means one thing in the whole product, and says which."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import Function, assigned, functions, modules, parameters, public_functions, tree, where

_EMPTY_WORDS = {
    "told": "view, notified, announced",
    "said": "message, statement, entered",
    "wanted": "requested, needed, expected",
    "asked": "pending, requested, demanded",
    "shown": "view, visible",
    "came": "outcome, received",
    "kept": "stored, cached, upheld",
    "one": "what it is one of: item, row, task …",
}
"""Words that were once bound a hundred times with sixteen meanings → what to say instead, by what is meant."""

_VARIABLES = ("TypeVar(", "ParamSpec(")
"""Of generic signatures: each file has its own."""


def _types(file: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Public classes and aliases of types (`Row = dict[str, Any]`) that the module defines."""
    for node in tree(file).body:
        if isinstance(node, ast.ClassDef):
            names = [node.name]
        elif isinstance(getattr(node, "value", None), ast.Call) and ast.unparse(node).partition(" = ")[2].startswith(
            _VARIABLES
        ):
            continue
        else:
            names = [name for name in assigned(node) if name[:1].isupper() and not name.isupper()]
        yield from ((name, node) for name in names if not name.startswith("_"))


def test_a_class_or_alias_is_defined_once_in_the_product() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for file in modules():
        for name, node in _types(file):
            places[name].append(where(file, node))
    twice = [f"{name}: {', '.join(found)}" for name, found in sorted(places.items()) if len(found) > 1]
    assert not twice, (
        "the same name for two things; import the one, or call one by what it is on its floor "
        "(ItemRow, ItemView, ItemOption …), private with _ where only its own file uses it:\n" + "\n".join(twice)
    )


def _named(file: Path) -> Iterator[tuple[str, ast.AST, str]]:
    """Public functions, classes and constants, and every parameter; fields of models are contracts."""
    for function in public_functions(file):
        yield function.name, function, f"function {function.name}"
    for node in tree(file).body:
        if isinstance(node, ast.ClassDef):
            yield node.name, node, f"class {node.name}"
        yield from ((name, node, f"constant {name}") for name in assigned(node))
    for function in functions(file):
        yield from ((part.arg, function, f"{function.name}({part.arg})") for part in parameters(function))


@pytest.mark.parametrize("word", _EMPTY_WORDS)
def test_no_name_is_an_empty_word(word: str) -> None:
    found = [
        f"{where(file, node)} {what}"
        for file in modules()
        for name, node, what in _named(file)
        if name.lower() == word and isinstance(node, Function | ast.stmt)
    ]
    assert not found, f"`{word}` does not say what it is; by meaning: {_EMPTY_WORDS[word]}\n" + "\n".join(found)
