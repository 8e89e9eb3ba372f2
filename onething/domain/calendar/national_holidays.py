"""Days off that 全国年节及纪念日放假办法 fixes by itself, before anybody has said how weekends are swapped for them.

Sources: 国务院令第795号 (in force from 2025), Art. 2: 元旦 1 day; 春节 4, 农历除夕 to 正月初三; 清明 1; 劳动节 1 and
2 May; 端午 1; 中秋 1; 国庆节 1 to 3 October. Until 2024 (第513、644号) 1 May only; the lunisolar days of those years
are needed nowhere. The lunisolar days are those of GB/T 33661-2017 农历的编算和颁行, in Beijing time.
"""

from datetime import date, timedelta
from functools import lru_cache

_ONE_DAY = timedelta(days=1)
_REVISED = 2025

_LUNISOLAR = """
2025 0129 0404 0531 1006
2026 0217 0405 0619 0925
2027 0206 0405 0609 0915
2028 0126 0404 0528 1003
2029 0213 0404 0616 0922
2030 0203 0405 0605 0912
2031 0123 0405 0624 1001
2032 0211 0404 0612 0919
2033 0131 0404 0601 0908
2034 0219 0405 0620 0927
2035 0208 0405 0610 0916
2036 0128 0404 0530 1004
2037 0215 0404 0618 0924
2038 0204 0405 0607 0913
2039 0124 0405 0527 1002
2040 0212 0404 0614 0920
2041 0201 0404 0603 0910
2042 0122 0404 0622 0928
2043 0210 0405 0611 0917
2044 0130 0404 0531 1005
2045 0217 0404 0619 0925
2046 0206 0404 0608 0915
2047 0126 0405 0529 1004
2048 0214 0404 0615 0922
2049 0202 0404 0604 0911
2050 0123 0404 0623 0930
"""
"""Year, then month and day of 正月初一, 清明, 端午 and 中秋. The tests check each against the moon and the sun."""


def _of_the_moon() -> dict[int, tuple[date, ...]]:
    rows = (line.split() for line in _LUNISOLAR.split("\n") if line)
    return {
        int(year): tuple(date(int(year), int(day[:2]), int(day[2:])) for day in days)  # per year in this order
        for year, *days in rows
    }


_BY_YEAR = _of_the_moon()
LAST_YEAR = max(_BY_YEAR)
"""Of later years only the days of the solar calendar are known: further than any period of ours reaches."""


@lru_cache(maxsize=64)
def national_holidays(year: int) -> dict[date, str]:
    """Date → name, of that year. Days off in lieu of weekends and 调休 are not among them: only a notice sets those."""
    days = {date(year, 1, 1): "元旦", date(year, 5, 1): "劳动节"}
    if year >= _REVISED:
        days[date(year, 5, 2)] = "劳动节"
    if year in _BY_YEAR:
        spring, qingming, dragon_boat, mid_autumn = _BY_YEAR[year]
        days |= {spring + n * _ONE_DAY: "春节" for n in range(-1, 3)}
        days |= {qingming: "清明", dragon_boat: "端午", mid_autumn: "中秋"}
    return days | {date(year, 10, n): "国庆节" for n in (1, 2, 3)}
