"""Photos as phones make them, with what phones write beside them."""

import io
import random
from functools import cache

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
DEVICE = b"Shouji 7"


@cache  # to press one takes longer than to send it
def heic(size: tuple[int, int] = (400, 300), *, turned: int = 1) -> bytes:
    """Red, blue at its upper left as the sensor saw it. `turned`: as Exif says which way up it was."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = DEVICE.decode()
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 7.5)
    out = io.BytesIO()
    _seen(size).save(out, "HEIF", exif=exif.tobytes(), quality=80)
    return out.getvalue()


@cache
def jpeg(size: tuple[int, int] = (400, 300), *, turned: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = DEVICE.decode()
    out = io.BytesIO()
    _seen(size).save(out, "JPEG", exif=exif.tobytes(), comment=b"HANGZHOU")
    return out.getvalue()


def camera(least: int = 12 * 2**20) -> bytes:
    """Twelve megapixels that nothing makes smaller without loss: noise, with what cameras write beside."""
    grain = Image.frombytes("L", (4032, 3024), random.Random(7).randbytes(4032 * 3024))
    turned = (Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM)
    seen = Image.merge("RGB", (grain, *(grain.transpose(how) for how in turned)))
    exif = Image.Exif()
    exif[0x010F] = DEVICE.decode()
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 7.5)
    for quality in (93, 95, 97):
        out = io.BytesIO()
        seen.save(out, "JPEG", exif=exif.tobytes(), quality=quality)
        if out.tell() >= least:
            return out.getvalue()
    raise AssertionError("noise is as large at every quality as it was")


def _seen(size: tuple[int, int]) -> Image.Image:
    seen = Image.new("RGB", size, "red")
    seen.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    return seen
