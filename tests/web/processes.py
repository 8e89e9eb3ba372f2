"""Which processes there are, by the kernel's own list."""

import os
from contextlib import suppress
from pathlib import Path


def parents() -> dict[int, int]:
    """Every process → its parent."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            found[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    return found


def descendants() -> set[int]:
    """Of this process: what it started, and what that started."""
    known, found = parents(), {os.getpid()}
    while more := {process for process, parent in known.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}
