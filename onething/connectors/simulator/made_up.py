"""What made-up records are made of: people, addresses, days and numbers, the same for the same question."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

Params = dict[str, Any]
Record = dict[str, Any]
"""What a source says of somebody or something."""
Maker = Callable[[Params, Random, date], Record]

_SURNAMES = "赵钱孙李周吴郑王冯陈"
GIVEN = ("建国", "秀英", "志强", "桂兰", "子涵", "雨桐", "浩然", "思远")
_STREETS = ("文三路", "解放东路", "滨江大道", "中山北路", "古墩路")


class Person(NamedTuple):
    name: str
    address: str


_PEOPLE = {
    "330106199312254685": Person("吴若溪", "杭州市西湖区示例路66号2栋501室"),
    "330106199110183559": Person("郑知远", "杭州市西湖区示例路66号2栋501室"),
    "330106196605123511": Person("何国平", "浙江省杭州市西湖区示例街30号1单元201室"),
    "330106199808205158": Person("陈立新", "浙江省杭州市西湖区示例街40号3单元502室"),
    "330106199903166484": Person("林晓慧", "浙江省杭州市滨江区示例路18号1单元302室"),
    "33010019460309131X": Person("沈启明", "浙江省杭州市上城区示例街12号2单元301室"),
}
"""Whom examples/ are about, as their registers write them; everybody else is made up from the number."""


def digits_of(chance: Random, digits: int) -> str:
    return str(chance.randrange(10 ** (digits - 1), 10**digits))


def name_of(chance: Random) -> str:
    return chance.choice(_SURNAMES) + chance.choice(GIVEN)


def address_of(chance: Random) -> str:
    return f"杭州市西湖区{chance.choice(_STREETS)}{chance.randrange(1, 400)}号"


def day_from(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()


def person_of(number: Any) -> Person:
    """The same number is the same person in every register."""
    chance = Random(f"person/{number}")  # noqa: S311 (reproducible, not secret)
    return _PEOPLE.get(str(number)) or Person(name_of(chance), address_of(chance))
