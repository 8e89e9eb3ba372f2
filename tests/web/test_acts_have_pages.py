"""Every act that the policy table gives to people has a page for them, or stands in `acts_without_page.toml` with a
reason."""

import ast
import inspect
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from onething.domain.principal import Role
from onething.security.policy import TABLE, Act
from onething.web.app import ROUTERS
from onething.web.core.audience import is_theirs
from tests.support import people

_LIST = Path(__file__).with_name("acts_without_page.toml")
_PEOPLE = tuple(role for role in Role if role not in (Role.DEPARTMENT_SYSTEM, Role.WORKER))
_OURS = ("onething.services", "onething.web")
_NO_PAGES = ("/static/", "/stream", "/session", "/sign-in/callback")
Endpoint = Callable[..., Any]


def _pages() -> Iterator[tuple[str, Endpoint]]:
    for router in ROUTERS:
        for route in router.routes:
            path, endpoint = str(route.path), route.endpoint  # type: ignore[attr-defined]
            if not path.startswith(_NO_PAGES):
                yield path, endpoint


def _acts_of(function: Endpoint) -> set[Act]:
    """Under which it, or what it calls in its turn, opens its transactions."""
    found: set[Act] = set()
    seen, left = {function}, [function]
    while left:
        acts, called = _read(left.pop())
        found |= acts
        left += called - seen
        seen |= called
    return found


@cache
def _read(function: Endpoint) -> tuple[frozenset[Act], frozenset[Endpoint]]:
    """The acts that stand in it, and what it calls. Pages call the same few functions over and over."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    acts = frozenset(
        Act[one.attr]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _opens(node)
        for one in node.args
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "Act"
    )
    return acts, frozenset(_called(function, tree))


def _opens(call: ast.Call) -> bool:
    words = ast.unparse(call.func)
    return words.startswith("act_on_") or words.endswith(".transaction")


def _called(function: Endpoint, tree: ast.AST) -> Iterator[Endpoint]:
    """Of pages and services: `room.function`, by name, or handed to who made this one."""
    names = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for node in ast.walk(tree):
        called: Any = None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = names.get(node.value.id)
            called = getattr(module, node.attr, None) if isinstance(module, ModuleType) else None
        elif isinstance(node, ast.Name):
            called = names.get(node.id)
        called = inspect.unwrap(called) if callable(called) else None
        if inspect.isfunction(called) and called.__module__.startswith(_OURS):
            yield called


@cache
def _on_pages() -> dict[Role, set[Act]]:
    found: dict[Role, set[Act]] = {role: set() for role in _PEOPLE}
    for path, endpoint in _pages():
        acts = _acts_of(endpoint)
        for role in _PEOPLE:
            if is_theirs(people.principal(role), path):
                found[role] |= acts
    return found


def _listed() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_LIST.read_text(encoding="utf-8"))


def test_every_act_of_people_is_on_a_page_of_theirs_or_listed() -> None:
    on_pages = _on_pages()
    without = {
        (str(act), str(role))
        for act, roles in TABLE.items()
        for role in roles
        if role in _PEOPLE and act not in on_pages[role]
    }
    listed = {(act, role) for act, one in _listed().items() for role in one["of"]}
    missing, gone = sorted(without - listed), sorted(listed - without)
    assert not missing, f"no page of theirs does it: build one, or say in {_LIST.name} why there is none: {missing}"
    assert not gone, f"has a page by now, or is no act of theirs: strike it out of {_LIST.name}: {gone}"


def test_each_absence_has_a_reason() -> None:
    assert all(len(one["why"]) > 5 for one in _listed().values())


def test_it_finds_what_pages_do_by_way_of_closures_and_services() -> None:
    on_pages = _on_pages()
    assert Act.SUSPEND in on_pages[Role.OFFICER], "handed to who makes the pages of acts on tasks"
    assert Act.ACCEPT in on_pages[Role.COUNTER], "called by name"
    assert Act.ACCEPT not in on_pages[Role.CITIZEN]
    assert Act.LIST_TASKS not in on_pages[Role.SUPERVISOR]
