"""What all that callers send has in common: unknown fields and loose types are refused, text is kept to the byte."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from onething.domain.base import Code, FieldId
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200)]


LongText = Annotated[str, StringConstraints(min_length=1, max_length=4000)]


ReasonText = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"\S")]


SearchReason = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
"""Why somebody is searched for by their number: sealed in the access log."""


ReplyText = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"\S")]


class RequestModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class EmptyRequest(RequestModel):
    """The body of an act that needs none: empty, or an empty object."""


FormValues = Annotated[dict[FieldId, Any], Field(max_length=500)]


Despite = Annotated[list[Code], Field(max_length=10)]
"""Comparisons whose values disagree, as whoever approves all the same knows."""


@contextmanager
def pointing_at(pointer: str) -> Iterator[None]:
    """A value that the rules refuse is told where it was sent: InvalidInput takes the place of NotAllowed."""
    try:
        yield
    except NotAllowed as refusal:
        if refusal.code is not FailureCode.INVALID_VALUE:
            raise
        raise InvalidInput([FieldProblem(pointer, refusal.code, refusal.detail)]) from None


def choices(names: Mapping[str, str]) -> str:
    """A sentence that lists what may be written: code → name."""
    listed = "、".join(f"{code}（{name}）" for code, name in names.items())
    return f"可以写的有：{listed}。" if listed else "没有可以写的，请删去。"
