"""What a caller must bring is settled in one file: elsewhere nobody makes principals, actors, tokens or people."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from onething.domain.identity import IdType, WrongNumber, read_number
from tests.house.source import modules, tree, where
from tests.support import people

MAKER = "tests/support/people.py"
ROOMS = ("tests", "chaos", "bench", "onething/cli/demo")

CLASSES = frozenset({"Principal", "Actor", "DemoAccounts", "TokenIssuer", "IssuedToken"})
ATTRIBUTES = frozenset({"accounts"})  # of the API's context: who signs in there is signed in by people.py
BEARER, NUMBER = re.compile(r"\bbearer ", re.IGNORECASE), re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")

ALLOWED = {
    "tests/security/test_principal.py": "is about principals",
    "tests/security/identity/test_reader.py": "is about tokens, and any principal in them",
    "tests/security/identity/signing.py": "makes an issuer whose tokens say anything",
    "tests/security/test_demo_accounts.py": "is about the accounts",
    "tests/security/test_blind_index.py": "is about ways of writing an identity number",
    "tests/api/test_papers.py": "is about right and wrong numbers",
    "tests/domain/test_identity.py": "is about right and wrong numbers",
    "tests/domain/form/test_form.py": "is about right and wrong identity numbers",
    "tests/domain/definition/test_compare_as.py": "is about ways of writing an identity number",
    "tests/api/test_public.py": "is about signing in, and about odd tokens",
    "tests/connectors/test_credentials.py": "its tokens are those that data sources give us",
    "bench/raw/activities.py": "the yardstick is a worker that loads nothing of ours",
    "tests/house/test_people.py": "is about finding them",
}
"""File → why it makes its own."""


def _is_right(number: str) -> bool:
    try:
        return bool(read_number(IdType.RESIDENT_ID, number))
    except WrongNumber:
        return False


def _made(module: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """What is made in the module that only people.py may make: where, and what."""
    nodes = list(ast.walk(module))
    words = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
    for node in nodes:
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CLASSES:
                yield node, f"{name}(…)"
        elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
            yield node, f".{node.attr}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words:
            if BEARER.search(node.value):
                yield node, "a header with a token: people.bearer"
            if people.SIGN_IN_PATH in node.value:
                yield node, "signing in: people.SIGN_IN_PATH, people.credentials"
            if any(map(_is_right, NUMBER.findall(node.value))):
                yield node, "an identity number: people.resident_id, or one of the people there"


@cache
def _found() -> dict[str, list[str]]:
    """File → what is made in it, with the line."""
    made = {where(file): [f"{where(file, node)}: {what}" for node, what in _made(tree(file))] for file in _files()}
    return {name: lines for name, lines in made.items() if lines}


def _files() -> list[Path]:
    return [file for file in modules(*ROOMS) if where(file) != MAKER]


def test_people_are_made_in_one_place() -> None:
    lines = [line for name, found in _found().items() if name not in ALLOWED for line in found]
    assert lines == [], f"use {MAKER}, or say in ALLOWED why not"


def test_who_may_make_their_own_does() -> None:
    assert sorted(ALLOWED.keys() - _found().keys()) == [], "strike it out of ALLOWED"


@pytest.mark.parametrize(
    "source",
    [
        "Principal(subject='s')",
        "actor.Actor('s', 'citizen')",
        "context.accounts.of('citizen')",
        "headers = {'Authorization': f'Bearer {token}'}",
        "post('/api/auth/token')",
        f"number = '{people.ZHANG.id_number.lower()}'",
    ],
)
def test_it_is_found(source: str) -> None:
    assert len(list(_made(ast.parse(source)))) == 1


def test_what_is_no_caller_is_left_alone() -> None:
    source = "'''Bearer tokens.'''\nActor.worker()\nperson = licence['bearer']\nnumber = '110105194912310021'"
    assert list(_made(ast.parse(source))) == []


def test_everybody_has_a_right_number_of_their_own() -> None:
    numbers = [one.id_number for one in (people.ZHANG, people.LI, people.WANG, people.WU, people.SHEN)]
    assert len(set(numbers)) == len(numbers)
    assert all(map(_is_right, numbers))
    assert people.ZHAO.id_number == people.ZHANG.id_number  # another name for whom `citizen` is


def test_callers_are_named_as_the_demo_accounts() -> None:
    subjects = [one.subject for one in (people.counter(), people.leader("amr"), people.system("amr"))]
    assert subjects == ["counter", "leader.amr", "system.amr"]
