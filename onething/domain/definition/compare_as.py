"""One form for the ways in which people and registers write the same address, name, date or identity number.

For comparing only, never for keeping. When in doubt two ways of writing stay different: people then look at both.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from onething.domain.characters import UnusableText, cleaned
from onething.domain.definition.prefectures import PREFECTURES
from onething.domain.identity import IdType, same_holder


class CompareAs(StrEnum):
    ADDRESS = "address"
    NAME = "name"
    DATE = "date"
    ID = "id"


def normal(kind: CompareAs, text: str) -> str:
    """Equal for two texts only if they say the same; empty where nothing is said. Stable under a second turn."""
    return _composed(_FORMS[kind](_plain(_seen(text))))  # what stood between two characters may have kept them apart


def _seen(text: str) -> str:
    """Without what nobody sees; a register's text that no caller could send stays as it is."""
    try:
        return cleaned(text)
    except UnusableText:
        return text


_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


def _plain(text: str) -> str:
    """Half width, one kind of hyphen, upper case, no space at the ends. No more than that: NFKC would make 5² of 52."""
    return _composed(text.translate(_WIDTH).translate(_HYPHENS).upper())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


# -- addresses -----------------------------------------------------------------------------------------------------

_MUNICIPALITY = re.compile(r"^(北京市|天津市|上海市|重庆市)(?:\1)?(?:市辖区|县(?=[^0-9A-Z]{2,6}县))?")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百]+(?=(?:号|弄|幢|室|层|单元|组|支弄))")
_VARIANTS = str.maketrans({"號": "号", "栋": "幢", "棟": "幢", "〇": "零"})
_SEPARATORS = re.compile(r"[\s,，.。、;；]+")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}


def _address(text: str) -> str:
    """Without the province before a prefecture of its own, which is called so once in the country. Another's, and
    what only sounds like one (浙江省中山路城市花园), keep theirs; what stands before a district is never made up.
    Numbers of houses in digits, 栋 as 幢. A separator goes, unless it keeps two numbers apart."""
    text = _SEPARATORS.sub(_separator, text.translate(_VARIANTS))
    text = _NUMERAL.sub(_in_digits, text)
    text = _MUNICIPALITY.sub(r"\1", text)
    for province, prefectures in PREFECTURES.items():
        rest = text.removeprefix(province)
        if rest != text and rest.startswith(prefectures):
            return rest
    return text


def _separator(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    apart = "." if found[0] == "." else " "  # 1.5 is one number, 1、5 are two
    return apart if _counts(before) and _counts(after) else ""


def _counts(char: str) -> bool:
    return char != "" and (char.isascii() or char in "零一二三四五六七八九十百")


def _in_digits(found: re.Match[str]) -> str:
    """二〇一 is 201, 二十三 is 23. What is neither, and what other figures stand next to, is left as it is."""
    before = found.string[: found.start()][-1:]
    number = _number(found[0])
    return found[0] if number is None or (before and before in "0123456789千万第-") else number


def _number(text: str) -> str | None:
    if all(char in _DIGITS for char in text):
        plain = "".join(str(_DIGITS[char]) for char in text)
        return plain if len(plain) == 1 or not plain.startswith("0") else None
    parts = re.fullmatch(
        r"(?:([一二三四五六七八九])百(零)?)?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?", text
    )
    if parts is None:
        return None
    hundreds, zero, tens, ten, ones = parts.groups()
    # 一百十 and 一百五 are said in more than one way, and 一百零 is no number
    odd = (
        (hundreds and ten and not tens) or (hundreds and ones and not ten and not zero) or (zero and (ten or not ones))
    )
    if odd:
        return None
    value = 100 * _DIGITS.get(hundreds, 0) + 10 * (_DIGITS[tens] if tens else bool(ten)) + _DIGITS.get(ones, 0)
    return str(value)


# -- names ---------------------------------------------------------------------------------------------------------

_MARKS = str.maketrans(dict.fromkeys("•‧∙・･⋅●᛫", "·") | dict.fromkeys("‘’ʼ", "'") | {"\u0f0c": "\u0f0b"})
_TSHEG = "\u0f0b"  # between syllables of Tibetan, and behind the last one or not
_HAN = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_DOT_OF_HAN = re.compile(rf"(?<={_HAN})\s*[.。·]\s*(?={_HAN})")
_SPACE_IN_HAN = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")


def _name(text: str) -> str:
    """Dots between the parts of a name are one kind, and so are apostrophes; spaces between Chinese characters say
    nothing, in other scripts they part words."""
    text = _DOT_OF_HAN.sub("·", text.translate(_MARKS).rstrip(_TSHEG))
    text = _SPACE_IN_HAN.sub("", text)
    return re.sub(r"\s*·\s*", "·", re.sub(r"\s+", " ", text))


# -- dates ---------------------------------------------------------------------------------------------------------

_DATES = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})"),
    re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_CHINESE_DATE = re.compile(
    r"([零〇一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)


def _date(text: str) -> str:
    """As 2026-03-02. A day is never guessed of 03/02/2026, nor of a moment that has a time."""
    plain = _MIDNIGHT.sub("", text)
    for form in _DATES:
        found = form.fullmatch(plain)
        if found is not None:
            return _day(*found.groups()) or text
    spelt = _CHINESE_DATE.fullmatch(plain.replace("〇", "零"))
    if spelt is not None:
        parts = [_number(part) for part in spelt.groups()]
        return (_day(*parts) if all(parts) else None) or text
    return text


def _day(*parts: str | None) -> str | None:
    try:
        return date(*(int(part or 0) for part in parts)).isoformat()
    except ValueError:
        return None


# -- identity numbers ----------------------------------------------------------------------------------------------


def _identity(text: str) -> str:
    """A citizen's number, of 15 digits or 18, or whatever else it is."""
    return same_holder(IdType.RESIDENT_ID, text).removeprefix("citizen/")


_FORMS: dict[CompareAs, Callable[[str], str]] = {
    CompareAs.ADDRESS: _address,
    CompareAs.NAME: _name,
    CompareAs.DATE: _date,
    CompareAs.ID: _identity,
}
