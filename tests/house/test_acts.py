"""What holds for every act: a key of its own."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from onething.security.policy import OF_PARTIES, Act
from onething.services.available.actions import ON_CASES, ON_TASKS

SERVICES = Path(__file__).parents[2] / "onething" / "services"
_SAID_BY_THE_BODY = {"CREATE_CASE": 2}  # one request begins a draft or submits; its body says which


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(SERVICES.rglob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def _decorated(tree: ast.Module, decorator: str = "act_on_") -> Iterator[str]:
    """Acts that coroutines of the module are."""
    for node in ast.walk(tree):
        for call in node.decorator_list if isinstance(node, ast.AsyncFunctionDef) else ():
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith(decorator):
                yield ast.unparse(call.args[0]).removeprefix("Act.")


def test_each_act_is_one_operation() -> None:
    """A key is the caller's, for one act on one case or task: two operations of one act would share their keys."""
    found = Counter(act for _, tree in _trees() for act in _decorated(tree))
    assert len(found) > 30
    shared = {act: count for act, count in found.items() if count > 1}
    assert shared == _SAID_BY_THE_BODY, "give each operation a member of `policy.Act` of its own"
    assert found.keys() <= set(Act.__members__)


def test_each_act_on_a_case_or_task_is_told_of() -> None:
    """Whoever reads the case or task is told whether they may do it now, and why not."""
    for decorator, told in (("act_on_case", ON_CASES), ("act_on_task", ON_TASKS)):
        found = {Act[act] for _, tree in _trees() for act in _decorated(tree, decorator)}
        assert len(found) > 10
        missing = found - told.keys() - OF_PARTIES  # who was asked reads it with the question (services/parties)
        assert not missing, f"services/available/actions.py: say what the least of it is: {sorted(missing)}"
        # acts on a draft, and uploads, are no acts by a key
        assert told.keys() - found <= {Act.EDIT_DRAFT, Act.DELETE_DRAFT, Act.UPLOAD_MATERIAL}
