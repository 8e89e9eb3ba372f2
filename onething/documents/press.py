"""The press: words to PDF, a few at a time, in threads, so that nobody else has to wait."""

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import orjson
import typst

from onething.documents import glyphs
from onething.documents.glyphs import Glyphs
from onething.domain.errors import FailureCode, OneThingError

_TEMPLATE = Path(__file__).with_name("letter.typ").read_bytes()
_AT_ONCE = 2
_PREFERRED = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK TC")
_REGULAR = 400
_PROBE = "中䶮𠮷"
"""A character of every day and two that occur in names."""
_REMEDY = (
    "请管理员安装完整的中文字库（如 Debian 的 fonts-noto-cjk），或用 ONETHING_FONTS_DIR 指明字库所在的目录，再重试；"
    "文书的文字内容不受影响。"
)


@dataclass(frozen=True)
class Sheet:
    """What is set: words as people read them. `dates`: title, due before, due after; `at` makes equal sheets equal
    bytes."""

    number: str
    title: str
    issuer: str
    date: str
    at: datetime
    paragraphs: list[str]
    dates: list[tuple[str, str, str]]
    addressee: str | None = None
    legal_basis: str | None = None


class Press:
    """`fonts`: a folder to take fonts from, and from nowhere else; none: those of the system."""

    def __init__(self, fonts: Path | None) -> None:
        self._folder = fonts
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def pdf(self, sheet: Sheet) -> bytes:
        """Raises OneThingError UNAVAILABLE when no font has every character of it."""
        async with self._places:
            return await asyncio.to_thread(self._set, sheet)

    def _set(self, sheet: Sheet) -> bytes:
        family, shown = self._font
        words = {name: value for name, value in asdict(sheet).items() if name != "at"}
        letter = orjson.dumps(words).decode()
        if shown.missing("".join(_texts(words))):
            raise OneThingError(FailureCode.UNAVAILABLE, f"服务器的字库缺少这份文书里的字。{_REMEDY}")
        compiler = typst.Compiler(_TEMPLATE, font_paths=self._fonts, sys_inputs={"letter": letter, "font": family})
        made = compiler.compile(format="pdf", timestamp=sheet.at)
        if not isinstance(made, bytes):
            raise TypeError("a PDF is one run of bytes")
        return made

    @cached_property
    def _fonts(self) -> typst.Fonts:
        own = [str(self._folder)] if self._folder else []
        return typst.Fonts(include_system_fonts=not own, include_embedded_fonts=False, font_paths=own)

    @cached_property
    def _font(self) -> tuple[str, Glyphs]:
        """The family that shows most of the probe, preferred ones first."""
        best: tuple[str, Glyphs] | None = None
        fewest = len(_PROBE)
        known = {name: place for place, name in enumerate(_PREFERRED)}
        regular = (font for font in self._fonts.fonts() if font.weight == _REGULAR and font.style == "normal")
        wanted = (font for font in regular if self._folder or font.family in known)
        for font in sorted(wanted, key=lambda font: known.get(font.family, len(known))):
            if font.path is not None:
                shown = glyphs.of_file(Path(font.path), font.index)
                lacks = len(shown.missing(_PROBE))
                if lacks < fewest:
                    best, fewest = (font.family, shown), lacks
        if best is None or not best[1].shows(_PROBE[0]):
            raise OneThingError(FailureCode.UNAVAILABLE, f"服务器没有中文字库，不能生成 PDF。{_REMEDY}")
        return best


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [text for one in value for text in _texts(one)] if isinstance(value, list | tuple) else []
