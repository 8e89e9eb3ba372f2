"""What stands in bytes behind compression and encodings, so that a search for plain text sees it too.

Compressed: gzip, zlib (so also FlateDecode of a PDF, text chunks of a PNG, HTTP's `deflate`), members of a zip, bzip2,
xz. Encoded: base64 of either alphabet, on one line or many; hex. Each in the others, some levels deep.

Not seen: a bare deflate stream outside a zip has no mark to find it by. Nothing here writes zstd or LZ4; what
PostgreSQL compresses in its tables (pglz) comes out plain as rows are read by SQL. Glyphs of a PDF are numbers of a
font, not text.
"""

import base64
import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

DEPTH = 5
"""Levels, one for each encoding or compression."""
LARGEST = 64 << 20
"""Bytes of streams: what a file may unpack to altogether is this and TIMES its own size."""
TIMES = 8  # each encoding is read from wherever it may begin, so text of nothing else gives four times its size
_PIECE = 256  # what came before a damaged byte is worth having, so a stream is fed in pieces
_SHORTEST = 24  # characters: shorter ones hold no compressed secret


class TooMuchError(Exception):
    """There is more behind it than may be: it was not searched to the end."""


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, /) -> bytes: ...


def _zlib_marks() -> Iterator[bytes]:
    """Both bytes of each header that RFC 1950 allows without a preset dictionary."""
    for method in range(0x08, 0x79, 0x10):
        for flags in range(256):
            if not flags & 0x20 and (method * 256 + flags) % 31 == 0:
                yield bytes([method, flags])


def _gzip() -> _Decompressor:
    return zlib.decompressobj(zlib.MAX_WBITS + 16)


# the mark (seen again within what it begins: hence the look-ahead), and what reads on from there
_STREAMS: tuple[tuple[re.Pattern[bytes], Callable[[], _Decompressor]], ...] = (
    (re.compile(rb"(?=\x1f\x8b\x08)"), _gzip),
    (re.compile(b"(?=" + b"|".join(map(re.escape, _zlib_marks())) + b")"), zlib.decompressobj),
    (re.compile(rb"(?=BZh[1-9]1AY&SY)"), bz2.BZ2Decompressor),
    (re.compile(rb"(?=\xfd7zXZ\x00)"), lzma.LZMADecompressor),
)
_ZIP_MEMBER = re.compile(rb"PK\x03\x04.{4}\x08\x00.{16}(..)(..)", re.DOTALL)  # deflated; lengths of name and extra
_LINE_END = rb"(?:\\n|\r?\n)"


def _from_base64(text: str) -> bytes:
    text = text[: len(text) - (len(text) % 4 == 1)]
    return base64.b64decode(text.translate(_STANDARD) + "=" * (-len(text) % 4))


def _from_hex(text: str) -> bytes:
    return bytes.fromhex(text[: len(text) - len(text) % 2])


def _runs(letters: bytes) -> re.Pattern[bytes]:
    return re.compile(b"[%b]{%d,}(?:%b[%b]+)*" % (letters, _SHORTEST, _LINE_END, letters))


_STANDARD = str.maketrans("-_", "+/")
# how it is written, how many characters stand for whole bytes, and what reads it
_ENCODINGS: tuple[tuple[re.Pattern[bytes], int, Callable[[str], bytes]], ...] = (
    (_runs(b"A-Za-z0-9+/_-"), 4, _from_base64),
    (_runs(b"0-9A-Fa-f"), 2, _from_hex),
)


def layers(content: bytes, depth: int = DEPTH, largest: int = LARGEST) -> Iterator[bytes]:
    """The content itself, then all that it unpacks to, `depth` levels down.

    Raises TooMuchError past `largest` bytes and TIMES its own size.
    """
    waiting = [(content, 0)]
    left = largest + TIMES * len(content)
    while waiting:
        found, level = waiting.pop()
        yield found
        if level < depth:
            for inner in _within(found, left):
                left -= len(inner)
                waiting.append((inner, level + 1))


def _within(content: bytes, most: int) -> Iterator[bytes]:
    """One level down: a piece for each way of packing. Raises TooMuchError past `most` bytes."""
    for begins in (*(_begins(content, mark, made) for mark, made in _STREAMS), _members(content)):
        pieces = []
        for at, decompressor in begins:
            pieces.append(_read(decompressor, memoryview(content)[at:], most))
            most -= len(pieces[-1])
        if inner := b"\n".join(filter(None, pieces)):
            yield inner
    for written, group, decode in _ENCODINGS:
        runs = [re.sub(_LINE_END, b"", run).decode("ascii") for run in written.findall(content)]
        for before in range(group):  # something may be glued to its front
            if inner := b"\n".join(decode(run[before:]) for run in runs):
                most -= len(inner)
                if most < 0:
                    raise TooMuchError
                yield inner


def _begins(
    content: bytes, mark: re.Pattern[bytes], made: Callable[[], _Decompressor]
) -> Iterator[tuple[int, _Decompressor]]:
    for match in mark.finditer(content):
        yield match.start(), made()


def _members(content: bytes) -> Iterator[tuple[int, _Decompressor]]:
    for match in _ZIP_MEMBER.finditer(content):
        names = sum(int.from_bytes(length, "little") for length in match.groups())
        yield match.end() + names, zlib.decompressobj(-zlib.MAX_WBITS)


def _read(decompressor: _Decompressor, data: memoryview, most: int) -> bytes:
    """What comes out before its end, or before what is damaged. Raises TooMuchError past `most` bytes."""
    out = bytearray()
    for at in range(0, len(data), _PIECE):
        try:
            out += decompressor.decompress(bytes(data[at : at + _PIECE]))
        except (zlib.error, lzma.LZMAError, OSError, ValueError):
            break
        if len(out) > most:
            raise TooMuchError
        if decompressor.eof:
            break
    return bytes(out)
