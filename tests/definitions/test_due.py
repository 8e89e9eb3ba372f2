"""When a material has to be there: what may be written of it, and what is told to people."""

from pathlib import Path

import pytest

from definitions.commands import problems_of
from definitions.compile import compile_plan
from definitions.guide import guide
from definitions.lint import lint
from definitions.loader import load_catalog
from onething.domain.definition.time_rules import DueAt
from tests.definitions.layered import folder_of
from tests.definitions.support import changed, folder_with, problems_after

LETTER = "《条例》}, when: answers.extra}"
BEFORE = "at: before_decision, within: {amount: 20, unit: working_day, for: person}, before_promise_days: 1"
CITED = "basis: {title: 《条例》, article: 第五条}"


NO_DEFERRAL = "    deferral: {none: 申请书是申请本身。}\n"


def due(rule: str) -> str:
    return LETTER.replace("answers.extra}", f"answers.extra, due: {{{rule}}}}}")


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        (f"{BEFORE}, missed: go_on, basis: assumed", None),
        (f"{BEFORE}, missed: terminate, {CITED}", None),
        ("at: acceptance, basis: assumed", None),
        (f"at: issue, {CITED}", None),
        (f"at: issue, missed: go_on, {CITED}", "不写 missed"),
        (f"{BEFORE}, missed: terminate, basis: assumed", "须在 basis 里写明法律条款"),
        (f"{BEFORE}, missed: go_on", "缺少“basis”"),
        (f"{BEFORE}, basis: assumed", "补上 missed"),
        (f"at: before_decision, before_promise_days: 1, missed: go_on, {CITED}", "补上 within"),
        (f"at: acceptance, missed: go_on, {CITED}", "不写 missed"),
        (f"{BEFORE.replace(', for: person', '')}, missed: go_on, basis: assumed", "没有写明是谁的期限"),
        (f"{BEFORE.replace('for: person', 'for: office')}, missed: go_on, basis: assumed", "这是申请人的期限"),
    ],
)
def test_what_is_said_of_a_material_that_comes_later(tmp_path: Path, rule: str, what: str | None) -> None:
    text = changed(LETTER, due(rule))
    text = text.replace(NO_DEFERRAL, "") if "at: before_decision" in rule else text
    problems = problems_of(folder_with(tmp_path, text))[1]
    assert [what is not None and what in str(one) for one in problems] == ([True] if what else []), problems


ISSUE = f"at: issue, {CITED}"
PROMISED = "commitment: {check: none, basis: assumed}, "


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("materials: [card]", "materials: [card, letter]", "不颁发证照"),
        ("{code: letter, ", f"{{code: letter, {PROMISED}", "不能以承诺代替"),
        ("{code: letter, ", "{code: letter, required: false, ", "不能以后交或承诺"),
    ],
)
def test_what_is_handed_in_for_a_certificate(tmp_path: Path, old: str, new: str, what: str) -> None:
    text = changed(LETTER, due(ISSUE)).replace(old, new, 1)
    problems = lint(load_catalog(folder_with(tmp_path, text)))
    assert [what in str(one) for one in problems] == [True], problems


def test_nothing_waits_for_it_but_the_certificate(tmp_path: Path) -> None:
    catalog = load_catalog(folder_with(tmp_path, changed(LETTER, due(ISSUE))))
    definition = catalog.bundles["small@1"]
    plan = compile_plan(definition, catalog.sources, {"extra": True})
    assert plan.for_issue == {"first": ("letter",)}
    assert "letter" not in [one.code for one in plan.asked_materials]
    assert "letter" not in plan.item_by_code["first"].needs_materials
    told = guide(catalog, definition, {"extra": True})
    [letter] = [one for one in told.materials if one.code == "letter"]
    assert (letter.asked, letter.due_means) == ("later", "领取结果时交，交来后签发证照")
    assert told.saved.materials_here == 1


def test_the_old_word_is_answered_with_where_it_stands_now(tmp_path: Path) -> None:
    problems = problems_after(tmp_path, LETTER, LETTER.replace("extra}", "extra, defer: {days: 20}}"))
    assert any("容缺写在 due 下" in one.remedy for one in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (NO_DEFERRAL, "", "没有一份材料可以容缺，也没有说明为什么"),
        (LETTER, due(f"{BEFORE}, missed: go_on, basis: assumed"), "却写了不能容缺的理由"),
        (NO_DEFERRAL, "    deferral: {none: ''}\n", "deferral"),
    ],
)
def test_of_a_licence_something_may_wait_or_it_is_said_why_not(tmp_path: Path, old: str, new: str, what: str) -> None:
    problems = problems_after(tmp_path, old, new)
    assert [what in str(one) for one in problems] == [True], problems


def test_what_brings_nothing_or_is_no_licence_need_not_say_so(tmp_path: Path) -> None:
    """The second of the small definition takes what the first gives."""
    text = changed(NO_DEFERRAL, "").replace("licence", "confirmation", 1)
    assert problems_of(folder_with(tmp_path, text))[1] == []


def test_the_guide_says_it_and_the_plan_has_it(tmp_path: Path) -> None:
    text = changed(LETTER, due(f"{BEFORE}, missed: go_on, basis: assumed")).replace(NO_DEFERRAL, "")
    catalog = load_catalog(folder_with(tmp_path, text))
    assert lint(catalog) == []
    definition = catalog.bundles["small@1"]
    [planned] = [one for one in compile_plan(definition, catalog.sources, {"extra": True}).materials if one.due]
    assert (planned.code, planned.may_wait) == ("letter", True)
    [told] = [one for one in guide(catalog, definition, {"extra": True}).materials if one.code == "letter"]
    assert (told.due, told.due_means) == (
        DueAt.BEFORE_DECISION,
        "可以容缺：受理后20个工作日内补上，逾期按现有材料决定",
    )


def test_where_it_has_to_be_there_at_acceptance_nothing_waits(tmp_path: Path) -> None:
    """A place may take back what the whole country is allowed."""
    catalog = load_catalog(folder_with(tmp_path, changed(LETTER, due("at: acceptance, basis: assumed"))))
    plan = compile_plan(catalog.bundles["small@1"], catalog.sources, {"extra": True})
    assert [one.due for one in plan.materials if one.code == "letter"] == [None]


def test_a_place_that_lets_something_wait_takes_the_reason_away(tmp_path: Path) -> None:
    rule = f"{{{BEFORE}, missed: go_on}}"
    place = f"""overlay: shop-opening@1
place: "620200"
version: 1
bases: {{guide: {{title: 当地容缺受理清单, assumed: true}}}}
set:
  - {{at: materials.fire-rules.due, to: {rule}, basis: guide}}
  - {{at: items.fire-check.deferral, to: null, basis: guide}}
"""
    assert problems_of(with_place(tmp_path / "whole", place))[1] == []
    reason = "  - {at: items.fire-check.deferral, to: null, basis: guide}\n"
    [problem] = problems_of(with_place(tmp_path / "kept", place.replace(reason, "")))[1]
    assert "却写了不能容缺的理由" in problem.what


def with_place(folder: Path, text: str) -> Path:
    file = folder_of(folder) / "places" / "620200" / "shop-opening.v1.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return folder
