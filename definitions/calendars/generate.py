"""Write the packaged year tables from `chinesecalendar`, which transcribes the State Council's yearly notices.

A maintainer runs it once a year, when the next notice is out, the package knows it, and its number stands below:
`python -m definitions.calendars.generate 2027`. Published tables stay as they are: each new year is a new version.
"""

import sys
from datetime import date
from pathlib import Path

from definitions.calendars.assemble import read_folder
from definitions.calendars.editing import add_year
from definitions.calendars.notice import Arrangement
from definitions.calendars.parts import TableSource, YearTable
from definitions.calendars.place import FOLDER
from definitions.calendars.rendering import year_table
from definitions.problems import DefinitionProblems

FIRST_YEAR = 2020
CALENDAR = FOLDER / "cn"
HEAD = """\
# 由 definitions/calendars/generate.py 生成，请勿手改。
# 放假与调休取自软件包 chinesecalendar（转录国务院办公厅历年节假日安排通知）。
"""
_NUMBERS = {
    2020: "国办发明电〔2019〕16号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
_BESIDES = {
    2020: TableSource(
        title="国务院办公厅关于延长2020年春节假期的通知",
        number="国办发明电〔2020〕1号",
        note="春节假期延长至2月2日，2月1日不再上班",
    )
}


def days_of(year: int) -> tuple[dict[date, str], dict[date, str]]:
    """Days off and days worked with their names. Raise `ValueError` when the package does not know that year yet."""
    # A tool of the maintainer, not a dependency of the running program.
    from chinese_calendar.constants import Holiday, holidays, workdays

    if max(holidays).year < year:
        raise ValueError(f"chinesecalendar 还没有 {year} 年的安排；请升级该软件包后重试。")
    names = {str(holiday.value): holiday.chinese for holiday in Holiday}
    off, worked = (
        {day: names[name] for day, name in sorted(days.items()) if day.year == year} for days in (holidays, workdays)
    )
    return off, worked


def render(year: int) -> str:
    """The YAML text of a year of the first version. Raise `ValueError` as `days_of`, or without a notice's number."""
    off, worked = days_of(year)
    carried = [day for day, name in off.items() if day.month == 12 and name == "元旦"]
    table = YearTable(
        schema=1,
        since=1,
        year=year,
        weekend=("saturday", "sunday"),
        sources=tuple(_sources(year, carried)),
        holidays=off,
        workdays=worked,
    )
    return year_table(table, HEAD)


def _sources(year: int, carried: list[date]) -> list[TableSource]:
    """`carried`: days off of its end, which the next year's notice gives to 元旦."""
    sources = [_notice(year), *([_BESIDES[year]] if year in _BESIDES else [])]
    if carried:
        days = "、".join(f"{day.month}月{day.day}日" for day in carried)
        sources.append(_notice(year + 1).model_copy(update={"note": f"{days}为次年元旦假期"}))
    return sources


def _notice(year: int) -> TableSource:
    if year not in _NUMBERS:
        raise ValueError(f"还没有 {year} 年通知的文号；请写进 generate.py 后重试。")
    return TableSource(title=f"国务院办公厅关于{year}年部分节假日安排的通知", number=_NUMBERS[year])


def _arrangement(year: int) -> Arrangement:
    """As its notice would say it, with the end of the year before."""
    both = [days_of(one) for one in (year - 1, year)]
    off, worked = ({day: name for days in both for day, name in days[kind].items()} for kind in (0, 1))
    first = date(year - 1, 12, 1)
    return Arrangement(
        year,
        _notice(year),
        {day: name for day, name in off.items() if day >= first},
        {day: name for day, name in worked.items() if day >= first},
    )


def main(last_year: int, calendar: Path = CALENDAR) -> None:
    """Write the first version where there is none; else add every year up to the last as a version of its own.

    Raises DefinitionProblems if what is there is wrong.
    """
    if not (calendar / f"{FIRST_YEAR}.yaml").exists():
        for year in range(FIRST_YEAR, last_year + 1):
            (calendar / f"{year}.yaml").write_text(render(year), encoding="utf-8")
        return
    folder, problems = read_folder(calendar, "calendars/cn")
    if problems:
        raise DefinitionProblems(problems)
    for year in range(folder.latest.covered_until.year + 1, last_year + 1):
        add_year(folder, _arrangement(year))
        folder, _ = read_folder(calendar, "calendars/cn")


if __name__ == "__main__":
    main(int(sys.argv[1]))
