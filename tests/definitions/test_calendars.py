"""Calendars from files: the same content as ever, every mistake told where it stands, and versions that stay."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from definitions import commands
from definitions.calendars import FOLDER, generate, load_calendars, lock
from definitions.calendars.assemble import CalendarFolder, read_folder
from definitions.calendars.coverage import reminders
from definitions.calendars.place import read_calendars
from definitions.loader import load_catalog
from definitions.problems import DefinitionProblem, DefinitionProblems
from tests.definitions.support import SMALL, folder_with

CN_1 = "cb931358ff3d3dc86bf53051d0c08a098ba72f45e058dc8629d2c863025b1f3b"

TYPHOON = """\
schema: 1
since: 2
days: [2026-08-13, 2026-08-14]
reason: 台风停办
basis: 防汛防台指挥部令
"""


@pytest.fixture
def cn(tmp_path: Path) -> Path:
    """A copy of the packaged calendar."""
    shutil.copytree(FOLDER / "cn", tmp_path / "calendars" / "cn")
    return tmp_path / "calendars" / "cn"


def read(cn: Path) -> tuple[CalendarFolder, list[DefinitionProblem]]:
    return read_folder(cn, "calendars/cn")


def clean(cn: Path) -> CalendarFolder:
    folder, problems = read(cn)
    assert problems == []
    return folder


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} must stand once in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_calendar_that_cases_name_is_still_the_same() -> None:
    """Cases, plans and golden journals name it by this digest."""
    calendar = load_calendars()["cn"]
    assert (calendar.ref, calendar.digest) == ("cn@1", CN_1)
    assert load_catalog().calendars["cn"].digest == CN_1


@pytest.mark.parametrize("year", range(2020, 2027))
def test_each_packaged_year_is_what_the_generator_writes(year: int) -> None:
    assert (FOLDER / "cn" / f"{year}.yaml").read_text(encoding="utf-8") == generate.render(year)


def test_the_latest_tables_hold_what_the_official_data_says() -> None:
    folder = clean(FOLDER / "cn")
    years = folder.parts.of(max(folder.versions)).years
    assert [read.part.year for read in years][:7] == list(range(2020, 2027))
    for table in years:
        assert (table.part.holidays, table.part.workdays) == generate.days_of(table.part.year)


def test_the_generator_writes_the_first_version_and_adds_years_to_it(cn: Path) -> None:
    for file in [*cn.glob("20*.yaml"), cn / "versions.lock"]:
        file.unlink()
    generate.main(2022, cn)
    first = clean(cn)
    assert sorted(first.versions) == [1]
    change(cn / "2022.yaml", "  2022-12-31: 元旦  # 周六\n", "")  # as it was before the notice of 2023
    lock.publish(clean(cn))
    generate.main(2024, cn)
    added = clean(cn)
    assert [added.versions[n].covered_until.year for n in (1, 2, 3)] == [2022, 2023, 2024]
    assert {file.name for file in cn.glob("2022*")} == {"2022.yaml", "2022-v2.yaml"}
    assert lock.check(added) == []
    assert lock.unpublished(added) == ()
    packaged = load_calendars()["cn"]
    for kind in ("holidays", "workdays"):
        wanted = {day: name for day, name in getattr(packaged, kind).items() if day.year <= 2024}
        assert getattr(added.latest, kind) == wanted


def test_the_generator_knows_its_limits() -> None:
    with pytest.raises(ValueError, match="2099"):
        generate.render(2099)


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "what", "remedy"),
    [
        ("2026.yaml", "  2026-05-09: 劳动节", "  2026-05-08: 劳动节", "2026-05-08", "本来就是工作日", "核对通知"),
        ("2026.yaml", "  2026-05-09: 劳动节", "  2026-05-02: 劳动节", "2026-05-02", "既放假又调休上班", "删去其中一处"),
        ("2026.yaml", "  2026-01-02: 元旦", "  2025-12-31: 元旦", "2025-12-31", "不在 2026-01-01", "写进 2025 年"),
        ("2026.yaml", "  2026-01-02: 元旦", "  2026-01-01: 元旦", "2026-01-01: 元旦  # 周五", "重复", "删去其中一个"),
        ("2026.yaml", "  2026-01-02: 元旦", "  2026-01-32: 元旦", "2026-01-32", "不合要求", ""),
        ("2026.yaml", "  2026-10-03: 国庆节", "  2026-10-08: 国庆节", "holidays:", "10 月 3 日（国庆节）", "补全"),
        ("2026.yaml", "weekend: [saturday, sunday]", "weekend: [friday, saturday]", "weekend:", "不在允许", "saturday"),
        ("2026.yaml", "year: 2026", "year: 2027", "# ", "文件名与内容不一致", "2027.yaml"),
        ("2026.yaml", "since: 1", "since: 3", "since: 3", "没有版本 2", "since: 2"),
        ("2026.yaml", "since: 1", "since: 2\nuntil: 1", "until: 1", "早于 since", "改正其中一个"),
        ("2026.yaml", "workdays:", "workday:", "workday:", "不认识“workday”", "是否想写“workdays”"),
        ("calendar.yaml", "office_hours:", "office:", "# ", "缺少“office_hours”", "补上"),
        ("calendar.yaml", '["09:00", "12:00"]', '["09:00", "14:00"]', "office_hours:", "互不重叠", "按提示修改"),
        ("calendar.yaml", "code: cn", "code: us", "code: us", "文件夹与代码“us”不一致", "改名为 us"),
    ],
)  # fmt: skip
def test_mistakes_in_a_file_are_told_with_line_and_remedy(
    cn: Path, file: str, old: str, new: str, at: str, what: str, remedy: str
) -> None:
    change(cn / file, old, new)
    _, problems = read(cn)
    matching = [one for one in problems if what in one.what and remedy in one.remedy]
    assert [one.file for one in matching] == [f"calendars/cn/{file}"], problems
    lines = (cn / file).read_text(encoding="utf-8").splitlines()
    assert at in lines[matching[0].line - 1]


def test_a_gap_between_years(cn: Path) -> None:
    (cn / "2023.yaml").unlink()
    (cn / "2024.yaml").unlink()
    _, problems = read(cn)
    (problem,) = problems
    assert (problem.file, problem.what) == ("calendars/cn/2025.yaml", "2022 年与 2025 年之间缺 2023、2024 年。")


def test_two_tables_of_one_year(cn: Path) -> None:
    text = (cn / "2026.yaml").read_text(encoding="utf-8")
    (cn / "2026-v2.yaml").write_text(text.replace("since: 1", "since: 2"), encoding="utf-8")
    _, problems = read(cn)
    assert [problem.what.split("：")[0] for problem in problems] == ["2026 年有两张年表"]
    change(cn / "2026.yaml", "since: 1", "since: 1\nuntil: 1")
    assert sorted(clean(cn).versions) == [1, 2]


def test_a_calendar_without_office_hours_or_years(tmp_path: Path) -> None:
    (tmp_path / "cn").mkdir()
    _, problems = read(tmp_path / "cn")
    assert [problem.what for problem in problems] == ["版本 1 没有一张年表。", "版本 1 没有名称和办公时间。"]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2026-08-14]", "2026-08-15]", "2026-08-15（周六）本来就休息"),
        ("2026-08-14]", "2026-10-01]", "2026-10-01（国庆节）本来就休息"),
        ("2026-08-14]", "2027-01-04]", "还没有 2027 年的年表"),
        ("2026-08-14]", "2026-08-13]", "已经由 calendars/cn/closures/typhoon.yaml 停办"),
        ("basis: 防汛防台指挥部令\n", "", "缺少“basis”"),
        ("since: 2", 'since: 2\nregion: "3301"', "不合格式"),
    ],
)
def test_closures_take_away_working_days_only(cn: Path, old: str, new: str, what: str) -> None:
    (cn / "closures").mkdir()
    (cn / "closures" / "typhoon.yaml").write_text(TYPHOON.replace(old, new), encoding="utf-8")
    _, problems = read(cn)
    assert [problem.file for problem in problems if what in problem.what] == ["calendars/cn/closures/typhoon.yaml"]


def test_a_closure_is_a_new_version_and_the_old_one_stays(cn: Path) -> None:
    (cn / "closures").mkdir()
    (cn / "closures" / "typhoon.yaml").write_text(TYPHOON, encoding="utf-8")
    (cn / "closures" / "flood.yaml").write_text(TYPHOON.replace("2026-08-13, 2026-08-14", "2026-02-14"))
    versions = clean(cn).versions
    assert versions[1].digest == CN_1
    assert versions[2].holidays.keys() - versions[1].holidays.keys() == {
        date(2026, 2, 14),
        date(2026, 8, 13),
        date(2026, 8, 14),
    }
    assert versions[2].holidays[date(2026, 8, 13)] == "台风停办"
    assert date(2026, 2, 14) not in versions[2].workdays, "a 调休 workday that is closed is none"
    assert load_calendars(cn.parents[1])["cn"] == versions[2]

    change(cn / "closures" / "typhoon.yaml", "since: 2", "since: 2\nuntil: 2")
    called_off = clean(cn).versions
    assert called_off[2] == versions[2]
    assert date(2026, 8, 13) not in called_off[3].holidays


def test_a_published_version_must_not_change(cn: Path) -> None:
    assert lock.check(clean(cn)) == []
    change(cn / "2026.yaml", "  2026-02-23: 春节  # 周一\n", "")
    (changed,) = lock.check(clean(cn))
    assert (changed.file, changed.line) == ("calendars/cn/versions.lock", 2)
    assert "已发布的 cn@1 被改动了" in changed.what
    assert "since: 2" in changed.remedy


def test_a_published_version_must_not_go(cn: Path) -> None:
    (cn / "versions.lock").write_text(f"# 摘要\ncn@1 sha256:{CN_1}\n乱写\ncn@2 sha256:{CN_1}\n", encoding="utf-8")
    torn, gone = lock.check(clean(cn))
    assert (torn.line, torn.what) == (3, "这一行不是“代码@版本 sha256:摘要”。")
    assert (gone.line, gone.what.split("，")[0]) == (4, "已发布的 cn@2 拼不出来了")


def test_new_versions_are_told_and_locked_with_the_definitions(cn: Path) -> None:
    lines: list[str] = []
    definitions = folder_with(cn.parents[1], SMALL)
    (cn / "closures").mkdir()
    (cn / "closures" / "typhoon.yaml").write_text(TYPHOON, encoding="utf-8")
    assert commands.check(definitions, lines.append) == 0
    assert "尚未发布：small@1、cn@2" in lines[-1]
    assert commands.lock(definitions, lines.append) == 0
    assert (cn / "versions.lock").read_text(encoding="utf-8").splitlines()[-1].startswith("cn@2 sha256:")
    change(cn / "closures" / "typhoon.yaml", "台风停办", "停电")
    lines.clear()
    assert commands.check(definitions, lines.append) == 1
    assert lines[0].startswith("calendars/cn/versions.lock:3: /cn@2：已发布的 cn@2 被改动了。")


def test_a_file_instead_of_a_folder_is_told(cn: Path) -> None:
    (cn.parent / "old.yaml").write_text("schema: 1\n", encoding="utf-8")
    (cn / "closures").mkdir()
    for file in ("2027.yml", "closures/typhoon.yml"):
        (cn / file).write_text("schema: 1\n", encoding="utf-8")
    problems: list[DefinitionProblem] = []
    read_calendars(cn.parents[1], problems)
    assert [(one.file, one.what) for one in problems] == [
        ("calendars/cn/2027.yml", "不认识这个文件名。"),
        ("calendars/cn/closures/typhoon.yml", "不认识这个文件名。"),
        ("calendars/old.yaml", "日历是一个文件夹，不再是一个文件。"),
    ]
    with pytest.raises(DefinitionProblems, match="文件夹"):
        load_calendars(cn.parents[1])


@pytest.mark.parametrize(
    ("today", "told"),
    [("2026-11-01", None), ("2026-11-02", "还有 59 天"), ("2026-12-31", "还有 0 天"), ("2027-01-02", "已经过了 2 天")],
)
def test_a_calendar_that_ends_soon_is_no_problem_but_told(today: str, told: str | None) -> None:
    said = reminders([load_calendars()["cn"]], date.fromisoformat(today))
    assert [one.count("2027") for one in said] == ([1] if told else [])
    assert told is None or told in said[0]


@pytest.mark.parametrize(("today", "told"), [("2026-11-01", False), ("2026-11-02", True)])
def test_what_checks_definitions_tells_of_it(tmp_path: Path, today: str, told: bool) -> None:
    lines: list[str] = []
    folder = folder_with(tmp_path, SMALL)
    assert commands.check(folder, echo=lines.append, today=date.fromisoformat(today)) == 0
    assert any("只到 2026-12-31" in line for line in lines) == told
