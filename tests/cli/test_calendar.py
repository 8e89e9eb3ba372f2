"""`onething calendar`: what it shows, what it writes, and that it writes nothing when something is wrong."""

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from definitions.calendars import FOLDER, load_calendars
from definitions.calendars.assemble import read_folder
from onething.cli.terminal.failures import CommandFailed, ExitCode
from tests.cli import in_process

NOTICE = """\
year: 2027
title: 国务院办公厅关于2027年部分节假日安排的通知
number: 国办发明电〔2026〕0号
holidays:
  - {name: 元旦, days: 2026-12-31..2027-01-02, workdays: [2026-12-27]}
  - {name: 春节, days: 2027-02-05..2027-02-11, workdays: [2027-01-31]}
  - {name: 劳动节, days: 2027-05-01..2027-05-03}
  - {name: 国庆节, days: 2027-10-01..2027-10-07}
  - {name: 清明, days: 2027-04-05}
  - {name: 端午, days: 2027-06-09}
  - {name: 中秋, days: 2027-09-15}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "定义"
    folder.mkdir()
    return folder


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    """COLUMNS as in a terminal; the environment's own definitions folder would be in the way."""
    return in_process.run("calendar", *arguments, env={"COLUMNS": "100", "ONETHING_DEFINITIONS_DIR": "", **(env or {})})


def said(*arguments: str, env: dict[str, str] | None = None) -> str:
    result = run(*arguments, env=env)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def refused(*arguments: str) -> CommandFailed:
    failure = run(*arguments).exception
    assert isinstance(failure, CommandFailed)
    return failure


def notice(tmp_path: Path, old: str = "", new: str = "") -> str:
    assert NOTICE.count(old) >= 1
    file = tmp_path / "通知.yaml"
    file.write_text(NOTICE.replace(old, new, 1) if old else NOTICE, encoding="utf-8")
    return str(file)


def test_a_year_is_shown_with_its_source_and_its_working_days() -> None:
    text = said("show", "2026")
    assert "国办发明电〔2025〕7号" in text
    assert re.search(r"春节\s+│ 2026-02-15（周日） 至 2026-02-23（周一）\s+│ 9", text)
    assert re.search(r"国庆节\s+│ 2026-10-10（周六）\s+│ 1", text)
    numbers = [[int(n) for n in re.findall(r"\d+", line)] for line in text.splitlines() if line.startswith("│ ")]
    months = [row for row in numbers if len(row) == 5]
    assert [row[0] for row in months] == list(range(1, 13))
    # counted by hand: February 2026 has 20 weekdays, of which 16 to 20 and 23 are off, and the 14th and 28th are worked
    assert months[1] == [2, 16, 2, 6, 6]
    assert "│ 全年 │    248 │" in text


def test_a_year_that_is_not_there() -> None:
    assert "2020 至 2026" in refused("show", "2031").message
    assert refused("show", "2026", "--version", "9").exit_code == ExitCode.USAGE
    assert "cn" in refused("show", "2026", "--calendar", "us").message


def test_checking_the_packaged_calendar() -> None:
    text = said("check")
    assert "cn@1" in text
    assert "7 张年表、0 处停办，没有问题" in text


def test_checking_tells_every_problem(own: Path) -> None:
    said("close", "2026-08-13", "--reason", "台风停办", "--basis", "令", "--folder", str(own))
    cn = own / "calendars" / "cn"
    (cn / "2021.yaml").unlink()
    text = (cn / "2026.yaml").read_text(encoding="utf-8")
    (cn / "2026.yaml").write_text(text.replace("2026-05-09: 劳动节", "2026-05-08: 劳动节"), encoding="utf-8")
    message = refused("check", str(own)).message
    assert "calendars/cn/2022.yaml:" in message
    assert "缺 2021 年" in message
    assert re.search(r"calendars/cn/2026.yaml:\d+: /workdays/2026-05-08：", message)
    assert "共 2 处问题" in message


def test_a_changed_version_is_told(own: Path) -> None:
    said("close", "2026-08-13", "--reason", "台风停办", "--basis", "令", "--folder", str(own))
    file = own / "calendars" / "cn" / "closures" / "2026-08-13.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("台风停办", "停电"), encoding="utf-8")
    assert "已发布的 cn@2 被改动了" in refused("check", str(own)).message


@pytest.mark.parametrize("arguments", [("close", "2026-08-13", "--reason", "停", "--basis", "令"), ("add-year",)])
def test_the_package_is_not_written_to(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    if arguments == ("add-year",):
        arguments = ("add-year", notice(tmp_path))
    for more in ((), ("--folder", str(FOLDER.parent))):
        message = refused(*arguments, *more).message
        assert "只读" in message
        assert "ONETHING_DEFINITIONS_DIR" in message


def test_a_closure_makes_a_new_version_that_leaves_out_days_off(own: Path) -> None:
    where = {"ONETHING_DEFINITIONS_DIR": str(own)}
    text = said(
        "close",
        "2026-08-13..2026-08-17",
        "--reason",
        "台风: 停办",
        "--basis",
        "令 1 号",
        "--region",
        "330100",
        env=where,
    )
    assert "已把自带的日历复制到" in text
    assert "cn@2" in text
    assert "略过：2026-08-15（周六）、2026-08-16（周日）" in text
    new = load_calendars(own)["cn"]
    old = load_calendars()["cn"]
    assert new.holidays.keys() - old.holidays.keys() == {date(2026, 8, 13), date(2026, 8, 14), date(2026, 8, 17)}
    assert new.holidays[date(2026, 8, 13)] == "台风: 停办"
    assert "令 1 号" in said("show", "2026", env=where)
    assert "局部停办" not in said("show", "2026", "--version", "1", env=where)

    said("close", "2026-02-14", "--reason", "取消调休", "--basis", "令 2 号", env=where)
    newest = load_calendars(own)["cn"]
    assert newest.version == 3
    assert date(2026, 2, 14) not in newest.workdays
    folder, _ = read_folder(own / "calendars" / "cn", "cn")
    assert [folder.versions[n].digest for n in (1, 2)] == [old.digest, new.digest]
    lines = (own / "calendars" / "cn" / "versions.lock").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [f"cn@{n} sha256:{one.digest}" for n, one in enumerate((old, new, newest), start=1)]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("2026-10-01..2026-10-04", "本来就休息"),
        ("2027-01-04", "add-year 增加 2027 年"),
        ("2026-08-14..2026-08-13", "2026-08-14 晚于 2026-08-13"),
        ("昨天", "写成 2026-08-13"),
    ],
)
def test_days_that_can_not_be_closed(own: Path, days: str, told: str) -> None:
    assert told in refused("close", days, "--reason", "停", "--basis", "令", "--folder", str(own)).message
    assert load_calendars(own)["cn"].version == 1


def test_a_closure_is_told_what_it_needs(own: Path) -> None:
    folder = ("--folder", str(own))
    assert "--reason" in refused("close", "2026-08-13", "--reason", "", "--basis", "令", *folder).message
    message = refused("close", "2026-08-13", "--reason", "停", "--basis", "令", "--region", "杭州", *folder).message
    assert "--region" in message


def test_a_year_is_added_from_its_notice_with_the_december_before(own: Path, tmp_path: Path) -> None:
    text = said("add-year", notice(tmp_path), "--folder", str(own))
    assert "已增加 2027 年的安排" in text
    cn = own / "calendars" / "cn"
    assert {file.name for file in cn.glob("202[67]*")} == {"2026.yaml", "2026-v2.yaml", "2027.yaml"}
    versions = read_folder(cn, "cn")[0].versions
    assert versions[1] == load_calendars()["cn"]
    new = versions[2]
    assert (new.covered_from, new.covered_until) == (date(2020, 1, 1), date(2027, 12, 31))
    assert new.holidays[date(2026, 12, 31)] == new.holidays[date(2027, 1, 2)] == "元旦"
    assert {date(2026, 12, 27), date(2027, 1, 31)} <= new.workdays.keys()
    assert new.holidays.keys() - versions[1].holidays.keys() == {
        *(date(2027, 2, day) for day in range(5, 12)),
        *(date(2027, 10, day) for day in range(1, 8)),
        *(date(2027, 5, day) for day in range(1, 4)),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 2),
        date(2027, 4, 5),
        date(2027, 6, 9),
        date(2027, 9, 15),
    }
    assert "2026年12月的安排" in said("show", "2026", "--folder", str(own))
    assert "已经有 2027 年的年表" in refused("add-year", notice(tmp_path), "--folder", str(own)).message


def test_what_the_2023_notice_says_of_2022(tmp_path: Path, own: Path) -> None:
    """The real notice, on a calendar that ends before it: the result is what the packaged tables hold."""
    said("close", "2022-12-30", "--reason", "停", "--basis", "令", "--folder", str(own))
    cn = own / "calendars" / "cn"
    for file in [*(cn.glob("202[3-6].yaml")), *(cn / "closures").iterdir(), cn / "versions.lock"]:
        file.unlink()
    old = (cn / "2022.yaml").read_text(encoding="utf-8")
    (cn / "2022.yaml").write_text(old.replace("  2022-12-31: 元旦  # 周六\n", ""), encoding="utf-8")
    file = tmp_path / "2023.yaml"
    file.write_text(
        """\
year: 2023
title: 国务院办公厅关于2023年部分节假日安排的通知
number: 国办发明电〔2022〕16号
holidays:
  - {name: 元旦, days: 2022-12-31..2023-01-02}
  - {name: 春节, days: 2023-01-21..2023-01-27, workdays: [2023-01-28, 2023-01-29]}
  - {name: 清明, days: 2023-04-05}
  - {name: 劳动节, days: 2023-04-29..2023-05-03, workdays: [2023-04-23, 2023-05-06]}
  - {name: 端午, days: 2023-06-22..2023-06-24, workdays: [2023-06-25]}
  - {name: 中秋, days: 2023-09-29}
  - {name: 国庆节, days: 2023-09-30..2023-10-06, workdays: [2023-10-07, 2023-10-08]}
""",
        encoding="utf-8",
    )
    assert "还没有发布" in refused("add-year", str(file), "--folder", str(own)).message
    (cn / "versions.lock").write_text(
        f"# 摘要\ncn@1 sha256:{read_folder(cn, 'cn')[0].versions[1].digest}\n", encoding="utf-8"
    )
    said("add-year", str(file), "--folder", str(own))
    made, packaged = load_calendars(own)["cn"], load_calendars()["cn"]
    until = date(2023, 12, 29)  # the 2024 notice takes the two days after it
    for kind in ("holidays", "workdays"):
        wanted = {day: name for day, name in getattr(packaged, kind).items() if day <= until}
        assert getattr(made, kind) == wanted


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("workdays: [2027-01-31]", "workdays: [2027-02-01]", r"通知.yaml:6: /holidays/1/workdays/0：2027-02-01 是周一"),
        ("workdays: [2027-01-31]", "workdays: [2027-02-06]", r"通知.yaml:6: .*既放假又调休上班"),
        ("2027-02-05..2027-02-11", "2027-02-11..2027-02-05", r"通知.yaml:6: .*2027-02-11 晚于 2027-02-05"),
        ("2027-05-01..2027-05-03", "2027-05-02..2027-05-03", r"没有 5 月 1 日（劳动节）"),
        ("2027-05-01..2027-05-03", "2027-05-01", r"没有 5 月 2 日（劳动节）"),
        ("2027-06-09", "2027-06-10", r"没有 6 月 9 日（端午）"),
        ("2027-05-01..2027-05-03", "2028-05-01", r"通知.yaml:7: .*不在 2026-12-01 至 2027-12-31 之间"),
        ("2027-05-01..2027-05-03", "2027-02-11..2027-05-01", r"2027-02-11 写了两次"),
        ("number: 国办发明电〔2026〕0号\n", "", r"缺少“number”"),
        ("year: 2027", "year: 2026", r"之间"),
        ("2026-12-31..2027-01-02", "2027-01-01", r""),
    ],
)
def test_a_wrong_notice_writes_nothing(own: Path, tmp_path: Path, old: str, new: str, told: str) -> None:
    file = notice(tmp_path, old, new)
    if not told:  # this one is right: the other cases fail for what they changed
        said("add-year", file, "--folder", str(own))
        return
    assert re.search(told, refused("add-year", file, "--folder", str(own)).message)
    assert not (own / "calendars").exists() or load_calendars(own)["cn"].version == 1


def test_a_year_after_a_gap_is_refused_whole(own: Path, tmp_path: Path) -> None:
    file = Path(notice(tmp_path))
    text = file.read_text(encoding="utf-8").replace("2027", "2028").replace("2026", "2027")
    text = text.replace(", workdays: [2027-12-27]", "").replace("[2028-01-31]", "[2028-01-30]")
    for was, is_now in (
        ("02-05..2028-02-11", "01-25..2028-01-29"),
        ("04-05", "04-04"),
        ("06-09", "05-28"),
        ("09-15", "10-08"),
    ):
        text = text.replace(f"2028-{was}", f"2028-{is_now}")
    file.write_text(text)
    message = refused("add-year", str(file), "--folder", str(own)).message
    assert "缺 2027 年" in message
    assert "日历没有改动" in message
    cn = own / "calendars" / "cn"
    assert not list(cn.glob("2028*"))
    assert (cn / "versions.lock").read_text() == (FOLDER / "cn" / "versions.lock").read_text()


def test_what_was_written_by_hand_is_told_until_it_is_published(own: Path) -> None:
    said("close", "2026-08-13", "--reason", "停", "--basis", "令", "--folder", str(own))
    cn = own / "calendars" / "cn"
    file = cn / "closures" / "2026-08-13.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("since: 2\n", "since: 2\nuntil: 2\n"), encoding="utf-8")
    told = said("check", str(own))
    assert "cn@3" in told
    assert "尚未发布：cn@3" in told
    assert f"definitions lock --folder {own}" in told.replace("\n", "")
    in_process.run("definitions", "lock", "--folder", str(own))
    assert "尚未发布" not in said("check", str(own))
    assert load_calendars(own)["cn"].holidays == load_calendars()["cn"].holidays


def test_a_folder_that_can_not_be_written_to(own: Path, tmp_path: Path) -> None:
    (own / "calendars").write_text("不是文件夹", encoding="utf-8")
    for arguments in (("add-year", notice(tmp_path)), ("close", "2026-08-13", "--reason", "停", "--basis", "令")):
        assert "写不进定义目录" in refused(*arguments, "--folder", str(own)).message
