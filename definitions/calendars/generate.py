"""Write `cn.yaml` from the package `chinesecalendar`, which transcribes the State Council's yearly notices.

Run once a year when the next notice is out and the package knows it: `python -m definitions.calendars.generate 2027`.
"""

import sys
from datetime import date

from definitions.calendars import FOLDER

FIRST_YEAR = 2020
HEAD = """\
# 由 definitions/calendars/generate.py 生成，请勿手改。
# 放假与调休取自软件包 chinesecalendar（转录国务院办公厅历年节假日安排通知）。
# 办公时间为假定值（assumed），各地可在自己的日历文件中另行规定。
schema: 1
code: cn
version: {version}
name: 全国工作日历（法定节假日与调休）
covered_from: {first}-01-01
covered_until: {last}-12-31
office_hours:
  - ["09:00", "12:00"]
  - ["13:30", "17:30"]
"""


def render(last_year: int) -> str:
    """The YAML text. Raise `ValueError` when the package does not know that year yet."""
    # A tool of the maintainer, not a dependency of the running program.
    from chinese_calendar.constants import Holiday, holidays, workdays

    names = {str(holiday.value): holiday.chinese for holiday in Holiday}
    if max(holidays).year < last_year:
        raise ValueError(f"chinesecalendar 还没有 {last_year} 年的安排；请升级该软件包后重试。")
    lines = [HEAD.format(version=last_year - 2025, first=FIRST_YEAR, last=last_year)]
    for key, days in (("holidays", holidays), ("workdays", workdays)):
        lines.append(f"{key}:\n")
        lines += [
            f"  {day}: {names[name]}\n"
            for day, name in sorted(days.items())
            if date(FIRST_YEAR, 1, 1) <= day <= date(last_year, 12, 31)
        ]
    return "".join(lines)


if __name__ == "__main__":
    (FOLDER / "cn.yaml").write_text(render(int(sys.argv[1])), encoding="utf-8")
