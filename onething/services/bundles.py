"""The 一件事 on offer, and 一次告知: what a case of certain answers will take."""

from datetime import date
from typing import Any

from definitions.guide import Asked, Guide, GuideItem, guide
from definitions.time_guide import TimeGuide, time_guide
from onething.domain.calendar.days import local_date
from onething.domain.calendar.limits import Limit
from onething.domain.definition.bundle import (
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
from onething.domain.principal import Caller
from onething.security.policy import Act
from onething.services.application.schemas import PlanRequest
from onething.services.core.context import Office
from onething.services.materials import reuse
from onething.services.summaries import pagination
from onething.services.summaries.responses import Shown, View, WholeView
from onething.store.record import access_log
from onething.store.tables.materials import Earlier


class BundleRow(View):
    code: str
    version: int
    name: str
    summary: str
    audience: str
    departments: list[str]


class BundlePage(WholeView):
    items: list[BundleRow]
    next: str | None = None


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


class Reusable(View):
    """可复用: a material of which the applicant has an earlier file. Naming it in `reuse` when applying consents."""

    code: str
    name: str
    supplied_on: date


class PlanView(View, Guide):
    """`definitions.guide.Guide`, its moments in local time. `reusable`: for the signed-in applicant only."""

    items: tuple[PlanItemView, ...]
    due_at: Shown | None
    reusable: tuple[Reusable, ...] | None = None


def page(office: Office, limit: int, after: str | None) -> BundlePage:
    """The latest version of each."""
    definitions, more = pagination.cut(list(office.catalog.latest.values()), lambda one: one.code, limit, after)
    return BundlePage(items=[_row(definition) for definition in definitions], next=more)


def show(office: Office, ref: str) -> BundleView:
    """By `code` (the latest) or `code@version`. Raises OneThingError UNKNOWN_BUNDLE."""
    definition = _definition(office, ref)
    of_itself = BundleView.model_fields.keys() - {"departments", "time"}
    parts: dict[str, Any] = {name: getattr(definition, name) for name in of_itself}
    parts["departments"] = [DepartmentName(code=code, name=office.department(code)) for code in definition.departments]
    return BundleView(**parts, time=time_guide(definition))


async def plan(office: Office, caller: Caller | None, ref: str, sent: PlanRequest) -> PlanView:
    """What applies, if accepted now. Raises UNKNOWN_BUNDLE, NOT_SIGNED_IN for an applicant's number by nobody, and
    InvalidInput for the answers."""
    definition = _definition(office, ref)
    earlier = await _earlier(office, caller, definition, sent.id_number) if sent.id_number is not None else None
    told = guide(office.catalog, definition, sent.answers, office.clock.now(), earlier or ())
    view = PlanView.model_validate(told.model_dump())
    if earlier is None:
        return view
    asked = [material for material in told.materials if material.asked is Asked.NOW and material.code in earlier]
    reusable = tuple(
        Reusable(code=material.code, name=material.name, supplied_on=local_date(earlier[material.code].at))
        for material in asked
    )
    return view.model_copy(update={"reusable": reusable})


async def _earlier(
    office: Office, caller: Caller | None, definition: BundleDefinition, id_number: str
) -> dict[str, Earlier]:
    if caller is None:
        raise OneThingError(FailureCode.NOT_SIGNED_IN, "查询可复用的材料请先登录；不登录请去掉 id_number。")
    codes = [material.code for material in definition.materials]
    async with office.transaction(caller, Act.REUSE_MATERIAL) as tx:
        earlier = await reuse.found(office, tx, caller, definition, id_number, codes)
        await access_log.add(tx, Act.REUSE_MATERIAL, office.clock.now(), detail=f"found:{len(earlier)}")
    return earlier


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
