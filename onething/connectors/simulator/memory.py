"""What the simulated world remembers: calls (of this process), effects and behaviours (for good)."""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from onething.connectors.simulator.behaviour import Behaviour, Failure
from onething.connectors.simulator.journal import Journal


class Kind(StrEnum):
    """What a key does."""

    RECORD = "record"
    STATUS = "status"
    RELEASE = "release"
    REVOCATION = "revocation"
    ITEM = "item"
    NOTICE = "notice"


class Side(StrEnum):
    """Who is controlled."""

    SOURCES = "sources"
    DEPARTMENTS = "departments"


@dataclass(slots=True)
class Call:
    """One request, listed from its arrival. `status` is empty while it runs and when the caller got no status."""

    index: int
    at: datetime
    endpoint: Kind
    code: str
    key: str
    case_no: str | None
    attempt: int
    status: int | None = None
    failure: Failure | None = None
    effect: bool = False


@dataclass(slots=True)
class SimulatedEffect:
    kind: Kind
    code: str
    key: str
    of_key: str | None  # what it undoes
    case_no: str | None
    at: str
    request: str  # digest of what was asked
    answer: dict[str, Any]
    saved: "asyncio.Future[None] | None"  # none: read from the journal, so on disk
    effects: int = 1
    undone: bool = False


class Calls:
    """A list that only grows until it is cleared; attempts are counted per key since then."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._attempts: dict[str, int] = {}

    def begin(self, at: datetime, endpoint: Kind, code: str, key: str, case_no: str | None) -> Call:
        attempt = self._attempts[key] = self._attempts.get(key, 0) + 1
        call = Call(len(self._calls), at, endpoint, code, key, case_no, attempt)
        self._calls.append(call)
        return call

    def page(self, since: int, limit: int, key: str | None) -> list[Call]:
        calls = self._calls[since:] if key is None else [call for call in self._calls[since:] if call.key == key]
        return calls[:limit]

    def clear(self) -> None:
        self._calls.clear()
        self._attempts.clear()


class Memory:
    """Effects by key and behaviours by code, rebuilt from the journal at start."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.effects: dict[str, SimulatedEffect] = {}
        self.behaviours: dict[Side, dict[str, Behaviour]] = {side: {} for side in Side}
        self._undone: set[str] = set()
        self._changed = asyncio.Event()
        for line in journal.found:
            if line["type"] == "behaviour":
                self.behaviours[Side(line["side"])][line["code"]] = Behaviour.model_validate(line["behaviour"])
            else:
                self._remember(_effect(line))

    def behaviour(self, side: Side, code: str) -> Behaviour:
        return self.behaviours[side].get(code) or Behaviour()

    async def behave(self, side: Side, code: str, behaviour: Behaviour) -> None:
        self.behaviours[side][code] = behaviour
        self._changed.set()
        self._changed = asyncio.Event()
        line = {"type": "behaviour", "side": side, "code": code, "behaviour": behaviour.model_dump(mode="json")}
        await self._journal.append(line)

    async def lag(self, side: Side, code: str) -> None:
        """Wait as long as whoever is asked takes; who is made quicker meanwhile answers at once what waits too long."""
        now = asyncio.get_running_loop().time
        began = now()
        while (left := began + self.behaviour(side, code).latency_s - now()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left)

    def is_undone(self, key: str) -> bool:
        """Also true of a key that was released before its effect came: that one must not happen any more."""
        return key in self._undone

    def apply(
        self,
        kind: Kind,
        code: str,
        key: str,
        *,
        request: str,
        answer: dict[str, Any],
        at: datetime,
        of_key: str | None,
        case_no: str | None,
    ) -> SimulatedEffect:
        """Do what `key` asks for. The caller waits for `saved` before it tells anybody."""
        line = {
            "type": "effect",
            "kind": kind,
            "code": code,
            "key": key,
            "of_key": of_key,
            "case_no": case_no,
            "at": at.isoformat(),
            "request": request,
            "answer": answer,
        }
        effect = _effect(line)
        effect.saved = self._journal.append(line)
        return self._remember(effect)

    def _remember(self, effect: SimulatedEffect) -> SimulatedEffect:
        known = self.effects.get(effect.key)
        if known is not None:
            known.effects += 1  # never happens; counted, so that a checker would see it
            return known
        effect.undone = effect.key in self._undone
        self.effects[effect.key] = effect
        if effect.of_key is not None:
            self._undone.add(effect.of_key)
            if effect.of_key in self.effects:
                self.effects[effect.of_key].undone = True
        return effect


def _effect(line: dict[str, Any]) -> SimulatedEffect:
    return SimulatedEffect(
        kind=Kind(line["kind"]),
        code=line["code"],
        key=line["key"],
        of_key=line["of_key"],
        case_no=line["case_no"],
        at=line["at"],
        request=line["request"],
        answer=line["answer"],
        saved=None,
    )
