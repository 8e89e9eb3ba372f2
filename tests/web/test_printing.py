"""What comes out of the printer (journey 15): numbers, time and page on it, and nothing to press or to go to."""

import io
import re

import pypdfium2
import pytest
from playwright.async_api import Page

from tests.api.conftest import Live
from tests.web.browsing import DESK
from tests.web.conftest import OpenPage, SignedIn
from tests.web.site_cases import accepted_case

_POINT_MM = 25.4 / 72
_TIME = re.compile(r"打印于 \d+月\d+日\s*\d\d:\d\d")
_ON_SCREEN = ("跳到正文", "主要栏目", "退出", "长辈版", "拨打 12345", "试用环境", "快捷键", "‹")
"""What pages have beside what they say."""


class Printed:
    """A PDF as its reader has it: text and size of each page."""

    def __init__(self, content: bytes) -> None:
        document = pypdfium2.PdfDocument(io.BytesIO(content))
        self.pages = [page.get_textpage().get_text_range() for page in document]
        self.sizes = [tuple(round(length * _POINT_MM) for length in page.get_size()) for page in document]
        document.close()

    @property
    def text(self) -> str:
        """Without the breaks of lines."""
        return re.sub(r"\s*[\r\n]+\s*", "", "".join(self.pages))


async def printed(page: Page) -> Printed:
    found = Printed(await page.pdf(prefer_css_page_size=True))
    assert _TIME.search(found.text), f"when it was printed: {found.text[-300:]}"
    for number, text in enumerate(found.pages, start=1):
        assert f"第 {number} 页，共 {len(found.pages)} 页" in text, "which page, of how many"
    assert [words for words in _ON_SCREEN if words in found.text] == []
    return found


async def test_the_guide_is_printed_whole(open_page: OpenPage, site: Live) -> None:
    """What is folded on the screen is open on paper; what was answered stands there as words."""
    page = await open_page(DESK)
    await page.goto(f"{site.url}/guide/enterprise-opening?company_type=llc&premises=rented")
    why = [" ".join((await one.text_content() or "").split()) for one in await page.locator("#guide details p").all()]
    assert why, "the plan is there"
    found = await printed(page)
    assert "一次告知" in found.text
    together = re.sub(r"\s", "", found.text)
    assert [one for one in why if re.sub(r"\s", "", one) not in together] == []
    for pressed in ("开始申请", "更新下面的内容"):
        assert pressed not in found.text


@pytest.mark.parametrize(("paper", "size"), [("a5", (148, 210)), ("slip", (80, 200))])
async def test_a_receipt_fits_its_paper(signed_in: SignedIn, site: Live, paper: str, size: tuple[int, int]) -> None:
    case_no = await accepted_case(site)
    page = await signed_in("counter")
    await page.goto(f"{site.url}/counter/receipt/{case_no}?paper={paper}")
    found = await printed(page)
    assert set(found.sizes) == {size}
    assert "收件回执" in found.text
    assert found.text.count(case_no) >= 2, "among what it says, and at its foot"
    for pressed in ("打印（P）", "下一件", "看办件"):
        assert pressed not in found.text


async def test_a_letter_is_printed_with_its_number(signed_in: SignedIn, site: Live) -> None:
    case_no = await accepted_case(site)
    page = await signed_in("citizen")
    await page.goto(f"{site.url}/my/cases/{case_no}")
    await page.locator(f"a[href^='/my/cases/{case_no}/documents/']").first.click()
    title = await page.locator("h1").inner_text()
    number = (await page.locator("article .muted").inner_text()).split(" · ")[0]
    found = await printed(page)
    assert title in found.text
    assert found.text.count(number) >= 2
    assert f"办件 {case_no}" in found.text
    assert "下载 PDF" not in found.text
