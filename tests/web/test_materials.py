"""Materials by pages: files, papers, promises, and what stands in their way."""

import html
import io
from collections.abc import AsyncIterator

import httpx
import pypdfium2  # type: ignore[import-untyped]  # it carries no types
import pytest
from PIL import Image

from onething.documents.picture_child import KEPT_PIXELS
from tests.api import acts
from tests.api.forms import opening_with_papers
from tests.api.town import Town
from tests.support import photos
from tests.support.files import pdf
from tests.web import applicant
from tests.web.visitor import SAME_ORIGIN, Visitor, hidden


@pytest.fixture
async def visitor(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("citizen")
        yield visitor


async def draft(visitor: Visitor) -> str:
    """Of a limited company in rented premises, which has three papers to bring."""
    made = await visitor.town.post("citizen", "/api/cases", {**opening_with_papers(), "submit": False})
    assert made.status_code == 201, made.text
    return str(made.json()["case_no"])


async def upload(
    visitor: Visitor, at: str, content: bytes, name: str = "章程.pdf", *, kind: str = "application/pdf"
) -> httpx.Response:
    """By the form of the page at this path, as a browser sends it."""
    page = await visitor.get(at)
    token = {"_token": hidden(page, f"{at}/file")["_token"]}
    files = {"file": (name, content, kind)}
    return await visitor.plain().post(f"{at}/file", data=token, files=files, headers=SAME_ORIGIN)


async def test_a_file_is_sent_looked_at_replaced_and_deleted(visitor: Visitor) -> None:
    at = f"/my/drafts/{await draft(visitor)}/materials/articles"
    assert "还没有交" in (await visitor.get(at)).text
    sent = await upload(visitor, at, pdf("one"))
    assert (sent.status_code, sent.headers["location"]) == (303, at)
    page = await visitor.get(at)
    assert "已上传" in page.text
    found = await visitor.get(f"{at}/file")
    assert found.content == pdf("one")
    assert "sandbox" in found.headers["content-security-policy"]
    assert found.headers["content-disposition"].startswith("attachment")
    await upload(visitor, at, pdf("two"))
    assert (await visitor.get(f"{at}/file")).content == pdf("two")
    await visitor.send(page, f"{at}/delete", {})
    assert "还没有交" in (await visitor.get(at)).text
    assert (await visitor.get(f"{at}/file")).status_code == 404


async def test_complaint_6_a_bad_file_is_named_and_leaves_the_rest(visitor: Visitor) -> None:
    case_no = await draft(visitor)
    at = f"/my/drafts/{case_no}/materials/articles"
    await upload(visitor, f"/my/drafts/{case_no}/materials/premises-lease", pdf("lease"))
    large = await upload(visitor, at, pdf(size=21 * 2**20), "很大.pdf")
    assert large.status_code == 413
    assert "很大.pdf" in large.text
    assert "20 MB" in large.text
    wrong = await upload(visitor, at, b"no pdf at all", "坏.pdf")
    assert wrong.status_code == 415
    assert "坏.pdf" in wrong.text
    assert "已上传" in (await visitor.get(f"/my/drafts/{case_no}/materials/premises-lease")).text
    assert (await upload(visitor, at, pdf())).status_code == 303


async def test_complaint_7_photos_of_an_iphone_become_one_pdf(visitor: Visitor) -> None:
    at = f"/my/drafts/{await draft(visitor)}/materials/articles"
    page = await visitor.get(at)
    field = page.text[page.text.index('<input id="file"') :].partition(">")[0]
    assert " multiple" in field
    assert "image/heic" in field
    limits = page.text[: page.text.index('<input id="file"')]
    for said in ("HEIC", "20 MB", "20 张", "60 MB", "PDF"):
        assert said in limits, "limits are said first"
    one = await upload(visitor, at, photos.heic(), "IMG_1.HEIC", kind="image/heic")
    assert one.status_code == 303, one.text
    assert "JPEG" in (await visitor.get(at)).text
    assert (await visitor.get(f"{at}/file")).content.startswith(b"\xff\xd8")
    token = {"_token": hidden(page, f"{at}/file")["_token"]}
    two = [("file", (name, photos.heic(), "image/heic")) for name in ("1.heic", "2.heic")]
    sent = await visitor.plain().post(f"{at}/file", data=token, files=two, headers=SAME_ORIGIN)
    assert sent.status_code == 303, sent.text
    assert len(pypdfium2.PdfDocument((await visitor.get(f"{at}/file")).content)) == 2
    assert (await visitor.get(f"{at}/pages/2")).status_code == 200
    broken = [*two, ("file", ("坏.heic", photos.heic()[:-9], "image/heic"))]
    refused = await visitor.plain().post(f"{at}/file", data=token, files=broken, headers=SAME_ORIGIN)
    assert refused.status_code == 415
    assert "“公司章程”的文件“坏.heic”" in html.unescape(refused.text)
    many = [("file", (f"{n}.heic", b"", "image/heic")) for n in range(21)]
    refused = await visitor.plain().post(f"{at}/file", data=token, files=many, headers=SAME_ORIGIN)
    assert refused.status_code == 413
    assert "20 张" in refused.text[refused.text.index('id="mistakes"') :].partition("</div>")[0]


async def test_complaint_7_a_fresh_picture_of_twelve_megabytes_is_taken_shown_and_kept_without_its_place(
    visitor: Visitor,
) -> None:
    picture = photos.camera()
    assert 12 * 2**20 <= len(picture) < 20 * 2**20
    case_no = await draft(visitor)
    at = f"/my/drafts/{case_no}/materials/articles"
    sent = await upload(visitor, at, picture, "DSC_0001.JPG", kind="image/jpeg")
    assert sent.status_code == 303, sent.text
    assert "已上传" in (await visitor.get(at)).text
    kept = (await visitor.get(f"{at}/file")).content
    assert photos.DEVICE in picture
    assert photos.DEVICE not in kept
    with Image.open(io.BytesIO(kept)) as image, Image.open(io.BytesIO(picture)) as original:
        assert image.format == "JPEG"
        assert image.width * image.height <= KEPT_PIXELS < original.width * original.height
        assert round(image.width / image.height, 2) == round(original.width / original.height, 2)
    assert len(kept) < len(picture)
    shown = await visitor.get(f"{at}/pages/1")
    assert shown.status_code == 200
    assert len(shown.content) < len(picture), "what is looked at is smaller"
    by_api = await visitor.town.client("citizen").put(
        f"/api/cases/{case_no}/materials/articles", files={"file": ("again.jpg", picture, "image/jpeg")}
    )
    assert (by_api.status_code, by_api.json()["media_type"]) == (200, "image/jpeg"), "the same once more"
    token = {"_token": hidden(await visitor.get(at), f"{at}/file")["_token"]}
    two = [("file", (name, picture, "image/jpeg")) for name in ("1.jpg", "2.jpg")]
    both = await visitor.plain().post(f"{at}/file", data=token, files=two, headers=SAME_ORIGIN)
    assert both.status_code == 303, both.text
    together = (await visitor.get(f"{at}/file")).content
    assert len(pypdfium2.PdfDocument(together)) == 2
    assert len(together) < 20 * 2**20 < 2 * len(picture), "made to fit"


async def test_complaint_7_what_was_asked_for_comes_as_photos(visitor: Visitor) -> None:
    body = {**opening_with_papers("premises-lease", "appointment-documents"), "incomplete": True}
    case_no = await acts.open_case(visitor.town, **body)
    body = {"items": [{"material": "articles", "what": "请补章程全部页"}]}
    assert (await visitor.town.post("counter", f"/api/cases/{case_no}/corrections", body)).status_code == 200
    at = f"/my/cases/{case_no}/materials/articles"
    page = await visitor.get(at)
    assert " multiple" in page.text
    token = {"_token": hidden(page, f"{at}/file")["_token"]}
    two = [("file", (name, photos.heic(), "image/heic")) for name in ("1.heic", "2.heic")]
    sent = await visitor.plain().post(f"{at}/file", data=token, files=two, headers=SAME_ORIGIN)
    assert sent.status_code == 303, sent.text
    assert len(pypdfium2.PdfDocument((await visitor.get(f"{at}/file")).content)) == 2


async def test_a_file_without_the_token_of_the_session_is_not_kept(visitor: Visitor) -> None:
    at = f"/my/drafts/{await draft(visitor)}/materials/articles"
    for data in ({}, {"_token": "00" * 32}):
        answer = await visitor.plain().post(
            f"{at}/file", data=data, files={"file": ("a.pdf", pdf())}, headers=SAME_ORIGIN
        )
        assert answer.status_code == 403
    other = {"Sec-Fetch-Site": "cross-site"}
    token = {"_token": hidden(await visitor.get(at), f"{at}/file")["_token"]}
    answer = await visitor.plain().post(f"{at}/file", data=token, files={"file": ("a.pdf", pdf())}, headers=other)
    assert answer.status_code == 403
    assert "还没有交" in (await visitor.get(at)).text


async def test_papers_are_announced_and_a_file_takes_their_place(visitor: Visitor) -> None:
    case_no = await draft(visitor)
    for code in ("articles", "premises-lease"):
        at = f"/my/drafts/{case_no}/materials/{code}"
        answer = await visitor.send(await visitor.get(at), at, {"/how": "paper"})
        assert answer.status_code == 303
    listed = await visitor.get(f"/my/drafts/{case_no}")
    assert listed.text.count("到窗口交纸质件") == 2
    await upload(visitor, f"/my/drafts/{case_no}/materials/articles", pdf())
    listed = await visitor.get(f"/my/drafts/{case_no}")
    assert listed.text.count("到窗口交纸质件") == 1
    at = f"/my/drafts/{case_no}/materials/articles"
    back = await visitor.send(await visitor.get(at), at, {"/how": "paper"})
    assert back.status_code == 303
    assert (await visitor.get(f"{at}/file")).status_code == 404


async def test_what_there_is_nothing_to_use_again_of_is_said(fresh_town: Town) -> None:
    async with Visitor(fresh_town) as visitor:
        await visitor.sign_in("citizen")
        await _nothing_to_use_again(visitor)


async def _nothing_to_use_again(visitor: Visitor) -> None:
    at = f"/my/drafts/{await draft(visitor)}/materials/premises-lease"
    page = await visitor.get(at)
    assert "沿用" in page.text
    answer = await visitor.send(page, at, {"/how": "reuse"})
    assert answer.status_code == 422
    assert "没有找到" in answer.text
    assert (await visitor.send(page, at, {})).status_code == 422


async def test_promises_are_ticked_one_by_one(visitor: Visitor) -> None:
    case_no = await applicant.begin(visitor, "licence=new&business=charter&vehicle=purchased", "transport-business")
    at = f"/my/drafts/{case_no}/materials/carrier-insurance"
    page = await visitor.get(at)
    answer = await visitor.send(page, at, {"/how": "promise"})
    assert answer.status_code == 303, answer.text
    path = f"/my/drafts/{case_no}/check"
    checked = await visitor.get(path)
    assert "我承诺" in checked.text
    refused = await visitor.send(checked, path, {})
    assert refused.status_code == 422
    assert 'href="#promise-carrier-insurance"' in refused.text
    assert 'id="promise-carrier-insurance"' in refused.text


async def test_what_an_item_is_decided_on_is_said_before_it_is_ticked(visitor: Visitor) -> None:
    """On the page of the statement with what follows, and word for word where it is ticked."""
    answers = "food_business=catering&gathering=true&area=120&fire_way=promise&drain=false&sign=none"
    case_no = await applicant.begin(visitor, answers, "restaurant-opening")
    at = f"/my/drafts/{case_no}/materials/fire-promise"
    page = await visitor.get(at)
    assert "在线作出承诺" in page.text
    for said in ("承诺：场所符合消防技术标准和管理规定", "办成后20个工作日内核查", "15个自然日内改正", "记入失信记录"):
        assert said in page.text, said
    assert (await visitor.send(page, at, {"/how": "promise"})).status_code == 303
    checked = await visitor.get(f"/my/drafts/{case_no}/check")
    assert "我承诺：场所符合消防技术标准和管理规定，提交的材料真实，依法接受核查。" in checked.text


async def test_what_was_asked_for_comes_by_itself(visitor: Visitor) -> None:
    body = {**opening_with_papers("articles", "appointment-documents"), "incomplete": True}
    case_no = await acts.open_case(visitor.town, **body)
    body = {"items": [{"material": "premises-lease", "what": "请补租赁合同全部页"}]}
    answer = await visitor.town.post("counter", f"/api/cases/{case_no}/corrections", body)
    assert answer.status_code == 200, answer.text
    page = await visitor.get(f"/my/cases/{case_no}/supplement")
    assert "请补租赁合同全部页" in page.text
    at = f"/my/cases/{case_no}/materials/premises-lease"
    sent = await upload(visitor, at, pdf())
    assert (sent.status_code, sent.headers["location"]) == (303, f"/my/cases/{case_no}/supplement")
    assert "要补的都交齐了" in (await visitor.get(sent.headers["location"])).text
    assert (await visitor.get(f"{at}/file")).content == pdf()
