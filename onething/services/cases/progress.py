"""进度: for anybody who has the case number and its query code. No personal data, and not often."""

from onething.domain.deadlines.clock_kinds import CASE_CLOCK, CASE_STATUTORY
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.lifecycle import ITEM_STATE_NAMES, STATUS_NAMES
from onething.domain.kernel.queries import order_of
from onething.domain.kernel.state import CaseStatus
from onething.security.limits import Allowance
from onething.services.core.context import AppContext
from onething.services.inspections.planned_schemas import PlannedInspectionView
from onething.services.inspections.planned_views import planned_views
from onething.services.lookups.pending import AskedView, pending_lookups
from onething.services.periods.schemas import PeriodView
from onething.services.periods.views import period_views
from onething.services.summaries import forecasts
from onething.services.summaries.case_summary import ended_with
from onething.services.summaries.clocks import DeadlineView, deadlines
from onething.services.summaries.forecasts import CaseForecast
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel
from onething.store.connection.actor import Actor
from onething.store.tables import cases
from onething.store.tables.cases import CaseHead


class WrongQueryCode(OneThingError):
    """Does not say whether the case or the code is wrong."""

    def __init__(self) -> None:
        super().__init__(FailureCode.NOT_FOUND, "办件编号或查询码不正确，请核对后重试。")


class LastUrgeView(ResponseModel):
    """Dates only: when the applicant's side last urged, and when it was answered."""

    at: LocalDateTime
    answered_at: LocalDateTime | None = None


class ProgressItem(ResponseModel):
    code: str
    name: str
    holder: str  # name of the department
    state: str
    outcome: str | None = None  # while it is decided
    text: str


class ProgressResponse(CompleteResponseModel):
    """For anybody with the query code: no personal data."""

    case_no: str
    name: str
    status: str
    text: str
    due_at: LocalDateTime | None = None
    deadlines: tuple[DeadlineView, ...] = ()
    provisional: bool = False
    urge: LastUrgeView | None = None
    items: list[ProgressItem]
    periods: tuple[PeriodView, ...] = ()  # times in which no authority decides
    inspections: tuple[PlannedInspectionView, ...] = ()  # that departments make together
    asked: tuple[AskedView, ...] = ()  # look-ups under way
    forecast: CaseForecast | None = None


async def progress(context: AppContext, case_no: str, code: str, address: str) -> ProgressResponse:
    """The right code is always answered: whoever guesses keeps nobody else away. `address`: what calls are counted by.

    Raises OneThingError NOT_FOUND (not saying which of the two is wrong), LimitReached for one wrong code too many.
    """
    try:
        return await _progress(context, case_no, code)
    except WrongQueryCode as wrong:
        # an eight-letter code withstands guessing only if one case can't be tried from everywhere at once
        for key in (f"case/{case_no}", f"address/{address}"):
            context.limits.take(Allowance.PROGRESS, key)
        context.refusals.add("progress", wrong.code, case_no=case_no)
        raise


async def _progress(context: AppContext, case_no: str, code: str) -> ProgressResponse:
    actor = Actor.with_query_code(context.codes.hash(case_no, code), context.clock.now())
    async with context.database.transaction(actor) as tx:
        try:
            head = await cases.get(tx, case_no)
        except OneThingError as error:
            if error.code is not FailureCode.NOT_FOUND:
                raise
            raise WrongQueryCode from None
        found = await cases.state(tx, case_no)
        if found is None:
            return _view(context, head, [])
        state = found[1]
        plan = await context.plan_cache.plan_of(tx, state)
        if plan.reporter is not None:  # whoever has the code of a report gets the word of how far it is
            return _view(context, head, [], live=deadlines(plan, state, CASE_CLOCK))
        calendar = await context.plan_cache.calendar(tx, state.calendar)
        now = context.clock.now()
        forecast = await forecasts.of_case(context.usual, tx, head.region, plan, calendar, state, now)
    live = deadlines(plan, state, CASE_CLOCK, CASE_STATUTORY)
    items = [
        ProgressItem(
            code=item.code,
            name=item.name,
            holder=context.department(item.department),
            state=state.items[item.code].state,
            outcome=ended_with(item, state)["outcome"],
            text="部门系统办理中"
            if order_of(state.commands, item.code)
            else ended_with(item, state)["outcome_name"] or ITEM_STATE_NAMES[state.items[item.code].state],
        )
        for item in plan.items
    ]
    urge = LastUrgeView(at=state.urge.at, answered_at=state.urge.answered_at) if state.urge else None
    provisional = any(one.provisional for one in live)
    under_way = pending_lookups(plan, state, context.catalog.sources, context.catalog.departments)
    return _view(
        context,
        head,
        items,
        periods=period_views(plan, state) or (),
        inspections=planned_views(plan, state) or (),
        provisional=provisional,
        forecast=forecast,
        urge=urge,
        under_way=under_way,
        live=live,
    )


def _view(
    context: AppContext,
    head: CaseHead,
    items: list[ProgressItem],
    *,
    periods: tuple[PeriodView, ...] = (),
    inspections: tuple[PlannedInspectionView, ...] = (),
    provisional: bool = False,
    forecast: CaseForecast | None = None,
    urge: LastUrgeView | None = None,
    under_way: tuple[AskedView, ...] = (),
    live: tuple[DeadlineView, ...] = (),
) -> ProgressResponse:
    return ProgressResponse(
        case_no=head.case_no,
        name=context.applications.definition(head.bundle).name,
        status=head.status,
        text=STATUS_NAMES[CaseStatus(head.status)],
        due_at=head.due_at,
        deadlines=live,
        provisional=provisional,
        urge=urge,
        items=items,
        periods=periods,
        inspections=inspections,
        asked=under_way,
        forecast=forecast,
    )
