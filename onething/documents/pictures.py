"""Pages of files as pictures, for screens that show no PDF, and photos as what is kept of them. Each is made by a
process of its own: `picture_child`, `photo_child`."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import orjson

_WALL_S = 20.0
_CPU_S = 10
_WALL_S_MORE = 8.0  # for each photo but the first
_CHECK_WALL_S = 10.0
_CHECK_CPU_S = 3
_CHECK_PATIENCE_S = 2.0
_PAGE_CHILD, _PHOTO_CHILD = "onething.documents.picture_child", "onething.documents.photo_child"
_Fault = Literal["no_page", "too_large", "unreadable", "too_slow"]


class NoPicture(Exception):
    """`fault`: no such page, more than there is room or time for, or nobody can open it. `at`: which of several photos,
    from 0; None where it is all of them together."""

    def __init__(self, fault: _Fault, at: int | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.at = at


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG. `pages`: how many the file has."""

    pages: int
    content: bytes = field(repr=False)


class Pictures:
    """`at_once`: processes of this one; who comes later waits. Files that come are checked beside them, one at a time:
    nobody's upload keeps those waiting who look at pages."""

    def __init__(self, at_once: int = 2) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._check_free = asyncio.Semaphore(1)

    async def page(self, kind: str, content: bytes, number: int) -> Picture:
        """Of a PDF, JPEG or PNG, the first is 1: with that one, all pages can be asked for. Raises NoPicture."""
        async with self._free:
            told, picture = await _made(_PAGE_CHILD, (kind, str(number), str(_CPU_S)), [content], _WALL_S)
        return Picture(told["pages"], picture)

    async def require_opens(self, kind: str, content: bytes) -> None:
        """Of a PDF, JPEG or PNG. Raises NoPicture; too_slow also where another file's check does not end soon: then it
        is not known."""
        try:
            async with asyncio.timeout(_CHECK_PATIENCE_S):
                await self._check_free.acquire()
        except TimeoutError:
            raise NoPicture("too_slow") from None
        try:
            await _made(_PAGE_CHILD, (kind, "1", str(_CHECK_CPU_S)), [content], _CHECK_WALL_S)
        finally:
            self._check_free.release()

    async def combined(
        self, into: Literal["jpeg", "pdf"], photos: Sequence[tuple[str, bytes]], most_bytes: int
    ) -> bytes:
        """Of photos (kind: heic, jpeg or png): of one a JPEG, of several a PDF with a page of each in their order; of
        so many bytes at most. Nothing of what a camera wrote beside them is in it. Raises NoPicture."""
        of_each = [f"{kind}:{len(content)}" for kind, content in photos]
        wall_s = _WALL_S + _WALL_S_MORE * (len(photos) - 1)
        contents = [content for _, content in photos]
        async with self._free:
            _, made = await _made(_PHOTO_CHILD, (into, str(most_bytes), *of_each), contents, wall_s)
        return made


async def _made(
    child_module: str, arguments: Sequence[str], contents: Sequence[bytes], wall_s: float
) -> tuple[Mapping[str, int], bytes]:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", child_module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # may quote the file
        env={},
    )
    try:
        async with asyncio.timeout(wall_s):
            out, _ = await child.communicate(b"".join(contents))
    except TimeoutError:
        raise NoPicture("too_slow") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    head, _, made = out.partition(b"\n")
    if child.returncode is not None and child.returncode < 0:
        # whatever ended it (a limit of time: SIGXCPU or SIGKILL), it has not said that the file is at fault
        raise NoPicture("too_slow")
    if child.returncode != 0 or not head:
        raise NoPicture("unreadable")
    told = orjson.loads(head)
    if "fault" in told:
        raise NoPicture(told["fault"], told.get("at"))
    return told, made
