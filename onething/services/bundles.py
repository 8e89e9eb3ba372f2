"""The 一件事 on offer, and 一次告知: what a case of certain answers will take."""

from typing import Any

from definitions.guide import Guide, GuideItem, guide
from definitions.time_guide import TimeGuide, time_guide
from onething.domain.definition import (
    Answers,
    Basis,
    BundleDefinition,
    DataNeed,
    Delivery,
    FormField,
    Item,
    Material,
    Question,
)
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.limits import Limit
from onething.services import cursors
from onething.services.answers import Shown, View
from onething.services.office import Office
from onething.services.public_views import BundlePage, BundleRow


class DepartmentName(View):
    code: str
    name: str


class BundleView(View):
    """A definition as its readers need it: everything but its tests."""

    code: str
    version: int
    name: str
    summary: str
    audience: str
    basis: tuple[Basis, ...]
    promised: Limit
    statutory: Limit
    departments: list[DepartmentName]
    situations: tuple[Question, ...]
    items: tuple[Item, ...]
    form: tuple[FormField, ...]
    data: tuple[DataNeed, ...]
    materials: tuple[Material, ...]
    delivery: tuple[Delivery, ...]
    time: TimeGuide


class PlanItemView(GuideItem):
    due_at: Shown | None


class PlanView(View, Guide):
    """`definitions.guide.Guide`, its moments in local time."""

    items: tuple[PlanItemView, ...]
    due_at: Shown | None


def page(office: Office, limit: int, after: str | None) -> BundlePage:
    """The latest version of each."""
    definitions, more = cursors.cut(list(office.catalog.latest.values()), lambda one: one.code, limit, after)
    return BundlePage(items=[_row(definition) for definition in definitions], next=more)


def show(office: Office, ref: str) -> BundleView:
    """By `code` (the latest) or `code@version`. Raises OneThingError UNKNOWN_BUNDLE."""
    definition = _definition(office, ref)
    of_itself = BundleView.model_fields.keys() - {"departments", "time"}
    parts: dict[str, Any] = {name: getattr(definition, name) for name in of_itself}
    parts["departments"] = [DepartmentName(code=code, name=office.department(code)) for code in definition.departments]
    return BundleView(**parts, time=time_guide(definition))


def plan(office: Office, ref: str, answers: Answers) -> PlanView:
    """What applies, if accepted now. Raises UNKNOWN_BUNDLE, and InvalidInput for the answers."""
    told = guide(office.catalog, _definition(office, ref), answers, office.clock.now())
    return PlanView.model_validate(told.model_dump())


def _definition(office: Office, ref: str) -> BundleDefinition:
    definition = office.catalog.bundle(ref)
    if definition is None:
        raise OneThingError(FailureCode.UNKNOWN_BUNDLE, f"没有这个一件事，现有：{'、'.join(office.catalog.latest)}。")
    return definition


def _row(definition: BundleDefinition) -> BundleRow:
    return BundleRow(
        code=definition.code,
        version=definition.version,
        name=definition.name,
        summary=definition.summary,
        audience=definition.audience,
        departments=list(definition.departments),
    )
