"""Pages of files as pictures, for screens that show no PDF, and photos as what is kept of them. Each is made by a
process of its own: `picture_child`, `photo_child`."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import orjson

_WALL_S = 20.0
_WALL_S_MORE = 8.0  # for each photo but the first
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
    """`at_once`: processes of this one; who comes later waits."""

    def __init__(self, at_once: int = 2) -> None:
        self._free = asyncio.Semaphore(at_once)

    async def page(self, kind: str, content: bytes, number: int) -> Picture:
        """Of a PDF, JPEG or PNG, the first is 1: with that one, all pages can be asked for. Raises NoPicture."""
        told, picture = await self._made(_PAGE_CHILD, (kind, str(number)), [content], _WALL_S)
        return Picture(told["pages"], picture)

    async def combined(
        self, into: Literal["jpeg", "pdf"], photos: Sequence[tuple[str, bytes]], most_bytes: int
    ) -> bytes:
        """Of photos (kind: heic, jpeg or png): of one a JPEG, of several a PDF with a page of each in their order; of
        so many bytes at most. Nothing of what a camera wrote beside them is in it. Raises NoPicture."""
        of_each = [f"{kind}:{len(content)}" for kind, content in photos]
        wall_s = _WALL_S + _WALL_S_MORE * (len(photos) - 1)
        contents = [content for _, content in photos]
        _, made = await self._made(_PHOTO_CHILD, (into, str(most_bytes), *of_each), contents, wall_s)
        return made

    async def _made(
        self, child_module: str, arguments: Sequence[str], contents: Sequence[bytes], wall_s: float
    ) -> tuple[Mapping[str, int], bytes]:
        async with self._free:
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
        if child.returncode != 0 or not head:
            raise NoPicture("too_slow" if child.returncode == -24 else "unreadable")
        told = orjson.loads(head)
        if "fault" in told:
            raise NoPicture(told["fault"], told.get("at"))
        return told, made
