"""What the codes of one 一件事 are called: departments, questions, fields. Asked of the API once for each view."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.questions import Option
from onething.domain.form.form_labels import spoken


@dataclass(frozen=True)
class Vocabulary:
    """Code → what people call it; what is not known is shown by its code."""

    departments: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, FormField] = field(default_factory=dict)  # of the form and of every decision form
    questions: Mapping[str, FormField] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, bundle: Mapping[str, Any]) -> "Vocabulary":
        """Of the answer of `GET /api/bundles/{code}`."""
        decisions = [one for item in bundle["items"] for one in item.get("decision_form") or ()]
        return cls(
            departments={one["code"]: one["name"] for one in bundle["departments"]},
            fields={one["id"]: _field(one) for one in (*decisions, *bundle["form"])},
            questions={one["id"]: _field({**one, "label": one["question"]}) for one in bundle["questions"]},
            materials={one["code"]: one["name"] for one in bundle["materials"]},
        )

    @property
    def types(self) -> Mapping[str, str]:
        """Of every question and field."""
        return {name: one.type for name, one in {**self.fields, **self.questions}.items()}

    def answers(self, given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Question and answer, in words."""
        return _told(self.questions, given)

    def values(self, given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Label and value of what a form holds, in words."""
        return _told(self.fields, given)

    def place(self, pointer: str) -> str:
        """What a JSON pointer into an application points at."""
        _, part, *rest = (*pointer.split("/"), "")
        known = self.questions if part == "answers" else self.fields
        return known[rest[0]].label if rest and rest[0] in known else pointer


def _told(known: Mapping[str, FormField], given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in given.items():
        one = known.get(name)
        yield (one.label, spoken(one, value)) if one else (name, str(value))


def _field(row: Mapping[str, Any]) -> FormField:
    """Only what words are made of: a newer server may know more of a field."""
    kind = row["type"]
    return FormField(
        id=row["id"],
        label=row["label"],
        type=FormFieldType(kind) if kind in set(FormFieldType) else FormFieldType.TEXT,
        options=tuple(Option(value=one["value"], label=one["label"]) for one in row.get("options") or ()),
        fields=tuple(_field(one) for one in row.get("fields") or ()),
    )
