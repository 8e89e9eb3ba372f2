"""A place writes only what it has otherwise; what comes out is a bundle like any other."""

# ruff: noqa: E501 - tables: one thing a line

from pathlib import Path

import pytest

from definitions import commands
from definitions.commands import problems_of
from definitions.compile import compile_plan
from definitions.layers.telling import effective_text, place_differences
from definitions.loader import load_catalog
from definitions.problems import DefinitionProblem
from definitions.reading import Document
from definitions.validating import validate
from onething.domain.definition.bundle import BundleDefinition
from tests.definitions.layered import CITY, DISTRICT, FILES, PLACES, folder_of, places_of

CITY_FILE, DISTRICT_FILE = "places/620200/shop-opening.v1.yaml", "places/620201/shop-opening.v1.yaml"


def told(folder: Path) -> list[str]:
    return [str(one) for one in problems_of(folder)[1]]


def test_each_place_has_its_own(tmp_path: Path) -> None:
    folder = places_of(tmp_path)
    assert told(folder) == []
    catalog = load_catalog(folder)
    everywhere, city, district = (catalog.at("shop-opening", one) for one in ("330100", "620200", "620201"))
    assert everywhere
    assert city
    assert district
    assert [one.ref for one in (everywhere, city, district)] == [
        "shop-opening@1",
        "shop-opening@1.620200",
        "shop-opening@1.620201",
    ]
    assert city.name == district.name == "开办餐饮店（嘉峪关市）", "what the wider place says holds below"
    assert [one.code for one in city.items] == ["food-licence", "fire-check"]
    assert [one.code for one in district.items] == ["food-licence", "fire-check", "market-entry"]
    assert [one.id for one in city.questions] == ["area", "chain"], "nobody is asked for what is left out"
    assert [one.code for one in city.materials] == ["layout", "chain-letter", "fire-rules"]
    assert [one.id for one in everywhere.form] == ["shop_name", "manager", "phone"]
    assert [one.id for one in city.form] == ["shop_name", "manager"], "what only that item read is not asked"
    assert [one.id for one in city.sections] == ["premises"]
    assert [str(one.parameters[1].value) for one in (everywhere, city, district)] == ["0", "300", "100"]
    assert city.departments == ("amr", "psb")
    assert district.departments == ("amr", "psb", "hrss")
    plans = [compile_plan(one, catalog.sources, {"area": 200}) for one in (everywhere, city, district)]
    assert [len(one.items) for one in plans] == [2, 1, 2], "two hundred square metres are judged by each place"
    assert [one.item_by_code["food-licence"].promised.amount for one in plans] == [8, 3, 3]
    assert [one.bundle for one in plans] == [one.ref for one in (everywhere, city, district)]


def test_the_nearest_place_that_has_rules_counts(tmp_path: Path) -> None:
    catalog = load_catalog(places_of(tmp_path))

    def at(ref: str, region: str | None) -> str | None:
        found = catalog.at(ref, region)
        return found.ref if found else None

    assert at("shop-opening", "620299") == "shop-opening@1.620200"
    assert at("shop-opening", None) == "shop-opening@1"
    assert at("shop-opening@1", "620201") == "shop-opening@1.620201"
    assert at("shop-opening@1.620201", "620200") == "shop-opening@1.620200", "whose rules it names does not bind"
    assert at("shop-opening@1.620201", "110101") == "shop-opening@1"
    assert at("shop-opening@1.620201", None) == "shop-opening@1.620201"
    assert at("moon", "620200") is None
    assert [*catalog.latest] == ["shop-opening"], "each is offered once"


def test_it_reads_back_to_the_same(tmp_path: Path) -> None:
    catalog = load_catalog(places_of(tmp_path / "a"))
    for ref in ("shop-opening@1", "shop-opening@1.620200", "shop-opening@1.620201"):
        file = tmp_path / "effective.yaml"
        file.write_text(effective_text(catalog, ref), encoding="utf-8")
        problems: list[DefinitionProblem] = []
        read = validate(Document(file, file.name), BundleDefinition, problems)
        assert read is not None
        assert not problems
        assert read.digest == catalog.bundles[ref].digest


def test_what_is_otherwise_is_said_with_its_basis(tmp_path: Path) -> None:
    catalog = load_catalog(places_of(tmp_path))
    said = [one.text for one in place_differences(catalog, "shop-opening@1.620200")]
    guide = "依据嘉峪关市开办场所办事指南（三百平方米以下不办消防安全检查；假定值，以当地规定为准）"
    assert said[0] == f"当地标准“消防检查的面积标准”：0 → 300 平方米，{guide}"
    assert said[1] == f"食品经营许可：承诺期限 8 → 3 个工作日，{guide}"
    assert said[2] == "食品经营许可：法定期限 20 → 15 个工作日，依据《嘉峪关市餐饮服务管理条例》第八条"
    assert (
        "整件事：取消事项“烟草专卖零售许可”（烟草零售许可另行办理），依据还没有写明（假定值，以当地规定为准）" in said
    )
    below = place_differences(catalog, "shop-opening@1.620201")
    assert [one.text for one in below][: len(said)] == said, "first what the wider place has"
    assert {one.place for one in below} == {"620200", "620201"}
    assert place_differences(catalog, "shop-opening@1") == ()


def test_the_command_prints_both(tmp_path: Path) -> None:
    folder = places_of(tmp_path)
    lines: list[str] = []
    assert commands.effective("shop-opening", "620200", folder, echo=lines.append) == 0
    assert lines[0].startswith("# 开办餐饮店（嘉峪关市）（shop-opening@1.620200），按 620200 的规定：")
    assert lines[1].startswith("#   当地标准“消防检查的面积标准”：0 → 300 平方米")
    assert lines[-1].startswith("schema: 2\ncode: shop-opening\n")
    lines.clear()
    assert commands.effective("shop-opening", "330100", folder, echo=lines.append) == 0
    assert lines[0] == "# 开办餐饮店（shop-opening@1），没有改写，各地一样：没有不同。"
    assert commands.effective("shop-opening", "999999", folder, echo=lines.append) == 1
    assert lines[-1] == "没有行政区划“999999”。现有：310115、330100、620200、620201。"
    assert commands.effective("moon", "620200", folder, echo=lines.append) == 1


LEGAL = "{amount: 15, unit: working_day, for: office}, basis: local}"


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        # never: 三级四同
        ("at: parameters.fire_free_area.value, to: 300", "at: items.fire-check.name, to: 消防", "/set/0/at", "各地应当一致，地方不能改写"),
        ("at: parameters.fire_free_area.value, to: 300", "at: items.fire-check.nature, to: filing", "/set/0/at", "各地应当一致"),
        ("at: parameters.fire_free_area.value, to: 300", "at: items.fire-check.basis, to: guide", "/set/0/at", "各地应当一致"),
        ("at: parameters.fire_free_area.value, to: 300", "at: items.fire-check.on_refusal, to: stop", "/set/0/at", "地方不能改写。 建议：地方可以改写：当地标准、承诺时限（只能更短）"),
        ("at: parameters.fire_free_area.value, to: 300", "at: items.0.department, to: psb", "/set/0/at", "“items.0.department”里的“0”找不到。 建议：这一处有：food-licence、fire-check、tobacco。"),
        ("at: parameters.fire_free_area.value, to: 300", "at: parameters.fire.value, to: 300", "/set/0/at", "“fire”找不到"),
        ("at: parameters.fire_free_area.value, to: 300", "at: parameters.fire_free_area.value, to: many", "/set/0/to", "value 须是一个数"),
        # a promise is only shorter
        ("{amount: 3, unit", "{amount: 9, unit", "/set/1/to", "承诺时限比上一级的长：8个工作日 → 9个工作日，如回答 area="),
        # the law's limit only by a law of the place
        (LEGAL, LEGAL.replace("local", "guide"), "/set/2/at", "法定期限只能按当地的法规、规章改写"),
        ("title: 《嘉峪关市餐饮服务管理条例》", "title: 《中华人民共和国食品安全法》", "/set/2/at", "法定期限只能按当地的法规、规章改写"),
        (", article: 第八条, says: 十五个工作日", "", "/set/2/at", "法定期限只能按当地的法规、规章改写"),
        ("to: {amount: 15, unit: working_day, for: office}", "to: {amount: 30, unit: working_day, for: office}", "/set/2/to", "法定期限比上一级的长"),
        ("to: {amount: 15, unit: working_day, for: office}", "to: none", "/set/2/to", "法定期限比上一级的长"),
        ("at: items.food-licence.limits.statutory, to: {amount: 15, unit: working_day, for: office}", "at: clocks, to: null", "/set/2/at", "地方不能改写"),
        ("  - {at: parameters.fire_free_area.value, to: 300, basis: guide}\n", "  - {at: parameters.fire_free_area.value, to: 300, basis: guide}\n  - {at: parameters.fire_free_area.value, to: 200, basis: guide}\n", "/set/1/at", "前面已经改写过"),
        # what is left out
        ("at: parameters.fire_free_area.value, to: 300", "at: materials.layout.required, to: false", "/set/0/at", "不能按假定的改写"),
        ("what: items.tobacco", "what: items.moon", "/leave_out/0/what", "“moon”找不到"),
        ("what: items.tobacco", "what: parameters.small_area", "/leave_out/0/what", "不能不办。 建议：可以不办的写 items.<代码>"),
        (", why: 烟草零售许可另行办理。", "", "/leave_out/0/why", "缺少“why”"),
        # bases
        ("  guide: {", "  food: {title: 《别的法》}\n  guide: {", "/bases/food", "依据“food”在 items/food-licence/v1.yaml:6 已经有了"),
        ("  guide: {", "  more: {title: 《别的法》}\n  guide: {", "/bases/more", "没有任何一处用到依据“more”"),
        ("to: 300, basis: guide", "to: 300", "/set/0/basis", "缺少“basis”"),
        # examples are run
        ("expect: {items: [food-licence, fire-check]}", "expect: {items: [food-licence]}", "/examples/0/expect/items", "实际是 [food-licence, fire-check]"),
        # whose they are
        ('place: "620200"', 'place: "620100"', "/place", "文件夹与地方“620100”不一致"),
        ('place: "620200"', 'place: "110000"', "/place", "下面也没有服务的区划"),
        ("overlay: shop-opening@1", "overlay: shop-opening@2", "/overlay", "没有一件事“shop-opening@2”可以改写"),
        ("overlay: shop-opening@1", "overlay: shop-opening@2", "/overlay", "把文件改名为 shop-opening.v2.yaml"),
        ("leave_out:", "leave:", "/leave", "是否想写“leave_out”"),
    ],
)  # fmt: skip
def test_what_a_place_may_not_write_is_told_where_it_stands(
    tmp_path: Path, old: str, new: str, at: str, said: str
) -> None:
    problems = told(places_of(tmp_path, "620200", old, new))
    assert any(one.startswith(CITY_FILE) and f" {at}：" in one and said in one for one in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("seen_by: [food-licence], basis: assumed}", "seen_by: [food-licence]}", "/add/materials/0", "没有依据"),
        ("seen_by: [food-licence]", "seen_by: [food]", "/add/materials/0/seen_by/0", "“food”找不到"),
        ("seen_by: [food-licence], ", "", "/add/materials/0", "没有事项看材料“street-letter”"),
        ("default: false, basis", "default: false, seen_by: [food-licence], basis", "/add/questions/0/seen_by", "只写在增加的材料和表单部分里"),
        ("code: street-letter, name: 街道意见", "code: market-paper, name: 备案结果, output: market-entry.market_note", "/add/items/0", "等于给许可增设条件"),
        ("code: street-letter", "code: layout", "/add/materials/0", "“layout”在 items/food-licence/v1.yaml:20 已经有了"),
        ("  questions:\n", "  moons:\n", "/add/moons/0", "add 里不能写“moons”"),
        ("default: false, basis", "default: maybe, basis", "/add/questions/0/default", "默认回答"),
        ("when: situation.in_market", "when: situation.market", "/add/items/0/when", "情形“market”不存在"),
    ],
)  # fmt: skip
def test_what_it_adds_is_looked_at_like_anything_else(tmp_path: Path, old: str, new: str, at: str, said: str) -> None:
    problems = told(places_of(tmp_path, "620201", old, new))
    assert any(one.startswith(DISTRICT_FILE) and f" {at}" in one and said in one for one in problems), problems


@pytest.mark.parametrize(
    ("at", "to"),
    [
        ("materials.fire-rules.required", "false"),
        ("materials.fire-rules.copies", "2"),
        ("materials.layout.help", "画清楚"),
        ("questions.area.help", "按产权证"),
        ("summary", "一次申请"),
        ("items.fire-check.fees", "[{name: 工本费, yuan: 5, basis: {title: 《收费条例》, article: 第二条}}]"),
        ("items.fire-check.department", "hrss"),
        ("correction", "{limit: {amount: 5, unit: working_day}}"),
        ("promised", "{amount: 12, unit: working_day, for: office}"),
    ],
)
def test_what_a_place_may_write(tmp_path: Path, at: str, to: str) -> None:
    old = "  - {at: parameters.fire_free_area.value, to: 300, basis: guide}\n"
    basis = "local" if at.endswith("required") else "guide"  # not by what is only assumed
    folder = places_of(tmp_path, "620200", old, f"{old}  - {{at: {at}, to: {to}, basis: {basis}}}\n")
    assert told(folder) == []
    assert len(place_differences(load_catalog(folder), "shop-opening@1.620200")) > 4


def test_what_is_wrong_only_there_names_the_place(tmp_path: Path) -> None:
    """The example stands in the bundle; that it does not hold is the place's doing."""
    folder = places_of(tmp_path, "620200", CITY[CITY.index("examples:") :], "")
    (folder / DISTRICT_FILE).unlink()
    problems = told(folder)
    assert any(one.startswith("catalog/shop-opening/v1.yaml") and f"按 {CITY_FILE} 改写后：" in one for one in problems)


def test_a_broken_bundle_is_told_once(tmp_path: Path) -> None:
    folder = places_of(tmp_path)
    file = folder / "catalog/shop-opening/v1.yaml"
    file.write_text(file.read_text().replace("must", "moon").replace("department: tax", "department: moon"))
    assert all(one.startswith("catalog/") for one in told(folder)), told(folder)


def test_place_stands_in_no_bundle(tmp_path: Path) -> None:
    shop = ("version: 1\n", 'version: 1\nplace: "330100"\n')
    assert any("一件事里不写 place" in one for one in told(folder_of(tmp_path, shop=shop)))


def test_a_check_lists_what_it_has_looked_at(tmp_path: Path) -> None:
    lines: list[str] = []
    assert commands.check(places_of(tmp_path), lines.append) == 0
    assert lines[0].startswith("1 个版本、2 个共用事项、2 份地方改写、")
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert listed == ["shop-opening@1", "shop-opening@1.620200", "shop-opening@1.620201"]


def test_the_lock_holds_each_place(tmp_path: Path) -> None:
    folder = places_of(tmp_path)
    lines: list[str] = []
    assert commands.lock(folder, lines.append) == 0
    locked = (folder / "catalog.lock").read_text(encoding="utf-8")
    assert [line.partition(" ")[0] for line in locked.splitlines()[1:]] == [
        "shop-opening@1",
        "shop-opening@1.620200",
        "shop-opening@1.620201",
    ]
    target = folder / DISTRICT_FILE
    target.write_text(DISTRICT.replace("to: 100", "to: 150"), encoding="utf-8")
    [problem] = told(folder)
    assert "已发布的 shop-opening@1.620201 被改动了" in problem
    assert len(PLACES) == 3


def test_a_question_more_makes_no_promise_longer(tmp_path: Path) -> None:
    """Each combination of what is asked there is held against what the wider place promises."""
    longer = "to: {amount: 9, unit: working_day, for: office}"
    text = CITY.replace("to: {amount: 3, unit: working_day, for: office}", longer)
    text += "add:\n  questions: [{id: night, question: 夜间营业吗？, type: boolean, default: false, basis: assumed}]\n"
    text = text.replace("set:\n", "set:\n  - {at: summary, to: 开店。, basis: assumed}\n", 1)
    folder = places_of(tmp_path)
    (folder / CITY_FILE).write_text(
        text.replace(
            "add:\n",
            'add:\n  checks: [{must: form.manager != "夜", says: 写姓名。, at: [manager], when: answers.night, basis: assumed}]\n',
        ),
        encoding="utf-8",
    )
    assert any("承诺时限比上一级的长" in one for one in told(folder)), told(folder)


def test_what_is_locked_and_changed_is_told_at_the_place_s_own_file(tmp_path: Path) -> None:
    folder = places_of(tmp_path)
    assert commands.lock(folder, echo=lambda _: None) == 0
    file = folder / CITY_FILE
    file.write_text(file.read_text(encoding="utf-8").replace("to: 300", "to: 250"), encoding="utf-8")
    changed = [one for one in told(folder) if "被改动了" in one]
    assert [one.partition(":")[0] for one in changed] == [CITY_FILE]


def test_a_new_version_says_what_becomes_of_each_place(tmp_path: Path) -> None:
    folder = places_of(tmp_path)
    second = FILES["catalog/shop-opening/v1.yaml"].replace("version: 1", "version: 2", 1)
    (folder / "catalog/shop-opening/v2.yaml").write_text(second, encoding="utf-8")
    assert sorted(one.partition(" 改写了")[0][-6:] for one in told(folder)) == ["620200", "620201"]
    for place in ("620200", "620201"):
        text = f'schema: 2\noverlay: shop-opening@2\nplace: "{place}"\nversion: 1\n'
        (folder / f"places/{place}/shop-opening.v2.yaml").write_text(text, encoding="utf-8")
    assert told(folder) == []


def test_what_others_look_at_is_told_where_the_place_leaves_it_out(tmp_path: Path) -> None:
    leaves = "leave_out:\n  - {what: questions.area, why: 不问。, basis: assumed}\n"
    folder = places_of(tmp_path, "620200", "leave_out:\n", leaves)
    problems = told(folder)
    assert problems
    for one in problems:
        assert one.startswith(CITY_FILE), one
        assert "/leave_out/0/what：不办“questions.area”以后，items/" in one
