"""What a function's first lines promise: the errors that it raises, and shapes that have names."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import Function, functions, modules, parameters, public_functions, tree, where

_MISTAKES = {"AssertionError", "NotImplementedError", "ValueError"}
"""Of whoever wrote the call: they end the program, and nobody is to catch them."""
_READ_BY_PEOPLE = ("onething/cli/", "api/")
"""Docstrings there are help on the screen or stand in the API's description, in Chinese."""
_NAMELESS = "dict[str, Any]"
MOST_NAMELESS = 127


def _raised(function: Function) -> Iterator[tuple[ast.Raise, str, set[str]]]:
    """What the body itself raises by name → words of which the docstring must have one: the class, or the code."""
    inside: list[ast.AST] = list(function.body)
    for node in inside:
        if isinstance(node, Function | ast.ClassDef | ast.Lambda):
            continue
        inside.extend(ast.iter_child_nodes(node))
        if not isinstance(node, ast.Raise) or node.exc is None:
            continue
        call = node.exc if isinstance(node.exc, ast.Call) else None
        name = ast.unparse(call.func if call else node.exc).rpartition(".")[2]
        if not name[:1].isupper() or name in _MISTAKES:
            continue  # made by a helper, or raised again
        codes = (ast.unparse(part) for part in (call.args if call else []))
        yield (
            node,
            name,
            {name, *(code.removeprefix("FailureCode.") for code in codes if code.startswith("FailureCode."))},
        )


def _silent(file: Path) -> Iterator[str]:
    for function in public_functions(file):
        docstring = ast.get_docstring(function) or ""
        for node, name, words in _raised(function):
            if not any(word in docstring for word in words):
                yield f"{where(file, node)} {function.name} raises {name}"


def test_public_functions_name_the_errors_that_they_raise() -> None:
    silent = [
        line
        for file in modules()
        if not where(file).startswith(_READ_BY_PEOPLE) or where(file).startswith("onething/edge/")
        for line in _silent(file)
    ]
    assert not silent, (
        "callers learn from the docstring what to expect: name the class or the FailureCode there, and when "
        "(`Raises NotAllowed if …`):\n" + "\n".join(silent)
    )


def _nameless() -> int:
    """How often signatures in onething/ speak of an object whose fields nobody has written down."""
    annotations = [
        annotation
        for file in modules("onething")
        for function in functions(file)
        for annotation in (function.returns, *(part.annotation for part in parameters(function)))
        if annotation is not None
    ]
    return sum(ast.unparse(annotation).count(_NAMELESS) for annotation in annotations)


def test_objects_without_a_name_only_get_fewer() -> None:
    found = _nameless()
    assert found <= MOST_NAMELESS, (
        f"{found} times {_NAMELESS} in signatures of onething/, {MOST_NAMELESS} at most: give what goes in or out a "
        "model, a dataclass or a TypedDict"
    )
    assert found == MOST_NAMELESS, f"{found} left, thank you: set MOST_NAMELESS in {Path(__file__).name} to {found}"


def test_rules_read_what_they_judge() -> None:
    """A file that is not found would make every rule true."""
    assert sum(1 for file in modules() if tree(file).body) > 300
