"""Where a rule comes from, and how definitions refer to it: in place, by a key of `bases`, or by the word `assumed`."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from onething.domain.base import Strict, Text

ASSUMED = "assumed"
"""As a basis: a figure that nobody has cited yet, and that a place has to answer for."""
_ASSUMED = {"title": "没有写明依据", "assumed": True}


class Basis(Strict):
    """A rule that rests on no source is `assumed`, never given an invented citation."""

    title: Text
    article: str | None = None
    says: str | None = Field(None, max_length=300)  # the text's own figure and unit
    edition: str | None = Field(None, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")  # the day of the text that was read
    note: str | None = None
    assumed: bool = False

    @property
    def is_cited(self) -> bool:
        """Whether an article of a text says so."""
        return self.article is not None and not self.assumed

    @model_validator(mode="before")
    @classmethod
    def _is_known(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError(f"依据“{value}”没有写在 bases 里")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """For editors: a key of `bases`, or `assumed`, stands for it."""
        return {"anyOf": [handler(schema), {"type": "string"}]}


def is_unsaid(basis: Basis) -> bool:
    """Whether it was only written `assumed`, with no word on where it may come from."""
    return basis.assumed and basis.title == _ASSUMED["title"]


Bases = Annotated[
    tuple[Basis, ...],
    BeforeValidator(
        lambda value: [value] if isinstance(value, dict | str | Basis) else value,
        json_schema_input_type=tuple[Basis, ...] | Basis,
    ),
    Field(min_length=1),
]
"""One or several, each as `Basis`."""


def with_bases(value: Any, bases: Mapping[str, Any]) -> Any:
    """A definition as it was read, each `basis` that names a key replaced by what the key says. What is no key stays,
    for `Basis` to refuse where it stands."""
    match value:
        case dict():
            return {key: _named(one, bases) if key == "basis" else with_bases(one, bases) for key, one in value.items()}
        case list():
            return [with_bases(one, bases) for one in value]
    return value


def _named(value: Any, bases: Mapping[str, Any]) -> Any:
    match value:
        case str():
            return _ASSUMED if value == ASSUMED else bases.get(value, value)
        case list():
            return [_named(one, bases) for one in value]
    return value
