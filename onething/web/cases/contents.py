"""What stands in a case, in the words that people read: rows of labels and values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.form.field_values import paper_in
from onething.domain.form.form_labels import spoken
from onething.domain.identity import ID_NAMES, IdType
from onething.services.bundles import BundleView
from onething.services.cases.schemas import CaseView
from onething.services.summaries.case_summary import PartyView

_NUMBERS = frozenset({FormFieldType.RESIDENT_ID, FormFieldType.PHONE})
_FIRST, _LAST = 3, 4


@dataclass(frozen=True)
class ValueRow:
    """One value. `pointer`: where it stands in the application; `section`: of the form."""

    pointer: str
    label: str
    text: str = field(repr=False)
    section: str = ""


def masked(number: str) -> str:
    """Enough to tell one from another, not enough to write it down."""
    return f"{number[:_FIRST]}…{number[-_LAST:]}" if len(number) > _FIRST + _LAST else "…"


def form_rows(bundle: BundleView, view: CaseView, *, numbers: bool) -> list[ValueRow]:
    """The form's, in its order; those that are empty are left out. `numbers`: whole."""
    return [
        ValueRow(f"/form/{one.id}", one.label, _text(one, view.form[one.id], numbers=numbers), one.section)
        for one in bundle.form
        if view.form is not None and one.id in view.form
    ]


def by_section(rows: Iterable[ValueRow]) -> list[tuple[str, list[ValueRow]]]:
    """Each section with its rows, in the order in which people fill them in."""
    found: dict[str, list[ValueRow]] = {}
    for row in rows:
        found.setdefault(row.section, []).append(row)
    return list(found.items())


def party_rows(at: str, party: PartyView | None, *, numbers: bool) -> Iterator[ValueRow]:
    if party is None:
        return
    whole = (lambda number: number) if numbers else masked
    yield ValueRow(f"{at}/name", "姓名或名称", party.name)
    yield ValueRow(f"{at}/id_number", _paper(party.id_type), whole(party.id_number))
    if party.phone:
        yield ValueRow(f"{at}/phone", "联系电话", whole(party.phone))


def _paper(kind: str) -> str:
    return ID_NAMES[IdType(kind)]


def _text(place: FormField, value: Any, *, numbers: bool) -> str:
    if numbers:
        return spoken(place, value)
    if place.type is FormFieldType.LIST and isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        parts = [
            "，".join(f"{one.label} {_text(one, row[one.id], numbers=False)}" for one in place.fields if one.id in row)
            for row in rows
        ]
        return "；".join(parts)
    if (paper := paper_in(value)) is not None:
        return f"{ID_NAMES[paper[0]]} {masked(paper[1])}"
    return masked(str(value)) if place.type in _NUMBERS else spoken(place, value)
