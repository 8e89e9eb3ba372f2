"""The product's source as the house rules read it. Files are parsed, never imported: a rule also judges code that
cannot start."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PRODUCT = ("onething", "workflows", "activities", "api", "definitions")
FLOORS = {"domain": ROOT / "onething" / "domain", "services": ROOT / "onething" / "services"}
"""Those whose rooms are the concerns."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def where(file: Path, node: ast.AST | None = None) -> str:
    """`onething/domain/engine/step.py`, with the line where there is one."""
    path = file.relative_to(ROOT).as_posix()
    return f"{path}:{node.lineno}" if isinstance(node, ast.stmt | ast.expr) else path


@cache
def modules(*rooms: str) -> tuple[Path, ...]:
    """Every Python file of these rooms of the product, or of all; without generated folders."""
    return tuple(file for room in rooms or PRODUCT for file in sorted((ROOT / room).rglob("*.py")))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def stems(folder: Path) -> list[str]:
    """Names of the modules that stand in the folder itself."""
    return sorted(file.stem for file in folder.glob("*.py") if file.name != "__init__.py")


def packages(folder: Path) -> list[Path]:
    """Packages right under the folder."""
    return sorted(init.parent for init in folder.glob("*/__init__.py"))


@cache
def concerns() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "concerns.toml").read_text(encoding="utf-8"))


@cache
def functions(file: Path) -> tuple[Function, ...]:
    """All of the file, nested ones too."""
    return tuple(node for node in ast.walk(tree(file)) if isinstance(node, Function))


def public_functions(file: Path) -> Iterator[Function]:
    """Functions of the module and methods of its classes that others may call."""
    bodies: list[ast.Module | ast.ClassDef] = [tree(file)]
    for body in bodies:
        for node in body.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                bodies.append(node)
            elif isinstance(node, Function) and not node.name.startswith("_"):
                yield node


def parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def assigned(node: ast.stmt) -> list[str]:
    """Names that a statement binds by `=`."""
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    else:
        return []
    inner = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return [target.id for target in inner if isinstance(target, ast.Name)]
