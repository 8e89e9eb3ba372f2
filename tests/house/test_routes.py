"""Routes are the API's words: services are also called by workers, the command line and tests."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import modules, tree, where

_BEGINS_AS_ROUTE = re.compile(r"(GET|HEAD|POST|PUT|PATCH|DELETE) ?/")


def _texts(file: Path) -> Iterator[tuple[ast.Constant, str]]:
    """Strings, and the first part of formatted ones; no docstrings. A route that stands for something begins its
    string; a hint to people names one inside a sentence, and may."""
    later = {id(part) for node in ast.walk(tree(file)) if isinstance(node, ast.JoinedStr) for part in node.values[1:]}
    alone = {id(node.value) for node in ast.walk(tree(file)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in later | alone:
            yield node, node.value


def test_services_hold_no_routes() -> None:
    found = [
        f"{where(file, node)} {text!r}"
        for file in modules("onething/services")
        for node, text in _texts(file)
        if _BEGINS_AS_ROUTE.match(text)
    ]
    assert not found, (
        "an act is known by its member of `policy.Act` and the case or task that it is about, also as the scope of its "
        "idempotency key; never by its route:\n" + "\n".join(found)
    )


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("POST /api/cases/", True),
        ("/api/cases/1/documents", False),  # a link in an answer: the address of a thing, no operation
        ("或在综合窗口登记（POST /api/mandates，acts 写 licences）。", False),
        ("请用 commitments/{material}/check 登记核查结果。", False),
        ("application/json", False),
    ],
)
def test_a_hint_is_no_route(text: str, route: bool) -> None:
    assert bool(_BEGINS_AS_ROUTE.match(text)) is route
