"""What is handed in after the decision: what may be written of it, and what is told before anybody applies."""

from pathlib import Path

import pytest

from definitions.commands import problems_of
from definitions.compile import compile_plan
from definitions.guide import guide
from definitions.loader import load_catalog
from onething.domain.definition.time_rules import DueAt, Missed
from tests.definitions.support import SMALL, folder_with

AT = "{code: letter, name: 申请书, "
CITED = "basis: {title: 《条例》, article: 第五条}"
RULE = f"at: after_decision, within: {{amount: 6, unit: month, for: person}}, missed: revoke, {CITED}"


def owed(rule: str = RULE, more: str = "") -> str:
    assert SMALL.count(AT) == 1
    return SMALL.replace(AT, f"{AT}due: {{{rule}}}, {more}").replace("    deferral: {none: 申请书是申请本身。}\n", "")


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        (RULE, None),
        (RULE.replace("revoke", "stop_benefit"), None),
        (RULE.replace("revoke", "rectify"), None),
        (RULE.replace("revoke", "go_on"), "missed 写 revoke、stop_benefit、rectify 之一"),
        (RULE.replace(CITED, "basis: assumed"), "须在 basis 里写明法律条款"),
        (RULE.replace(" for: person", " for: office"), "这是申请人的期限"),
        (RULE.replace("missed: revoke, ", ""), "补上 missed"),
        (f"{RULE}, before_promise_days: 2", "不写 before_promise_days"),
    ],
)
def test_each_rule(tmp_path: Path, rule: str, what: str | None) -> None:
    problems = problems_of(folder_with(tmp_path, owed(rule)))[1]
    assert [what is not None and what in str(one) for one in problems] == ([True] if what else []), problems


def test_what_comes_after_the_decision_is_not_promised(tmp_path: Path) -> None:
    problems = problems_of(folder_with(tmp_path, owed(more="commitment: {check: none, basis: assumed}, ")))[1]
    assert any("不能以承诺代替" in str(one) for one in problems), problems


def test_nothing_waits_for_it_and_it_is_told_before(tmp_path: Path) -> None:
    catalog = load_catalog(folder_with(tmp_path, owed()))
    definition = catalog.bundles["small@1"]
    plan = compile_plan(definition, catalog.sources, {"extra": True})
    [letter] = plan.after_decision
    assert letter.due is not None
    assert (letter.due.at, letter.due.missed, letter.needed_by) == (DueAt.AFTER_DECISION, Missed.REVOKE, ("first",))
    assert "letter" not in [one.code for one in plan.asked_materials]
    assert "letter" not in plan.item_by_code["first"].needs_materials
    [told] = [one for one in guide(catalog, definition, {"extra": True}).materials if one.code == "letter"]
    assert (told.asked, told.due_means) == ("later", "办成后6个月内补交，逾期由部门依法决定是否撤销")
