"""What is said of an inspection that the definition plans: by its lead, by each department that takes part, and by the
applicant's side."""

from collections.abc import Mapping

from onething.domain.errors import FailureCode, FieldProblem, OneThingError, require_valid
from onething.domain.events.consults import (
    DayChosen,
    DaySet,
    DaysOffered,
    InspectionClosed,
    PartRecorded,
    PointsRectified,
)
from onething.domain.kernel.state import PlannedProgress
from onething.domain.plan.plan import PlanInspection
from onething.security.policy import Act, NotPermitted
from onething.services.application import sealed_values
from onething.services.application.base import pointing_at
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.inspections.planned_schemas import (
    DayChoiceRequest,
    DayRequest,
    DaysRequest,
    PartRequest,
    RectifiedRequest,
)
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse
from onething.store.record import sealed_values as sealed_values_record
from onething.store.record.case_writer import Recorded

_NONE = "本办件没有这次联合查验。"


@act_on_case(Act.OFFER_DAYS)
async def offer(run: CaseRun, inspection: str, request: DaysRequest) -> StoredResponse:
    """Raises NOT_FOUND, NotPermitted for another department than its lead, NotAllowed."""
    _, now = await _led(run, inspection)
    days = tuple(sorted(request.days))
    with pointing_at("/days"):
        event = DaysOffered(inspection=inspection, round=now.round, days=days, on_day_off=request.on_day_off)
        return standing(await run.record(event))


@act_on_case(Act.CHOOSE_DAY)
async def choose(run: CaseRun, inspection: str, request: DayChoiceRequest) -> StoredResponse:
    """By the applicant's side. Raises NOT_FOUND, NotAllowed unless days are offered."""
    if request.on is None and not request.none_fits:
        what = "请选一个日期；都不合适的，请说明都不合适。"
        require_valid([FieldProblem("/on", FailureCode.MISSING_VALUE, what)])
    with pointing_at("/on"):
        return standing(await run.record(DayChosen(inspection=inspection, on=request.on)))


@act_on_case(Act.SET_DAY)
async def set_day(run: CaseRun, inspection: str, request: DayRequest) -> StoredResponse:
    """By the lead, where the applicant found none that fits, or to move it. Raises as `offer`."""
    _, now = await _led(run, inspection)
    event = DaySet(inspection=inspection, before=now.on, on=request.on, on_day_off=request.on_day_off)
    with pointing_at("/on"):
        return standing(await run.record(event))


@act_on_case(Act.RECORD_PART)
async def record_part(run: CaseRun, item: str, request: PartRequest) -> StoredResponse:
    """By the department of the item, of the inspection in which it takes part. Looked at again it names what is still
    not mended, and nothing new. Raises NOT_FOUND, NotPermitted, InvalidInput, NotAllowed."""
    recorded = await run.locked()
    planned = recorded.plan.inspection_of.get(item)
    if planned is None:
        raise OneThingError(FailureCode.NOT_FOUND, "该事项不参加联合查验。")
    if recorded.plan.item_by_code[item].department != run.principal.department:
        raise NotPermitted(FailureCode.NOT_PERMITTED, f"“{recorded.plan.item_by_code[item].name}”由其他部门查验。")
    inspection, now = planned.code, recorded.state.planned.get(planned.code, PlannedProgress())
    again = now.round > 1
    if again and request.points:
        what = "复验只写上次的哪些问题没有改好（unmended），不能提出新的问题。"
        require_valid([FieldProblem("/points", FailureCode.INVALID_VALUE, what)])
    said = {f"{item}-{n}": text for n, text in enumerate(request.points, start=1)}
    if again:
        texts = await _listed(run, inspection, now.round - 1)
        said = {one: texts.get(one, "") for one in request.unmended}
    name = sealed_values.part(inspection, item, now.round)
    value = {"points": said, "note": request.note, "officers": request.officers}
    event = PartRecorded(
        inspection=inspection,
        item=item,
        round=now.round,
        officers=request.officers,
        points=tuple(said),
        record=name,
    )
    return standing(await run.record(event, run.sealed(name, value)))


@act_on_case(Act.CLOSE_INSPECTION)
async def close(run: CaseRun, inspection: str) -> StoredResponse:
    """One list of all that the departments found goes to the applicant. Raises as `offer`."""
    _, now = await _led(run, inspection)
    found = {item: sealed_values.part(inspection, item, now.round) for item, part in now.parts.items() if part.points}
    sealed = await sealed_values_record.get_many(run.tx, run.case_no, list(found.values()))
    stored = run.context.values(run.case_no, sealed)
    points = {
        one: text
        for item, name in found.items()
        for one, text in ((stored.get(name) or {}).get("points") or {}).items()
        if one in now.parts[item].points
    }
    name = sealed_values.points(inspection, now.round)
    event = InspectionClosed(inspection=inspection, round=now.round, points=name)
    return standing(await run.record(event, run.sealed(name, {"points": points})))


@act_on_case(Act.REPORT_RECTIFIED)
async def report_rectified(run: CaseRun, inspection: str, request: RectifiedRequest) -> StoredResponse:
    """By the applicant's side. Raises NOT_FOUND, NotAllowed unless there is a list to be mended."""
    _, now = _planned(await run.locked(), inspection)
    name = sealed_values.mended(inspection, now.round)
    event = PointsRectified(inspection=inspection, round=now.round, report=name)
    return standing(await run.record(event, run.sealed(name, {"what": request.what})))


async def _led(run: CaseRun, inspection: str) -> tuple[PlanInspection, PlannedProgress]:
    planned, now = _planned(await run.locked(), inspection)
    if planned.department != run.principal.department:
        raise NotPermitted(FailureCode.NOT_PERMITTED, f"“{planned.name}”由其他部门牵头。")
    return planned, now


def _planned(recorded: Recorded, inspection: str) -> tuple[PlanInspection, PlannedProgress]:
    planned = recorded.plan.inspection_by_code.get(inspection)
    if planned is None:
        raise OneThingError(FailureCode.NOT_FOUND, _NONE)
    return planned, recorded.state.planned.get(inspection, PlannedProgress())


async def _listed(run: CaseRun, inspection: str, round_no: int) -> Mapping[str, str]:
    """What the points of the list said."""
    name = sealed_values.points(inspection, round_no)
    sealed = await sealed_values_record.get_many(run.tx, run.case_no, [name])
    found: Mapping[str, str] = (run.context.values(run.case_no, sealed).get(name) or {}).get("points", {})
    return found
