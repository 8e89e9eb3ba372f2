"""Every mistake that a writer can make is told with file, line and remedy, and all of them at once."""

from pathlib import Path

import pytest

from definitions.loader import load_catalog
from definitions.problems import DefinitionProblems
from tests.definitions.support import SMALL, changed, folder_with, line_of, problems_after


@pytest.mark.parametrize(
    ("old", "new", "at", "what", "remedy"),
    [
        ("summary: 两个事项。\n", "summry: 两个事项。\n", "summry:", "不认识“summry”", "是否想写“summary”？"),
        ("promised: {amount: 5", "promises: {amount: 5", "promises:", "不认识“promises”", "“promised”"),
        ("audience: person", "audience: people", "audience:", "不在允许之列", "person、enterprise"),
        ("    type: boolean\n", "    type: yesno\n", "type: yesno", "不在允许之列", "boolean"),
        ("version: 1", "version: one", "version:", "不合要求", "写成整数"),
        ("version: 1", "version: 0", "version:", "不合要求", "不小于 1"),
        ("code: small", "code: Small_1", "code: Small_1", "不合格式", "连字符"),
        ("schema: 2", "schema: 3", "schema:", "不在允许之列", "2"),
        ("schema: 2", "schema: 1", "schema:", "第 1 版", "schema: 2"),
        ("questions:\n", "situations:\n", "situations:", "有名字的情形", "questions"),
        ("name: 小事一件", "name: 12", "name: 12", "不合要求", "加引号"),
        ("name: 小事一件", 'name: ""', 'name: ""', "不合要求", "不能为空"),
        (
            "promised: {amount: 5, unit: working_day, for: office, basis: assumed}",
            "promised: {amount: -1, basis: assumed}",
            "amount: -1",
            "不合要求",
            "不小于 0",
        ),
        ("departments: [psb, amr]", "departments: psb", "departments:", "不合要求", "写成列表"),
        ("departments: [psb, amr]", "departments: []", "departments:", "不合要求", "至少写 1 项"),
        ("{by: system, what: 收回首证。}", "{by: system, what: 收回首证。, who: 甲}", "who: 甲", "不认识“who”", "how"),
        ("version: 1\n", "version: 1\nversion: 2\n", "version: 2", "第 3 行已经有了", "删去其中一个"),
        ("name: 小事一件", "name: [小事", "summary:", "读不下去", "缩进"),
        ("name: 小事一件", "name: &n 小事\ncalendar: *n", "calendar: *n", "用了 YAML 的别名", "照写一遍"),
        ("{title: 《中华人民共和国行政许可法》}", "&b {title: *b}", "title: *b", "YAML 的别名", "照写一遍"),
        ("version: 1", f"version: {'1' * 5000}", "version: 111", "不合要求", "写成整数"),
        ("version: 1", "version: 3", "version: 3", "文件名与版本 3 不一致", "v3.yaml"),
        ("output: first.card", "output: first.card, reusable_days: 9", "code: card", "reusable_days 只用于", "改"),
        ("output: first.card", "output: first.card, licence: a.b.c", "code: card", "licence 只用于", "改"),
        ("    fallback: id-copy\n", "", "code: identity", "要写 fallback", "改"),
        ("output: first.card", "output: first.card, required: false", "code: card", "required 只用于", "改"),
        ("output: first.card", "output: first.card, kept_as: copy", "code: card", "kept_as 只用于", "改"),
        ("output: first.card", "output: first.card, one_of: [甲证, 乙证]", "code: card", "one_of 只用于", "改"),
        ("name: 身份证复印件", "name: 身份证复印件, one_of: [甲证]", "code: id-copy", "任选其一", "改"),
        ("name: 身份证复印件", "name: 身份证复印件, one_of: [甲证, 甲证]", "code: id-copy", "任选其一", "改"),
        ("name: 身份证复印件", "name: 身份证, given_up: true", "code: id-copy", "遗失的怎么办", "改"),
        ("name: 身份证复印件", "name: 身份证, lost: 交声明", "code: id-copy", "不交回的不写 lost", "改"),
        (
            "name: 身份证复印件",
            "name: 身份证, given_up: true, lost: 交声明",
            "code: id-copy",
            "kept_as: original",
            "改",
        ),
        ("name: 身份证复印件", "name: 身份证, kept_as: 原件", "kept_as: 原件", "不在允许之列", "写 original（原件）"),
        (
            "name: 身份证复印件",
            "name: 身份证, not_older_than: {amount: 2, unit: working_day, basis: assumed}",
            "code: id-copy",
            "不在允许之列",
            "month",
        ),
        ("name: 身份证复印件}", "name: 身份证复印件, fallback: letter}", "code: id-copy", "其他材料不写", "改"),
        ("    fallback: id-copy", "    fallback: id-copy\n    output: first.card", "code: identity", "只写一种", "改"),
        (
            "reads: [name]",
            "reads: [name]\n    needs: {outputs: [first.card]}",
            "needs:",
            "“needs”不再使用",
            "materials",
        ),
        ("materials:\n", "data: []\nmaterials:\n", "data:", "“data”不再使用", "lookup"),
        ("name: 身份证复印件}", "name: 身份证复印件, needed_by: [first]}", "code: id-copy", "needed_by", "materials"),
        ("type: person_name}", "type: person_name, used_by: [first]}", "id: name,", "used_by", "reads"),
        (
            "  - id: person\n",
            "  - {id: odd, label: 旧, type: text}\n  - id: person\n",
            "id: odd",
            "每一项是一个部分",
            "fields",
        ),
        ("code: small", "code: tiny", "code: tiny", "文件夹与代码“tiny”不一致", "改名为 tiny"),
    ],
)
def test_mistakes_are_told_with_line_and_remedy(
    tmp_path: Path, old: str, new: str, at: str, what: str, remedy: str
) -> None:
    problems = problems_after(tmp_path, old, new)
    line = line_of(changed(old, new), at)
    matching = [one for one in problems if what in one.what and remedy in one.remedy]
    assert [(one.file, one.line) for one in matching] == [("catalog/small/v1.yaml", line)], problems
    assert f"catalog/small/v1.yaml:{line}: " in str(matching[0])


def test_a_missing_key_is_told_where_it_belongs(tmp_path: Path) -> None:
    problems = problems_after(tmp_path, "    on_refusal: stop\n", "")
    (problem,) = problems
    assert (problem.pointer, problem.what) == ("/items/0/on_refusal", "缺少“on_refusal”。")
    assert problem.line == line_of(SMALL, "code: first")


def test_all_problems_of_all_files_at_once(tmp_path: Path) -> None:
    folder_with(tmp_path, changed("audience: person", "audience: x").replace("version: 1", "version: x"))
    folder_with(tmp_path, "code: broken\ncolour: red\n", "sources/broken.yaml")
    folder_with(tmp_path, "departments: {PSB: 公安局}\n", "departments.yaml")
    with pytest.raises(DefinitionProblems) as raised:
        load_catalog(tmp_path)
    files = [problem.file for problem in raised.value.problems]
    assert files.count("catalog/small/v1.yaml") == 2
    assert "departments.yaml" in files
    assert files.count("sources/broken.yaml") > 3
    assert files == sorted(files)


def test_words_of_yaml_1_1_stay_words(tmp_path: Path) -> None:
    """`no` and `on` are option values here, not booleans, and a date is what was written."""
    text = changed("{value: new, label: 新办}", "{value: no, label: 新办}").replace('"new"', '"no"')
    text = text.replace("default: new", "default: no")
    catalog = load_catalog(folder_with(tmp_path, text))
    assert catalog.latest["small"].questions[0].options[0].value == "no"


def test_versions_live_side_by_side(tmp_path: Path) -> None:
    folder_with(tmp_path, SMALL)
    folder_with(tmp_path, changed("version: 1", "version: 2"), "catalog/small/v2.yaml")
    folder_with(tmp_path, changed("version: 1", "version: 10"), "catalog/small/v10.yaml")
    catalog = load_catalog(tmp_path)
    assert catalog.latest["small"].version == 10
    assert set(catalog.bundles) == {"small@1", "small@2", "small@10"}
    assert catalog.bundle("small") is catalog.bundles["small@10"]
    assert catalog.bundle("small@2") is catalog.bundles["small@2"]
    assert catalog.bundle("large") is None


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    folder_with(tmp_path, SMALL)
    (tmp_path / "catalog/small/v2.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DefinitionProblems, match="UTF-8"):
        load_catalog(tmp_path)


def test_the_packaged_catalogue() -> None:
    catalog = load_catalog()
    assert set(catalog.latest) == {
        *(
            "certificate-express",
            "death-deregistration",
            "enterprise-closing",
            "enterprise-opening",
            "newborn",
            "restaurant-opening",
        ),
        "completion-acceptance",
        *("marriage-household", "medical-elsewhere", "public-rental", "retirement", "transport-business"),
    }
    assert set(catalog.items) == {"fire-check@1", "food-licence@1", "registration@1"}
    assert set(catalog.places) == {"restaurant-opening@1.310115", "restaurant-opening@1.620200"}
    assert {"amr", "psb", "edu"} < set(catalog.departments)
    assert catalog.calendars["cn"].covered_until.year == 2026
    assert load_catalog() is catalog
