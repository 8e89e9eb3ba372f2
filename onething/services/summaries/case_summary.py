"""How a case stands, in short: what every act on it answers with."""

from typing import TypedDict

from onething.domain.deadlines.clock_kinds import CASE_CLOCK, CASE_STATUTORY, item_clock, item_statutory
from onething.domain.items.rules import missing_materials
from onething.domain.kernel import queries
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan, PlanItem
from onething.services.summaries.clocks import DeadlineView, DueMovedView, ItemTime, deadlines, live_due
from onething.services.summaries.responses import (
    CompleteResponseModel,
    LocalDateTime,
    ResponseModel,
    StoredResponse,
    answer,
)
from onething.store.record.case_writer import Recorded
from onething.store.tables import tasks


class Links(ResponseModel):
    self: str
    timeline: str
    events: str
    progress: str


def links(case_no: str) -> Links:
    at = f"/api/cases/{case_no}"
    return Links(self=at, timeline=f"{at}/timeline", events=f"{at}/events", progress=f"/api/progress/{case_no}")


class OutletName(ResponseModel):
    code: str
    name: str


class Opened(CompleteResponseModel):
    """201 of a new case or draft. The query code is told this once. `expires_at`: of a draft, when it is deleted unless
    somebody goes on with it. `outlet`: where it was taken in."""

    case_no: str
    query_code: str
    status: str
    due_at: LocalDateTime | None = None
    expires_at: LocalDateTime | None = None
    outlet: OutletName | None = None
    links: Links


class SubmittedResponse(CompleteResponseModel):
    case_no: str
    status: str
    due_at: LocalDateTime | None = None
    outlet: OutletName | None = None
    links: Links


class DraftSaved(ResponseModel):
    case_no: str
    status: str = "draft"
    version: int
    expires_at: LocalDateTime


class ItemStanding(ResponseModel):
    code: str
    name: str
    department: str
    state: str
    outcome: str | None = None  # while it is decided
    outcome_name: str | None = None
    round: int


class CaseStanding(CompleteResponseModel):
    """Where a case stands after a fact. `missing`: materials that the applicant still has to bring; `open_fields`:
    pointers of a demand that have not been answered yet. `due_at`: the promise, as long as it ticks; `deadlines`: with
    the law's, and what each is. `moved`: by an extension."""

    case_no: str
    seq: int
    status: str
    due_at: LocalDateTime | None = None
    deadlines: tuple[DeadlineView, ...] = ()
    moved: tuple[DueMovedView, ...] = ()
    items: list[ItemStanding]
    missing: list[str]
    open_fields: list[str]


class Reminded(CompleteResponseModel):
    """An urge or a supervision: until when the answer is due, or that it was given."""

    case_no: str
    clock: str
    item: str | None = None
    seq: int
    at: LocalDateTime
    due_at: LocalDateTime | None = None
    answered: bool


class PartyView(ResponseModel):
    type: str
    name: str
    id_type: str
    id_number: str
    phone: str | None = None


class MaterialKept(ResponseModel):
    case_no: str
    code: str
    version: int
    digest: str
    media_type: str
    size: int
    originals: list[str] | None = None  # SHA-256 of each photo that it was made from, in their order
    status: str


class EndedWith(TypedDict):
    """Nothing while the item is not decided."""

    outcome: str | None
    outcome_name: str | None


def ended_with(item: PlanItem, state: CaseState) -> EndedWith:
    outcome = queries.ended_with(item, state.items[item.code])
    return EndedWith(outcome=outcome.id if outcome else None, outcome_name=outcome.name if outcome else None)


def item_standings(plan: Plan, state: CaseState) -> list[ItemStanding]:
    return [
        ItemStanding(
            code=item.code,
            name=item.name,
            department=item.department,
            state=state.items[item.code].state,
            **ended_with(item, state),
            round=state.items[item.code].round,
        )
        for item in plan.items
    ]


def standing(recorded: Recorded, moved: tuple[DueMovedView, ...] = ()) -> StoredResponse:
    state, plan = recorded.state, recorded.plan
    return answer(
        CaseStanding(
            case_no=recorded.case_no,
            seq=recorded.seq,
            status=state.status,
            due_at=live_due(state, CASE_CLOCK),
            deadlines=deadlines(plan, state, CASE_CLOCK, CASE_STATUTORY),
            moved=moved,
            items=item_standings(plan, state),
            missing=list(missing_materials(plan, state)),
            open_fields=list(state.fields_asked),
        )
    )


def item_time(recorded: Recorded, task: tasks.Task, moved: tuple[DueMovedView, ...] = ()) -> StoredResponse:
    """How the time of the task's item stands, promised and by law."""
    promise, law = item_clock(task.item), item_statutory(task.item)
    return answer(
        ItemTime(
            task_id=task.task_id,
            case_no=recorded.case_no,
            item=task.item,
            state=recorded.state.items[task.item].state,
            seq=recorded.seq,
            at=recorded.at,
            due_at=live_due(recorded.state, promise),
            statutory_due_at=live_due(recorded.state, law),
            deadlines=deadlines(recorded.plan, recorded.state, promise, law),
            moved=moved,
        )
    )
