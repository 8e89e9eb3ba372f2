"""Which kinds of files are taken, and what a file is by its structure: by its first bytes what it wants to be, by how
these go on whether it is that, whole, and can be opened.

Sources: ISO 32000-1 7.5 (PDF: header, trailer, cross-reference), W3C PNG (chunks), ITU-T T.81 B (JPEG: marker
segments), GB/T 33190 (OFD: a ZIP package with OFD.xml at its root), ISO/IEC 14496-12 and 23008-12 (HEIC: boxes and
their brands). What a file shows is for who reads it to judge.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Literal

from onething.domain.errors import FailureCode, OneThingError

FileKind = Literal["pdf", "jpeg", "png", "ofd"]
"""Of what is kept."""
SentKind = Literal["pdf", "jpeg", "png", "ofd", "heic"]
"""Of what comes: HEIC, as iPhones take photos, becomes a JPEG."""
MEDIA_TYPES: dict[FileKind, str] = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
}
_UNDECLARED = ("application/octet-stream", "")  # many clients name no type for a part
_HEIC_TYPES = ("image/heic", "image/heif")
DECLARED: dict[str, SentKind | None] = {
    **{media_type: kind for kind, media_type in MEDIA_TYPES.items()},
    **dict.fromkeys(_HEIC_TYPES, "heic"),
    **dict.fromkeys(_UNDECLARED),
}

_BROKEN = "不完整或已损坏，请重新导出或扫描后再上传"
_LOCKED = "设有打开密码，办理人打不开，请去掉密码后再上传"
_MOVING = "是会动的图片，打开时只看得到其中一幅，请另存为 JPEG 或不动的 PNG 后再上传"
_TOO_DEEP = "压缩内容过大或过多，请重新导出后再上传"
_PDF_TAIL = 2048  # readers look for the trailer that far from the end
_PDF_XREF = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
_PDF_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_BESIDE_THE_PICTURE = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})
"""Segments of applications (Exif, XMP, IPTC …) and comments; not JFIF, colour profiles and Adobe's colours."""
_EXIF, _ORIENTATION = b"Exif\0\0", 0x0112
_EXIF_OF_ORIENTATION = b"\xff\xe1\x00\x22" + _EXIF + b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0%c\0\0\0\0\0\0"
_PNG_TEXTS = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})  # of the same boxes, with pictures that are coded otherwise
_MOST_ENTRIES, _MOST_UNPACKED, _OFD_ROOT = 5000, 200 * 2**20, "OFD.xml"


def kind_of(content: bytes) -> SentKind | None:
    """What the first bytes say that it wants to be."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS and not _AVIF_BRANDS & _brands(content):
        return "heic"
    return "ofd" if content.startswith(b"PK\x03\x04") else None


def checked_kind(content: bytes, declared: str, name: str) -> SentKind:
    """What the file is by its structure. `name`: what people call it, in the message. Raises OneThingError
    WRONG_FILE_TYPE where no such kind is taken, it is not the declared one, or it is not whole."""
    kind = kind_of(content)
    if kind is None:
        detail = f"{name}不是 PDF、JPEG、PNG、HEIC 或 OFD 文件：请换成其中一种。"
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, detail)
    if declared not in DECLARED or DECLARED[declared] not in (None, kind):
        detail = f"{name}的内容是 {kind.upper()}，与声明的类型不一致，请按 {_type_of(kind)} 上传。"
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, detail)
    fault = _FAULTS[kind](content)
    if fault is not None:
        raise OneThingError(FailureCode.WRONG_FILE_TYPE, f"{name}（{kind.upper()}）{fault}。")
    return kind


def _type_of(kind: SentKind) -> str:
    return _HEIC_TYPES[0] if kind == "heic" else MEDIA_TYPES[kind]


def pixels_of(content: bytes) -> int:
    """Of a JPEG that is whole, as its frame says."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return int(height * width)
        if marker in _JPEG_ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return 0


def without_place(kind: FileKind, content: bytes) -> bytes:
    """A picture without what was written beside it: where and when it was taken, by which device. Which way up it is
    stays, and not a pixel changes. Of other files nothing is taken out. `content` is whole, as `checked_kind` found."""
    match kind:
        case "jpeg":
            return _jpeg_alone(content)
        case "png":
            return _png_alone(content)
        case _:
            return content


def _jpeg_alone(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xDA:
            break
        if marker in _JPEG_ALONE or marker == 0xFF:
            length = 1 if marker == 0xFF else 2
        else:
            length = 2 + struct.unpack_from(">H", content, at + 2)[0]
        segment = content[at : at + length]
        if marker not in _BESIDE_THE_PICTURE:
            kept.append(segment)
        elif segment[4:10] == _EXIF and (turned := _orientation(segment[10:])) not in (None, 1):
            kept.append(_EXIF_OF_ORIENTATION % turned)
        at += length
    return b"".join(kept) + content[at:]


def _orientation(tiff: bytes) -> int | None:
    """Of the first directory; None where there is none to be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return None
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    if at + 2 > len(tiff):
        return None
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    for entry in range(at + 2, min(at + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if (tag, kind) == (_ORIENTATION, 3):
            return int(value) if 1 <= value <= 8 else None
    return None


def _png_alone(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while at + 12 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + size
        if kind not in _PNG_TEXTS:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)


def _pdf(content: bytes) -> str | None:
    ends = list(_PDF_XREF.finditer(content, max(0, len(content) - _PDF_TAIL)))
    if not ends:
        return _BROKEN
    at = int(ends[-1][1])
    if at >= len(content) or not _PDF_TABLE.match(content, at):
        return _BROKEN
    return _LOCKED if b"/Encrypt" in content[at:] else None


def _png(content: bytes) -> str | None:
    at, kinds = 8, list[bytes]()
    while at + 12 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + size
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != struct.unpack_from(">I", content, end - 4)[0]:
            return _BROKEN
        kinds.append(kind)
        if kind == b"IEND":
            break
        at = end
    if b"acTL" in kinds:
        return _MOVING
    whole = kinds[:1] == [b"IHDR"] and kinds[-1:] == [b"IEND"] and b"IDAT" in kinds
    return None if whole else _BROKEN


def _jpeg(content: bytes) -> str | None:
    at, framed = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _JPEG_ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == 0xDA:  # the picture itself, up to the end of the image
            return None if framed and content.find(b"\xff\xd9", at) > 0 else _BROKEN
        framed = framed or marker in _JPEG_FRAMES
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return _BROKEN


def _brands(content: bytes) -> set[bytes]:
    """That a file of boxes names in its first one."""
    end = min(struct.unpack_from(">I", content)[0], len(content), 256)
    return {content[8:12], *(content[at : at + 4] for at in range(16, end - 3, 4))}


def _heic(content: bytes) -> str | None:
    at, kinds = 0, set[bytes]()
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        if size == 1 and at + 16 <= len(content):
            (size,) = struct.unpack_from(">Q", content, at + 8)
        elif size == 0:  # up to the end
            size = len(content) - at
        kinds.add(kind)
        if size < 8 or at + size > len(content):
            return _BROKEN
        at += size
    return None if at == len(content) and {b"meta", b"mdat"} <= kinds else _BROKEN


def _ofd(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > _MOST_UNPACKED:
                return _TOO_DEEP
            if any(one.flag_bits & 1 for one in entries):
                return _LOCKED
            root = next((one for one in entries if one.filename == _OFD_ROOT), None)
            if root is None:
                return "是压缩包而不是 OFD（没有 OFD.xml），请换成 PDF、JPEG、PNG 或 OFD"
            with package.open(root) as opened:
                head = opened.read(64 * 1024)
    # zipfile has a word of its own for each way in which a package can be broken
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        return _BROKEN
    return None if b"OFD" in head and b"<" in head else _BROKEN


_FAULTS: dict[SentKind, Callable[[bytes], str | None]] = {
    "pdf": _pdf,
    "png": _png,
    "jpeg": _jpeg,
    "ofd": _ofd,
    "heic": _heic,
}
