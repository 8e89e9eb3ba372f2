"""Letters on paper: what was said is what can be read, and a character that the font lacks is no empty box."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onething.documents import glyphs
from onething.documents.press import Press, Sheet
from onething.domain.errors import FailureCode, OneThingError
from tests.documents.reading import text_of

FONTS = Path(__file__).parent / "fonts"
SHEET = Sheet(
    number="33010020260302000001-5",
    title="中止计时告知书",
    issuer="市场监督管理局",
    date="2026 年 03 月 02 日",
    at=datetime(2026, 3, 2, 1, 30, 15, 123456, tzinfo=UTC),
    paragraphs=["办理“企业开办”需要依法进行听证。", "说明：#emph[*不是*] $标记$ \\ @的"],
    dates=[("企业开办", "2026-03-05 17:30", "中止计时")],
    addressee="李䶮、𠮷",
    legal_basis="《中华人民共和国行政许可法》第四十五条",
    remedies="不服本决定的，可以自知道本决定之日起六十日内向本级人民政府申请行政复议。",
)


class NoFonts:
    """What typst finds on a machine without any font."""

    def __init__(self, **_: object) -> None:
        pass

    def fonts(self) -> list[object]:
        return []


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    return Press(FONTS)


async def test_everything_that_is_said_can_be_read_rare_characters_too(press: Press) -> None:
    text = text_of(await press.pdf(SHEET)).replace("\n", "").replace(" ", "")
    said = [SHEET.title, f"编号：{SHEET.number}", f"{SHEET.addressee}：", *SHEET.paragraphs, *SHEET.dates[0],
            f"法律依据：{SHEET.legal_basis}", str(SHEET.remedies), SHEET.issuer, SHEET.date]  # fmt: skip
    at = 0
    for words in said:
        at = text.index(words.replace(" ", ""), at)


async def test_a_letter_of_more_characters_than_a_byte_counts_is_read_too(press: Press) -> None:
    """Glyphs are numbered in the order of their use: what comes late is written in another form of string."""
    folder = Path(__file__).parents[2] / "onething" / "services" / "documents"
    words = "".join(file.read_text("utf-8") for file in sorted(folder.glob("*.py")))
    many = "".join(dict.fromkeys(one for one in words if "\u4e00" <= one <= "\u9fff"))
    assert len(many) > 0xFF
    text = text_of(await press.pdf(replace(SHEET, paragraphs=[many]))).replace("\n", "").replace(" ", "")
    assert many in text
    assert str(SHEET.remedies) in text


async def test_the_same_sheet_is_the_same_bytes_and_many_are_set_at_once(press: Press) -> None:
    many = await asyncio.gather(*(press.pdf(SHEET) for _ in range(8)))
    assert len(set(many)) == 1
    assert many[0].startswith(b"%PDF-")


async def test_without_dates_basis_or_name(press: Press) -> None:
    text = text_of(await press.pdf(replace(SHEET, dates=[], legal_basis=None, addressee=None, remedies=None)))
    assert "法律依据" not in text
    assert "原到期" not in text


async def test_a_character_that_the_font_lacks_is_refused_with_the_remedy(press: Press) -> None:
    with pytest.raises(OneThingError, match=r"缺少这份文书里的 1 个字.*--read.*ONETHING_FONTS_DIR") as refused:
        await press.pdf(replace(SHEET, addressee="王\U0002a6d6"))
    assert refused.value.code is FailureCode.UNAVAILABLE
    assert "\U0002a6d6" not in str(refused.value)  # it is somebody's name


async def test_no_font_is_told_with_what_helps_and_one_that_came_is_used_at_once(tmp_path: Path) -> None:
    press = Press(tmp_path)
    with pytest.raises(
        OneThingError, match=r"ONETHING_FONTS_DIR 所指的目录里没有中文字库.*--read.*放进这个目录"
    ) as refused:
        await press.pdf(SHEET)
    assert str(tmp_path) not in str(refused.value)
    (tmp_path / "broken.otf").write_bytes(b"no font at all")
    shutil.copy(FONTS / "for-tests.otf", tmp_path)
    assert (await press.pdf(SHEET)).startswith(b"%PDF-")


async def test_a_machine_without_a_font_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onething.documents.press.typst.Fonts", NoFonts)
    with pytest.raises(OneThingError, match=r"服务器没有中文字库.*apt install fonts-noto-cjk"):
        await Press(None).pdf(SHEET)


def test_what_a_font_shows() -> None:
    shown = glyphs.of_file(FONTS / "for-tests.otf")
    assert shown.missing("中䶮𠮷 \n") == frozenset()
    assert shown.missing("中\U0002a6d6") == {"\U0002a6d6"}


def test_the_font_of_the_tests_has_every_character_of_every_letter() -> None:
    """What any letter can say of itself: its words, the names of matters, items, materials and offices. When it lacks
    one: see fonts/README.md."""
    root = Path(__file__).parents[2]
    services = root / "onething" / "services"
    words = [*sorted((services / "documents").glob("*.py")), services / "cases" / "timeline.py"]
    words += [services / "core" / "wording.py", root / "onething" / "domain" / "deadlines" / "wording.py"]
    words += [
        root / "onething" / "domain" / "deadlines" / "clock_kinds.py",
        root / "onething" / "documents" / "letter.typ",
    ]
    words += [
        root / "onething" / "domain" / "form" / "form_labels.py",
        root / "onething" / "domain" / "definition" / "bundle.py",
    ]
    offices = [root / "definitions" / name for name in ("offices.py", "offices.yaml", "departments.yaml")]
    bundles = (root / "definitions" / part for part in ("catalog", "items", "places"))
    names = [*offices, *(file for part in bundles for file in sorted(part.rglob("*.yaml")))]
    assert len(names) > 3
    said = "".join(file.read_text(encoding="utf-8") for file in (*words, *names))
    assert glyphs.of_file(FONTS / "for-tests.otf").missing(said) == frozenset()


def test_what_is_no_font_is_told(tmp_path: Path) -> None:
    for raw in (b"", b"ttcf", b"no font at all"):
        file = tmp_path / "font.otf"
        file.write_bytes(raw)
        with pytest.raises(ValueError, match=r"font|cmap"):
            glyphs.of_file(file)
