"""The text of a PDF that the press made, as somebody copies it out of a reader: by the font's own ToUnicode table."""

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"\d+ 0 obj\s*<<([^>]*(?:>(?!>)[^>]*)*)>>\s*stream\r?\n(.*?)\nendstream", re.DOTALL)
"""What stands before the line feed is the stream's own, also a carriage return with which its checksum may end."""
_MARK = re.compile(rb"\\.|[()]|<([0-9A-Fa-f]*)>", re.DOTALL)
"""A string's own mark; outside of one, a string in hexadecimal, which is how those with a byte over 127 are written."""
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """One line for each run of glyphs. Of one font only, which is what a letter is set in."""
    streams = [zlib.decompress(raw) for head, raw in _STREAM.findall(pdf) if b"FlateDecode" in head]
    characters = {
        int(glyph, 16): bytes.fromhex(code.decode()).decode("utf-16-be")
        for table in streams
        if b"beginbfchar" in table
        for glyph, code in re.findall(rb"<([0-9A-F]{4})>\s*<([0-9A-F]{4,})>", table.partition(b"beginbfchar")[2])
    }
    runs = (run for page in streams for run in re.findall(rb"BT (.*?)\nET", page, re.DOTALL))
    return "\n".join(_text(run, characters) for run in runs)


def _text(run: bytes, characters: dict[int, str]) -> str:
    glyphs = b"".join(_strings(run))
    return "".join(characters[int.from_bytes(glyphs[at : at + 2])] for at in range(0, len(glyphs), 2))


def _strings(run: bytes) -> Iterator[bytes]:
    """What stands between parentheses, which may hold pairs of their own, or is written in hexadecimal."""
    depth = begin = 0
    for mark in _MARK.finditer(run):
        if mark[0] == b"(":
            depth += 1
            begin = mark.end() if depth == 1 else begin
        elif mark[0] == b")":
            depth -= 1
            if depth == 0:
                yield _ESCAPED.sub(_byte, run[begin : mark.start()])
        elif mark[1] is not None and not depth:
            yield bytes.fromhex(mark[1].decode())


def _byte(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    return bytes([int(code, 8)]) if code.isdigit() else _NAMED.get(code, code)
