"""Pages of files as pictures, for screens that show no PDF. Each is made by a process of its own: `picture_child`."""

import asyncio
import sys
from dataclasses import dataclass, field
from typing import Literal

import orjson

_WALL_S = 20.0
_CHILD = "onething.documents.picture_child"
_Fault = Literal["no_page", "too_large", "unreadable", "too_slow"]


class NoPicture(Exception):
    """`fault`: no such page, more than there is room or time for, or nobody can open it."""

    def __init__(self, fault: _Fault) -> None:
        super().__init__(fault)
        self.fault = fault


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
        """Of a PDF, JPEG or PNG, the first is 1. Raises NoPicture."""
        async with self._free:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-m", _CHILD, kind, str(number)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # may quote the file
                env={},
            )
            try:
                async with asyncio.timeout(_WALL_S):
                    out, _ = await child.communicate(content)
            except TimeoutError:
                raise NoPicture("too_slow") from None
            finally:
                if child.returncode is None:
                    child.kill()
                    await child.wait()
        head, _, picture = out.partition(b"\n")
        if child.returncode != 0 or not head:
            raise NoPicture("too_slow" if child.returncode == -24 else "unreadable")
        told = orjson.loads(head)
        if "fault" in told:
            raise NoPicture(told["fault"])
        return Picture(told["pages"], picture)
