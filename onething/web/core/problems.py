"""Failures as pages show them: above a form, each a link to the field that has to change; else a page of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from onething.domain.errors import FailureCode, InvalidInput, OneThingError, how_many
from onething.edge.problems import STATUS, TITLE
from onething.edge.validation import problems_of
from onething.web.core.templating import render
from onething.web.core.wording import FIELD_NAMES, in_words

_UNKNOWN = frozenset({FailureCode.NOT_FOUND, FailureCode.NOT_PERMITTED, FailureCode.UNKNOWN_BUNDLE})


@dataclass(frozen=True)
class FieldMistake:
    """`pointer`: of the field, which has it for its id; empty for the whole form."""

    pointer: str
    detail: str


@dataclass(frozen=True)
class Mistakes:
    """What keeps a form from being taken."""

    detail: str
    status: int
    code: FailureCode
    fields: tuple[FieldMistake, ...] = ()
    more: bool = False

    def at(self, pointer: str) -> str | None:
        """What is wrong with this field."""
        return next((one.detail for one in self.fields if one.pointer == pointer), None)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why nothing was done, each for a line of its own."""
        return tuple(one.detail for one in self.fields) or (self.detail,)

    def within(self, pointer: str) -> Iterator[FieldMistake]:
        """What is wrong with this field, or in it."""
        return (one for one in self.fields if one.pointer == pointer or one.pointer.startswith(f"{pointer}/"))


def mistakes_of(error: OneThingError | RequestValidationError) -> Mistakes:
    if isinstance(error, RequestValidationError):
        found, more = problems_of(error)
        fields = tuple(FieldMistake(one.get("pointer", ""), in_words(_named(one))) for one in found)
        return Mistakes(how_many(len(found), more=more), 422, FailureCode.INVALID_REQUEST, fields, more)
    if isinstance(error, InvalidInput):
        fields = tuple(FieldMistake(one.pointer, in_words(one.detail)) for one in error.problems)
        return Mistakes(in_words(error.detail), STATUS[error.code], error.code, fields, error.more)
    return Mistakes(in_words(error.detail), STATUS[error.code], error.code)


def _named(problem: Mapping[str, str]) -> str:
    """With what the page calls the field: above a form nobody sees which one it is."""
    steps = [one for one in problem.get("pointer", "").split("/") if one and not one.isdecimal()]
    name = FIELD_NAMES.get(steps[-1]) if steps else None
    return f"{name}：{problem['detail']}" if name else problem["detail"]


def failure_page(request: Request, error: OneThingError | RequestValidationError) -> Response:
    """For what no form of the page can show. Who may not see a thing and who asks for one that is not there are told
    the same."""
    mistakes = mistakes_of(error)
    status = 404 if mistakes.code in _UNKNOWN and request.method == "GET" else mistakes.status
    detail = _NOT_HERE if status == 404 else mistakes.detail
    answer = render(
        request,
        "layout/page_failure.html",
        {"title": TITLE.get(status, "没有办成"), "detail": detail, "mistakes": mistakes, "status": status},
        status=status,
    )
    if (retry_after := getattr(error, "retry_after", None)) is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


_NOT_HERE = "没有这个页面，或者它不归您办理。请核对地址；需要办理的，请从首页重新进入。"
