"""Pages of materials as pictures: whoever reads the file sees its pages; a hostile file is told by name and harms
nobody; what a camera writes beside a picture is not kept."""

import io
import struct
from collections.abc import Callable

import httpx
import pytest
from PIL import Image

from onething.services.materials.file_kinds import checked_kind, without_place
from tests.api.acts import draft
from tests.api.town import Town
from tests.support.files import pdf


async def put(town: Town, case_no: str, name: str, content: bytes, media_type: str) -> httpx.Response:
    files = {"file": (name, content, media_type)}
    return await town.client("citizen").put(f"/api/cases/{case_no}/materials/articles", files=files)


async def page(town: Town, case_no: str, number: int = 1, who: str = "citizen") -> httpx.Response:
    return await town.get(who, f"/api/cases/{case_no}/materials/articles/pages/{number}")


def picture(kind: str, size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **more)
    return out.getvalue()


def photo() -> bytes:
    """A JPEG as a phone makes it: turned, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Shouji 7"
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 7.5)
    return picture("JPEG", exif=exif.tobytes(), comment=b"HANGZHOU")


def many_pages(count: int) -> bytes:
    """A PDF of so many empty pages."""
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(count))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count)]
    objects += [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>"] * count
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + table + trailer


async def test_a_page_of_each_kind(town: Town) -> None:
    case_no = await draft(town)
    for name, content, media_type in (
        ("a.pdf", pdf(), "application/pdf"),
        ("a.jpg", picture("JPEG"), "image/jpeg"),
        ("a.png", picture("PNG"), "image/png"),
    ):
        kept = await put(town, case_no, name, content, media_type)
        assert kept.status_code in (200, 201), kept.text
        shown = await page(town, case_no)
        assert shown.status_code == 200, shown.text
        assert (shown.headers["content-type"], shown.headers["page-count"]) == ("image/jpeg", "1")
        with Image.open(io.BytesIO(shown.content)) as image:
            assert image.format == "JPEG"
            assert image.width * image.height <= 4_000_000
        assert (await page(town, case_no, 2)).status_code == 404
    logged = town.rows("select count(*) from access_log where act = 'download_material' and case_no = %s", case_no)
    assert logged == [(6,)]
    assert (await page(town, case_no, who="citizen2")).status_code == 404
    assert (await page(town, case_no, 0)).status_code == 422


@pytest.mark.parametrize(
    ("name", "made", "media_type"),
    [
        ("broken.pdf", lambda: pdf().replace(b"3 0 obj", b"7 7 obj").replace(b"/Pages", b"/Nopes"), "application/pdf"),
        ("huge.pdf", lambda: pdf().replace(b"[0 0 595 842]", b"[0 0 90000 90000]"), "application/pdf"),
        ("bomb.png", lambda: picture("PNG", (14_000, 14_000)), "image/png"),
    ],
    ids=["broken", "huge page", "bomb"],
)  # fmt: skip
async def test_a_hostile_file_is_told_by_name_and_the_api_goes_on(
    town: Town, name: str, made: Callable[[], bytes], media_type: str
) -> None:
    case_no = await draft(town)
    sent = await put(town, case_no, name, made(), media_type)
    if sent.status_code == 415:  # told at once
        assert name in sent.json()["detail"]
        return
    refused = await page(town, case_no)
    assert refused.status_code in (404, 415), refused.text
    assert f"{case_no}-articles-1" in refused.json()["detail"]
    assert "公司章程" in refused.json()["detail"]
    assert (await town.get("citizen", f"/api/cases/{case_no}")).status_code == 200


async def test_of_ten_thousand_pages_the_first_ones_are_shown(town: Town) -> None:
    case_no = await draft(town)
    sent = await put(town, case_no, "long.pdf", many_pages(10_000), "application/pdf")
    assert sent.status_code == 201, sent.text
    first = await page(town, case_no, 500)
    assert (first.status_code, first.headers["page-count"]) == (200, "10000")
    assert (await page(town, case_no, 501)).status_code == 404


async def test_where_a_photo_was_taken_is_not_kept(town: Town) -> None:
    case_no = await draft(town)
    assert b"Exif" in photo()
    assert (await put(town, case_no, "p.jpg", photo(), "image/jpeg")).status_code == 201
    kept = (await town.get("citizen", f"/api/cases/{case_no}/materials/articles")).content
    for beside in (b"HANGZHOU", b"Shouji 7"):
        assert beside in photo()
        assert beside not in kept
    with Image.open(io.BytesIO(kept)) as image:
        exif = image.getexif()
        assert dict(exif) == {0x0112: 6}
        assert not exif.get_ifd(0x8825)
    assert (await put(town, case_no, "p.jpg", photo(), "image/jpeg")).status_code == 200  # the same once more
    shown = await page(town, case_no)
    with Image.open(io.BytesIO(shown.content)) as image:
        assert image.size == (30, 40)  # upright


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_not_a_pixel_changes(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "x"
    content = picture(kind, exif=exif.tobytes())
    alone = without_place("jpeg" if kind == "JPEG" else "png", content)
    assert checked_kind(alone, "", "x") == kind.lower()
    with Image.open(io.BytesIO(content)) as before, Image.open(io.BytesIO(alone)) as after:
        assert before.tobytes() == after.tobytes()
        assert not after.getexif()


def test_odd_exif_is_left_out_and_breaks_nothing() -> None:
    plain = picture("JPEG")
    for tiff in (b"", b"II*\0", b"MM\0*\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"XX" * 20):
        segment = b"Exif\0\0" + tiff
        odd = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]
        assert without_place("jpeg", odd) == without_place("jpeg", plain)
