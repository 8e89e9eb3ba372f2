"""Every text that a request may hold says something: found by asking each model for each of its fields."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

import api.app  # noqa: F401  brings in every request that there is
from onething.services.application.base import RequestModel, ShortText

BLANK = "\u2800\u2800"
"""Neither left out at the edge nor empty, and nobody sees it."""
JUDGED_LATER = {
    "Party.name": "with the form, by its label",
    "Party.id_number": "with the form, by its label",
    "Party.phone": "with the form, by its label",
    "ApplicantChange.phone": "with the form, by its label",
    "MandateRequest.agent": "an account, compared with those that there are",
    "VisitRatingRequest.code": "a code, looked for among those that there are",
    "SightingRequest.chip_number": "compared with the applicant's number, which it has to be",
}


def _requests(of: type[RequestModel] = RequestModel) -> Iterator[type[RequestModel]]:
    for model in of.__subclasses__():
        yield model
        yield from _requests(model)


def _takes_blank(field: FieldInfo) -> bool:
    annotated: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    try:
        return bool(TypeAdapter(annotated).validate_python(BLANK) == BLANK)
    except ValidationError:
        return False


def _found() -> set[str]:
    return {
        f"{model.__name__}.{name}"
        for model in set(_requests())
        if model.__module__.startswith(("onething.", "api."))
        for name, field in model.model_fields.items()
        if _takes_blank(field)
    }


def test_a_text_that_nobody_sees_is_taken_nowhere() -> None:
    assert _found() == JUDGED_LATER.keys()


def test_it_would_be_found() -> None:
    class Careless(RequestModel):
        note: str
        short: Annotated[str, Field(min_length=1, max_length=200)]
        good: ShortText
        number: int = 0

    assert [name for name, field in Careless.model_fields.items() if _takes_blank(field)] == ["note", "short"]
