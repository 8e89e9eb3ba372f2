"""How a simulated counterpart behaves, and what becomes of one attempt. Pure and reproducible: no unseeded chance."""

from enum import StrEnum
from random import Random
from typing import Any, NamedTuple

from pydantic import Field

from onething.domain.base import Strict


class Mode(StrEnum):
    ANSWER = "answer"
    ACCEPT_THEN_CALLBACK = "accept_then_callback"
    REFUSE = "refuse"
    REFUSE_NEW = "refuse_new"  # what it has done it undoes
    DOWN = "down"


class Failure(StrEnum):
    """What the caller sees of a failed attempt."""

    ERROR = "error"  # 503
    CUT = "cut"  # the connection breaks in the middle of the answer
    HANG = "hang"  # no answer until the caller gives up


class Behaviour(Strict):
    """What `PUT /control/…` sets. Fields not mentioned there keep their value."""

    mode: Mode = Mode.ANSWER
    latency_s: float = Field(default=0, ge=0, le=600)
    failure_rate: float = Field(default=0, ge=0, le=1)  # of attempts; half of them fail after the effect
    failures: tuple[Failure, ...] = Field(default=tuple(Failure), min_length=1)  # drawn from, evenly
    duplicate: bool = False  # a repeat is answered anew instead of with the first answer; still one effect
    ready_after_s: float | None = Field(default=0, ge=0, le=30 * 86400)  # accept_then_callback: none is never
    retry_after_s: int | None = Field(default=None, ge=1, le=86400)  # what a 202 says
    callbacks: int = Field(default=1, ge=0, le=5)  # how often it calls back with one answer
    status_monitor: bool = False  # accept_then_callback: 202 says where the answer will be, and only there it is
    stale_days: int = Field(default=0, ge=0, le=36500)  # how old the record says it is
    record: dict[str, Any] = Field(default_factory=dict)  # overrides fields of the made-up record
    record_for: dict[str, Any] = Field(default_factory=dict)  # parameters of the requests that it does so for
    seed: int = 0

    def changed(self, change: dict[str, Any]) -> "Behaviour":
        """With some fields set anew. Unknown fields and wrong values raise pydantic's ValidationError."""
        return Behaviour.model_validate(self.model_dump() | change)


class Fate(NamedTuple):
    failure: Failure | None
    after_effect: bool  # done, but the caller does not learn it


def fate(behaviour: Behaviour, code: str, key: str, attempt: int) -> Fate:
    """What becomes of the `attempt`-th call with `key`: drawn from the seed, whatever order calls arrive in."""
    if behaviour.failure_rate == 0:
        return Fate(None, False)
    draw = Random(f"{behaviour.seed}/{code}/{key}/{attempt}")  # noqa: S311 (reproducible, not secret)
    if draw.random() >= behaviour.failure_rate:
        return Fate(None, False)
    return Fate(draw.choice(behaviour.failures), draw.random() < 0.5)
