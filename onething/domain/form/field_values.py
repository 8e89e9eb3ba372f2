"""Single values of forms: each kind of text is read into its one form, which is what is compared, stored, signed and
printed; or refused, in words that follow the label of the field."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from onething.domain import characters, identity
from onething.domain.characters import UnusableText
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.identity import ID_NAMES, PERSONAL, IdType

MONEY_REMEDY = "须是以元为单位的金额，如 100000 或 99.50，最多两位小数。"
DATE_REMEDY = "须是 2026-01-31 这样的日期，且日历上有这一天。"

_MONEY = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_NAME_MARKS = frozenset(
    "·•・‧∙.．'’ʼ-‐ \u3000,，()（）\u200c\u200d\u180e\u202f"
    "\u0387･⋅●᛫‘＇\u2011–"  # other dots, quotes and hyphens that keyboards give for them
    "\u0f0b\u0f0c\u05be\u05f3\u05f4"  # what stands inside Tibetan (tsheg) and Hebrew names
)
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}


class WrongValue(OneThingError):
    """`detail`: what is wrong, in words that follow a label; `member`: of a value with parts, which of them."""

    def __init__(self, detail: str, member: str = "") -> None:
        super().__init__(FailureCode.INVALID_VALUE, detail)
        self.member = member


def text(value: str) -> str:
    """One line: digits and Latin letters in half width, no space at its ends; Chinese punctuation stays wide.
    Raises WrongValue."""
    plain = _usable(value)
    if any(char in plain for char in "\t\n\r"):
        raise WrongValue("含有换行或控制字符，请删去。")
    return plain


def long_text(value: str) -> str:
    """As `text`, of several lines. Raises WrongValue."""
    return _usable(value)


def _usable(value: str) -> str:
    try:
        return characters.cleaned(value).translate(_WIDE).strip()
    except UnusableText as unusable:
        raise WrongValue(unusable.detail) from None


def money(value: str) -> str:
    """Yuan, whole or with two places: 99.5 is 99.50, and 100.00 is 100. Raises WrongValue."""
    plain = unicodedata.normalize("NFKC", text(value))
    if not _MONEY.fullmatch(plain):
        raise WrongValue(MONEY_REMEDY)
    amount = Decimal(plain)
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def day(value: str) -> date:
    """Of the calendar, between 1900 and 2100. Raises WrongValue."""
    plain = unicodedata.normalize("NFKC", text(value))
    try:
        found = date.fromisoformat(plain) if _DATE.fullmatch(plain) else None
    except ValueError:
        found = None
    if found is None:
        raise WrongValue(DATE_REMEDY)
    if not 1900 <= found.year <= 2100:
        raise WrongValue("的年份须在 1900 至 2100 之间，请核对。")
    return found


def name(value: str) -> str:
    """Any script: letters and marks, the dot between parts, private use, ideographs newer than our table. Raises
    WrongValue."""
    plain = text(value)
    if all(_in_name(char) for char in plain) and any(characters.category(char)[0] in "LCN" for char in plain):
        return plain
    raise WrongValue("只写姓名本身，不含数字和符号；少数民族和外国人姓名可用间隔号“·”。")


def _in_name(char: str) -> bool:
    if char in _NAME_MARKS or characters.uncertain(char):
        return True
    return characters.category(char)[0] in "LM" or characters.category(char) == "Nl"  # 〇 is a letter number


def email(value: str) -> str:
    """The domain in small letters; what stands before it is for its owner to say. Raises WrongValue."""
    plain = unicodedata.normalize("NFKC", text(value))
    if not _EMAIL.fullmatch(plain):
        raise WrongValue("须是 name@example.com 这样的电子邮箱。")
    local, _, domain = plain.rpartition("@")
    return f"{local}@{domain.lower()}"


# -- numbers of papers ----------------------------------------------------------------------------------------------


def number_of(kind: IdType, value: str, today: date | None = None) -> str:
    """`today`: the number is that of somebody who has been born; without it that is not looked at. Raises
    WrongValue."""
    try:
        number = identity.read_number(kind, text(value))
    except identity.WrongNumber as wrong:
        raise WrongValue(wrong.detail) from None
    born = identity.born_on(kind, number)
    if today is not None and born is not None and born > today:
        raise WrongValue("的出生日期在今天之后，请逐位核对。")
    return number


def paper(value: Any, accepts: tuple[IdType, ...], today: date | None = None) -> dict[str, str]:
    """`{kind, number}`. A text alone is the number of a resident identity card. `accepts`: none means any paper of a
    person. Raises WrongValue."""
    kinds = accepts or PERSONAL
    known = {kind.value: kind for kind in kinds}
    offered = "、".join(f"{kind.value}（{ID_NAMES[kind]}）" for kind in kinds)
    at = "" if isinstance(value, str) else "number"
    if isinstance(value, str):
        value = {"kind": IdType.RESIDENT_ID.value, "number": value}
    if not isinstance(value, Mapping) or not value.keys() <= {"kind", "number"}:
        raise WrongValue(f"须写成 {{kind: 证件种类, number: 证件号码}}，种类可以是：{offered}。")
    kind = known.get(value.get("kind", "")) if isinstance(value.get("kind", ""), str) else None
    if kind is None:
        raise WrongValue(f"的证件种类（kind）可以是：{offered}。", at and "kind")
    number = value.get("number")
    if not isinstance(number, str):
        raise WrongValue("的证件号码（number）须是文本（加引号）。", "number")
    try:
        return {"kind": kind.value, "number": number_of(kind, number, today)}
    except WrongValue as wrong:
        series = "" if kind is IdType.USCC else "号码"
        raise WrongValue(f"的{ID_NAMES[kind]}{series}{wrong.detail}", at) from None


def paper_in(value: Any) -> tuple[IdType, str] | None:
    """Kind and number of what a field of identity holds in its one form; None of anything else."""
    match value:
        case {"kind": str(kind), "number": str(number)} if kind in _KINDS:
            return _KINDS[kind], number
    return None


_KINDS = {kind.value: kind for kind in IdType}


# -- telephones -----------------------------------------------------------------------------------------------------

_EXTENSION = re.compile(r"(.+?)[-,;(]*(?:转|分机号?|EXT\.?|X|#)[:.]?([0-9]{1,8})\)?")
_HYPHENED = re.compile(r"(\(?(?:0[0-9]{2,3}|\+?(?:00)?86-?0?[0-9]{2,3})\)?-?[2-9][0-9]{6,7})-([0-9]{1,6})")
_LAST_GROUP = re.compile(r"(.*)-([0-9]{1,6})")
_CALLED_FROM_CHINA = re.compile(r"00([1-9][0-9]{6,14})")
_OF_CHINA = re.compile(r"(?:\+|00)?86(1[3-9][0-9]{9}|0?(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}|[48]00[0-9]{7})")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([2-9][0-9]{6,7})")
_SERVICE = re.compile(r"(400|800)[0-9]{7}|9[56][0-9]{3,6}")
_ABROAD = re.compile(r"\+(?:85[23][0-9]{8}|(?!85[23])[1-9][0-9]{6,14})")
"""As E.164 has them; in Hong Kong and Macao they have eight digits."""
_TRUNK = re.compile(r"((?:\+|00)(?!39|37[89])[1-9][0-9]{0,2}-?)\(0\)")
"""ITU-T E.123: the zero in brackets is dialled at home only. Italy (39), San Marino and the Vatican keep theirs."""


def phone(value: str) -> str:
    """13800000000, 0571-88888888, 0571-88888888-8012 (extension), 4008108888, +85223456789: the country's own without
    +86, others as E.164 has them. Raises WrongValue."""
    plain = unicodedata.normalize("NFKC", text(value)).upper()
    plain = re.sub(r"\s+", "", re.sub(r"[‐-―−－]", "-", plain))
    plain = _TRUNK.sub(r"\1", plain)
    for whole, extension in _parts_of(plain):
        main = _main(re.sub(r"[-()]", "", whole))
        if main is not None:
            return f"{main}-{extension}" if extension else main
    raise WrongValue(
        "须是 11 位手机号、带区号的固定电话（分机写在后面，如 0571-88888888-8012）、"
        "客服电话，或以 + 或 00 开头的境外号码。"
    )


def _parts_of(plain: str) -> list[tuple[str, str]]:
    """Ways to part a number from its extension, the likeliest first."""
    said = _EXTENSION.fullmatch(plain)
    if said is not None:
        return [(said[1], said[2])]
    hyphened, last = _HYPHENED.fullmatch(plain), _LAST_GROUP.fullmatch(plain)
    ways = [(found[1], found[2]) for found in (hyphened, last) if found is not None]
    return [*ways[: 1 if hyphened else 0], (plain, ""), *ways]


def _main(digits: str) -> str | None:
    of_china = _OF_CHINA.fullmatch(digits)
    if of_china is not None:
        rest = of_china[1]
        digits = rest if rest[0] == "0" or _MOBILE.fullmatch(rest) or _SERVICE.fullmatch(rest) else f"0{rest}"
    landline = _LANDLINE.fullmatch(digits)
    if landline is not None:
        return f"{landline[1]}-{landline[2]}"
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    called = _CALLED_FROM_CHINA.fullmatch(digits)
    abroad = f"+{called[1]}" if called else digits
    return abroad if _ABROAD.fullmatch(abroad) and not abroad.startswith("+86") else None
