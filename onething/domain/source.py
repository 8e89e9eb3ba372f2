"""What a data source is: whom it belongs to, what it is asked and answers, and how patiently it is asked again.

A file `definitions/sources/<code>.yaml` holds one `SourceDefinition`.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from onething.domain.model import Code, FieldId, Strict, Text


class SourceEffect(StrEnum):
    NONE = "none"  # a look-up leaves nothing behind
    RELEASABLE = "releasable"  # it holds something (a reserved name) until it is released


class SourceField(Strict):
    """A look-up parameter or a field of the record. `personal` marks what must stay sealed."""

    id: FieldId
    label: Text
    personal: bool = False
    required: bool = True


class FastRetry(Strict):
    """The first `attempts` delays: `first_s`, then each `factor` times the one before."""

    first_s: float = Field(gt=0, le=60)
    factor: float = Field(default=2, ge=1, le=10)
    attempts: int = Field(ge=0, le=20)


class SlowRetry(Strict):
    every_s: float = Field(gt=0, le=24 * 3600)


class RetrySchedule(Strict):
    fast: FastRetry
    slow: SlowRetry


class SourceDefinition(Strict):
    """One data source of one department. Patience is the source's own; a bundle may set another."""

    code: Code
    name: Text
    department: Code
    path: Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9-]+)+$", max_length=200)]
    params: tuple[SourceField, ...] = Field(min_length=1)
    fields: tuple[SourceField, ...] = Field(min_length=1)
    effect: SourceEffect = SourceEffect.NONE
    timeout_s: float = Field(gt=0, le=50)  # an attempt lasts at most 60 s, with its records around it
    retry: RetrySchedule
    patience_minutes: int = Field(ge=1, le=60 * 24 * 60)
    max_concurrent: int = Field(default=50, ge=1, le=1000)  # look-ups at once, of each worker process

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for what, listed in (("params", self.params), ("fields", self.fields)):
            names = [field.id for field in listed]
            if len(set(names)) != len(names):
                raise ValueError(f"{what}: the same id twice")
        return self


def next_delay(source: SourceDefinition, attempt: int) -> float:
    """Seconds to wait after the `attempt`-th attempt (from 1) failed: fast first, then slow, never slower than slow."""
    fast, slow = source.retry.fast, source.retry.slow
    if attempt > fast.attempts:
        return slow.every_s
    return min(fast.first_s * fast.factor ** (attempt - 1), slow.every_s)
