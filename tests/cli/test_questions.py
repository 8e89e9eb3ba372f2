"""What is only assumed goes out as a sheet, comes back as a place's file, and only then is it published."""

import zipfile
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from definitions.assumed import assumed_figures
from definitions.commands import problems_of
from definitions.digests import PUBLISHED
from definitions.loader import load_catalog
from onething.web.core.spreadsheets import read_sheets
from tests.cli import in_process
from tests.definitions.layered import FILES, REGIONS

PLACE = "330100"
GUIDE = "杭州市办事指南"
LOCAL = "杭州市餐饮服务管理条例"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {**FILES, "regions.yaml": REGIONS}.items():
        file = tmp_path / "definitions" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "definitions"


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = in_process.run("definitions", *arguments, "--folder", str(folder))
    return done.exit_code, " ".join(f"{done.output} {done.exception or ''}".split())


def filled(sheet: Path, answers: dict[str, tuple[str, str, str]], to: Path) -> Path:
    """The sheet as departments send it back; `answers`: path → figure, document, article."""
    rows = next(iter(read_sheets(sheet.read_bytes()).values()))
    with Workbook(to, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("要填的")
        for number, row in enumerate(rows):
            cells = [str(one) for one in row]
            if number > 1 and cells[0] in answers:
                cells = [*cells, *[""] * (6 - len(cells))][:6] + list(answers[cells[0]])
            for column, text in enumerate(cells):
                page.write_string(number, column, text)
    return to


def test_from_the_sheet_to_what_is_published(folder: Path, tmp_path: Path) -> None:
    before = assumed_figures(load_catalog(folder).latest["shop-opening"])
    paths = [one.path for one in before]
    assert "items.food-licence.limits.statutory" in paths
    assert "promised" in paths
    assert run(folder, "publish", "shop-opening", "--place", PLACE)[0] == 1, "it has no rules of its own yet"

    sheet = tmp_path / "ask.xlsx"
    code, said = run(folder, "questions", "shop-opening", "--place", PLACE, "--sheet", str(sheet))
    assert (code, f"{len(before)} 行" in said) == (0, True), said
    rows = read_sheets(sheet.read_bytes())["要填的"]
    assert [str(row[0]) for row in rows[2:]] == paths
    assert "5个工作日" in next(str(row[4]) for row in rows[2:] if row[0] == "items.tobacco.limits.promised")

    answers = {path: ("", LOCAL if path.endswith("statutory") else GUIDE, "第八条") for path in paths}
    answers["items.tobacco.limits.promised"] = ("3个工作日", GUIDE, "第二条")
    few = filled(sheet, {path: answers[path] for path in paths[:2]}, tmp_path / "few.xlsx")
    assert run(folder, "questions", "shop-opening", "--place", PLACE, "--answers", str(few))[0] == 0
    assert problems_of(folder)[1] == []
    code, said = run(folder, "publish", "shop-opening", "--place", PLACE)
    assert code == 1, said
    assert f"{len(before) - 2} 处是假定的" in said
    assert not (folder / PUBLISHED).exists()

    (folder / "places" / PLACE / "shop-opening.v1.yaml").unlink()
    whole = filled(sheet, answers, tmp_path / "whole.xlsx")
    code, said = run(folder, "questions", "shop-opening", "--place", PLACE, "--answers", str(whole))
    assert (code, "全部填写了" in said) == (0, True), said
    assert problems_of(folder)[1] == []
    here = load_catalog(folder).at("shop-opening", PLACE)
    assert here is not None
    assert assumed_figures(here) == ()
    tobacco = next(one for one in here.items if one.code == "tobacco")
    assert (tobacco.promised.amount, tobacco.limits.promised[0].basis[0].title) == (3, f"《{GUIDE}》")
    assert here.promised.basis[0].article == "第八条", "what was assumed is confirmed, and by what"

    code, said = run(folder, "publish", "shop-opening", "--place", PLACE)
    assert (code, "已公布" in said) == (0, True), said
    assert "shop-opening@1.330100 sha256:" in (folder / PUBLISHED).read_text()
    assert problems_of(folder)[1] == []
    assert load_catalog(folder).published == {"shop-opening@1.330100"}
    file = folder / "places" / PLACE / "shop-opening.v1.yaml"
    file.write_text(file.read_text().replace("amount: 3", "amount: 2"))
    assert [one.what for one in problems_of(folder)[1]] == ["已公布的 shop-opening@1.330100 改动了，或不见了。"]
    assert load_catalog(folder).published == frozenset(), "what it says now nobody has answered for"


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("promised", ("尽快", GUIDE, "第一条"), "“尽快”不是“5个工作日”这样的期限"),
        (
            "promised",
            ("3天", GUIDE, "第一条"),
            "第 3 行：“promised”：“3天”没有说是工作日还是自然日",
        ),
        ("promised", ("5个工作日", GUIDE, ""), "第 3 行：“promised”没有写条款"),
        ("promised", ("", "无", "第一条"), "没有写明依据的文件名称"),
        ("promised", ("5个工作日", "", ""), "没有写明依据的文件名称"),
        ("items.fire-check.moon", ("", GUIDE, ""), "不是表里的编号"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_written(
    folder: Path, tmp_path: Path, path: str, answer: tuple[str, str, str], said: str
) -> None:
    sheet = tmp_path / "ask.xlsx"
    run(folder, "questions", "shop-opening", "--place", PLACE, "--sheet", str(sheet))
    rows = read_sheets(sheet.read_bytes())["要填的"]
    rows[2][0] = path
    with Workbook(tmp_path / "in.xlsx") as book:
        page = book.add_worksheet("要填的")
        for number, row in enumerate(rows[:3]):
            cells = [str(one) for one in row] if number < 2 else [path, *["x"] * 5, *answer]
            for column, text in enumerate(cells):
                page.write_string(number, column, text)
    code, told = run(folder, "questions", "shop-opening", "--place", PLACE, "--answers", str(tmp_path / "in.xlsx"))
    assert (code, said in told) == (1, True), told
    assert not (folder / "places").exists()


def test_another_sheet_and_no_place_are_refused(folder: Path, tmp_path: Path) -> None:
    with Workbook(tmp_path / "other.xlsx") as book:
        book.add_worksheet("要填的").write_string(0, 0, "什么")
    assert (
        "不是要填的表"
        in run(folder, "questions", "shop-opening", "--place", PLACE, "--answers", str(tmp_path / "other.xlsx"))[1]
    )
    assert "--place" in run(folder, "questions", "shop-opening", "--answers", str(tmp_path / "other.xlsx"))[1]
    with zipfile.ZipFile(tmp_path / "broken.xlsx", "w"):
        pass
    assert (
        run(folder, "questions", "shop-opening", "--place", PLACE, "--answers", str(tmp_path / "broken.xlsx"))[0] != 0
    )


def test_what_is_confirmed_must_be_assumed_and_by_a_text(folder: Path) -> None:
    file = folder / "places" / PLACE / "shop-opening.v1.yaml"
    file.parent.mkdir(parents=True)
    frame = 'schema: 2\noverlay: shop-opening@1\nplace: "330100"\nversion: 1\nconfirm:\n  - {at: %s, basis: %s}\n'
    for at, basis, what in (
        ("items.fire-check", "{title: 《指南》, article: 第一条}", "依据已经写明，不是假定的"),
        ("promised", "assumed", "确认不能又是假定的"),
        ("promised", "{title: 《指南》}", "并须写明条款"),
        ("materials", "{title: 《指南》, article: 第一条}", "不能一起确认"),
        ("items.tobacco.limits.statutory", "{title: 《指南》, article: 第一条}", "办事指南不是"),
        ("items.moon", "{title: 《指南》, article: 第一条}", "找不到"),
    ):
        file.write_text(frame % (at, basis), encoding="utf-8")
        problems = problems_of(folder)[1]
        assert any(what in one.what and one.file.startswith("places/") for one in problems), problems


def test_what_a_place_writes_otherwise_and_only_assumes_is_not_published(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "ask.xlsx"
    run(folder, "questions", "shop-opening", "--place", PLACE, "--sheet", str(sheet))
    paths = [one.path for one in assumed_figures(load_catalog(folder).latest["shop-opening"])]
    answers = {path: ("", LOCAL if path.endswith("statutory") else GUIDE, "第八条") for path in paths}
    run(
        folder, "questions", "shop-opening", "--place", PLACE,
        "--answers", str(filled(sheet, answers, tmp_path / "whole.xlsx")),
    )  # fmt: skip
    file = folder / "places" / PLACE / "shop-opening.v1.yaml"
    gone = "leave_out: [{what: items.tobacco, why: 另行办理。, basis: assumed}]\n"
    proved = "examples: [{name: 店, answers: {area: 5}, expect: {items: [food-licence, fire-check]}}]\n"
    file.write_text(file.read_text() + gone + proved)
    code, said = run(folder, "publish", "shop-opening", "--place", PLACE)
    assert code == 1, said
    assert "取消事项“烟草专卖零售许可”" in said, said


def test_a_sheet_of_another_place_is_not_taken_for_this_one(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "ask.xlsx"
    run(folder, "questions", "shop-opening", "--place", "620200", "--sheet", str(sheet))
    code, said = run(folder, "questions", "shop-opening", "--place", PLACE, "--answers", str(sheet))
    assert (code != 0, "别处" in said) == (True, True), said
    assert not (folder / "places").exists()
    code, said = run(folder, "questions", "shop-opening", "--sheet", str(tmp_path / "none" / "ask.xlsx"))
    assert "没有文件夹" in said


def test_a_place_that_is_not_served_is_told(folder: Path) -> None:
    for place in ("999999", "../../elsewhere"):
        code, said = run(folder, "publish", "shop-opening", "--place", place)
        assert (code != 0, "没有行政区划" in said) == (True, True), said


def test_what_check_refuses_is_neither_asked_nor_published(folder: Path) -> None:
    file = folder / "places" / PLACE / "shop-opening.v1.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(f'schema: 2\noverlay: shop-opening@1\nplace: "{PLACE}"\nversion: 1\nmoon: 1\n', encoding="utf-8")
    for command in (("questions", "shop-opening"), ("publish", "shop-opening", "--place", PLACE)):
        code, said = run(folder, *command)
        assert (code != 0, "不认识“moon”" in said) == (True, True), said
