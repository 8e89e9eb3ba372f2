"""What all that callers send has in common: unknown fields and loose types are refused, and a text says something.

What nobody sees has been left out of it or refused before (`onething/domain/characters.py`, at the API's edge).
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic_core import PydanticCustomError

from onething.domain import characters
from onething.domain.base import Code, FieldId
from onething.domain.definition.questions import Answers
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.identity import IdType


def _says_something(text: str) -> str:
    if characters.is_blank(text):
        raise PydanticCustomError("blank", "blank")
    return text


def _one_line(text: str) -> str:
    if any(char in text for char in "\t\n\r"):
        raise PydanticCustomError("several_lines", "several lines")
    return text


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and characters.is_blank(value) else value


def _empty_if_blank(text: str) -> str:
    return "" if characters.is_blank(text) else text


SaysSomething = AfterValidator(_says_something)
EmptyIfBlank = AfterValidator(_empty_if_blank)
"""Where to say nothing takes back what was said."""
NoneIfBlank = BeforeValidator(_none_if_blank)
"""Before what may be left out: to send nothing in it is to leave it out."""

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200), SaysSomething, AfterValidator(_one_line)]


LongText = Annotated[str, StringConstraints(min_length=1, max_length=4000), SaysSomething]


ReasonText = LongText


SearchReason = Annotated[str, StringConstraints(min_length=1, max_length=200), SaysSomething]
"""Why somebody is searched for by their number: sealed in the access log."""


ReplyText = Annotated[str, StringConstraints(min_length=1, max_length=1000), SaysSomething]

PaperKind = Annotated[IdType, Strict(False)]
"""Of which kind the paper is that shows a number. Strict reading takes no text for a member of an enumeration."""


class RequestModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class EmptyRequest(RequestModel):
    """The body of an act that needs none: empty, or an empty object."""


FormValues = Annotated[dict[FieldId, Any], Field(max_length=500)]


def without_blanks(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _exact(answer) for name, answer in value.items() if _none_if_blank(answer) is not None}


def _exact(answer: Any) -> Any:
    """A number with places as it was written: what is compared is never a fraction of two."""
    return str(answer) if isinstance(answer, float) else answer


SituationAnswers = Annotated[Answers, BeforeValidator(without_blanks), Field(max_length=200)]
"""To answer nothing is not to answer."""


Despite = Annotated[list[Code], Field(max_length=10)]
"""Comparisons whose values disagree, as whoever approves all the same knows."""


@contextmanager
def pointing_at(pointer: str, codes: Collection[FailureCode] = (FailureCode.INVALID_VALUE,)) -> Iterator[None]:
    """A value that the rules refuse (by these codes) is told where it was sent: InvalidInput takes the place of
    NotAllowed."""
    try:
        yield
    except NotAllowed as refusal:
        if refusal.code not in codes:
            raise
        raise InvalidInput([FieldProblem(pointer, refusal.code, refusal.detail)]) from None


def choices(names: Mapping[str, str]) -> str:
    """A sentence that lists what may be written: code → name."""
    listed = "、".join(f"{code}（{name}）" for code, name in names.items())
    return f"可以写的有：{listed}。" if listed else "没有可以写的，请删去。"
