"""Periods of a definition: what the linter says of them, what is compiled, and what is told before anybody applies."""

from datetime import datetime
from pathlib import Path

import pytest

from definitions.commands import problems_of
from definitions.compile import compile_plan
from definitions.graph import mermaid, plain
from definitions.guide import guide
from definitions.loader import Catalog, load_catalog
from definitions.time_words import lines
from onething.domain.calendar.days import LOCAL
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.periods import PeriodKind, PeriodState
from tests.definitions.support import SMALL, folder_with

NOTICE = """\
clocks: {}
periods:
  - code: notice
    name: 公告
    kind: notice
    department: psb
    after: [first]
    length: {amount: 20, unit: calendar_day, for: person, basis: {title: 《条例》, article: 第九条}}
    when: answers.extra
items:
"""
WITH_NOTICE = SMALL.replace("items:\n", NOTICE, 1).replace(
    "    department: amr\n", "    department: amr\n    after: [notice]\n", 1
)


def small(tmp_path: Path, text: str) -> tuple[Catalog, BundleDefinition]:
    catalog = load_catalog(folder_with(tmp_path, text))
    definition = catalog.bundle("small@1")
    assert definition is not None
    return catalog, definition


def test_what_comes_after_it_waits_for_how_it_ends(tmp_path: Path) -> None:
    catalog, definition = small(tmp_path, WITH_NOTICE)
    plan = compile_plan(definition, catalog.sources, {"extra": True})
    [notice] = plan.periods
    assert (notice.kind, notice.needs_items, notice.department) == (PeriodKind.NOTICE, ("first",), "psb")
    assert (notice.counts, notice.stops_law, notice.basis) == (False, True, "《条例》第九条")
    second = plan.item_by_code["second"]
    assert (second.needs_items, second.needs_periods) == (("first",), {"notice": PeriodState.OVER})
    assert plan.clocks is not None
    assert plan.clocks.critical == ("first", "second", "notice")
    without = compile_plan(definition, catalog.sources, {})
    assert without.periods == ()
    assert without.item_by_code["second"].needs_periods == {}


def test_what_comes_only_after_an_objection_is_not_part_of_a_case_without_the_notice(tmp_path: Path) -> None:
    catalog, definition = small(tmp_path, WITH_NOTICE.replace("after: [notice]", 'after: ["notice:objected"]'))
    told = guide(catalog, definition, {"extra": True}, datetime(2026, 3, 2, 9, 30, tzinfo=LOCAL))
    assert told.expected is not None
    assert set(told.expected.items) == {"first"}  # nobody expects an objection
    planned = compile_plan(definition, catalog.sources, {"extra": True}).item_by_code["second"]
    assert planned.needs_periods == {"notice": PeriodState.OBJECTED}
    assert "second" not in compile_plan(definition, catalog.sources, {}).item_by_code


def test_it_is_told_before_anybody_applies(tmp_path: Path) -> None:
    catalog, definition = small(tmp_path, WITH_NOTICE)
    begin = datetime(2026, 3, 2, 9, 30, tzinfo=LOCAL)
    told = guide(catalog, definition, {"extra": True}, begin)
    assert "  公告：20个自然日，期间有异议即止，不计入承诺（《条例》第九条）" in list(lines(told.time))
    assert [one.within for one in told.items][1] == "“公告”结束后2个工作日"
    assert told.expected is not None
    # first: two working days; the notice: until the 24th; then three of the five that were promised are left
    assert (told.expected.due_at.month, told.expected.due_at.day) == (3, 27)
    assert "公告不计入承诺，已顺延" in told.expected.text
    assert 'period0{{"公告<br/>20个自然日"}}' in mermaid(definition, catalog.departments)
    assert "← 首个事项、公告" in plain(definition, catalog.departments)


def test_what_stands_outside_the_promise_is_not_held_against_it(tmp_path: Path) -> None:
    long = WITH_NOTICE.replace("promised: {amount: 5, unit", "promised: {amount: 3, unit", 1)
    assert any("承诺时限之和超过" in one.what for one in problems_of(folder_with(tmp_path / "long", long))[1])
    second = "      promised: {amount: 2, unit: working_day, for: office, basis: assumed} # second\n"
    outside = long.replace(second, f"{second}      outside_promise: 有异议才办理。\n")
    assert problems_of(folder_with(tmp_path / "outside", outside))[1] == []


def test_it_is_clean_as_it_stands(tmp_path: Path) -> None:
    assert problems_of(folder_with(tmp_path, WITH_NOTICE))[1] == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("after: [notice]", "after: [notices]", "没有事项或期间“notices”"),
        ("after: [notice]", 'after: ["notice:done"]', "没有期间“notice”的结果“done”"),
        ("after: [notice]", 'after: ["first:over"]', "没有事项“first”的结果“over”"),
        ("    after: [notice]\n", "", "没有事项在期间“notice”之后"),
        ("after: [first]", "after: [second]", "互相等待"),
        ("code: notice", "code: second", "都叫“second”"),
        ("clocks: {}\n", "", "没有写 clocks"),
        ("    kind: notice\n    department: psb\n", "    kind: notice\n", "要写 department"),
        ("kind: notice", "kind: fixed", "没有人办理，不写 department"),
        (", basis: {title: 《条例》, article: 第九条}}", "}", "缺少“basis”"),
        (
            "for: person, basis: {title: 《条例》, article: 第九条}",
            "for: office, basis: {title: 《条例》, article: 第九条}",
            "这是当事人的期限",
        ),
        ("department: psb\n    after: [first]", "department: nhsa\n    after: [first]", "没有事项，看不到这一件"),
    ],
)
def test_each_rule(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert WITH_NOTICE.count(old) == 1
    problems = problems_of(folder_with(tmp_path, WITH_NOTICE.replace(old, new)))[1]
    assert any(what in one.what for one in problems), [one.what for one in problems]
