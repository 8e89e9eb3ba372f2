"""Every operation of the API names its act of the policy table, or why it has none: `route_acts.toml` is the list."""

import ast
import inspect
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from fastapi.routing import APIRoute

from api.app import _ROUTERS, create_app
from onething.edge.routes import SignedInRoute
from onething.security.policy import Act
from onething.services.core.context import AppContext

_LIST = Path(__file__).with_name("route_acts.toml")


def _routes() -> Iterator[tuple[str, APIRoute]]:
    for router in _ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                for method in sorted(route.methods):
                    yield f"{method} {route.path}", route


def _tree(function: Callable[..., Any]) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))


def _acts_of(route: APIRoute) -> set[str]:
    """Acts under which what the endpoint calls opens its transaction."""
    return {act for service in _called(route.endpoint) for act in _opened(service)}


def _opened(service: Callable[..., Any]) -> set[str]:
    """By its decorator, by itself, or else by what it calls in its turn."""
    found = {
        one.attr.lower()
        for node in ast.walk(_tree(service))
        if isinstance(node, ast.Call) and _opens(node)
        for one in node.args
        if isinstance(one, ast.Attribute) and _is_act(one)
    }
    return found or {act for called in _called(service) if called is not service for act in _opened(called)}


def _called(function: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Coroutines of services: `room.function(…)`, or by name."""
    names = inspect.unwrap(function).__globals__
    for node in ast.walk(_tree(function)):
        called: Any = None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = names.get(node.value.id)
            called = getattr(module, node.attr, None) if isinstance(module, ModuleType) else None
        elif isinstance(node, ast.Name):
            called = names.get(node.id)
        if inspect.isfunction(called) and called.__module__.startswith("onething.services"):
            yield called


def _opens(call: ast.Call) -> bool:
    words = ast.unparse(call.func)
    return words.startswith("act_on_") or words.endswith(".transaction")


def _is_act(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "Act"


def _listed() -> dict[str, Any]:
    return tomllib.loads(_LIST.read_text(encoding="utf-8"))


def test_every_operation_is_listed() -> None:
    served, listed = {name for name, _ in _routes()}, set(_listed()["acts"]) | set(_listed()["without"])
    assert len(served) > 80
    missing, gone = sorted(served - listed), sorted(listed - served)
    assert not missing, f"{_LIST.name}: say by which act each is done, or under [without] why by none: {missing}"
    assert not gone, f"{_LIST.name}: there is no such route any more: {gone}"


def test_all_that_openapi_tells_is_looked_at() -> None:
    paths = create_app(AppContext.__new__(AppContext)).openapi()["paths"]
    assert {f"{method.upper()} {path}" for path, told in paths.items() for method in told} == {n for n, _ in _routes()}


def test_each_does_the_acts_that_it_is_listed_with() -> None:
    listed = _listed()["acts"]
    wrong = {
        name: (sorted(_acts_of(route)), sorted(listed.get(name, ())))
        for name, route in _routes()
        if _acts_of(route) != set(listed.get(name, ()))
    }
    assert not wrong, f"{_LIST.name} and the code (route: code, list) differ:\n{wrong}"
    assert {act for acts in listed.values() for act in acts} <= set(Act)


def test_whoever_does_an_act_is_signed_in() -> None:
    reasons = _listed()["without"]
    strangers = [name for name, route in _routes() if name not in reasons and not isinstance(route, SignedInRoute)]
    assert not strangers, f"open to anybody: {_LIST.name} has to say why under [without]: {strangers}"
    assert all(len(reason) > 10 for reason in reasons.values())
