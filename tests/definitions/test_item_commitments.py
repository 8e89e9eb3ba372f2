"""告知承诺 of an item: what may be written of it, and how such a case is decided."""

import shutil
from pathlib import Path

import pytest

import definitions
from definitions.assumed import assumed_figures
from definitions.commands import problems_of
from definitions.compile import compile_plan
from definitions.guide import guide
from definitions.loader import Catalog, load_catalog
from definitions.sheet import definition_sheet
from onething.domain.calendar.limits import Limit, Unit, Whose
from onething.domain.definition.time_rules import CheckHow
from tests.definitions.support import SMALL, folder_with

PLACE = "    materials: [letter, identity, id-copy]\n"
PROMISE = """\
    commitment:
      statement: letter
      says: 场所符合标准。
      check: {how: all, within: {amount: 20, unit: working_day, for: office, basis: assumed}}
      rectify: {within: {amount: 1, unit: month, for: person, basis: assumed}}
      bars: 记入失信记录。
      basis: {title: 《条例》, article: 第十五条}
    conditions:
      - {id: safe, says: 通道畅通。, basis: {title: 《条例》, article: 第三条}}
"""


def promised(old: str = "", new: str = "") -> str:
    assert SMALL.count(PLACE) == 1
    text = SMALL.replace(PLACE, PLACE + PROMISE)
    assert not old or old in text
    return text.replace(old, new, 1) if old else text


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("", "", None),
        ("      rectify: {within: {amount: 1, unit: month, for: person, basis: assumed}}\n", "", None),
        ("      bars: 记入失信记录。\n", "      fails: revoke\n", None),
        ("how: all", "how: draw", "写 all：对作出承诺的逐一核查"),
        ("how: all", "how: random", "可用的有"),
        ("statement: letter", "statement: lettre", "没有材料“lettre”"),
        ("statement: letter", "statement: identity", "没有承诺就会作出决定"),
        ("statement: letter", "statement: id-copy", "没有承诺就会作出决定"),
        (PLACE, "    materials: [identity, id-copy]\n", "不看承诺书"),
        ("{code: letter, ", "{code: letter, required: false, ", "没有承诺就会作出决定"),
        ("{code: letter, ", "{code: letter, commitment: {check: none, basis: assumed}, ", "删去材料的 commitment"),
        ("for: person", "for: office", "这是申请人的期限"),
        ("20, unit: working_day, for: office", "20, unit: working_day", "没有写明是谁的期限"),
        ("      says: 场所符合标准。\n", "", "补上“says”"),
        ("article: 第十五条}", "article: 第十五条, assumed: true}", None),
        ("basis: {title: 《条例》, article: 第十五条}", "basis: {title: 条例}", "既没有引用法规"),
    ],
)  # fmt: skip
def test_what_may_be_written_of_it(tmp_path: Path, old: str, new: str, what: str | None) -> None:
    problems = problems_of(folder_with(tmp_path, promised(old, new)))[1]
    if what is None:
        assert problems == []
    else:
        assert any(what in str(one) for one in problems), problems


def test_one_statement_is_of_one_item(tmp_path: Path) -> None:
    second = PROMISE.replace("    conditions:", "    unused:").partition("    unused:")[0]
    text = promised("    materials: [card]\n", "    materials: [card, letter]\n" + second)
    problems = problems_of(folder_with(tmp_path, text))[1]
    assert any("已经是事项“first”的承诺书" in str(one) for one in problems), problems


def catalogue(tmp_path: Path) -> Catalog:
    return load_catalog(folder_with(tmp_path, promised()))


def test_who_promises_is_decided_on_it_and_nobody_else(tmp_path: Path) -> None:
    catalog = catalogue(tmp_path)
    definition = catalog.bundles["small@1"]
    plan = compile_plan(definition, catalog.sources, {"extra": True})
    rule = plan.material_by_code["letter"].commitment
    assert rule is not None
    assert rule.decides
    assert (rule.check, rule.within) == (CheckHow.ALL, Limit(amount=20))
    assert rule.rectify == Limit(amount=1, unit=Unit.MONTH, whose=Whose.PERSON)
    assert rule.says == ("场所符合标准。", "通道畅通。")
    assert plan.item_by_code["first"].conditions == ()
    other = compile_plan(definition, catalog.sources, {"extra": False})
    assert [one.id for one in other.item_by_code["first"].conditions] == ["safe"]
    assert "letter" not in other.material_by_code


def test_it_is_told_before_it_is_promised(tmp_path: Path) -> None:
    catalog = catalogue(tmp_path)
    definition = catalog.bundles["small@1"]
    [letter] = [one for one in guide(catalog, definition, {"extra": True}).materials if one.code == "letter"]
    assert (letter.may_promise, letter.promises) == (True, ("场所符合标准。", "通道畅通。"))
    assert letter.how == (
        "承诺：场所符合标准",
        "承诺：通道畅通",
        "办成后20个工作日内核查",
        "核查不符的，1个月内改正；仍不符的，依法撤销",
        "记入失信记录",
    )
    [first, _] = definition_sheet(catalog, definition, lambda item: "").items
    assert [one[:12] for one in first.promise] == [
        "有“申请书”的，按承诺决",
        "办成后20个工作日内核查",
        "核查不符的，1个月内改正",
        "记入失信记录。",
    ]
    paths = {one.path for one in assumed_figures(definition)}
    assert {"items.first.commitment.check.within", "items.first.commitment.rectify.within"} <= paths


def test_a_place_says_in_what_time_it_looks_and_lets_put_right(tmp_path: Path) -> None:
    folder = tmp_path / "definitions"
    shutil.copytree(Path(definitions.__file__).parent, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = folder / "places" / "620200" / "restaurant-opening.v1.yaml"
    within = "items.fire-check.commitment.{}.within, to: {{amount: {}, unit: working_day, for: {}}}, basis: guide}}"
    more = "".join(f"  - {{at: {within.format(*one)}\n" for one in (("check", 15, "office"), ("rectify", 5, "person")))
    text = file.read_text(encoding="utf-8")
    assert text.count("\nset:") == 1
    file.write_text(text.replace("\nset:", f"\nset:\n{more.rstrip()}", 1), encoding="utf-8")
    (folder / "catalog.lock").unlink()
    problems = problems_of(folder)[1]
    assert problems == []
    here = load_catalog(folder).bundles["restaurant-opening@1.620200"]
    [fire] = [one for one in here.items if one.code == "fire-check"]
    assert fire.commitment is not None
    assert fire.commitment.rectify is not None
    assert (fire.commitment.check.within.amount, fire.commitment.rectify.within.amount) == (15, 5)
    assert [one.assumed for one in fire.commitment.check.within.basis] == [True]
