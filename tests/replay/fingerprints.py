"""What a running workflow's history depends on: the calls in `workflows/` that give Temporal commands, in source order.

`python -m tests.record fingerprints` writes `workflows/fingerprints.json` anew, after the change was made safe
(docs/changing-a-live-workflow.md).
"""

import ast
import hashlib
import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "workflows"
FILE = FOLDER / "fingerprints.json"

# calls that give commands, or that decide in which order coroutines reach them
_COMMAND_CALLS = {
    "execute_activity_method",
    "execute_activity",
    "start_activity",
    "execute_child_workflow",
    "sleep",
    "wait_condition",
    "continue_as_new",
    "patched",
    "upsert_search_attributes",
    "create_task",
    "cancel",
}


def fingerprints() -> dict[str, str]:
    """`file:function` → digest of its command calls: names, what they call, and the branch structure around them."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                calls = _calls(function)
                if calls:
                    digest = hashlib.sha256("\n".join(calls).encode()).hexdigest()[:16]
                    found[f"{path.name}:{function.name}"] = digest
    return found


def render() -> str:
    return json.dumps(fingerprints(), indent=2) + "\n"


def _calls(function: ast.AST) -> list[str]:
    lines: list[str] = []

    def visit(node: ast.AST, depth: int) -> None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COMMAND_CALLS:
            lines.append(f"{depth} {ast.unparse(node)}")
        elif isinstance(node, ast.If | ast.While | ast.For | ast.match_case):
            lines.append(f"{depth} {type(node).__name__} {_condition(node)}")
            depth += 1
        for child in ast.iter_child_nodes(node):
            visit(child, depth)

    visit(function, 0)
    return lines if any(not line.split(" ", 1)[1].startswith(("If", "While", "For", "match")) for line in lines) else []


def _condition(node: ast.If | ast.While | ast.For | ast.match_case) -> str:
    match node:
        case ast.If() | ast.While():
            return ast.unparse(node.test)
        case ast.For():
            return ast.unparse(node.iter)
        case ast.match_case():
            return ast.unparse(node.pattern)
