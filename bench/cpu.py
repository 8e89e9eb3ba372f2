"""Processor time by group of processes, read from /proc. Where there is none, nothing is told."""

import os
from collections.abc import Mapping
from pathlib import Path

_PROC = Path("/proc")


def cpu_seconds(groups: Mapping[str, int]) -> dict[str, float]:
    """Group → seconds that its process and all below it have used so far; `groups`: group → process id.

    The driver is the parent of all others: of it only its own time counts.
    """
    if not (_PROC / "self/stat").exists():
        return {}
    ticks = os.sysconf("SC_CLK_TCK")
    times, children = _table()
    own = os.getpid()
    used = {}
    for group, pid in groups.items():
        if pid == own:
            used[group] = sum(times.get(pid, (0, 0))[:1]) / ticks
        else:
            used[group] = sum(_with_children(pid, times, children)) / ticks
    return used


def busy_seconds() -> float:
    """Processor seconds that the whole machine has worked so far, all processors together."""
    if not (_PROC / "stat").exists():
        return 0.0
    user, nice, system, _, _, irq, softirq = map(int, (_PROC / "stat").read_text().split("\n", 1)[0].split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def _table() -> tuple[dict[int, tuple[int, int]], dict[int, list[int]]]:
    """Process → (ticks of its own, ticks of children that ended), and process → its children."""
    times: dict[int, tuple[int, int]] = {}
    children: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        pid = int(folder.name)
        own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
        times[pid] = (own, ended)
        children.setdefault(int(fields[1]), []).append(pid)
    return times, children


def _with_children(pid: int, times: dict[int, tuple[int, int]], children: dict[int, list[int]]) -> tuple[int, ...]:
    below = [ticks for child in children.get(pid, ()) for ticks in _with_children(child, times, children)]
    return (*times.get(pid, (0, 0)), *below)
