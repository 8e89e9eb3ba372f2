"""Applications made from the catalogue itself: answers that together bring every look-up of a bundle, and forms filled
by the types of their fields."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from definitions.compile import applicable_form, compile_plan
from definitions.lint.combinations import combinations
from definitions.loader import Catalog, load_catalog
from onething.connectors.simulator.numbers import resident_id
from onething.connectors.simulator.records import make_outputs
from onething.domain.definition.bundle import BundleDefinition, Example
from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.items import Item
from onething.domain.definition.questions import Answers
from onething.domain.lookups.disclosure import is_identity_number
from onething.domain.plan.plan import Plan
from tests.support import people

CATALOG = load_catalog()
_TEXTS = {
    FormFieldType.PERSON_NAME: people.WANG.name,
    FormFieldType.RESIDENT_ID: people.WANG.id_number,
    FormFieldType.IDENTITY: people.WANG.paper,
    FormFieldType.USCC: "91110000600037341L",
    FormFieldType.PHONE: "13800000000",
    FormFieldType.EMAIL: "a@example.com",
    FormFieldType.ADDRESS: "杭州市西湖区文一西路1号",
    FormFieldType.DATE: "2026-02-01",
    FormFieldType.MONEY: "100",
}


@dataclass(frozen=True)
class Situation:
    """One way to answer a bundle's questions."""

    definition: BundleDefinition
    answers: Answers
    plan: Plan
    form: tuple[FormField, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Form fields with identity numbers with which something is looked up."""
        asked = {field for data in self.plan.data for field in data.params.values()}
        return tuple(f.id for f in self.form if is_identity_number(f) and f.id in asked)

    @property
    def papers(self) -> tuple[str, ...]:
        """Materials that have to be brought."""
        return tuple(one.code for one in self.plan.asked_materials if one.required)

    def application(self, applicant: people.Person, numbers: Mapping[str, str], **changes: Any) -> dict[str, Any]:
        """In order, with every paper that has to be brought. `numbers`: field → identity number."""
        return {
            "bundle": self.definition.code,
            "answers": self.answers,
            "applicant": applicant.applicant,
            "form": {field.id: numbers.get(field.id) or self._sound(field) for field in self.form},
            "materials": [{"code": code, "form": "paper"} for code in self.papers],
            "delivery": {"method": "electronic"},
            **changes,
        }

    def _sound(self, field: FormField) -> Any:
        """As the bundle's checks want it."""
        if field.id == "registered_capital" and {"shareholders", "investor_contribution"} <= {f.id for f in self.form}:
            return "200"
        return SOUND.get((self.definition.code, field.id)) or value_of(field)


SOUND: dict[tuple[str, str], Any] = {
    ("newborn", "father_id"): people.WU.paper,
    ("death-deregistration", "heirs"): [{**people.WU.named, "relation": "子女"}],
    ("enterprise-opening", "operating_term"): "fixed",
    ("enterprise-opening", "operating_until"): "2036-01-01",
    ("transport-business", "operating_term"): "fixed",
    ("transport-business", "operating_until"): "2036-01-01",
    ("enterprise-closing", "settle_by"): "2099-06-01",
    ("certificate-express", "kin_id"): people.WU.paper,
    ("marriage-household", "woman_id"): people.WU.paper,
    ("medical-elsewhere", "relatives"): [{**people.WU.named, "relation": "spouse"}],
    ("restaurant-opening", "advert_from"): "2099-03-02",
    ("restaurant-opening", "advert_until"): "2100-03-01",
    ("retirement", "worked_since"): "2010-07-01",
    ("transport-business", "other_drivers"): [{**people.WU.named, "qualification_no": "330100"}],
}
"""What fields hold that have to agree with others."""

DECIDED: dict[tuple[str, str], Callable[[str], dict[str, str]]] = {
    ("newborn", "household"): lambda case_no: {"child_id_number": resident_id(case_no, date(2026, 2, 1))},
    ("retirement", "deemed-years"): lambda _: {"born_by_file": "1966-02-01"},
}
"""What a decision says that has to agree with the application: bundle and item → values in a case."""


def application_of(definition: BundleDefinition, example: Example) -> dict[str, Any]:
    """By one of its own examples. What may be promised is; what else has to be brought is there."""
    plan = compile_plan(definition, CATALOG.sources, example.answers)
    promised = {one.code for one in plan.asked_materials if one.commitment and one.required}
    situation = Situation(definition, example.answers, plan, applicable_form(definition, example.answers))
    body = situation.application(people.ZHANG, {})
    papers = [one for one in body["materials"] if one["code"] not in promised]
    return body | {"materials": papers, "commitments": sorted(promised)}


def outputs_of(bundle: str, item: Item, today: date, case_no: str) -> dict[str, Any]:
    """What its decision form takes, of an application by an example."""
    form = [one.model_dump(mode="json") for one in item.decision_form]
    return {**make_outputs(form, today, case_no), **DECIDED.get((bundle, item.code), lambda _: {})(case_no)}


@cache
def situations(code: str) -> tuple[Situation, ...]:
    """Of a bundle as few as bring each of its look-ups once. To go through all answers costs more than most tests."""
    definition = CATALOG.latest[code]
    plans, found = list(_plans(CATALOG, definition)), []
    missing = {key for _, plan in plans for key in plan.data_by_key}  # what the bundle answers itself may bring fewer
    while missing:
        best = max(plans, key=lambda one: len(missing & one[1].data_by_key.keys()))
        answers, plan = best
        assert missing & plan.data_by_key.keys(), f"{definition.ref}: no answers bring {missing}"
        missing -= plan.data_by_key.keys()
        found.append(Situation(definition, answers, plan, applicable_form(definition, answers)))
    return tuple(found)


def _plans(catalog: Catalog, definition: BundleDefinition) -> Iterator[tuple[Answers, Plan]]:
    for answers in combinations(definition):
        yield answers, compile_plan(definition, catalog.sources, answers)


def value_of(field: FormField) -> Any:
    """One that the field takes."""
    match field.type:
        case FormFieldType.INTEGER:
            return field.minimum or 1
        case FormFieldType.BOOLEAN:
            return True
        case FormFieldType.CHOICE:
            return field.options[0].value
        case FormFieldType.MULTI_CHOICE:
            return [field.options[0].value]
        case FormFieldType.LIST:
            return [{column.id: value_of(column) for column in field.fields}] * max(field.min_items, 1)
        case FormFieldType.TEXT | FormFieldType.LONG_TEXT:
            return field.label[: field.max_length or 100]
    return _TEXTS[field.type]
