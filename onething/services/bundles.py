"""The 一件事 on offer, and 一次告知: what a case of certain answers will take."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from definitions.answers import applicable_questions, check_answers
from definitions.compile import source_of
from definitions.guide import Expected, Guide, MaterialDemand, guide
from definitions.layers.telling import place_differences
from definitions.terms import how_brought
from definitions.time_guide import TimeGuide, time_guide
from onething.domain.calendar.days import local_date
from onething.domain.calendar.limits import Limit
from onething.domain.definition.basis import Basis
from onething.domain.definition.bundle import BundleDefinition, DeliveryMethod
from onething.domain.definition.form_fields import AskedField
from onething.domain.definition.items import Item
from onething.domain.definition.materials import Material, MaterialSource
from onething.domain.definition.questions import Answers, AnswerValue, Question
from onething.domain.errors import FailureCode, OneThingError, require_valid
from onething.domain.identity import IdType
from onething.domain.principal import Principal, Region
from onething.security.policy import Act
from onething.services.application.base import (
    NoneIfBlank,
    PaperKind,
    RequestModel,
    SearchReason,
    ShortText,
    SituationAnswers,
)
from onething.services.application.check import check_number
from onething.services.core.access import number_search
from onething.services.core.context import AppContext
from onething.services.materials import reuse
from onething.services.outlets import OutletPlace, places
from onething.services.summaries import pagination
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel
from onething.store.record import access_log
from onething.store.tables.materials import Earlier


class PlanRequest(RequestModel):
    """`region`: where it is applied for; none: where this installation is. `id_type`, `id_number`: of the applicant, by
    whoever is signed in to apply: which files may be used again is told then. `reason`: why the number is searched for,
    needed from the counter."""

    answers: SituationAnswers = Field(default_factory=dict)
    region: Region | None = None
    id_type: PaperKind = IdType.RESIDENT_ID
    id_number: Annotated[ShortText | None, NoneIfBlank] = None
    reason: Annotated[SearchReason | None, NoneIfBlank] = None


class BundleRow(ResponseModel):
    code: str
    version: int
    name: str
    summary: str
    audience: str
    departments: list[str]


class BundlePage(CompleteResponseModel):
    items: list[BundleRow]
    next: str | None = None


class DepartmentName(ResponseModel):
    code: str
    name: str


class PlaceName(ResponseModel):
    """A division whose rules hold."""

    code: str
    name: str


class BundleMaterial(Material):
    """`source`: where it comes from, which `lookup`, `output` or neither say to who knows the sources; `how`: what will
    do, in what form, by whom made out, how old, one sentence each."""

    source: MaterialSource
    how: tuple[str, ...]


class BundleView(ResponseModel):
    """A definition as its readers need it: everything but its tests. `place`: by whose rules it is so; none: it is so
    wherever no place writes otherwise. `outlets`: where to go with it today; those below them are in
    `GET /api/outlets?bundle=…`. `assumed`: how many of its figures rest on no text of the place yet."""

    code: str
    version: int
    place: PlaceName | None = None
    name: str
    summary: str
    audience: str
    basis: tuple[Basis, ...]
    promised: Limit
    statutory: Limit
    departments: list[DepartmentName]
    questions: tuple[Question, ...]
    items: tuple[Item, ...]
    form: tuple[AskedField, ...]
    materials: tuple[BundleMaterial, ...]
    delivery: tuple[DeliveryMethod, ...]
    time: TimeGuide
    outlets: list[OutletPlace]
    assumed: int

    @property
    def ref(self) -> str:
        """By which it is found again as it is here."""
        return f"{self.code}@{self.version}{f'.{self.place.code}' if self.place else ''}"


class ExpectedView(Expected):
    """Its moments in local time."""

    if_accepted_at: LocalDateTime
    due_at: LocalDateTime
    items: dict[str, LocalDateTime]


class Reusable(ResponseModel):
    """可复用: a material of which the applicant has an earlier file. Naming it in `reuse` when applying consents."""

    code: str
    name: str
    supplied_on: date


class PlanView(ResponseModel, Guide):
    """`definitions.guide.Guide`. `reusable`: for the signed-in applicant only."""

    expected: ExpectedView | None
    reusable: tuple[Reusable, ...] | None = None


def page(context: AppContext, limit: int, after: str | None) -> BundlePage:
    """The latest version of each that holds somewhere."""
    holds = {one.code for one in context.catalog.bundles.values() if context.applications.is_published(one)}
    all_of_them = [one for one in context.catalog.latest.values() if one.code in holds]
    definitions, more = pagination.cut(all_of_them, lambda bundle: bundle.code, limit, after)
    return BundlePage(items=[_row(definition) for definition in definitions], next=more)


def show(context: AppContext, ref: str, region: str | None = None) -> BundleView:
    """As `offered`. Raises OneThingError UNKNOWN_BUNDLE, InvalidInput for a division that is not served."""
    definition = offered(context, ref, region)
    of_itself = BundleView.model_fields.keys() - {"departments", "materials", "time", "outlets", "assumed"}
    parts: dict[str, Any] = {name: getattr(definition, name) for name in of_itself}
    parts["place"] = place_name(context, definition)
    parts["questions"] = tuple(one for one in definition.questions if one.fixed is None)
    parts["departments"] = [DepartmentName(code=code, name=context.department(code)) for code in definition.departments]
    sources = context.catalog.sources
    parts["materials"] = tuple(
        BundleMaterial.model_construct(**dict(one), source=source_of(one, sources), how=how_brought(one))
        for one in definition.materials
    )
    parts["assumed"] = context.catalog.assumed[definition.ref]
    return BundleView(**parts, time=time_guide(definition), outlets=places(context, definition.code))


async def plan(context: AppContext, principal: Principal | None, ref: str, request: PlanRequest) -> PlanView:
    """What applies; dates only with what they assume. Raises UNKNOWN_BUNDLE, NOT_SIGNED_IN for an applicant's number by
    nobody, and InvalidInput for the answers."""
    definition = offered(context, ref, request.region)
    earlier = await _earlier(context, principal, definition, request)
    told = guide(context.catalog, definition, request.answers, context.clock.now(), earlier or ())
    view = PlanView.model_validate(told.model_dump())
    if earlier is None:
        return view
    asked = [
        material for material in told.materials if material.asked is MaterialDemand.NOW and material.code in earlier
    ]
    reusable = tuple(
        Reusable(code=material.code, name=material.name, supplied_on=local_date(earlier[material.code].at))
        for material in asked
    )
    return view.model_copy(update={"reusable": reusable})


@dataclass(frozen=True)
class PlanSoFar:
    """`questions`: those that apply, as far as that can be told. `plan`: none while one of them has no answer."""

    questions: tuple[Question, ...]
    answers: Answers
    plan: PlanView | None


async def plan_so_far(
    context: AppContext, ref: str, answers: Mapping[str, AnswerValue], region: str | None = None
) -> PlanSoFar:
    """For who answers one question after the other, and changes their mind: answers to what does not apply any more, or
    that are none, are left out. Raises as `show`."""
    definition = offered(context, ref, region)
    problems = check_answers(definition, answers)
    usable = {name: value for name, value in answers.items() if f"/answers/{name}" not in {p.pointer for p in problems}}
    questions = applicable_questions(definition, usable)
    if check_answers(definition, usable):
        return PlanSoFar(questions, usable, None)
    view = await plan(context, None, definition.ref, PlanRequest(answers=usable))
    return PlanSoFar(view.questions, view.answers, view)


async def _earlier(
    context: AppContext, principal: Principal | None, definition: BundleDefinition, request: PlanRequest
) -> dict[str, Earlier] | None:
    """None where nobody's number is named."""
    if request.id_number is None:
        return None
    if principal is None:
        raise OneThingError(FailureCode.NOT_SIGNED_IN, "查询可复用的材料请先登录；不登录请去掉 id_number。")
    codes = [material.code for material in definition.materials]
    require_valid(check_number(request.id_type, request.id_number))
    wanted = number_search(context, principal, request.id_type, request.id_number, request.reason)
    async with context.transaction(principal, Act.REUSE_MATERIAL, search=wanted) as tx:
        earlier = await reuse.found(context, tx, principal, definition, wanted.whose, codes)
        access_log.add(tx, Act.REUSE_MATERIAL, context.clock.now(), search=wanted, found=len(earlier))
    return earlier


def offered(context: AppContext, ref: str, region: str | None = None) -> BundleDefinition:
    """By `code` (the latest), as it is in that division, or where this installation is; by `code@version` or
    `code@version.region`, as it says. Raises OneThingError UNKNOWN_BUNDLE, InvalidInput for a division that is not
    served."""
    definition = named(context, ref)
    if region is None and "@" in ref:
        return definition
    context.require_known_region(region)
    seat = context.seat_of(region or context.region, ref)
    found = context.applications.definition(ref, seat)
    if not context.applications.is_published(found):
        detail = f"“{found.name}”在 {seat} 还没有公布，请向当地政务服务窗口询问。"
        raise OneThingError(FailureCode.UNKNOWN_BUNDLE, detail)
    return found


def named(context: AppContext, ref: str) -> BundleDefinition:
    """Exactly that: by `code` the latest as it is where no place writes otherwise. Raises OneThingError
    UNKNOWN_BUNDLE."""
    definition = context.catalog.bundle(ref)
    if definition is None:
        raise OneThingError(FailureCode.UNKNOWN_BUNDLE, f"没有这个一件事，现有：{'、'.join(context.catalog.latest)}。")
    return definition


def place_name(context: AppContext, definition: BundleDefinition) -> PlaceName | None:
    """By whose rules it is so; None where no place writes otherwise."""
    place = definition.place
    return PlaceName(code=place, name=context.region_name(place)) if place else None


class PlaceDifferenceView(ResponseModel):
    """`place`: whose rule it is, of the division itself or of one around it; `assumed`: no text of it says so yet."""

    place: str
    about: str
    change: str
    basis: str
    assumed: bool


class PlaceView(CompleteResponseModel):
    """A bundle in one division: the ref by which its cases go, and what is otherwise there than elsewhere."""

    bundle: str
    name: str
    place: PlaceName | None
    differences: list[PlaceDifferenceView]


def at_place(context: AppContext, ref: str, region: str) -> PlaceView:
    """Raises OneThingError UNKNOWN_BUNDLE, InvalidInput for a division that is not served."""
    definition = offered(context, ref, region)
    told = place_differences(context.catalog, definition.ref)
    return PlaceView(
        bundle=definition.ref,
        name=definition.name,
        place=place_name(context, definition),
        differences=[PlaceDifferenceView(**asdict(one)) for one in told],
    )


def _row(definition: BundleDefinition) -> BundleRow:
    return BundleRow(
        code=definition.code,
        version=definition.version,
        name=definition.name,
        summary=definition.summary,
        audience=definition.audience,
        departments=list(definition.departments),
    )


def regions_to_choose(context: AppContext, code: str) -> list[tuple[str, str]]:
    """Code and name of those served today, where it matters which: some place has the bundle otherwise."""
    if not any(ref.partition("@")[0] == code for ref in context.catalog.places):
        return []
    today = context.today()
    return [(one, region.name) for one, region in context.catalog.regions.items() if region.is_there(today)]
