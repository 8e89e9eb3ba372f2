"""TCP ports on 127.0.0.1."""

import asyncio
import contextlib
import fcntl
import os
import socket
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path


class PortTaken(Exception):
    """A port asked for by name is in use, or there is no such port; the message (Chinese) says what to do."""


@contextlib.asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """One stack of this user at a time, from choosing its ports until its servers hold them."""
    descriptor = os.open(
        Path(tempfile.gettempdir()) / f"onething-ports-{os.getuid()}.lock", os.O_RDWR | os.O_CREAT, 0o600
    )
    try:
        await asyncio.to_thread(fcntl.flock, descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers bind: a port in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def choose(service: str, demanded: int | None, *preferred: int) -> int:
    """The demanded port, or `PortTaken`; without a demand the first free one of the preferred, then any."""
    if demanded is not None:
        if not 1 <= demanded <= 65535:
            raise PortTaken(f"{service} 的端口不能是 {demanded}：请用 1 到 65535 之间的，或不指定端口而由系统自选。")
        if not is_free(demanded):
            raise PortTaken(
                f"{service} 要用的端口 {demanded} 已被别的程序占用："
                f"请停掉占用它的程序（可用 ss -ltnp 'sport = :{demanded}' 查看是谁），"
                "或换一个端口，或不指定端口而由系统自选。"
            )
        return demanded
    return next((port for port in preferred if is_free(port)), None) or any_free()
