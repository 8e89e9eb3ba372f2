"""Single values of forms: normal forms of numbers, and what is wrong with a text, in words for who wrote it."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

MONEY_REMEDY = "须是以元为单位的金额，如 100000 或 99.50，最多两位小数。"
DATE_REMEDY = "须是 2026-01-31 这样的日期，且日历上有这一天。"

_MONEY = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOBILE = re.compile(r"(\+?86)?1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{2,3}[2-9][0-9]{6,7}")
_ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")
_SERVICE = re.compile(r"(400|800)[0-9]{7}|9[56][0-9]{3,6}")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_NAME_MARKS = frozenset("·•・‧∙.．'’ʼ-‐ \u3000,，()（）\u200c\u200d")
_GROUPING = re.compile(r"[\s\-‐-―−()]")


def normalised(text: str) -> str:
    """Full-width made plain, upper case, no space or hyphen between groups: for comparing, never for keeping."""
    return _GROUPING.sub("", unicodedata.normalize("NFKC", text)).upper()


def money(text: str) -> Decimal | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    return Decimal(plain) if _MONEY.fullmatch(plain) else None


def day(text: str) -> date | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        return date.fromisoformat(plain) if _DATE.fullmatch(plain) else None
    except ValueError:
        return None


def wrong_text(text: str, *, multiline: bool) -> str | None:
    """Characters that no text may hold: half of a surrogate pair, control characters, line breaks in a single line."""
    allowed = "\n\r\t" if multiline else ""
    for char in text:
        category = unicodedata.category(char)
        if category == "Cs":
            return "含有不完整的字符，请重新输入。"
        if category in ("Cc", "Zl", "Zp") and char not in allowed:
            return "含有换行或控制字符，请删去。"
    return None


def wrong_name(text: str) -> str | None:
    """Any script: letters and marks, the dot between parts, private use, ideographs newer than our Unicode tables."""
    if all(_in_name(char) for char in text) and any(unicodedata.category(char)[0] in "LCN" for char in text):
        return None
    return "只写姓名本身，不含数字和符号；少数民族和外国人姓名可用间隔号“·”。"


def _in_name(char: str) -> bool:
    if char in _NAME_MARKS:
        return True
    category = unicodedata.category(char)
    if category == "Cn":  # not in our tables yet: characters for names are still being added in planes 2 and 3
        return 0x20000 <= ord(char) <= 0x3FFFD
    return category[0] in "LM" or category in ("Co", "Nl")  # 〇 is a letter number


def wrong_resident_id(text: str) -> str | None:
    """GB 11643: 18 characters with place, birth date and check character; the old 15 digits are not valid any more."""
    number = normalised(text)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "须是 18 位公民身份号码，请按身份证填写。"
    try:
        ric.validate(number)
    except InvalidChecksum:
        return "的校验码不对，请逐位核对。"
    except ValidationError:
        return "的地区或出生日期不对，请逐位核对。"
    return None


def wrong_uscc(text: str) -> str | None:
    """GB 32100: 18 characters with a check character."""
    number = normalised(text)
    if len(number) != 18:
        return "须是 18 位统一社会信用代码，请按营业执照填写。"
    try:
        uscc.validate(number)
    except ValidationError:
        return "的校验码或字符不对（不含 I、O、S、V、Z），请逐位核对。"
    return None


def wrong_phone(text: str) -> str | None:
    number = normalised(text)
    if any(pattern.fullmatch(number) for pattern in (_MOBILE, _LANDLINE, _ABROAD, _SERVICE)):
        return None
    return "须是 11 位手机号、带区号的固定电话，或以 + 开头的境外号码。"


def wrong_email(text: str) -> str | None:
    return None if _EMAIL.fullmatch(text.strip()) else "须是 name@example.com 这样的电子邮箱。"
