"""The one policy for characters that nobody sees, in whatever text a caller sends. It is applied at one edge, before
anything is judged (`onething/edge/strict.py`); whether a text says anything is asked after it.

| in a text | what becomes of it |
|---|---|
| control characters but tab and line breaks, separators of lines, halves of characters | refused |
| bidi controls (Bidi_Control of UAX #9), which turn round what is printed | refused |
| code points that have no character (Cn), outside planes 2 and 3 | refused |
| joiners between letters of scripts that need them, variation selectors behind what they vary | stay |
| other format characters (Cf) and fillers (Default_Ignorable_Code_Point of UAX #44) | left out |
| private use, and planes 2 and 3 where they are newer than our table | stay as they are: `uncertain` tells them |

Which code points have a character is told by the table of `unicodedata2` (Unicode 16 or later), not by Python's: that
of 3.11 would refuse people whose names are written with Han of Extensions H and I. Nothing is composed or decomposed.
"""

import re
from itertools import chain

import unicodedata2

from onething.domain.errors import FailureCode, OneThingError

_LINES = frozenset("\t\n\r")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d\u180e")
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_BLANK_PATTERN = "\u2800"  # Braille without a dot: a symbol that looks like a space
_VIRAMA = 9

_MONGOLIAN = range(0x1800, 0x18B0)
_MONGOLIAN_SELECTORS = frozenset("\u180b\u180c\u180d\u180f")
_SELECTORS = frozenset(map(chr, chain(range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))))
_JOINING = (
    *(range(0x0600, 0x0E00), range(0x1000, 0x10A0), range(0x1780, 0x1800), _MONGOLIAN),  # Arabic to Sinhala; Khmer …
    *(range(0x1A20, 0x1AB0), range(0x1B00, 0x1C50), range(0xA800, 0xAB00), range(0xFB50, 0xFE00)),
    *(range(0xFE70, 0xFEFF), range(0x10A00, 0x10B00), range(0x10B80, 0x10BB0), range(0x10D00, 0x10D40)),
    *(range(0x10F30, 0x10FE0), range(0x11000, 0x12000), range(0x1E900, 0x1E960)),
)
"""Blocks of scripts whose letters join, or form conjuncts: there a joiner tells two words apart."""


_SPECIAL = _FILLERS | _SELECTORS | _MONGOLIAN_SELECTORS
_PLAIN_SPACES = re.compile("[\t\n\r\u00a0\u3000]")


class UnusableText(OneThingError):
    """`detail` follows the name of what holds the text."""

    def __init__(self, detail: str) -> None:
        super().__init__(FailureCode.INVALID_VALUE, detail)


def cleaned(text: str) -> str:
    """The text as it may be kept; a second turn changes nothing. Raises UnusableText."""
    if _all_printable(text) and _SPECIAL.isdisjoint(text):
        return text
    stays: list[str] = []
    for at, char in enumerate(text):
        _refuse(char)
        before = stays[-1] if stays else ""
        if _stays(char, before, text[at + 1 : at + 2]):
            stays.append(char)
    return "".join(stays)


def is_blank(text: str) -> bool:
    """Whether there is nothing in it that anybody would see."""
    return all(_unseen(char) for char in text)


def uncertain(text: str) -> tuple[str, ...]:
    """The characters of which nobody can say how they look elsewhere: private use, and ideographs (planes 2 and 3) that
    are newer than our table. Each once."""
    if _all_printable(text):
        return ()
    found = (char for char in text if category(char) == "Co" or (category(char) == "Cn" and _for_ideographs(char)))
    return tuple(dict.fromkeys(found))


def category(char: str) -> str:
    """General category of UAX #44."""
    return str(unicodedata2.category(char))


def _all_printable(text: str) -> bool:
    """Whether even Python's older table knows each of them as something that is seen: most texts are settled by that,
    at no cost."""
    return _PLAIN_SPACES.sub("", text).isprintable()


def _refuse(char: str) -> None:
    kind = category(char)
    if kind == "Cs":
        raise UnusableText("含有不完整的字符，请重新输入。")
    if (kind == "Cc" and char not in _LINES) or kind in ("Zl", "Zp"):
        raise UnusableText(f"含有控制字符（{code_point(char)}），请删去。")
    if char in _BIDI:
        raise UnusableText(f"含有改变文字方向的不可见字符（{code_point(char)}），请删去。")
    if kind == "Cn" and not _for_ideographs(char):
        raise UnusableText(f"含有没有编码的字符（{code_point(char)}），请重新输入。")


def code_point(char: str) -> str:
    """As people look it up."""
    return f"U+{ord(char):04X}"


def _stays(char: str, before: str, after: str) -> bool:
    if char in _JOINERS:
        return before != "" and (unicodedata2.combining(before) == _VIRAMA or (_joins(before) and _joins(after)))
    if char in _SELECTORS:
        return before != "" and before not in _SELECTORS and not _unseen(before)
    if char in _MONGOLIAN_SELECTORS:
        return before != "" and ord(before) in _MONGOLIAN and category(before)[0] == "L"
    return char not in _FILLERS and category(char) != "Cf"


def _joins(char: str) -> bool:
    return char != "" and category(char)[0] in "LM" and any(ord(char) in block for block in _JOINING)


def _unseen(char: str) -> bool:
    """Marks by themselves stand on nothing."""
    return char == _BLANK_PATTERN or char in _FILLERS or char.isspace() or category(char)[0] in "ZM" or _control(char)


def _control(char: str) -> bool:
    return category(char) in ("Cc", "Cf", "Cs")


def _for_ideographs(char: str) -> bool:
    """Planes 2 and 3, where Unicode goes on adding characters that people's names are written with."""
    return 0x20000 <= ord(char) <= 0x3FFFD and ord(char) & 0xFFFF < 0xFFFE
