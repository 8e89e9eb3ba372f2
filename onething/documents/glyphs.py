"""Which characters a font can show: its `cmap` table (OpenType formats 4 and 12), read without a library.

typst sets an empty box for what a font lacks and says nothing; a name with a hole in it is worse than no letter.
"""

import struct
from bisect import bisect_right
from pathlib import Path

Ranges = tuple[tuple[int, int], ...]
_UNICODE = {(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)}


class Glyphs:
    def __init__(self, ranges: Ranges) -> None:
        self._ranges = tuple(sorted(ranges))
        self._starts = [first for first, _ in self._ranges]

    def shows(self, character: str) -> bool:
        code = ord(character)
        at = bisect_right(self._starts, code) - 1
        return at >= 0 and code <= self._ranges[at][1]

    def missing(self, text: str) -> frozenset[str]:
        """Characters of `text` that would be empty boxes; line breaks and spaces are none."""
        return frozenset(one for one in text if not one.isspace() and not self.shows(one))


def of_file(path: Path, index: int = 0) -> Glyphs:
    """Of the font of that number in the file (.otf, .ttf, .ttc). Raises ValueError for what is no such font."""
    try:
        return Glyphs(_ranges(path.read_bytes(), index))
    except struct.error as error:
        raise ValueError(f"{path.name}: no font") from error


def _ranges(raw: bytes, index: int) -> Ranges:
    start = struct.unpack_from(">I", raw, 12 + 4 * index)[0] if raw[:4] == b"ttcf" else 0
    tables = (struct.unpack_from(">4sIII", raw, start + 12 + 16 * n) for n in range(*_count(raw, start + 4)))
    cmap = next((offset for tag, _, offset, _ in tables if tag == b"cmap"), None)
    if cmap is None:
        raise ValueError("no cmap table")
    best: Ranges = ()
    for n in range(*_count(raw, cmap + 2)):
        platform, encoding, offset = struct.unpack_from(">HHI", raw, cmap + 4 + 8 * n)
        if (platform, encoding) in _UNICODE:
            found = _subtable(raw, cmap + offset)
            best = max(best, found, key=lambda ranges: sum(last - first + 1 for first, last in ranges))
    return best


def _count(raw: bytes, at: int) -> tuple[int]:
    return (struct.unpack_from(">H", raw, at)[0],)


def _subtable(raw: bytes, at: int) -> Ranges:
    (form,) = struct.unpack_from(">H", raw, at)
    if form == 12:
        (groups,) = struct.unpack_from(">I", raw, at + 12)
        found = (struct.unpack_from(">III", raw, at + 16 + 12 * n) for n in range(groups))
        return tuple((first, last) for first, last, _ in found)
    if form == 4:
        segments = struct.unpack_from(">H", raw, at + 6)[0] // 2
        ends = struct.unpack_from(f">{segments}H", raw, at + 14)
        starts = struct.unpack_from(f">{segments}H", raw, at + 16 + 2 * segments)
        return tuple((first, last) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF)
    return ()
