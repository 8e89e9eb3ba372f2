"""What a client writes down by itself, forced to disk before it goes on: what it asked, which key, what it heard."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Logbook:
    """One client's file of JSON lines. Holds no personal data: codes, keys, numbers and statuses."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, **line: Any) -> None:
        os.write(self._descriptor, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        os.fsync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


@dataclass(frozen=True)
class Heard:
    """One answer to an intent; `unknown` says why there was none, then the rest is empty."""

    at: float
    unknown: str | None = None
    status: int = 0
    code: str | None = None  # of the problem
    seq: int | None = None
    case_no: str | None = None
    body: str = ""  # digest
    standing: str | None = None  # outcome of the decision that was first

    @property
    def definite(self) -> bool:
        return self.unknown is None

    @property
    def acknowledged(self) -> bool:
        return self.definite and self.status < 300


@dataclass
class Intent:
    """One thing that somebody meant to do: one key, however often it was told."""

    client: str
    account: str
    act: str  # kind of the fact that it records
    route: str
    key: str
    at: float
    case_no: str | None = None
    about: dict[str, Any] = field(default_factory=dict)  # what the fact must hold
    heard: list[Heard] = field(default_factory=list)

    @property
    def acknowledgement(self) -> Heard | None:
        return next((one for one in self.heard if one.acknowledged), None)

    @property
    def refusal(self) -> Heard | None:
        return next((one for one in self.heard if one.definite and not one.acknowledged), None)

    @property
    def settled(self) -> bool:
        return any(one.definite for one in self.heard)

    @property
    def of_case(self) -> str | None:
        """Of an application the number is known from the answer only."""
        heard = self.acknowledgement
        return self.case_no or (heard.case_no if heard else None)


def read(folder: Path) -> list[Intent]:
    """Every client's intents, oldest first."""
    return sorted((one for file in sorted(folder.glob("*.jsonl")) for one in _read(file)), key=lambda entry: entry.at)


def _read(file: Path) -> Iterator[Intent]:
    found: dict[str, Intent] = {}
    for line in file.read_text().splitlines():
        said = json.loads(line)
        kind, key = said.pop("line"), said.pop("key")
        if kind == "intent":
            found[key] = Intent(client=file.stem, key=key, **said)
        else:
            found[key].heard.append(Heard(**said))
    yield from found.values()
