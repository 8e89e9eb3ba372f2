"""The schedule of faults. Pure: seed and length decide what happens when."""

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

WORKERS = 2
POSTGRES, TEMPORAL, SIMULATOR, API = "PostgreSQL", "Temporal", "模拟外部世界", "API"
WORKER_NAMES = tuple(f"办理进程 {number}" for number in range(1, WORKERS + 1))
KILLED_EACH = 2

_ALL_SOURCES = (
    "name-reservation", "identity-check", "standard-address", "business-licence", "driver-qualification",
    "vehicle-inspection", "medical-death-certificate", "household-register", "pension-record",
    "housing-fund-account", "medical-birth-certificate", "marriage-record",
)  # fmt: skip
_REFUSING = ("medical-death-certificate", "medical-birth-certificate", "vehicle-inspection", "identity-check")
_SYSTEMS = ("amr", "transport", "tax", "hrss", "hpf", "nhsa", "traffic", "bank", "notice-gateway")
_DECIDING = ("bank", "nhsa", "transport")  # systems that decide items
_CALLING_BACK = "business-licence"
CALLS_BACK_AFTER_S = 5.0
_LATER: dict[str, Any] = {"mode": "accept_then_callback", "ready_after_s": CALLS_BACK_AFTER_S}


class Group(StrEnum):
    """What `--faults` chooses among."""

    KILL = "kill"
    HALT = "halt"
    SOURCES = "sources"
    LOSE = "lose"


class Kind(StrEnum):
    KILL = "kill"  # -9, all targets at once
    HALT = "halt"  # killed, and not started again for a while
    LOSE = "lose"  # Temporal stopped, its database deleted, started again
    BEHAVE = "behave"  # of sources or departments' systems


@dataclass(frozen=True)
class Fault:
    """`at`: seconds since the storm began. `lasts`: of a halt."""

    at: float
    kind: Kind
    targets: tuple[str, ...]
    side: str = ""
    behaviour: dict[str, Any] = field(default_factory=dict)
    lasts: float = 0.0


def schedule(seed: int, seconds: float, groups: frozenset[Group]) -> list[Fault]:
    """In the order of time. Every process is killed twice, at random moments; the heavy ones at their quarter."""
    chance = random.Random(f"faults/{seed}")
    faults: list[Fault] = []
    if Group.KILL in groups:
        faults += _kills(chance, seconds)
    if Group.HALT in groups:
        length = min(25.0, seconds * 0.1)
        faults.append(Fault(seconds * chance.uniform(0.30, 0.34), Kind.HALT, WORKER_NAMES, lasts=length))
        faults.append(Fault(seconds * chance.uniform(0.56, 0.60), Kind.HALT, (TEMPORAL,), lasts=length))
    if Group.SOURCES in groups:
        faults += _weather(chance, seconds)
    if Group.LOSE in groups:
        faults.append(Fault(seconds * chance.uniform(0.84, 0.88), Kind.LOSE, (TEMPORAL,)))
    return sorted(faults, key=lambda fault: fault.at)


def _kills(chance: random.Random, seconds: float) -> list[Fault]:
    targets: list[tuple[str, ...]] = []
    for name in (POSTGRES, TEMPORAL, SIMULATOR, API, *WORKER_NAMES):
        targets += [(name,)] * KILLED_EACH
    targets.append(WORKER_NAMES)
    chance.shuffle(targets)
    share = 0.94 / len(targets)
    return [
        Fault(seconds * (0.04 + share * (number + chance.random())), Kind.KILL, target)
        for number, target in enumerate(targets)
    ]


def _weather(chance: random.Random, seconds: float) -> list[Fault]:
    """Failing nearly all the time; now and then slow, down or refusing. Some call back, if they live to."""
    faults = [
        Fault(0.0, Kind.BEHAVE, _ALL_SOURCES, "sources", {"failure_rate": 0.4, "latency_s": 0.3}),
        Fault(0.0, Kind.BEHAVE, (_CALLING_BACK,), "sources", _LATER),
        Fault(0.0, Kind.BEHAVE, _SYSTEMS, "departments", {"failure_rate": 0.4}),
        Fault(0.0, Kind.BEHAVE, _DECIDING, "departments", _LATER | {"retry_after_s": 15}),
    ]
    for source in _REFUSING:
        faults += _spell(chance, seconds, source, {"mode": "refuse"}, 0.25)
    for source in chance.sample([one for one in _ALL_SOURCES if one not in _REFUSING], 4):
        faults += _spell(chance, seconds, source, {"mode": "down"}, 0.08)
    for source in chance.sample(_ALL_SOURCES, 4):
        faults += _spell(chance, seconds, source, {"latency_s": 2.5}, 0.15)
    for system, until in zip(chance.sample(_DECIDING, 2), (0.7, 1.0), strict=True):
        faults += _change(seconds, chance.uniform(0.2, 0.4), until, system, "departments", {"mode": "refuse_new"})
    for system in chance.sample([one for one in _SYSTEMS if one not in _DECIDING], 3):
        at = chance.uniform(0.1, 0.7)
        faults += _change(seconds, at, at + 0.08, system, "departments", {"mode": "down"})
    return faults


def _spell(chance: random.Random, seconds: float, source: str, change: dict[str, Any], length: float) -> list[Fault]:
    at = chance.uniform(0.02, 0.9 - length)
    return _change(seconds, at, at + length, source, "sources", change)


def _change(seconds: float, begin: float, end: float, code: str, side: str, change: dict[str, Any]) -> list[Fault]:
    later = code in _DECIDING or code == _CALLING_BACK
    usual: dict[str, Any] = {"mode": _LATER["mode"] if later else "answer", "latency_s": 0.3}
    back = {name: usual[name] for name in change}
    return [
        Fault(seconds * begin, Kind.BEHAVE, (code,), side, change),
        Fault(seconds * end, Kind.BEHAVE, (code,), side, back),
    ]
