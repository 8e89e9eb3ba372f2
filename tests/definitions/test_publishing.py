"""Published versions stay as they are; the schema is current; the commands say what they find."""

import json
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest

from definitions import commands
from definitions.loader import FOLDER, load_catalog
from definitions.lock import check_lock, publish, unpublished
from definitions.problems import DefinitionProblems
from definitions.reading import Document
from definitions.schema import FILE, render
from onething.domain.definition.bundle import BundleDefinition
from tests.definitions.support import SMALL, changed, folder_with, line_of


def test_a_published_version_must_not_change(tmp_path: Path) -> None:
    folder_with(tmp_path, SMALL)
    assert publish(load_catalog(tmp_path), tmp_path) == ("small@1",)
    assert publish(load_catalog(tmp_path), tmp_path) == ()
    reworded = SMALL.replace("{how: none, what: 已经告知，无须撤销。}", "{what: 已经告知，无须撤销。, how: none}")
    folder_with(tmp_path, f"# 注释和写法可以改\n{reworded}")
    assert check_lock(load_catalog(tmp_path), tmp_path) == []

    text = changed("label: 姓名", "label: 名字")
    catalog = load_catalog(folder_with(tmp_path, text))
    (problem,) = check_lock(catalog, tmp_path)
    assert (problem.file, problem.line) == ("catalog/small/v1.yaml", line_of(text, "version: 1"))
    assert "v2.yaml" in problem.remedy
    with pytest.raises(DefinitionProblems, match="被改动"):
        publish(catalog, tmp_path)

    folder_with(tmp_path, SMALL)
    folder_with(tmp_path, text.replace("version: 1", "version: 2"), "catalog/small/v2.yaml")
    assert unpublished(load_catalog(tmp_path), tmp_path) == ("small@2",)
    assert publish(load_catalog(tmp_path), tmp_path) == ("small@2",)
    (tmp_path / "catalog/small/v1.yaml").unlink()
    (gone,) = check_lock(load_catalog(tmp_path), tmp_path)
    assert (gone.file, gone.line, gone.pointer) == ("catalog.lock", 2, "/small@1")


def test_what_comes_with_the_package_is_published_and_unchanged() -> None:
    assert check_lock(load_catalog()) == []
    assert unpublished(load_catalog()) == ()


def test_the_published_schema_is_current_and_admits_the_catalogue() -> None:
    assert FILE.read_text(encoding="utf-8") == render(), "run `python -m tests.record schema`"
    schema = json.loads(render())
    validator = jsonschema_rs.validator_for(schema)
    for file in (FOLDER / "catalog").glob("*/v*.yaml"):
        value = Document(file, file.name).value
        validator.validate(value)
        assert not validator.is_valid(value | {"colour": "red"})


def test_the_digest_is_of_the_content() -> None:
    one = load_catalog().latest["newborn"]
    again = BundleDefinition.model_validate_json(one.model_dump_json(by_alias=True))
    assert again.digest == one.digest
    assert one.model_copy(update={"summary": "别的"}).digest != one.digest


def test_check_prints_every_problem_or_that_there_is_none(tmp_path: Path) -> None:
    lines: list[str] = []
    assert commands.check(folder_with(tmp_path, SMALL), echo=lines.append) == 0
    assert "没有问题" in lines[0]
    assert "small@1" in lines[1]
    assert commands.lock(tmp_path, echo=lines.append) == 0
    assert commands.check(tmp_path, echo=lines.append) == 0
    folder_with(tmp_path, changed("department: amr", "department: tax").replace("schema: 2", "schema: 2\ncolour: red"))
    second = changed("version: 1", "version: 2").replace("[psb, amr]", "[psb, moon]")
    folder_with(tmp_path, second, "catalog/small/v2.yaml")
    lines.clear()
    assert commands.check(tmp_path, echo=lines.append) == 1
    assert lines[0].startswith("catalog/small/v1.yaml:2: /colour：")
    assert any("v2.yaml" in line and "moon" in line for line in lines), "what loads is linted all the same"
    assert lines[-1] == f"共 {len(lines) - 1} 处问题。"
    assert commands.lock(tmp_path, echo=lines.append) == 1


def test_graph_and_plan_are_drawn() -> None:
    lines: list[str] = []
    assert commands.graph("enterprise-opening", echo=lines.append) == 0
    assert lines[0].startswith("flowchart LR\n")
    assert lines[0].count("item0 --> ") == 5
    assert commands.graph("transport-business@1", mermaid=False, echo=lines.append) == 0
    assert lines[1].index("企业设立登记") < lines[1].index("道路运输经营许可") < lines[1].index("道路运输证配发")
    assert commands.plan("newborn", {"parents": "married"}, echo=lines.append) == 0
    for told in ("  父母的情况是？父母已登记结婚", "，法定5个工作日", "    依据：《中华人民共和国户口登记条例》第七条"):
        assert any(told in line for line in lines), told
    assert commands.graph("nothing", echo=lines.append) == 1
    assert "enterprise-opening" in lines[-1]
    assert commands.plan("newborn", {"parents": "robots"}, echo=lines.append) == 1
    wrong = next(number for number, line in enumerate(lines) if line.startswith("/answers/parents："))
    assert "  parents  父母的情况是？" in lines[wrong:]


def test_a_source_tells_its_shapes_to_whoever_builds_it() -> None:
    lines: list[str] = []
    assert commands.source("business-licence", echo=lines.append) == 0
    shapes = json.loads(lines[0])
    assert shapes["request"]["required"] == ["uscc"]
    assert shapes["reply"]["properties"]["record"]["properties"]["established_on"]["format"] == "date"
    assert commands.source("nowhere", echo=lines.append) == 1
    assert "business-licence" in lines[1]


def test_a_new_version_names_departments_that_have_their_duties(tmp_path: Path) -> None:
    folder_with(tmp_path, SMALL)
    over = "departments:\n  psb: {name: 公安局, until: 2026-06-30, successor: amr, basis: 方案}\n  amr: 市场监管局\n"
    folder_with(tmp_path, over, "departments.yaml")
    said: list[str] = []
    assert commands.lock(tmp_path, said.append, today=date(2026, 7, 1)) == 1
    assert any("small@1 写着“psb”（公安局），今天不履职，由“amr”（市场监管局）接续" in line for line in said)
    assert unpublished(load_catalog(tmp_path), tmp_path) == ("small@1",)
    assert commands.lock(tmp_path, said.append, today=date(2026, 6, 30)) == 0
    said.clear()
    assert commands.check(tmp_path, said.append, today=date(2026, 7, 1)) == 0, "what is published goes on"
    assert any("今天不履职" in line for line in said)
