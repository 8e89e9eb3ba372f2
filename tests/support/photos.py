"""Photos as phones make them, with what phones write beside them."""

import io

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
DEVICE = b"Shouji 7"


def heic(size: tuple[int, int] = (400, 300), *, turned: int = 1) -> bytes:
    """Red, blue at its upper left as the sensor saw it. `turned`: as Exif says which way up it was."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = DEVICE.decode()
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 7.5)
    out = io.BytesIO()
    _seen(size).save(out, "HEIF", exif=exif.tobytes(), quality=80)
    return out.getvalue()


def jpeg(size: tuple[int, int] = (400, 300), *, turned: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = DEVICE.decode()
    out = io.BytesIO()
    _seen(size).save(out, "JPEG", exif=exif.tobytes(), comment=b"HANGZHOU")
    return out.getvalue()


def _seen(size: tuple[int, int]) -> Image.Image:
    seen = Image.new("RGB", size, "red")
    seen.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    return seen
