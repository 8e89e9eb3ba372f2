"""What a definition says of how its items may end, and what the plan has of it."""

from datetime import datetime
from pathlib import Path

import pytest

from definitions.assumed import assumed_figures
from definitions.commands import problems_of
from definitions.compile import compile_plan
from definitions.graph import mermaid
from definitions.guide import guide
from definitions.loader import load_catalog
from onething.domain.calendar.days import LOCAL
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.errors import InvalidInput
from onething.domain.plan.plan import PlanItem
from tests.definitions.support import changed, folder_with

NAME = "    name: 后续事项\n"
PLAIN = "    nature: licence\n    when: answers.kind"
FILING = "    nature: other_power\n    kind: filing\n    when: answers.kind"
CHECK = "    nature: public_service\n    kind: verification\n    when: answers.kind"


def planned(folder: Path, *changes: tuple[str, str]) -> PlanItem:
    text = changed(*changes[0])
    for old, new in changes[1:]:
        assert old in text
        text = text.replace(old, new, 1)
    catalog = load_catalog(folder_with(folder, text))
    (definition,) = catalog.latest.values()
    return compile_plan(definition, catalog.sources, {"kind": "new"}).item_by_code["second"]


def test_a_plain_decision_needs_no_words_in_the_plan(tmp_path: Path) -> None:
    item = planned(tmp_path, (PLAIN, PLAIN))
    assert item.outcomes == ()
    assert [(one.id, one.name, one.document) for one in item.ends_with] == [
        ("approve", "准予", None),
        ("refuse", "不予", "不予许可决定书"),
    ]


def test_the_letter_of_a_refusal_is_called_by_the_kind_or_as_the_item_says(tmp_path: Path) -> None:
    filing = planned(tmp_path / "a", (PLAIN, FILING))
    assert {one.id: one.document for one in filing.outcomes} == {
        "filed": None,
        "out_of_scope": "备案结果告知书",
        "incomplete": "备案结果告知书",
    }
    assert not any(one.document for one in planned(tmp_path / "b", (PLAIN, CHECK)).outcomes)
    own = "{id: filed, name: 已备案, effect: well}, "
    own += "{id: back, name: 退回, effect: refused, document: 退回告知书, basis: assumed}"
    written = planned(tmp_path / "c", (PLAIN, FILING), (NAME, f"{NAME}    outcomes: [{own}]\n"))
    assert [(one.id, one.effect, one.document) for one in written.outcomes] == [
        ("filed", OutcomeEffect.WELL, None),
        ("back", OutcomeEffect.REFUSED, "退回告知书"),
    ]
    refusal = "{id: approve, name: 准予, effect: well}, {id: refuse, name: 不予, effect: refused}, "
    more = "{id: redo, name: 重报, effect: refused, basis: assumed}"
    decision = planned(tmp_path / "d", (NAME, f"{NAME}    outcomes: [{refusal}{more}]\n"))
    assert [one.document for one in decision.outcomes] == [None, "不予许可决定书", "不予许可决定书"]


def test_conditions_that_apply_are_in_the_plan_with_what_they_rest_on(tmp_path: Path) -> None:
    basis = "basis: {title: 《条例》, article: 第五条}"
    held = f"{{id: safe, says: 场所安全。, {basis}}}, {{id: more, says: 另有人员。, {basis}, when: answers.extra}}"
    item = planned(tmp_path, (NAME, f"{NAME}    conditions: [{held}]\n"))
    assert [(one.id, one.says, one.basis) for one in item.conditions] == [("safe", "场所安全。", "《条例》第五条")]


def test_an_outcome_of_its_own_that_is_assumed_is_asked_for(tmp_path: Path) -> None:
    own = "{id: approve, name: 准予, effect: well}, {id: none, name: 查无, effect: neutral, basis: assumed}"
    catalog = load_catalog(folder_with(tmp_path, changed(NAME, f"{NAME}    outcomes: [{own}]\n")))
    (definition,) = catalog.latest.values()
    assert "items.second.outcomes.none" in {one.path for one in assumed_figures(definition)}


AFTER = "    materials: [card]\n"
"""Of the second item: what stands before `after` here."""


def _after(ends: str, *, refusal: str = "go_on") -> str:
    text = changed(AFTER, f'{AFTER}    after: ["first:{ends}"]\n')
    return text.replace("    on_refusal: stop\n", f"    on_refusal: {refusal}\n", 1)


@pytest.mark.parametrize(
    ("ends", "refusal", "what"),
    [
        ("refuse", "go_on", None),
        ("refuse", "skip_dependants", None),
        ("approve", "stop", None),
        ("refuse", "stop", "时整件事终止"),
        ("differs", "go_on", "没有事项“first”的结果“differs”"),
    ],
)
def test_what_comes_after_one_outcome_alone(tmp_path: Path, ends: str, refusal: str, what: str | None) -> None:
    problems = problems_of(folder_with(tmp_path, _after(ends, refusal=refusal)))[1]
    assert [what is not None and what in str(one) for one in problems] == ([True] if what else []), problems


def test_it_is_part_of_no_case_without_what_it_comes_after_and_is_not_expected_after_a_refusal(tmp_path: Path) -> None:
    text = _after("refuse")
    catalog = load_catalog(folder_with(tmp_path, text))
    (definition,) = catalog.latest.values()
    second = compile_plan(definition, catalog.sources, {}).item_by_code["second"]
    assert (second.needs_items, second.needs_outcomes) == (("first",), {"first": "refuse"})
    told = guide(catalog, definition, {}, datetime(2026, 3, 2, 9, 30, tzinfo=LOCAL))
    assert told.expected is not None
    assert set(told.expected.items) == {"first"}
    assert [one.within for one in told.items][1] == "“首个事项”的结果为“不予”的，其后2个工作日"
    assert "item0 -->|不予| item1" in mermaid(definition, catalog.departments)
    without = text.replace("    on_refusal: go_on\n", "    on_refusal: go_on\n    when: answers.extra\n", 1)
    catalog = load_catalog(folder_with(tmp_path / "without", without))
    (definition,) = catalog.latest.values()
    with pytest.raises(InvalidInput) as refused:
        compile_plan(definition, catalog.sources, {})
    assert "没有要办的事项" in refused.value.problems[0].detail
