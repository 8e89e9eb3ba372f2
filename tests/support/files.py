"""Files that are what they say they are, as small as can be, or of a size: what people upload, for tests."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def pdf(note: str = "", size: int | None = None, *, locked: bool = False, packed: str = "", draws: str = "") -> bytes:
    """One page, empty but for what it `draws`. `size`: in bytes, whole; `packed`: what it says too, compressed as
    people's files are."""
    begin = b"%PDF-1.7\n" + f"% {note}\n".encode()
    stream = zlib.compress((draws or packed).encode())
    contents = b" /Contents 4 0 R" if draws else b""
    objects = (
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]%b >>\nendobj\n" % contents,
        *(
            [b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (len(stream), stream)]
            if draws or packed
            else []
        ),
    )
    count = len(objects) + 1

    def whole(padding: int) -> bytes:
        body = begin + (b"%" + b"0" * (padding - 2) + b"\n" if padding > 1 else b"")
        places = []
        for one in objects:
            places.append(len(body))
            body += one
        table = b"xref\n0 %d\n0000000000 65535 f \n" % count + b"".join(b"%010d 00000 n \n" % place for place in places)
        encrypt = b" /Encrypt 9 0 R" if locked else b""
        trailer = b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (count, encrypt, len(body))
        return body + table + trailer

    if size is None:
        return whole(0)
    padding = size - len(whole(0))
    while len(whole(padding)) != size:
        padding += size - len(whole(padding))
    return whole(padding)


def png(shade: int = 0) -> bytes:
    """One grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((0, shade)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    """One grey pixel."""
    out = io.BytesIO()
    Image.new("L", (1, 1), 128).save(out, "JPEG")
    return out.getvalue()


def ofd(root: str = "OFD.xml") -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(root, '<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>')
    return package.getvalue()


def slow_pdf(curves: int = 150_000) -> bytes:
    """Small and whole, and a page that takes a program long to draw."""
    line = "\n".join(
        f"{n % 595} 0 m {n * 7 % 595} 842 {n * 13 % 595} 0 {n * 29 % 595} {n * 31 % 842} c S" for n in range(curves)
    )
    return pdf(draws=line)
