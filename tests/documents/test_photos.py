"""Photos become what is kept, in a process of its own that a hostile file ends at most."""

import asyncio
import io
import struct
import subprocess
import sys
import time
import zlib

import orjson
import pypdfium2  # type: ignore[import-untyped]  # it carries no types
import pytest
from PIL import Image

from onething.documents.picture_child import KEPT_PIXELS
from onething.documents.pictures import NoPicture, Pictures
from tests.support import photos
from tests.support.files import pdf, png, slow_pdf
from tests.support.whole import WHOLE

MOST = 20 * 2**20


def image_of(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def is_blue(image: Image.Image, x: int, y: int) -> bool:
    pixel = image.convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    return pixel[2] > 200 and pixel[0] < 60


@pytest.mark.parametrize(
    ("turned", "size", "blue"), [(1, (400, 300), (5, 5)), (6, (300, 400), (295, 5)), (3, (400, 300), (395, 295))]
)
async def test_complaint_7_a_photo_of_an_iphone_becomes_an_upright_jpeg_that_tells_nothing_more(
    turned: int, size: tuple[int, int], blue: tuple[int, int]
) -> None:
    sent = photos.heic(turned=turned)
    assert photos.DEVICE in sent
    kept = await Pictures().combined("jpeg", [("heic", sent)], MOST)
    image = image_of(kept)
    assert (image.format, image.size) == ("JPEG", size)
    assert is_blue(image, *blue)
    assert not image.getexif()
    assert photos.DEVICE not in kept
    assert kept == await Pictures().combined("jpeg", [("heic", sent)], MOST)


@pytest.mark.parametrize(
    ("size", "turned", "kept_as"),
    [((4032, 3024), 1, (3405, 2554)), ((4032, 3024), 6, (2554, 3405)), ((400, 300), 6, (300, 400))],
)
async def test_a_photo_of_more_pixels_than_anybody_needs_has_fewer_and_none_gets_more(
    size: tuple[int, int], turned: int, kept_as: tuple[int, int]
) -> None:
    kept = await Pictures().combined("jpeg", [("jpeg", photos.jpeg(size, turned=turned))], MOST)
    image = image_of(kept)
    assert abs(image.width - kept_as[0]) <= 2
    assert abs(image.height - kept_as[1]) <= 2
    assert image.width * image.height <= KEPT_PIXELS
    assert is_blue(image, *((image.width - 5, 5) if turned == 6 else (5, 5)))
    assert not image.getexif()


async def test_complaint_7_several_photos_become_the_pages_of_one_pdf_in_their_order() -> None:
    sent = [("heic", photos.heic(turned=6)), ("jpeg", photos.jpeg((600, 300), turned=3)), ("png", png(200))]
    kept = await Pictures().combined("pdf", sent, MOST)
    pages = [page.render(scale=1).to_pil() for page in pypdfium2.PdfDocument(kept)]
    assert [round(page.width / page.height, 1) for page in pages[:2]] == [0.8, 2.0]
    assert len(pages) == 3
    assert is_blue(pages[0], pages[0].width - 5, 5)
    assert is_blue(pages[1], pages[1].width - 5, pages[1].height - 5)
    for beside in (photos.DEVICE, b"HANGZHOU", b"/CreationDate"):
        assert beside not in kept
    assert kept == await Pictures().combined("pdf", sent, MOST)


async def test_complaint_7_twenty_large_photos_fit() -> None:
    """But under `make test-all` fewer, with as much room for each."""
    count = 20 if WHOLE else 5
    most = MOST * count // 20
    noise = Image.effect_noise((4000, 3000), 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=60)
    kept = await Pictures().combined("pdf", [("jpeg", out.getvalue())] * count, most)
    assert len(pypdfium2.PdfDocument(kept)) == count
    assert len(kept) <= most


def broken_heic() -> bytes:
    """Whole by its boxes, and no picture in the last of them."""
    whole = photos.heic()
    at = whole.index(b"mdat")
    return whole[: at + 4] + bytes(len(whole) - at - 4)


def huge_heic() -> bytes:
    """It says that it is of 900 million pixels."""
    whole = photos.heic()
    said = b"ispe" + bytes(4)
    assert said in whole
    return whole.replace(said + struct.pack(">II", 400, 300), said + struct.pack(">II", 30_000, 30_000))


def huge_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "content", "fault"),
    [
        ("heic", broken_heic(), "unreadable"),
        ("heic", huge_heic(), "too_large"),
        ("heic", b"", "unreadable"),
        ("heic", photos.jpeg(), "unreadable"),
        ("jpeg", photos.heic(), "unreadable"),
        ("jpeg", photos.jpeg()[:200], "unreadable"),
        ("png", huge_png(), "too_large"),
    ],
    ids=["broken", "huge", "empty", "other", "other too", "half", "bomb"],
)
async def test_complaint_7_of_several_the_hostile_one_is_told(kind: str, content: bytes, fault: str) -> None:
    good = ("heic", photos.heic())
    with pytest.raises(NoPicture) as none:
        await Pictures().combined("pdf", [good, (kind, content), good], MOST)
    assert (none.value.fault, none.value.at) == (fault, 1)
    with pytest.raises(NoPicture) as none:
        await Pictures().combined("jpeg", [(kind, content)], MOST)
    assert (none.value.fault, none.value.at) == (fault, 0)


@pytest.mark.parametrize("into", ["jpeg", "pdf"])
async def test_complaint_7_what_is_made_is_no_larger_than_it_may_be(into: str) -> None:
    sent = [("heic", photos.heic())] * (1 if into == "jpeg" else 2)
    with pytest.raises(NoPicture) as none:
        await Pictures().combined("jpeg" if into == "jpeg" else "pdf", sent, 1000)
    assert (none.value.fault, none.value.at) == ("too_large", None)


def test_complaint_7_the_process_limits_itself() -> None:
    """As a child of the API, but asked what its limits are."""
    asked = (
        "import resource, orjson, sys\n"
        "from onething.documents import photo_child\n"
        "photo_child.main('jpeg', 1, [('heic', 0)])\n"
        "names = ('RLIMIT_AS', 'RLIMIT_CPU', 'RLIMIT_FSIZE', 'RLIMIT_CORE')\n"
        "sys.stdout.flush()\n"
        "sys.stdout.buffer.write(orjson.dumps([resource.getrlimit(getattr(resource, name))[0] for name in names]))\n"
    )
    run = subprocess.run([sys.executable, "-c", asked], input=b"", capture_output=True, check=True)
    told, limits = run.stdout.splitlines()
    assert orjson.loads(told) == {"fault": "unreadable", "at": 0}
    assert orjson.loads(limits) == [1536 * 2**20, 10, 0, 0]


async def test_a_check_ends_soon_and_what_takes_long_is_not_said_to_be_broken() -> None:
    begun = time.monotonic()
    with pytest.raises(NoPicture) as none:
        await Pictures().require_opens("pdf", slow_pdf())
    assert none.value.fault == "too_slow"
    assert time.monotonic() - begun < 15
    await Pictures().require_opens("pdf", pdf())


async def test_a_check_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither who looks at pages meanwhile, nor who uploads too."""
    monkeypatch.setattr("onething.documents.pictures._CHECK_CPU_S", 60)
    monkeypatch.setattr("onething.documents.pictures._CHECK_WALL_S", 60)
    pictures = Pictures()
    long = asyncio.create_task(pictures.require_opens("pdf", slow_pdf()))
    await asyncio.sleep(0)
    others = [pictures.require_opens("pdf", pdf()) for _ in range(4)]
    said = await asyncio.gather(*others, return_exceptions=True)
    assert [one.fault for one in said if isinstance(one, NoPicture)] == ["too_slow"] * len(others)
    assert [page.pages for page in await asyncio.gather(*[pictures.page("pdf", pdf(), 1) for _ in range(2)])] == [1, 1]
    assert not long.done()
    long.cancel()
    with pytest.raises(asyncio.CancelledError):
        await long
    await pictures.require_opens("pdf", pdf())


async def test_what_ends_the_process_does_not_make_the_file_a_broken_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onething.documents.pictures._CPU_S", 1)
    with pytest.raises(NoPicture) as none:
        await Pictures().page("pdf", slow_pdf(), 1)
    assert none.value.fault == "too_slow"
