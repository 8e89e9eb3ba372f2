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
_READ = "文字内容可以照常查阅（命令行：onething case documents 办件编号 --read 文书编号）。"
_INSTALL = (
    "要生成 PDF，请管理员在运行 API 的机器上安装中文字库：Debian、Ubuntu 用 apt install fonts-noto-cjk，"
    "Fedora 用 dnf install google-noto-sans-cjk-fonts，macOS 用 brew install --cask font-noto-sans-cjk-sc；装好后直接"
    "重试，不必重启。不便安装的，把 .otf、.ttf 或 .ttc 文件放进一个目录，用 ONETHING_FONTS_DIR 指明，再重启。"
)
_FILL = "要生成 PDF，请管理员把字库文件（.otf、.ttf 或 .ttc，如 Noto Sans CJK SC）放进这个目录，再重试。"
_RARE = (
    "缺的多是姓名里的生僻字：请管理员换用收字更全的字库（如天珩全字库、花园明朝），单独放进一个目录，"
    "用 ONETHING_FONTS_DIR 指明，再重启。"
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
    remedies: str | None = None


class Press:
    """`fonts`: a folder to take fonts from, and from nowhere else; none: those of the system."""

    def __init__(self, fonts: Path | None) -> None:
        self._folder = fonts
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def pdf(self, sheet: Sheet) -> bytes:
        """Raises OneThingError UNAVAILABLE when no font has every character of it."""
        async with self._places:
            return await asyncio.to_thread(self._set, sheet)

    def why_not(self) -> str | None:
        """What has to be installed before there can be any PDF."""
        try:
            self._font()
        except OneThingError as lacking:
            return lacking.detail
        return None

    def _set(self, sheet: Sheet) -> bytes:
        family, shown = self._font()
        words = {name: value for name, value in asdict(sheet).items() if name != "at"}
        letter = orjson.dumps(words).decode()
        if lacking := shown.missing("".join(_texts(words))):
            detail = f"服务器的字库“{family}”缺少这份文书里的 {len(lacking)} 个字，不能生成 PDF。{_READ}{_RARE}"
            raise OneThingError(FailureCode.UNAVAILABLE, detail)
        compiler = typst.Compiler(_TEMPLATE, font_paths=self._found[0], sys_inputs={"letter": letter, "font": family})
        made = compiler.compile(format="pdf", timestamp=sheet.at.replace(microsecond=0))  # it takes whole seconds
        if not isinstance(made, bytes):
            raise TypeError("a PDF is one run of bytes")
        return made

    def _font(self) -> tuple[str, Glyphs]:
        """The family that letters are set in. While there is none it is looked for again: one may come."""
        try:
            return self._found[1]
        except OneThingError:
            self.__dict__.pop("_found", None)
            raise

    @cached_property
    def _found(self) -> tuple[typst.Fonts, tuple[str, Glyphs]]:
        """All fonts, and the family that shows most of the probe, preferred ones first; of the system's any that does,
        since every system has its own."""
        own = [str(self._folder)] if self._folder else []
        fonts = typst.Fonts(include_system_fonts=not own, include_embedded_fonts=False, font_paths=own)
        best: tuple[str, Glyphs] | None = None
        fewest = len(_PROBE)
        known = {name: place for place, name in enumerate(_PREFERRED)}
        regular = (font for font in fonts.fonts() if font.weight == _REGULAR and font.style == "normal")
        for font in sorted(regular, key=lambda font: known.get(font.family, len(known))):
            shown = _shown(font.path, font.index)
            lacks = len(_PROBE) if shown is None else len(shown.missing(_PROBE))
            if shown is not None and lacks < fewest:
                best, fewest = (font.family, shown), lacks
            if not fewest:
                break
        if best is None or not best[1].shows(_PROBE[0]):
            if self._folder:
                where, remedy = "ONETHING_FONTS_DIR 所指的目录里", _FILL
            else:
                where, remedy = "服务器", _INSTALL
            raise OneThingError(FailureCode.UNAVAILABLE, f"{where}没有中文字库，不能生成 PDF。{_READ}{remedy}")
        return fonts, best


def _shown(path: str | None, index: int) -> Glyphs | None:
    """None for a file that can't be read as a font of that kind: another one will do."""
    try:
        return None if path is None else glyphs.of_file(Path(path), index)
    except (ValueError, OSError):
        return None


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [text for one in value for text in _texts(one)] if isinstance(value, list | tuple) else []
