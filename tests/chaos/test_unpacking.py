"""What is packed is searched as if it were not: each way of packing by itself and in each other."""

import base64
import bz2
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from chaos.gather import spilled
from chaos.unpacking import TooMuchError, layers

SECRET = "杭州䶮𠮷金丝雀"
NUMBER = "110105194912310021"
TEXT = f'{{"who": "{SECRET}", "number": "{NUMBER}"}}'.encode() * 9


def _zlib(data: bytes, level: int = 6, window: int = zlib.MAX_WBITS) -> bytes:
    made = zlib.compressobj(level, wbits=window)
    return made.compress(data) + made.flush()


def _zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", data)
    return file.getvalue()


def _pdf(data: bytes) -> bytes:
    stream = zlib.compress(data)
    return b"%%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj" % (
        len(stream),
        stream,
    )


def _png(data: bytes) -> bytes:
    body = b"zTXt" + b"Comment\0\0" + zlib.compress(data)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zlib, stored": lambda data: _zlib(data, level=0),
    "zlib, fastest": lambda data: _zlib(data, level=1),
    "zlib, best": lambda data: _zlib(data, level=9),
    "zlib, small window": lambda data: _zlib(data, window=9),
    "zip": _zipped,
    "pdf": _pdf,
    "png": _png,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
ENCODED: dict[str, Callable[[bytes], bytes]] = {
    "as it is": bytes,
    "base64": base64.b64encode,
    "base64 for addresses": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "base64 on lines": base64.encodebytes,
    "base64 on lines of JSON": lambda data: base64.encodebytes(data).replace(b"\n", b"\\n"),
    "hex": lambda data: data.hex().encode(),
    "HEX": lambda data: data.hex().upper().encode(),
}


def _found(tmp_path: Path, content: bytes) -> list[str]:
    file = tmp_path / "dump"
    file.write_bytes(content)
    return spilled([file], [SECRET, NUMBER], b"")[0]


# what stands in front: nothing, no text, a sentence, PostgreSQL's mark of bytes, or what may be taken for a part of it
BEFORE = (b"", b"\x00", b"at: ", b"7\t\\\\x", b"a/", b"data/x", b"abc")


@pytest.mark.parametrize("compressed", COMPRESSED)
def test_what_is_compressed_is_found_wherever_it_stands(tmp_path: Path, compressed: str) -> None:
    for encoded, before in product(ENCODED, BEFORE):
        packed = ENCODED[encoded](COMPRESSED[compressed](TEXT))
        assert SECRET.encode() not in packed or compressed == "zlib, stored"
        assert len(_found(tmp_path, before + packed + b'\t"\n')) == 2, (encoded, before)


@pytest.mark.parametrize("inner", COMPRESSED)
def test_what_is_packed_twice_is_found(tmp_path: Path, inner: str) -> None:
    for outer in COMPRESSED:
        twice = COMPRESSED[outer](b'{"data": "%b"}' % base64.b64encode(COMPRESSED[inner](TEXT)))
        assert len(_found(tmp_path, b"before " + base64.b64encode(twice) + b" after")) == 2, outer


@pytest.mark.parametrize("compressed", ["gzip", "zlib", "pdf"])
def test_what_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, compressed: str) -> None:
    packed = COMPRESSED[compressed](TEXT + b"".join(b"%d " % (number * number) for number in range(5000)))
    assert len(_found(tmp_path, packed[: len(packed) // 2])) == 2
    damaged = bytearray(packed)
    damaged[len(packed) // 2 :] = bytes(len(packed) - len(packed) // 2)
    assert len(_found(tmp_path, bytes(damaged))) == 2


@pytest.mark.parametrize("compressed", COMPRESSED)
def test_what_is_harmless_is_not_found(tmp_path: Path, compressed: str) -> None:
    harmless = COMPRESSED[compressed](b"nothing of anybody, 110105200012310021" * 99)
    assert _found(tmp_path, b"before " + base64.b64encode(harmless) + harmless.hex().encode()) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (SECRET.encode("gb18030"), SECRET),
        (SECRET.encode("utf-16-le"), SECRET),
        (SECRET.encode("utf-16-be").hex().encode(), SECRET),
        (repr(SECRET.encode()).encode(), SECRET),
        (b"?who=%E6%9D%AD%E5%B7%9E%E4%B6%AE%F0%A0%AE%B7%E9%87%91%E4%B8%9D%E9%9B%80", SECRET),
        (NUMBER.encode("utf-16-le"), NUMBER),
    ],
)
def test_another_way_of_writing_it_is_found(tmp_path: Path, written: bytes, said: str) -> None:
    assert _found(tmp_path, b"before " + written + b" after") == [f"dump: {said!r}"]
    assert _found(tmp_path, gzip.compress(written)) == [f"dump: {said!r}"]


def test_there_is_a_bound_and_passing_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(bytes(1 << 20))
    with pytest.raises(TooMuchError):
        list(layers(bomb, largest=1 << 19))
    assert sum(map(len, layers(bomb))) >= 1 << 20
    deep = TEXT
    for _ in range(4):
        deep = gzip.compress(deep)
    assert TEXT in list(layers(deep, depth=4))
    assert TEXT not in list(layers(deep, depth=3))
    monkeypatch.setattr("chaos.gather.layers", lambda content: layers(content, largest=1 << 19))
    assert _found(tmp_path, bomb) == ["dump：解开的内容过多，没有搜完"]
