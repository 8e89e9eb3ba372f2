"""Photos of iPhones, and several photos as one PDF: what is kept, what is told of what came, and what is refused."""

import hashlib
import io
import zlib
from typing import Any

import httpx
import pypdfium2  # type: ignore[import-untyped]  # it carries no types
import pytest
from PIL import Image

from onething.documents.picture_child import KEPT_PIXELS
from onething.documents.pictures import Pictures
from onething.domain.errors import OneThingError
from onething.services.materials.file_kinds import checked_kind, without_place
from tests.api import acts
from tests.api.forms import opening_with_papers
from tests.api.town import Town
from tests.support import photos
from tests.support.files import pdf, png, slow_pdf

HEIC = photos.heic(turned=6)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def put(town: Town, case_no: str, *files: tuple[str, bytes, str]) -> httpx.Response:
    path = f"/api/cases/{case_no}/materials/articles"
    return await town.client("citizen").put(path, files=[("file", file) for file in files])


async def versions(town: Town, who: str, case_no: str) -> list[dict[str, Any]]:
    view = (await town.get(who, f"/api/cases/{case_no}")).json()
    (material,) = [one for one in view["materials"] if one["code"] == "articles"]
    return list(material["versions"])


@pytest.mark.parametrize("declared", ["image/heic", "image/heif", "application/octet-stream"])
async def test_complaint_7_a_photo_of_an_iphone_is_kept_as_jpeg(town: Town, declared: str) -> None:
    case_no = await acts.draft(town)
    sent = await put(town, case_no, ("IMG_0001.HEIC", HEIC, declared))
    assert (sent.status_code, sent.json()["media_type"]) == (201, "image/jpeg"), sent.text
    assert sent.json()["originals"] == [digest(HEIC)]
    kept = (await town.get("citizen", f"/api/cases/{case_no}/materials/articles")).content
    assert digest(kept) == sent.json()["digest"]
    assert photos.DEVICE in HEIC
    assert photos.DEVICE not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size) == ("JPEG", (300, 400))
        assert not image.getexif()
    shown = await town.get("citizen", f"/api/cases/{case_no}/materials/articles/pages/1")
    assert shown.status_code == 200
    again = await put(town, case_no, ("again.heic", HEIC, declared))
    assert (again.status_code, again.json()["version"]) == (200, 1)
    (only,) = await versions(town, "citizen", case_no)
    assert only["originals"] == [digest(HEIC)]
    other = await put(town, case_no, ("a.pdf", pdf(), "application/pdf"))
    assert "originals" not in other.json()
    assert [one.get("originals") for one in await versions(town, "citizen", case_no)] == [[digest(HEIC)], None]


async def test_a_photo_of_more_pixels_than_anybody_needs_is_kept_smaller_and_upright(town: Town) -> None:
    """Sixteen megapixels, taken upright."""
    large = photos.jpeg((4608, 3456), turned=6)
    case_no = await acts.draft(town)
    sent = await put(town, case_no, ("large.jpg", large, "image/jpeg"))
    assert (sent.status_code, sent.json()["media_type"]) == (201, "image/jpeg"), sent.text
    assert sent.json()["originals"] == [digest(large)]
    kept = (await town.get("citizen", f"/api/cases/{case_no}/materials/articles")).content
    assert photos.DEVICE not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.width * image.height <= KEPT_PIXELS
        assert image.width < image.height, "as it is looked at"
        assert image.width / image.height == pytest.approx(3 / 4, abs=0.01)
        assert not image.getexif()
    assert (await put(town, case_no, ("once more.jpg", large, "image/jpeg"))).json()["version"] == 1


async def test_a_photo_that_is_small_enough_stays_as_it_is(town: Town) -> None:
    small = photos.jpeg((3000, 2000), turned=6)
    case_no = await acts.draft(town)
    sent = await put(town, case_no, ("small.jpg", small, "image/jpeg"))
    assert "originals" not in sent.json()
    kept = (await town.get("citizen", f"/api/cases/{case_no}/materials/articles")).content
    assert kept == without_place("jpeg", small)


def drawn(*sizes: tuple[float, float]) -> bytes:
    """A PDF of pages of these sizes."""
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    for width, height in sizes:
        document.new_page(width, height)
    document.save(out)
    return out.getvalue()


def without_picture() -> bytes:
    """Whole by its frame, large, and nothing in it."""
    large = photos.jpeg((4608, 3456))
    return large[: large.index(b"\xff\xda")] + b"\xff\xda\x00\x02\xff\xd9"


def said_to_be(content: bytes, side: int) -> bytes:
    """A JPEG whose frame says so."""
    frame = content.index(b"\xff\xc0") + 5
    return content[:frame] + side.to_bytes(2) * 2 + content[frame + 4 :]


def empty_png(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = side.to_bytes(4) * 2 + bytes((8, 0, 0, 0, 0))
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def saved(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (40, 30), options.pop("color", 0)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (empty_png(60_000), "画面太大，打不开，请降低拍照的清晰度后再上传"),
        (said_to_be(photos.jpeg(), 60_000), "画面太大，打不开，请降低拍照的清晰度后再上传"),
        (empty_png(100), "打不开，可能已损坏，请重新拍照或导出后再上传"),
        (empty_png(0), "打不开，可能已损坏，请重新拍照或导出后再上传"),
        (without_picture(), "打不开，可能已损坏，请重新拍照或导出后再上传"),
        (saved("PNG", save_all=True, append_images=[Image.new("RGB", (40, 30), "red")]), "是会动的图片"),
        (drawn((595, 842), (60_000, 60_000)), "有一页的幅面太大，打不开，请按 A4 或 A3 重新导出后再上传"),
        (drawn(), "打不开，可能已损坏，请重新导出或扫描后再上传"),
        (pdf().replace(b"/Kids [3 0 R]", b"/Kids [9 0 R]"), "打不开，可能已损坏，请重新导出或扫描后再上传"),
        (pdf(locked=True), "设有打开密码，办理人打不开，请去掉密码后再上传"),
        *((saved(kind), "不是 PDF、JPEG、PNG、HEIC 或 OFD 文件：请换成其中一种") for kind in ("TIFF", "GIF", "WEBP")),
    ],
    ids=[
        *("huge png", "huge jpeg", "no png", "png of no side", "no jpeg", "moving", "huge page", "no page"),
        *("no pdf", "locked", "tiff", "gif", "webp"),
    ],
)  # fmt: skip
async def test_what_nobody_could_open_later_is_refused_with_what_helps(town: Town, content: bytes, why: str) -> None:
    case_no = await acts.draft(town)
    before = town.counts()
    sent = await put(town, case_no, ("原件", content, ""))
    assert (sent.status_code, sent.json()["code"]) == (415, "wrong_file_type"), sent.text
    assert sent.json()["detail"].startswith("“公司章程”的文件“原件”")
    assert why in sent.json()["detail"]
    assert town.counts() == before


@pytest.mark.parametrize(
    ("content", "shade"),
    [
        (saved("PNG", "I;16", color=120 * 256), (120, 120, 120)),
        (saved("PNG", "1", color=1), (255, 255, 255)),
        (saved("PNG", "LA", color=(0, 0)), (255, 255, 255)),
        (saved("JPEG", "CMYK", color=(0, 255, 255, 0)), (254, 0, 0)),
        (drawn((14_400, 14_400)), (255, 255, 255)),
    ],
    ids=["sixteen bits", "one bit", "see-through", "for print", "the largest page of a program"],
)
async def test_what_is_unusual_is_shown_as_it_is(town: Town, content: bytes, shade: tuple[int, int, int]) -> None:
    case_no = await acts.draft(town)
    assert (await put(town, case_no, ("原件", content, ""))).status_code == 201
    page = await town.get("citizen", f"/api/cases/{case_no}/materials/articles/pages/1")
    with Image.open(io.BytesIO(page.content)) as image:
        assert image.getpixel((5, 5)) == pytest.approx(shade, abs=2)


async def test_what_takes_long_to_check_is_kept_and_not_looked_at_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    real = Pictures.require_opens

    async def counted(pictures: Pictures, kind: str, content: bytes) -> None:
        looked.append(digest(content))
        await real(pictures, kind, content)

    monkeypatch.setattr(Pictures, "require_opens", counted)
    case_no, slow, photo = await acts.draft(town), slow_pdf(), photos.jpeg((300, 200))
    sent = [("a.pdf", slow), ("b.jpg", photo), ("c.jpg", photo), ("d.pdf", slow)]
    said = [await put(town, case_no, (name, content, "")) for name, content in sent]
    assert [(one.status_code, one.json()["version"]) for one in said] == [(201, 1), (201, 2), (200, 2), (201, 3)]
    assert looked == [digest(slow), digest(photo)]


async def test_complaint_7_two_photos_are_a_pdf_of_two_pages(town: Town) -> None:
    case_no = await acts.draft(town)
    two = (("1.heic", HEIC, "image/heic"), ("2.jpg", photos.jpeg((600, 300)), "image/jpeg"))
    sent = await put(town, case_no, *two)
    assert (sent.status_code, sent.json()["media_type"]) == (201, "application/pdf"), sent.text
    assert sent.json()["originals"] == [digest(content) for _, content, _ in two]
    kept = (await town.get("citizen", f"/api/cases/{case_no}/materials/articles")).content
    assert checked_kind(kept, "application/pdf", "") == "pdf"
    pages = [page.get_size() for page in pypdfium2.PdfDocument(kept)]
    assert [width > height for width, height in pages] == [False, True]
    assert (await town.get("citizen", f"/api/cases/{case_no}/materials/articles/pages/2")).headers["page-count"] == "2"
    assert (await put(town, case_no, *two)).json()["version"] == 1
    turned_round = await put(town, case_no, *reversed(two))
    assert (turned_round.status_code, turned_round.json()["version"]) == (201, 2)


async def test_complaint_7_who_may_download_reads_what_it_was_made_from(town: Town) -> None:
    """And who may not, reads nothing of it."""
    answer = await town.post("citizen", "/api/cases", {**opening_with_papers("premises-lease"), "submit": False})
    case_no = str(answer.json()["case_no"])
    assert (await put(town, case_no, ("1.heic", HEIC, "image/heic"))).status_code == 201
    body = {"materials": [{"code": one, "form": "paper"} for one in ("premises-lease", "appointment-documents")]}
    changed = await town.client("citizen").patch(f"/api/cases/{case_no}", json=body, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text
    assert (await town.post("citizen", f"/api/cases/{case_no}/submit")).status_code == 200
    assert (await town.post("counter", f"/api/cases/{case_no}/papers", body_of_papers())).status_code == 200
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    for who in ("counter", "officer.amr"):
        (only,) = await versions(town, who, case_no)
        assert only["originals"] == [digest(HEIC)]
    assert digest(HEIC) not in (await town.get("officer.psb", f"/api/cases/{case_no}")).text
    assert town.rows("select originals from material_files where case_no = %s and code = 'articles'", case_no) == [
        ([digest(HEIC)],)
    ]


def body_of_papers() -> dict[str, Any]:
    return {"materials": ["premises-lease", "appointment-documents"]}


def broken() -> bytes:
    at = HEIC.index(b"mdat")
    return HEIC[: at + 4] + bytes(len(HEIC) - at - 4)


def huge() -> bytes:
    return HEIC.replace((300).to_bytes(4) + (400).to_bytes(4), (30_000).to_bytes(4) * 2).replace(
        (400).to_bytes(4) + (300).to_bytes(4), (30_000).to_bytes(4) * 2
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (HEIC[:-10], "不完整或已损坏"),
        (HEIC[:60], "不完整或已损坏"),
        (broken(), "打不开"),
        (huge(), "画面太大"),
        (HEIC.replace(b"ftypheic\0\0\0\0mif1heic", b"ftypmif1\0\0\0\0mif1avif"), "不是 PDF、JPEG、PNG、HEIC 或 OFD"),
    ],
    ids=["cut", "a beginning", "broken", "huge", "of another codec"],
)  # fmt: skip
async def test_complaint_7_a_hostile_photo_is_told_by_file_and_material(town: Town, content: bytes, fault: str) -> None:
    case_no = await acts.draft(town)
    before = town.counts()
    assert content != HEIC
    alone = await put(town, case_no, ("坏.heic", content, ""))
    among = await put(town, case_no, ("好.heic", HEIC, ""), ("坏.heic", content, ""))
    for answer in (alone, among):
        assert (answer.status_code, answer.json()["code"]) == (415, "wrong_file_type"), answer.text
        assert "“公司章程”的文件“坏.heic”" in answer.json()["detail"]
        assert fault in answer.json()["detail"]
    assert town.counts() == before


async def test_complaint_7_what_is_not_several_photos_is_refused(town: Town) -> None:
    case_no = await acts.draft(town)
    before = town.counts()
    mixed = await put(town, case_no, ("1.heic", HEIC, ""), ("2.pdf", pdf(), ""))
    assert mixed.status_code == 415
    assert "“2.pdf”是 PDF" in mixed.json()["detail"]
    many = await put(town, case_no, *[(f"{n}.png", png(n), "image/png") for n in range(21)])
    assert (many.status_code, many.json()["code"]) == (413, "too_large")
    assert "至多上传 20 张" in many.json()["detail"]
    large = await put(town, case_no, *[(f"{n}.pdf", pdf(size=19 * 2**20), "") for n in range(4)])
    assert large.status_code == 413
    assert "60 MB" in large.json()["detail"]
    one = await put(town, case_no, ("1.png", png(), ""), ("2.pdf", pdf(size=20 * 2**20 + 1), ""))
    assert one.status_code == 413
    assert "“2.pdf”超过 20 MB" in one.json()["detail"]
    other = await put(town, case_no, ("1.heic", HEIC, "image/png"))
    assert other.status_code == 415
    assert "image/heic" in other.json()["detail"]
    assert town.counts() == before
    assert (await put(town, case_no, *[(f"{n}.png", png(n), "image/png") for n in range(20)])).status_code == 201


@pytest.mark.parametrize("content", [HEIC, photos.heic((64, 64))])
def test_no_part_of_a_heic_is_taken_for_the_whole(content: bytes) -> None:
    assert checked_kind(content, "", "") == "heic"
    for end in range(12, len(content)):
        with pytest.raises(OneThingError):
            checked_kind(content[:end], "", "")
