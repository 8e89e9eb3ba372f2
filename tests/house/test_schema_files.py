"""Before 1.0 there is one schema, read where it stands; nobody has data that a migration would have to carry."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import onething
from tests.house.source import ROOT, assigned, tree, where

STORE = ROOT / "onething" / "store"
_DEFINES = re.compile(r"^create (?:or replace )?(?:function|procedure) (\w+)", re.MULTILINE | re.IGNORECASE)
_INCLUDES = re.compile(r"^\\ir (\S+)$", re.MULTILINE)


def _schema() -> Path:
    found = sorted(STORE.rglob("schema.sql"))
    assert len(found) == 1, f"onething/store has {len(found)} files schema.sql: the whole schema stands in exactly one"
    return found[0]


def test_before_1_0_there_are_no_migrations() -> None:
    assert onething.__version__.startswith("0."), (
        "from 1.0 on there are migrations: replace this rule by one that an empty database brought up by them equals "
        "one made from schema.sql"
    )
    found = sorted(path for path in STORE.rglob("migrations") if any(path.rglob("*.py")) or any(path.rglob("*.sql")))
    assert not found, (
        f"{', '.join(where(path) for path in found)}: until 1.0 change schema.sql itself and raise its number; "
        "`onething up` over another number says how to start afresh"
    )


def test_the_schema_has_a_number() -> None:
    init = _schema().parent / "__init__.py"
    numbers = [
        node.value.value
        for node in (tree(init).body if init.exists() else [])
        if isinstance(node, ast.Assign)
        and assigned(node) == ["NUMBER"]
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int)
    ]
    assert len(numbers) == 1, f"{where(init)}: `NUMBER = …` says which schema this is, and rises with every change"
    assert numbers[0] >= 1


def test_each_sql_function_is_defined_once_in_a_file_that_the_schema_includes() -> None:
    places: dict[str, list[Path]] = defaultdict(list)
    for file in sorted(STORE.rglob("*.sql")):
        for name in _DEFINES.findall(file.read_text(encoding="utf-8")):
            places[name.lower()].append(file)
    assert places, "no SQL function found: this rule looks for `create function` at the beginning of a line"
    twice = [f"{name}: {', '.join(where(file) for file in found)}" for name, found in places.items() if len(found) > 1]
    assert not twice, "change the function where it stands, and define it nowhere else:\n" + "\n".join(sorted(twice))
    schema = _schema()
    included = [(schema.parent / name).resolve() for name in _INCLUDES.findall(schema.read_text(encoding="utf-8"))]
    assert len(included) == len(set(included)), f"{where(schema)} includes a file twice"
    for name, [file] in places.items():
        assert file in included, f"{where(file)} defines {name}, but {where(schema)} does not include it: add `\\ir`"
    for file in included:
        assert file.exists(), f"{where(schema)} includes {where(file)}, which is not there"
