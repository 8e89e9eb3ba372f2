"""现场一次一评: a code for whoever comes to a counter or is visited, by which they rate that once; a bad rating is
answered by the region's supervisor, and put right."""

from typing import Literal

from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.followup.visits import VisitPlace, owed
from onething.domain.principal import Principal
from onething.security.codes import visit_code, visit_hash
from onething.security.limits import Allowance
from onething.security.policy import Act, require
from onething.services import outlets
from onething.services.core.access import head_for
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.core.context import AppContext
from onething.services.followup.schemas import RatingFollowUpRequest, VisitRatingRequest
from onething.services.summaries.case_summary import OutletName
from onething.services.summaries.responses import (
    CompleteResponseModel,
    LocalDateTime,
    ResponseModel,
    StoredResponse,
    answer,
)
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.tables import visits
from onething.store.tables.visits import RatedVisit

_CALENDAR = "cn"
_UNKNOWN = "评价码不正确、已经用过，或者过了期限。请核对回执上的评价码。"
_NO_CODE = "没有可以给的评价码：窗口收件、收材料、送达或者现场踏勘以后才有，只有当时经手的人能打印，过期的不再有。"
_PLACES = {VisitPlace.COUNTER: "窗口", VisitPlace.DEPARTMENT: "部门窗口", VisitPlace.ON_SITE: "现场"}


class VisitCode(ResponseModel):
    """For whoever was there; rates that one time, once."""

    case_no: str
    place: str
    place_name: str
    at: LocalDateTime
    code: str
    until: LocalDateTime


class VisitRated(ResponseModel):
    grade: int


class RatedVisitView(CompleteResponseModel):
    """A rated visit. Not by whom it was rated, nor who served them. `contacted`, `rectified`: what was said of it."""

    visit: int
    case_no: str
    place: str
    place_name: str
    outlet: OutletName | None = None
    department: str | None = None
    department_name: str | None = None
    day: str
    rated_at: LocalDateTime
    grade: int
    tags: list[str]
    contact_by: LocalDateTime | None = None
    contacted_at: LocalDateTime | None = None
    contacted: str | None = None
    rectify_by: LocalDateTime | None = None
    rectified_at: LocalDateTime | None = None
    rectified: str | None = None


async def code(context: AppContext, principal: Principal, case_no: str) -> VisitCode:
    """Of the latest visit that the caller recorded. Raises OneThingError NOT_FOUND where there is none, or its time is
    over; leaves a line in the access log."""
    async with context.transaction(principal, Act.VIEW_VISIT_CODE, case_no) as tx:
        head = await head_for(tx, principal, Act.VIEW_VISIT_CODE, case_no)
        found, now = await visits.latest_of(tx, head.case_no), context.clock.now()
        access_log.add(tx, Act.VIEW_VISIT_CODE, now, case_no=head.case_no)
    if found is None or found.expires_at <= now:
        raise OneThingError(FailureCode.NOT_FOUND, _NO_CODE)
    return VisitCode(
        case_no=found.case_no,
        place=found.place,
        place_name=_PLACES[VisitPlace(found.place)],
        at=found.at,
        code=visit_code(context.index, found.case_no, found.place, found.day),
        until=found.expires_at,
    )


async def rate(context: AppContext, request: VisitRatingRequest, address: str) -> VisitRated:
    """By whoever holds the code, once; the same said again is answered alike. `address`: wrong ones are counted by it.

    Raises OneThingError NOT_FOUND, not saying whether the code is wrong, used or over; LimitReached for one too many.
    """
    now = context.clock.now()
    contact_by, rectify_by = owed(context.calendar(_CALENDAR), request.grade, now)
    tags = [str(tag) for tag in sorted(set(request.tags))]
    rating = (visit_hash(context.index, request.code), now, request.grade, tags, contact_by, rectify_by)
    async with context.database.transaction(Actor.anybody()) as tx:
        # asked once more, for whoever presses twice at once: the second waits for the first, and does not see it before
        done = await visits.rate(tx, *rating) or await visits.rate(tx, *rating)
    if not done:
        context.limits.take(Allowance.RATE_VISIT, f"address/{address}")
        context.refusals.add(Act.RATE_VISIT, FailureCode.NOT_FOUND)
        raise OneThingError(FailureCode.NOT_FOUND, _UNKNOWN)
    return VisitRated(grade=request.grade)


async def show(context: AppContext, principal: Principal, visit: int) -> RatedVisitView:
    """Raises OneThingError NOT_FOUND, also for one of elsewhere or that nobody has rated; NotPermitted."""
    async with context.transaction(principal, Act.CONTACT_AFTER_VISIT) as tx:
        require(principal, Act.CONTACT_AFTER_VISIT)
        found = await _rated(tx, visit)
        access_log.add(tx, Act.VIEW_RATINGS, context.clock.now(), detail=f"visit:{visit}")
    return _view(context, found)


@act_on_no_case(Act.CONTACT_AFTER_VISIT)
async def contact(run: ActRun, visit: int, request: RatingFollowUpRequest) -> StoredResponse:
    """Raises NotAllowed unless a bad rating waits for it; NOT_FOUND."""
    return await _answer(run, visit, "contact", request, "没有等待回访的差评，可能已经回访。")


@act_on_no_case(Act.RECTIFY_AFTER_VISIT)
async def rectify(run: ActRun, visit: int, request: RatingFollowUpRequest) -> StoredResponse:
    """As `contact`, and after it."""
    why = "没有等待整改的差评：请先登记回访；已经整改的不需要再登记。"
    return await _answer(run, visit, "rectify", request, why)


_Step = Literal["contact", "rectify"]


async def _answer(run: ActRun, visit: int, step: _Step, request: RatingFollowUpRequest, why: str) -> StoredResponse:
    await _rated(run.tx, visit)
    note = run.context.sealer.seal(request.text.encode(), context=_place(visit, step))
    if not await visits.answer(run.tx, visit, step, run.context.clock.now(), note):
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, why)
    return answer(_view(run.context, await _rated(run.tx, visit)))


async def _rated(tx: Transaction, visit: int) -> RatedVisit:
    found = await visits.rated(tx, visit)
    if found is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这次到场办理的评价，请核对编号。")
    return found


def _view(context: AppContext, row: RatedVisit) -> RatedVisitView:
    def said(step: _Step, sealed: bytes | None) -> str | None:
        return None if sealed is None else context.sealer.open(sealed, context=_place(row.id, step)).decode()

    return RatedVisitView(
        visit=row.id,
        case_no=row.case_no,
        place=row.place,
        place_name=_PLACES[VisitPlace(row.place)],
        outlet=outlets.named(context, row.outlet),
        department=row.department,
        department_name=context.department(row.department) if row.department else None,
        day=row.day.isoformat(),
        rated_at=row.rated_at,
        grade=row.grade,
        tags=row.tags,
        contact_by=row.contact_by,
        contacted_at=row.contacted_at,
        contacted=said("contact", row.contact_note),
        rectify_by=row.rectify_by,
        rectified_at=row.rectified_at,
        rectified=said("rectify", row.rectify_note),
    )


def _place(visit: int, step: _Step) -> str:
    return f"visit/{visit}/{step}"
