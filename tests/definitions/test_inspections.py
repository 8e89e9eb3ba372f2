"""Inspections of a definition: what the linter says of them, what is compiled, what is told before anybody applies."""

from datetime import datetime
from pathlib import Path

import pytest

from definitions.commands import problems_of
from definitions.compile import compile_plan
from definitions.graph import mermaid, plain
from definitions.guide import guide
from definitions.loader import Catalog, load_catalog
from definitions.sheet import definition_sheet
from definitions.time_words import lines
from onething.domain.calendar.days import LOCAL
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.periods import InspectionKind, WhenAbsent
from tests.definitions.support import SMALL, folder_with

_DAYS = "{amount: 5, unit: working_day, for: office, basis: assumed}"
SITE = f"""\
clocks: {{}}
inspections:
  - code: site
    name: 现场联合验收
    kind: acceptance
    lead: psb
    items: [look, other]
    after: [first]
    slots: {{offered: 2, within: {_DAYS}}}
    officers: 2
    limit: {_DAYS}
    rectify: {{within: {{amount: 30, unit: calendar_day, for: person, basis: assumed}}, rechecks: 1}}
    basis: [{{title: 《条例》, article: 第九条}}]
items:
"""
_ITEM = """\
  - code: {code}
    name: {name}
    department: {department}
    nature: confirmation
    after: [first]
    limits:
      statutory: none
      promised: {{amount: 1, unit: working_day, for: office, basis: assumed}}
    basis: [{{title: 《条例》, article: 第一条}}]
    reads: [name]
    on_refusal: go_on
"""
WITH_SITE = (
    SMALL.replace("items:\n", SITE + _ITEM.format(code="look", name="查看", department="psb"), 1)
    .replace("  - code: second\n", _ITEM.format(code="other", name="另看", department="amr") + "  - code: second\n", 1)
    .replace("amr\n    nature: licence\n", "amr\n    after: [site]\n    nature: licence\n", 1)
    .replace("items: [first, second]", "items: [first, look, other, second]")
    .replace("promised: {amount: 5, unit", "promised: {amount: 10, unit", 1)
)


def small(tmp_path: Path, text: str) -> tuple[Catalog, BundleDefinition]:
    catalog = load_catalog(folder_with(tmp_path, text))
    definition = catalog.bundle("small@1")
    assert definition is not None
    return catalog, definition


def test_who_takes_part_in_it_and_what_comes_after_it(tmp_path: Path) -> None:
    catalog, definition = small(tmp_path, WITH_SITE)
    plan = compile_plan(definition, catalog.sources, {})
    [site] = plan.inspections
    assert (site.kind, site.department, site.items) == (InspectionKind.ACCEPTANCE, "psb", ("look", "other"))
    assert (site.needs_items, site.offered, site.officers, site.rechecks) == (("first",), 2, 2, 1)
    assert (site.absent, site.stops_law, site.basis) == (WhenAbsent.ESCALATE, False, "《条例》第九条")
    assert plan.inspection_of["other"] == site
    second = plan.item_by_code["second"]
    assert (second.needs_items, second.needs_inspections) == (("first",), ("site",))
    assert plan.clocks is not None
    assert plan.clocks.critical == ("first", "second", "site")


def test_an_inspection_in_which_nothing_of_the_case_takes_part_is_none_of_it(tmp_path: Path) -> None:
    only = WITH_SITE.replace(
        "    after: [first]\n    limits", '    after: [first]\n    when: answers.kind == "old"\n    limits'
    )
    catalog, definition = small(tmp_path, only)
    plan = compile_plan(definition, catalog.sources, {})
    assert plan.inspections == ()
    assert plan.item_by_code["second"].needs_inspections == ()


def test_it_is_told_before_anybody_applies(tmp_path: Path) -> None:
    catalog, definition = small(tmp_path, WITH_SITE)
    told = guide(catalog, definition, {}, datetime(2026, 3, 2, 9, 30, tzinfo=LOCAL))
    [line] = [one for one in lines(told.time) if "现场联合验收" in one]
    assert line == (
        "  现场联合验收（查看、另看）：一次到场，从2个日期中选一个；问题一次告知；整改30个自然日，不计入承诺，"
        "至多复验1次、只看没有通过的问题（《条例》第九条）"
    )
    assert [one.within for one in told.items][-1] == "“现场联合验收”结束后2个工作日"
    assert 'inspection0[["现场联合验收<br/>' in mermaid(definition, catalog.departments)
    assert "← 首个事项、现场联合验收" in plain(definition, catalog.departments)


def test_the_page_that_a_department_signs_says_in_which_it_takes_part(tmp_path: Path) -> None:
    catalog, definition = small(tmp_path, WITH_SITE)
    sheets = {one.code: one.inspection for one in definition_sheet(catalog, definition, lambda item: "").items}
    assert sheets["first"] is None
    assert sheets["other"] == (
        "现场联合验收（公安局牵头，至少2人签字）；登记了查验结果才能作出决定；没有到场的，提醒负责人和督办员，单独查验"
    )


def test_it_is_clean_as_it_stands(tmp_path: Path) -> None:
    assert problems_of(folder_with(tmp_path, WITH_SITE))[1] == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("after: [site]", "after: [sites]", "没有事项、期间或联合查验“sites”"),
        ("after: [site]", 'after: ["site:passed"]', "“site”是联合查验，不能写“:passed”"),
        ("items: [look, other]", "items: [look, others]", "没有事项“others”"),
        ("items: [look, other]", "items: [look, look]", "“look”写了两次"),
        ("items: [look, other]", "items: [look]", "至少"),
        ("items: [look, other]", "items: [look, second]", "不能又等它结束才开始"),
        ("items: [look, other]", "items: [look, first]", "要等“first”办好才开始"),
        ("after: [first]\n    slots", "after: [second]\n    slots", "互相等待"),
        ("code: site", "code: second", "都叫“second”"),
        ("clocks: {}\n", "", "没有写 clocks"),
        ("lead: psb", "lead: nhsa", "没有事项，看不到这一件"),
        ("kind: acceptance", "kind: acceptance\n    absent: facts_agreed", "法定的查验要由本部门自己做"),
        ("kind: acceptance", "kind: visit", "kind"),
        ("30, unit: calendar_day, for: person", "30, unit: calendar_day, for: office", "这是申请人的期限"),
        ("    limit: {amount: 5, unit: working_day, for: office", "    limit: {amount: 5, unit: hour", "limit"),
        ("rechecks: 1", "rechecks: 0", "rechecks"),
        ("officers: 2", "officers: 0", "officers"),
        ("name: 另看\n", "name: 另看\n    handling: system\n", "系统不能到场"),
    ],
)  # fmt: skip
def test_each_rule(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert WITH_SITE.count(old) == 1
    problems = problems_of(folder_with(tmp_path, WITH_SITE.replace(old, new)))[1]
    assert any(what in f"{one.pointer} {one.what} {one.remedy}" for one in problems), problems


def test_facts_are_agreed_in_a_survey_by_a_rule_that_is_cited(tmp_path: Path) -> None:
    survey = WITH_SITE.replace("kind: acceptance", "kind: survey\n    absent: facts_agreed")
    assert problems_of(folder_with(tmp_path / "cited", survey))[1] == []
    assumed = survey.replace("basis: [{title: 《条例》, article: 第九条}]", "basis: assumed")
    problems = problems_of(folder_with(tmp_path / "assumed", assumed))[1]
    assert any("不能是假定的" in one.what for one in problems)


def test_an_item_takes_part_once(tmp_path: Path) -> None:
    begin, end = WITH_SITE.index("  - code: site\n"), WITH_SITE.index("items:\n  - code: look")
    again = WITH_SITE[begin:end].replace("code: site", "code: again")
    problems = problems_of(folder_with(tmp_path, WITH_SITE[:end] + again + WITH_SITE[end:]))[1]
    assert any("“look”已经参加“site”" in one.what for one in problems)
