"""Names with characters of which nobody can say how they look elsewhere: they are kept as they came, and the counter
asks for them again."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from onething.domain.characters import code_point, uncertain
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.services.summaries.responses import ResponseModel


class NameToAsk(ResponseModel):
    """`pointer` into the application; `characters` as people look them up (U+E863)."""

    pointer: str
    label: str
    characters: list[str]


def names_to_ask(
    fields: Iterable[FormField], form: Mapping[str, Any], parties: Mapping[str, Mapping[str, Any] | None]
) -> list[NameToAsk] | None:
    """Of the values in `form`, and of the parties (`applicant`, `agent`); None if there is nothing to ask."""
    found = [*_in_form(fields, form, "/form"), *_of_parties(parties)]
    return found or None


def _in_form(fields: Iterable[FormField], form: Mapping[str, Any], at: str) -> Iterator[NameToAsk]:
    for field in fields:
        value = form.get(field.id)
        if field.type is FormFieldType.PERSON_NAME:
            yield from _in_name(f"{at}/{field.id}", field.label, value)
        elif field.type is FormFieldType.LIST and isinstance(value, list):
            for index, row in enumerate(value):
                if isinstance(row, dict):
                    yield from _in_form(field.fields, row, f"{at}/{field.id}/{index}")


def _of_parties(parties: Mapping[str, Mapping[str, Any] | None]) -> Iterator[NameToAsk]:
    labels = {"applicant": "申请人姓名或名称", "agent": "代理人姓名或名称"}
    for party, label in labels.items():
        yield from _in_name(f"/{party}/name", label, (parties.get(party) or {}).get("name"))


def _in_name(pointer: str, label: str, name: Any) -> Iterator[NameToAsk]:
    characters = uncertain(name) if isinstance(name, str) else ()
    if characters:
        yield NameToAsk(pointer=pointer, label=label, characters=[code_point(char) for char in characters])
