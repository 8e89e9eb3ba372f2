"""Makes of photos what is kept: of one a JPEG, of several one PDF, a page each in their order. Runs as a process of its
own (`python -m`), as `picture_child` does and for the same reason.

Arguments: what it is to be (`jpeg` or `pdf`), how many bytes it may have, and of each photo its kind and size, as
`heic:1234`. Reads the photos from its input one after the other; writes one line of JSON (empty, or a `fault` and `at`
which photo, from 0; null: all together) and what it made to its output.

Which way up a photo is stays; what the camera wrote beside it (place, time, device) does not, but its colours' profile.
"""

import io
import json
import sys
import warnings
from typing import Any

from onething.documents.picture_child import (
    KEPT_PIXELS,
    MOST_PIXELS,
    MOST_SOURCE_PIXELS,
    PictureFault,
    limit_itself,
    opaque,
)

CPU_S = 10
"""For the first photo."""
CPU_S_MORE = 4
"""For each other."""
_PILLOW = {"heic": "HEIF", "jpeg": "JPEG", "png": "PNG"}
_QUALITY = 92
_PAGE_QUALITIES = (85, 70, 50)
"""Of a PDF's pages: the first with which it is not too large."""
_DOTS = 200
"""An inch: a page of MOST_PIXELS is about an A4."""


def main(into: str, most_bytes: int, photos: list[tuple[str, int]]) -> None:
    limit_itself(CPU_S + CPU_S_MORE * (len(photos) - 1))
    contents = [(kind, sys.stdin.buffer.read(size)) for kind, size in photos]
    at: int | None = None
    told, made = dict[str, object](), b""
    try:
        pages = []
        for number, (kind, content) in enumerate(contents):
            at = number
            pages.append(_upright(kind, content, into))
        at = None
        made = _jpeg(pages[0]) if into == "jpeg" else _pdf(pages, most_bytes)
        if len(made) > most_bytes:
            told, made = {"fault": "too_large", "at": None}, b""
    except PictureFault as fault:
        told, made = {"fault": str(fault), "at": at}, b""
    except MemoryError:
        told = {"fault": "too_large", "at": at}
    except Exception:  # whatever a broken file brings about means that nobody can look at it
        told = {"fault": "unreadable", "at": at}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + made)


def _upright(kind: str, content: bytes, into: str) -> Any:
    """As an RGB image that knows nothing but its pixels and its colours' profile, no larger than it has to be. None is
    made larger."""
    from PIL import Image, ImageOps

    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged here, by its own limit
        Image.MAX_IMAGE_PIXELS = None
        image: Image.Image = Image.open(io.BytesIO(content), formats=(_PILLOW[kind],))
        if image.width * image.height > MOST_SOURCE_PIXELS:
            raise PictureFault("too_large")
        if into == "pdf" and kind == "jpeg":
            image.draft("RGB", (2400, 2400))  # read no larger than it is shown
        profile = image.info.get("icc_profile") if image.mode == "RGB" else None
        image = ImageOps.exif_transpose(image)
        most_pixels = MOST_PIXELS if into == "pdf" else KEPT_PIXELS
        if (factor := (most_pixels / (image.width * image.height)) ** 0.5) < 1:
            image.thumbnail((max(1, int(image.width * factor)), max(1, int(image.height * factor))))
        image = opaque(image)
        image.info = {"icc_profile": profile} if profile else {}
        return image


def _jpeg(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, icc_profile=image.info.get("icc_profile"))
    return out.getvalue()


def _pdf(pages: list[Any], most_bytes: int) -> bytes:
    """The same of the same photos: it tells of no time."""
    made = b""
    for quality in _PAGE_QUALITIES:
        out = io.BytesIO()
        more = {"creationDate": None, "modDate": None, "resolution": _DOTS, "quality": quality}
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], **more)
        made = out.getvalue()
        if len(made) <= most_bytes:
            break
    return made


if __name__ == "__main__":
    main(
        sys.argv[1], int(sys.argv[2]), [(kind, int(size)) for kind, _, size in (a.partition(":") for a in sys.argv[3:])]
    )
