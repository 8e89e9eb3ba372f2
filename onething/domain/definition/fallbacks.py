"""What takes the place of a record that its source does not give, as a definition says it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from onething.domain.base import Code, Strict


class FallbackKind(StrEnum):
    """What takes the place of a record when patience ends or the source refuses."""

    MATERIAL = "material"  # the applicant brings it
    COMMITMENT = "commitment"  # the applicant brings it, or promises that it is so
    MANUAL_CHECK = "manual_check"  # people of the department that owns the data look
    WAIT = "wait"  # nothing: the source is asked on


class ManualCheckFallback(Strict):
    """人工核查: people of the department that owns the data have `days` working days to find the record. Then the
    applicant is asked for `material`; without one the source is asked on."""

    kind: Literal[FallbackKind.MANUAL_CHECK]
    days: int = Field(ge=1, le=30)
    material: Code | None = None


class CommitmentFallback(Strict):
    """告知承诺: the applicant is asked for the material, and may promise instead of bringing it."""

    kind: Literal[FallbackKind.COMMITMENT]
    material: Code


class WaitFallback(Strict):
    """The source is asked on. Whoever owns the data, and supervisors, are told whenever patience has ended."""

    kind: Literal[FallbackKind.WAIT]


def _shape_of(fallback: object) -> str:
    """By which shape a `fallback` is read, and so what is said to be wrong with it."""
    if isinstance(fallback, dict):
        return "object"
    return "object" if isinstance(fallback, BaseModel) else "material"


Fallback = Annotated[
    Annotated[Code, Tag("material")]
    | Annotated[
        Annotated[ManualCheckFallback | CommitmentFallback | WaitFallback, Field(discriminator="kind")], Tag("object")
    ],
    Discriminator(_shape_of),
]
"""The code of the applicant's material that takes the record's place, or an object with a `kind`."""
