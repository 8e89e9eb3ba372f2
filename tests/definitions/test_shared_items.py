"""A shared item is written once; bundles that use it say when, after what and how soon."""

# ruff: noqa: E501 - definitions and tables: one thing a line

from pathlib import Path

import pytest

from definitions import commands
from definitions.answers import applicable_questions
from definitions.commands import problems_of
from definitions.compile import applicable_form, compile_plan
from definitions.lint import lint
from definitions.loader import load_catalog
from onething.domain.errors import InvalidInput
from tests.definitions.layered import FILES, folder_of
from tests.definitions.support import line_of

SALE = """\
schema: 2
code: {code}
version: 1
name: {name}
summary: 又一件用到同一个问题的事。
audience: enterprise
basis: assumed
promised: {{amount: 10, unit: working_day, for: office, basis: assumed}}
statutory: {{amount: 20, unit: working_day, for: office, basis: assumed}}
departments: [amr]
items: [{{use: food-licence@1{wiring}}}]
examples: [{{name: 一家, answers: {answers}, expect: {{items: [food-licence]}}}}]
"""


def told(folder: Path) -> list[str]:
    return [str(one) for one in problems_of(folder)[1]]


def test_what_items_bring_becomes_one_form_and_one_set_of_papers(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    catalog, problems = problems_of(folder)
    assert problems == []
    shop = catalog.latest["shop-opening"]
    assert [one.id for one in shop.questions] == ["area", "chain", "tobacco"], "each once, what items bring first"
    assert [one.id for one in shop.form] == ["shop_name", "manager", "phone"], "what items bring first"
    assert [one.code for one in shop.materials] == ["layout", "chain-letter", "fire-rules", "tobacco-map"]
    assert [one.id for one in shop.parameters] == ["small_area", "fire_free_area"]
    assert set(shop.bases) == {"food", "fire", "tobacco"}
    assert [one.code for one in shop.items] == ["food-licence", "fire-check", "tobacco"]
    plan = compile_plan(shop, catalog.sources, {"area": 400, "tobacco": True})
    assert plan.item_by_code["food-licence"].promised.amount == 8, "as soon as the bundle says"
    assert plan.item_by_code["fire-check"].needs_items == ("tobacco",), "after what the bundle says"


def test_a_condition_of_the_bundle_comes_to_that_of_the_item(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, shop=("  - use: fire-check@1\n", "  - use: fire-check@1\n    when: answers.tobacco\n"))
    shop = load_catalog(folder).latest["shop-opening"]
    assert shop.items[1].when == "(situation.fire_needed) && (answers.tobacco)"


def test_the_same_name_means_the_same(tmp_path: Path) -> None:
    fire = ("unit: 平方米, minimum: 1, maximum: 100000}", "unit: 平方米, minimum: 1, maximum: 500}")
    [problem] = told(folder_of(tmp_path, fire=fire))
    assert problem == (
        "items/fire-check/v1.yaml:9: /questions/0：questions 的“area”与 items/food-licence/v1.yaml:9"
        " 写的不是一回事（maximum 不同）。 建议：两处写得一样，或改用别的代码；要按自己的写法，"
        "在 catalog/shop-opening/v1.yaml 的 questions 里写上“area”。"
    )


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("  fire: {title: 《中华人民共和国消防法》, article: 第十五条}", "  fire: {title: 《消防条例》}\n  food: {title: 《别的法》}", "food"),
        ("{id: shop_name, label: 店名, type: text", "{id: shop_name, label: 店名, type: long_text", "type 不同"),
    ],
)  # fmt: skip
def test_other_bases_and_fields_by_the_same_name_are_told(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert any(what in one and "写的不是一回事" in one for one in told(folder_of(tmp_path, fire=(old, new))))


def test_what_the_bundle_writes_itself_wins_and_is_said(tmp_path: Path) -> None:
    own = "  - {id: area, question: 店有多大？, type: number, unit: 平方米, minimum: 1, maximum: 900}\n"
    marker = "  - {id: tobacco, question: 是否零售烟草？"
    folder = folder_of(
        tmp_path, fire=("maximum: 100000}", "maximum: 500}"), shop=(marker, own + marker)
    )  # also what two items disagree about
    assert told(folder) == []
    catalog = load_catalog(folder)
    assert catalog.latest["shop-opening"].questions[0].question == "店有多大？"
    lines: list[str] = []
    commands.check(folder, lines.append, verbose=True)
    [said] = [one for one in lines if "按本文件写" in one]
    assert said.startswith("catalog/shop-opening/v1.yaml:14: questions 的“area”按本文件写（question、maximum 与 items/")
    lines.clear()
    commands.check(folder, lines.append)
    assert not [one for one in lines if "按本文件写" in one], "only to who asks"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("use: fire-check@1", "use: fire-check@2", "没有共用事项“fire-check@2”。 建议：写 代码@版本，现有：fire-check@1、food-licence@1"),
        ("use: fire-check@1", "use: food-licence@1", "引用了两次"),
        ("    after: [tobacco]", "    nature: licence", "引用共用事项时不能写“nature”"),
        ("    after: [tobacco]", "    with: [chain]", "with 写得不对。 建议：写成“问题: 答案”"),
        ("    after: [tobacco]", "    with: {moon: true}", "没有问题“moon”可以先答"),
        ("    after: [tobacco]", "    with: {chain: 3}", "问题“chain”的答案不合要求：3"),
    ],
)  # fmt: skip
def test_wrong_wiring_is_told_where_it_is_written(tmp_path: Path, old: str, new: str, said: str) -> None:
    problems = told(folder_of(tmp_path, shop=(old, new)))
    assert any(said in one and one.startswith("catalog/shop-opening/v1.yaml:") for one in problems), problems


def test_a_problem_of_a_shared_item_names_its_own_file_and_line(tmp_path: Path) -> None:
    problems = told(folder_of(tmp_path, food=("  department: amr", "  department: moon")))
    assert any(one.startswith("items/food-licence/v1.yaml:25: /item/department：没有部门“moon”") for one in problems)


def test_an_item_that_nobody_uses_is_looked_at_too(tmp_path: Path) -> None:
    name = "items/food-licence/v1.yaml"
    (tmp_path / name).parent.mkdir(parents=True)
    wrong = FILES[name].replace("is: answers.area > params.small_area", "is: answers.area == true")
    (tmp_path / name).write_text(wrong, encoding="utf-8")
    problems = told(tmp_path)
    assert [one.partition("：")[0] for one in problems] == [f"{name}:11: /situations/0/is"], problems


def test_of_what_stands_alone_only_what_was_written_is_told(tmp_path: Path) -> None:
    for name in ("items/food-licence/v1.yaml", "items/fire-check/v1.yaml"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    assert told(tmp_path) == []


def test_by_itself_it_may_not_apply(tmp_path: Path) -> None:
    """Then another item of the bundle does."""
    name = "items/food-licence/v1.yaml"
    (tmp_path / name).parent.mkdir(parents=True)
    text = FILES[name].replace("  nature: licence\n", "  nature: licence\n  when: answers.chain\n")
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("code: food-licence\nversion", "code: food\nversion", "/code", "文件夹与代码“food”不一致"),
        ("  code: food-licence", "  code: food", "/item/code", "写 code: food-licence"),
        ("version: 1", "version: 2", "/version", "把文件改名为 v2.yaml"),
        ("checks: [", "rules: [", "/rules", "不认识“rules”"),
    ],
)
def test_a_file_says_who_it_is(tmp_path: Path, old: str, new: str, at: str, said: str) -> None:
    problems = told(folder_of(tmp_path, food=(old, new)))
    assert any(f"{at}：" in one and said in one for one in problems), problems


def test_an_answer_that_the_bundle_gives_is_not_asked(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    for code, wiring, answers in (("chain-opening", ", with: {chain: true}", "{area: 5}"),):
        file = folder / "catalog" / code / "v1.yaml"
        file.parent.mkdir()
        file.write_text(SALE.format(code=code, name="开连锁店", wiring=wiring, answers=answers), encoding="utf-8")
    assert told(folder) == [], "what follows from the other answer is not told as useless"
    catalog = load_catalog(folder)
    chain = catalog.latest["chain-opening"]
    assert [one.id for one in applicable_questions(chain, {"area": 5})] == ["area"]
    plan = compile_plan(chain, catalog.sources, {"area": 5})
    assert [one.code for one in plan.materials] == ["layout", "chain-letter"], "it counts as answered"
    assert len(applicable_form(chain, {"area": 5})) == 2
    with pytest.raises(InvalidInput) as refused:
        compile_plan(chain, catalog.sources, {"area": 5, "chain": False})
    assert [one.pointer for one in refused.value.problems] == ["/answers/chain"]


def test_two_answers_to_one_question_are_told(tmp_path: Path) -> None:
    shop = ("  - use: fire-check@1\n", "  - use: fire-check@1\n    with: {chain: true}\n")
    folder = folder_of(tmp_path, shop=shop)
    file = folder / "catalog/shop-opening/v1.yaml"
    file.write_text(file.read_text().replace("{use: food-licence@1,", "{use: food-licence@1, with: {chain: false},"))
    assert any("已在 catalog/shop-opening/v1.yaml:23 答作 false" in one for one in told(folder)), told(folder)


def test_lint_of_a_catalogue_looks_at_its_items(tmp_path: Path) -> None:
    assert lint(load_catalog(folder_of(tmp_path))) == []


def test_what_is_wrong_with_the_yaml_of_a_bundle_is_told_whatever_it_uses(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, shop=("summary: 食品", "name: 又一个\nsummary: 食品"))
    assert any("“name”重复" in one for one in told(folder))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  - {use: food-licence@1, promised: {amount: 8, unit: working_day, for: office, basis: assumed}}\n", "  - {use: 3}\n"),
        ("  - {use: food-licence@1, promised: {amount: 8, unit: working_day, for: office, basis: assumed}}\n", "  - just words\n"),
        ("questions:\n  - {id: tobacco, question: 是否零售烟草？, type: boolean, default: false}\n", "questions: none\n"),
        ("form:\n", "form: {a: b}\nforms:\n"),
    ],
)  # fmt: skip
def test_whatever_is_written_something_is_said(tmp_path: Path, old: str, new: str) -> None:
    assert told(folder_of(tmp_path, shop=(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "at", "what"),
    [
        ("{use: food-licence@1, ", "{use: food-licence@1, after: [food-licence], ", "use: food-licence@1", "事项互相等待"),
        ("departments: [amr, psb, tax]", "departments: [amr, tax]", "departments: [amr, tax]", "事项“fire-check”的部门“psb”不在 departments 中"),
    ],
)  # fmt: skip
def test_what_the_wiring_gets_wrong_is_told_where_it_is_wired(
    tmp_path: Path, old: str, new: str, at: str, what: str
) -> None:
    folder = folder_of(tmp_path, shop=(old, new))
    text = (folder / "catalog/shop-opening/v1.yaml").read_text(encoding="utf-8")
    found = [one for one in problems_of(folder)[1] if what in one.what]
    assert [(one.file, one.line) for one in found] == [("catalog/shop-opening/v1.yaml", line_of(text, at))]
