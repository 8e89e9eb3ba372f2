"""Papers that say who somebody is: which kinds there are, and what is wrong with a number of one of them.

Each kind is judged as far as its standard goes and no further, by form, date and check character. No table of counties:
a number keeps the code of a county that has gone, and gets that of one which was founded yesterday. No clock: that a
date of birth lies before today is for who knows today (`born_on`).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from stdnum.iso7064 import mod_11_2

from onething.domain.errors import FailureCode, OneThingError


class IdType(StrEnum):
    """The kinds. A closed list; `other` is a paper of which nothing more is known."""

    RESIDENT_ID = "resident_id"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"
    FOREIGNER_PERMIT = "foreigner_permit"
    PASSPORT = "passport"
    HM_TRAVEL_PERMIT = "hm_travel_permit"
    TAIWAN_TRAVEL_PERMIT = "taiwan_travel_permit"
    MILITARY_ID = "military_id"
    USCC = "uscc"
    OTHER = "other"


ID_NAMES: Mapping[IdType, str] = MappingProxyType(
    {
        IdType.RESIDENT_ID: "居民身份证",
        IdType.HMT_RESIDENCE_PERMIT: "港澳台居民居住证",
        IdType.FOREIGNER_PERMIT: "外国人永久居留身份证",
        IdType.PASSPORT: "护照",
        IdType.HM_TRAVEL_PERMIT: "港澳居民来往内地通行证",
        IdType.TAIWAN_TRAVEL_PERMIT: "台湾居民来往大陆通行证",
        IdType.MILITARY_ID: "军官证等军人身份证件",
        IdType.USCC: "统一社会信用代码",
        IdType.OTHER: "其他证件",
    }
)
PERSONAL = tuple(kind for kind in IdType if kind not in (IdType.USCC, IdType.OTHER))
"""Those of which a number is a person's."""

_EARLIEST = 1800  # numbers were first given in 1984: nobody born before was there
_OF_GB_T_2260 = (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71)
_PROVINCES = frozenset(map(str, (*_OF_GB_T_2260, 81, 82, 83)))
"""GB/T 2260, and 83 of 港澳台居民居住证申领发放办法 (国办发〔2018〕81号) Art. 3."""
_OF_HONG_KONG_MACAO_TAIWAN = ("810000", "820000", "830000")
_MILITARY = re.compile(r"([\u4e00-\u9fff]{1,6}?)(第)?([0-9A-Z]{4,12})号?")
_OF_CENTENARIANS = ("996", "997", "998", "999")
_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: without I, O, S, V, Z


class WrongNumber(OneThingError):
    """`detail` follows the name of what holds the number, and never quotes it."""

    def __init__(self, detail: str) -> None:
        super().__init__(FailureCode.INVALID_VALUE, detail)


def read_number(kind: IdType, text: str) -> str:
    """The number in its one form: half width, capitals, no spaces or hyphens between groups, and whole words around it
    where a paper has such. Raises WrongNumber."""
    number = _one_form(kind, text)
    if not number:
        raise WrongNumber("不能为空。")
    wrong = _WRONG[kind](number)
    if wrong is not None:
        raise WrongNumber(wrong)
    return number


def born_on(kind: IdType, number: str) -> date | None:
    """What a number in its one form says of when its holder was born; None where it says nothing."""
    dated = kind in _CITIZENS or (kind is IdType.FOREIGNER_PERMIT and len(number) == 18)
    return _date(number[6:14]) if dated else None


def same_holder(kind: IdType, text: str) -> str:
    """A text that is the same for all numbers that one holder may show, and for nobody else's: what the blind index is
    of. Never refuses; empty where nothing is said.

    公民身份号码 is one series of numbers, whether a 居民身份证 or a 港澳台居民居住证 shows it, in 15 digits or 18.
    The first nine characters of a 港澳居民来往内地通行证 and the first eight of a 台湾居民来往大陆通行证 are for life,
    the rest counts renewals. All other kinds are series of their own.
    """
    number = _one_form(kind, text)
    if not number:
        return ""
    if kind in _CITIZENS:
        return f"citizen/{lengthened(number)}"
    if kind is IdType.HM_TRAVEL_PERMIT and not _wrong_hm_travel_permit(number):
        number = number[:9]
    if kind is IdType.TAIWAN_TRAVEL_PERMIT and not _wrong_taiwan_travel_permit(number):
        number = number[:8]
    return f"{kind}/{number}"


def lengthened(number: str) -> str:
    """15 digits of before 1999 as 18 (GB 11643—1999: century 19 and a check character), if that date exists and the
    number is not of those that were set aside for who was a hundred years old in 1984. Others as they are."""
    if not re.fullmatch(r"[0-9]{15}", number) or number[12:] in _OF_CENTENARIANS:
        return number
    longer = f"{number[:6]}19{number[6:]}"
    return longer + check_character(longer) if _date(longer[6:14]) else number


def check_character(body: str) -> str:
    """Of 17 digits, by ISO 7064, MOD 11-2, as GB 11643 has it."""
    return str(mod_11_2.calc_check_digit(body))


def compact(raw: str) -> str:
    """Half width, capitals, no spaces, no hyphens, nothing that nobody sees."""
    return "".join(char for char in unicodedata.normalize("NFKC", raw) if not _parts_groups(char)).upper()


def _one_form(kind: IdType, text: str) -> str:
    number = compact(text)
    military = _MILITARY.fullmatch(number) if kind is IdType.MILITARY_ID else None
    return number if military is None else _as_printed(*military.groups(""))


def _as_printed(word: str, ordinal: str, figures: str) -> str:
    """军字第1234567号, of 军字1234567 too: the two words that are left out say nothing."""
    return f"{word}{'第' if word.endswith('字') else ordinal}{figures}号"


def _parts_groups(char: str) -> bool:
    return char.isspace() or char == "\u2212" or unicodedata.category(char) in ("Pd", "Cf", "Zs")


# -- what is wrong with a number, in words that follow a label ------------------------------------------------------


def _wrong_citizen(number: str) -> str | None:
    """GB 11643—1999: address code, date of birth, serial, check character. The 15 digits of before are not valid any
    more (居民身份证法, since 2013)."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "须是 18 位公民身份号码，请按证件填写。"
    if number[:2] not in _PROVINCES:
        return "的前两位不是省级行政区划代码，请逐位核对。"
    return _wrong_date_or_check(number)


def _wrong_hmt_residence_permit(number: str) -> str | None:
    """港澳台居民居住证申领发放办法 Art. 3: a 公民身份号码 with address code 810000, 820000 or 830000."""
    if re.fullmatch(r"[0-9]{17}[0-9X]", number) and not number.startswith(_OF_HONG_KONG_MACAO_TAIWAN):
        return "不是港澳台居民居住证的号码：须以 810000、820000 或 830000 开头，请核对证件种类。"
    return _wrong_citizen(number)


def _wrong_foreigner_permit(number: str) -> str | None:
    """Cards of 2023: 18 characters after the pattern of GB 11643, the first being 9, the check character by MOD 11-2.
    Cards before: three letters and twelve digits, of which no published standard says more."""
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", number):
        return None
    if not re.fullmatch(r"9[0-9]{16}[0-9X]", number):
        return "须是以 9 开头的 18 位号码，或旧证的 3 个字母加 12 位数字，请按外国人永久居留身份证填写。"
    return _wrong_date_or_check(number)


def _wrong_date_or_check(number: str) -> str | None:
    born = _date(number[6:14])
    if born is None or born.year < _EARLIEST:
        return "的出生日期不对，请逐位核对。"
    return None if check_character(number[:17]) == number[17] else "的校验码不对，请逐位核对。"


def _wrong_passport(number: str) -> str | None:
    """ICAO Doc 9303: letters and digits; nine in most states, and a few more in some."""
    fits = re.fullmatch(r"[A-Z0-9]{5,15}", number) and any(char.isdigit() for char in number)
    return None if fits else "须是 5 至 15 个字母和数字，请按护照填写。"


def _wrong_hm_travel_permit(number: str) -> str | None:
    """公安部出入境管理局, 2010: H or M, eight digits for life; cards before 2013 add two that count renewals."""
    fits = re.fullmatch(r"[HM][0-9]{8}([0-9]{2})?", number)
    return None if fits else "须是 H 或 M 加 8 位数字（旧证 10 位），请按港澳居民来往内地通行证填写。"


def _wrong_taiwan_travel_permit(number: str) -> str | None:
    """Cards since 2015: eight digits for life. Booklets before: two more that count renewals, and a letter."""
    fits = re.fullmatch(r"[0-9]{8}([0-9]{2}(\([A-Z]\)|[A-Z])?)?", number)
    return None if fits else "须是 8 位数字（旧证 10 位，后面可有一个字母），请按台湾居民来往大陆通行证填写。"


def _wrong_military_id(number: str) -> str | None:
    """As printed: 军字第1234567号, 南字第 …; no published standard says more."""
    return None if _MILITARY.fullmatch(number) else "须像“军字第1234567号”这样，请按证件填写。"


def _wrong_uscc(code: str) -> str | None:
    """GB 32100—2015 and its amendment 1: registering body and kind of organisation (digits or letters: N of village
    cooperatives, A of the army's, Y of others), six digits of a division, nine characters of the subject, check."""
    if len(code) != 18:
        return "须是 18 位统一社会信用代码，请按登记证书填写。"
    if any(char not in _CREDIT_CODE for char in code):
        return "含有不用的字符（统一社会信用代码不含 I、O、S、V、Z），请逐位核对。"
    if not re.fullmatch(r"[0-9]{6}", code[2:8]):
        return "的第 3 至 8 位须是数字，请逐位核对。"
    weighted = sum(_CREDIT_CODE.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return None if _CREDIT_CODE[-weighted % 31] == code[17] else "的校验码不对，请逐位核对。"


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


_CITIZENS = (IdType.RESIDENT_ID, IdType.HMT_RESIDENCE_PERMIT)
_WRONG: Mapping[IdType, Callable[[str], str | None]] = MappingProxyType(
    {
        IdType.RESIDENT_ID: _wrong_citizen,
        IdType.HMT_RESIDENCE_PERMIT: _wrong_hmt_residence_permit,
        IdType.FOREIGNER_PERMIT: _wrong_foreigner_permit,
        IdType.PASSPORT: _wrong_passport,
        IdType.HM_TRAVEL_PERMIT: _wrong_hm_travel_permit,
        IdType.TAIWAN_TRAVEL_PERMIT: _wrong_taiwan_travel_permit,
        IdType.MILITARY_ID: _wrong_military_id,
        IdType.USCC: _wrong_uscc,
        IdType.OTHER: lambda number: None,
    }
)
