"""What departments send about tasks, and get to read of them."""

from typing import Annotated, Any

from pydantic import StringConstraints

from onething.services.application.base import RequestModel
from onething.services.available.actions import AvailableAction
from onething.services.cases.schemas import CaseView
from onething.services.consults.schemas import ConsultView
from onething.services.inspections.schemas import InspectionView
from onething.services.items.schemas import ReturnView
from onething.services.lookups.manual_check_form import WantedRecord
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel


class TransferRequest(RequestModel):
    """转交: the account of a colleague."""

    to: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@|:-]*$", max_length=280)]


class TaskRow(ResponseModel):
    """`name` is that of the 一件事, `item_name` that of the item, or of the look-up that is to be released. `material`,
    `material_name`: of a task to check what was promised in its place; `comparison`, `comparison_name`: of one to look
    which of several values is right. `applicant_name`: in lists, from acceptance on."""

    task_id: str
    case_no: str
    name: str
    applicant_name: str | None = None
    kind: str
    item: str
    item_name: str
    material: str | None = None
    material_name: str | None = None
    comparison: str | None = None
    comparison_name: str | None = None
    department: str
    bundle: str
    round: int
    state: str
    due_at: LocalDateTime | None = None
    opened_at: LocalDateTime
    closed_at: LocalDateTime | None = None
    claimed_by: str | None = None
    result: str | None = None
    urged: bool = False  # and not answered yet
    supervised_due_at: LocalDateTime | None = None


class TaskPage(CompleteResponseModel):
    items: list[TaskRow]
    next: str | None = None


class TaskView(TaskRow):
    """A task with what its department needs to decide it."""

    decision_form: tuple[dict[str, Any], ...] = ()
    decides_on: dict[str, int] | None = None  # material → its newest version: what a decision has to name in `seen`
    what: str | None = None  # of an undo task
    look_up: WantedRecord | None = None  # of an open manual check
    consults: tuple[ConsultView, ...] = ()  # opinions on its item; of a consult task its own
    inspections: tuple[InspectionView, ...] = ()
    returns: tuple[ReturnView, ...] = ()  # that its department is concerned with, in order
    warnings: tuple[str, ...] = ()  # to be known before the item is decided
    available_actions: tuple[AvailableAction, ...]
    case: CaseView
