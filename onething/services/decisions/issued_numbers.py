"""Numbers that a decision gives out (credit codes, permits, plates …): to nobody twice, whoever decides."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from onething.domain.definition.form_fields import FormField, FormFieldType, IssuedWithin
from onething.domain.errors import FailureCode, FieldProblem
from onething.security.blind_index import BlindIndex
from onething.store.record.issued_numbers import IssuedNumber

_SPACE_AND_FORMAT = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]")
_DASHES = re.compile("[‐-―−]")
TAKEN = "已经发给了别的办件，同一号码不能发两次。请核对后填写本次新赋的号码。"
TWICE = "在这次决定里填写了两次，同一号码不能发两次。请逐项核对。"


class GivenNumber(NamedTuple):
    """A number as it was given out: where it was written, and what makes it the same as another."""

    pointer: str
    label: str
    series: str
    number: str


def given(
    fields: tuple[FormField, ...], outputs: Mapping[str, Any], owner: str, region: str, at: str = "/outputs"
) -> Iterator[GivenNumber]:
    """Those among outputs that fit their form. `owner`: `<bundle>.<item>`, in which the fields count."""
    for field in fields:
        value, pointer = outputs.get(field.id), f"{at}/{field.id}"
        if field.type is FormFieldType.LIST:
            for index, row in enumerate(value or ()):
                yield from given(field.fields, row, f"{owner}.{field.id}", region, f"{pointer}/{index}")
        elif field.issued is not None and isinstance(value, str) and (number := _same_form(value)):
            series = field.series or (field.type.value if field.type in _TYPED else f"{owner}.{field.id}")
            where = f"@{region}" if field.issued is IssuedWithin.REGION else ""
            yield GivenNumber(pointer, field.label, series + where, number)


def given_twice(numbers: tuple[GivenNumber, ...]) -> Iterator[FieldProblem]:
    """Each number but the first of those that are the same."""
    seen: set[tuple[str, str]] = set()
    for one in numbers:
        if (one.series, one.number) in seen:
            yield FieldProblem(one.pointer, FailureCode.INVALID_VALUE, f"“{one.label}”{TWICE}")
        seen.add((one.series, one.number))


def indexed(index: BlindIndex, numbers: tuple[GivenNumber, ...]) -> tuple[IssuedNumber, ...]:
    """What the case writer takes."""
    return tuple(
        IssuedNumber(
            one.series,
            index.of_issued_number(one.series, one.number),
            FieldProblem(one.pointer, FailureCode.ALREADY_ISSUED, f"“{one.label}”{TAKEN}"),
        )
        for one in numbers
    )


_TYPED = (FormFieldType.USCC, FormFieldType.RESIDENT_ID)


def _same_form(text: str) -> str:
    """One form for all ways of writing a number, which is in the normal form of its type. Without a standard, hyphens
    and brackets count: 1-23 is not 12-3."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return _DASHES.sub("-", _SPACE_AND_FORMAT.sub("", plain))
