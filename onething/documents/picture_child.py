"""Makes a picture of one page of a file. Runs as a process of its own (`python -m`), for a file may be made to harm
whoever opens it: with limits of memory and time; it writes no file, and nothing of it survives.

Arguments: the file's kind, which page, from 1, and how many seconds of a processor it may take. Reads the file from its
input; writes one line of JSON (`pages`, or `fault`) and the picture, a JPEG, to its output.
"""

import io
import json
import resource
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MOST_PAGES = 500
"""Of one file: pages behind are not shown."""
MOST_POINTS = 20_000
"""Of a page's side: seven metres."""
MOST_PIXELS = 4_000_000
"""Of one picture: an A4 page at some 200 dots an inch."""
KEPT_PIXELS = 8_700_000
"""Of a single photo: an A4 page at 300 dots an inch, more than the 200 that archives ask of what they scan (DA/T 31,
from secondary copies). Assumed to be as much as anybody who reads it needs."""
MOST_SOURCE_PIXELS = 120_000_000
MEMORY_BYTES = 1536 * 2**20
_DOTS = 150 / 72
_QUALITY = 82


class PictureFault(Exception):
    """`code` for the parent: no_page, too_large or unreadable."""


def limit_itself(cpu_s: int) -> None:
    """Memory, time, and nothing is written to a disk."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(kind: str, number: int, cpu_s: int) -> None:
    limit_itself(cpu_s)
    content = sys.stdin.buffer.read()
    try:
        pages, picture = _page_of_pdf(content, number) if kind == "pdf" else _image(content, number)
        head = json.dumps({"pages": pages})
    except PictureFault as fault:
        head, picture = json.dumps({"fault": str(fault)}), b""
    except MemoryError:
        head, picture = json.dumps({"fault": "too_large"}), b""
    except Exception:  # whatever a broken file brings about means that nobody can look at it
        head, picture = json.dumps({"fault": "unreadable"}), b""
    sys.stdout.buffer.write(head.encode() + b"\n" + picture)


def _page_of_pdf(content: bytes, number: int) -> tuple[int, bytes]:
    import pypdfium2  # type: ignore[import-untyped]  # it carries no types

    document = pypdfium2.PdfDocument(content)
    pages = len(document)
    if not 1 <= number <= min(pages, MOST_PAGES):
        raise PictureFault("no_page")
    # who opens the first page asks whether the file can be looked through
    for other in range(min(pages, MOST_PAGES)) if number == 1 else (number - 1,):
        if not all(0 < side < MOST_POINTS for side in document.get_page_size(other)):
            raise PictureFault("too_large")
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(_DOTS, (MOST_PIXELS / (width * height)) ** 0.5)
    return pages, _jpeg(page.render(scale=scale).to_pil())


def _image(content: bytes, number: int) -> tuple[int, bytes]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_SOURCE_PIXELS
    if number != 1:
        raise PictureFault("no_page")
    bombs = (Image.DecompressionBombWarning, Image.DecompressionBombError)
    try:
        return _upright(content)
    except bombs:
        raise PictureFault("too_large") from None


def _upright(content: bytes) -> tuple[int, bytes]:
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        if image.width * image.height > MOST_SOURCE_PIXELS:
            raise PictureFault("too_large")
        # a JPEG is read no larger than it is shown
        image.draft("RGB", (2000, 2000))
        upright = ImageOps.exif_transpose(image)
        factor = (MOST_PIXELS / (upright.width * upright.height)) ** 0.5
        if factor < 1:
            upright.thumbnail((max(1, int(upright.width * factor)), max(1, int(upright.height * factor))))
        return 1, _jpeg(upright)


def opaque(image: object) -> "Image.Image":
    """In RGB; on white where one could see through. Raises PictureFault for what is no image."""
    from PIL import Image

    if not isinstance(image, Image.Image):
        raise PictureFault("unreadable")
    if image.mode.startswith("I"):  # sixteen bits of grey, which `convert` would make white
        return image.convert("I").point(lambda shade: shade * (1 / 256)).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "P"):
        above = image.convert("RGBA")
        image = Image.new("RGB", above.size, "white")
        image.paste(above, mask=above.getchannel("A"))
    return image.convert("RGB")


def _jpeg(image: object) -> bytes:
    out = io.BytesIO()
    opaque(image).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
