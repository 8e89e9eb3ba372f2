"""What departments send about tasks, and get to read of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, Strict, StringConstraints

from onething.domain.base import Code
from onething.domain.definition.time_rules import LegalEffect
from onething.domain.engine.task_flags import TaskFlag
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.identity import IdType
from onething.domain.kernel.case_no import DIGITS
from onething.services.application.base import (
    EmptyIfBlank,
    NoneIfBlank,
    PaperKind,
    RequestModel,
    SaysSomething,
    SearchReason,
    ShortText,
)
from onething.services.available.actions import AvailableAction
from onething.services.cases.schemas import CaseView
from onething.services.consults.schemas import ConsultView
from onething.services.decisions.schemas import ConditionView, OutcomeView
from onething.services.inspections.schemas import InspectionView
from onething.services.items.schemas import ReturnView
from onething.services.lookups.manual_check_form import WantedRecord
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel


class TransferRequest(RequestModel):
    """转交: the account of a colleague."""

    to: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@|:-]*$", max_length=280)]


FlagName = Annotated[TaskFlag, Strict(False)]
Holder = Literal["mine", "unclaimed"]
Due = Literal["overdue", "today", "week"]


class QueueFilter(RequestModel):
    """Which tasks of a queue; all that is said has to hold. `item`: of the `bundle`, which has to be named with it.
    `holder` mine: claimed by the caller; of closed ones, ended by them. `due`: past; later today; later this week."""

    state: Literal["open", "closed"] = "open"
    bundle: Code | None = None
    item: Code | None = None
    holder: Holder | None = None
    due: Due | None = None
    flags: Annotated[list[FlagName], Field(max_length=len(TaskFlag))] = Field(default_factory=list)


class TaskSearchRequest(RequestModel):
    """By exactly one of these, as it is written in the application; in whatever way a name or number is written.
    `reason`: needed where a person is looked for. `filter` narrows what is found."""

    case_no: Annotated[str, StringConstraints(pattern=f"^{DIGITS}$")] | None = None
    applicant_name: Annotated[ShortText | None, NoneIfBlank] = None
    enterprise_name: Annotated[ShortText | None, NoneIfBlank] = None
    id_type: PaperKind = IdType.RESIDENT_ID
    id_number: Annotated[ShortText | None, NoneIfBlank] = None
    reason: Annotated[SearchReason | None, NoneIfBlank] = None
    filter: QueueFilter = QueueFilter()


class SavedViewRequest(RequestModel):
    """Under a name that one has already, it takes the place of the one before."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=30), SaysSomething]
    filter: QueueFilter = QueueFilter()


class SavedView(ResponseModel):
    id: int
    name: str
    filter: QueueFilter


class SavedViewList(CompleteResponseModel):
    items: list[SavedView]


class NoteRequest(RequestModel):
    """`place`: what it is pinned to (标注), `form/` and a field or `material/` and a code; none: a note on the item as
    a whole. `version`: the one that was read, 0 where there was none; an empty text takes it back."""

    place: Annotated[str | None, StringConstraints(pattern=r"^(form|material)/[a-z][a-z0-9_-]{0,63}$")] = None
    text: Annotated[str, EmptyIfBlank, StringConstraints(max_length=4000)]
    version: Annotated[int, Field(ge=0, le=2_000_000_000)]


class PinView(ResponseModel):
    """What a department's people have pinned to a field or a material (标注); empty where they took it back."""

    place: str
    text: str
    version: int
    by: str
    at: LocalDateTime


class NoteView(ResponseModel):
    """The note of a department on an item, for its own people: `version` 0 as long as nobody has written one. `place`:
    where what was written just now is pinned to. `pins`: all of the item, where there are any."""

    place: str | None = None
    text: str = ""
    version: int = 0
    by: str | None = None
    at: LocalDateTime | None = None
    pins: list[PinView] | None = None


def queue_filter(plain: Mapping[str, object], flags: Sequence[str]) -> QueueFilter:
    """Of what a query says. Raises InvalidInput for a flag that there is not."""
    for flag in flags:
        if flag not in set(TaskFlag):
            detail = f"没有标记“{flag}”，可以写的有：{'、'.join(TaskFlag)}。"
            raise InvalidInput([FieldProblem("/flags", FailureCode.INVALID_VALUE, detail)])
    return QueueFilter.model_validate({**plain, "flags": list(flags)})


class TaskRow(ResponseModel):
    """`name` is that of the 一件事, `item_name` that of the item, or of the look-up that is to be released. `material`,
    `material_name`: of a task to check what was promised in its place; `comparison`, `comparison_name`: of one to look
    which of several values is right. `applicant_name`, `enterprise_name`: in lists, from acceptance on; the enterprise
    is the one that the application is about. `due_effect`: what `due_at` is in law; `statutory_due_at`: the law's date
    beside a promise. A queue goes by whichever of the two comes first."""

    task_id: str
    case_no: str
    name: str
    applicant_name: str | None = None
    enterprise_name: str | None = None
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
    flags: tuple[TaskFlag, ...] = ()
    due_at: LocalDateTime | None = None
    due_effect: LegalEffect | None = None
    statutory_due_at: LocalDateTime | None = None
    opened_at: LocalDateTime
    closed_at: LocalDateTime | None = None
    claimed_by: str | None = None
    result: str | None = None
    result_name: str | None = None  # of a decision
    urged: bool = False  # and not answered yet
    supervised_due_at: LocalDateTime | None = None
    possible_duplicate: bool | None = None  # of an open one: another case may be the same
    duplicates: list[str] | None = None  # of these others, those that the reader may see


Count = Annotated[int, Field(ge=0, le=1001, description="1001 表示超过 1000")]


class QueueCounts(ResponseModel):
    """How many open tasks each view of the queue has; `all`: all of them."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    mine: Count
    due_today: Count
    unclaimed: Count
    urged: Count
    suspended: Count
    overdue: Count
    everything: Count = Field(alias="all")


class TaskPage(CompleteResponseModel):
    """`total`: how many there are of the filter, on all pages; `counts`: whatever the filter. All of one moment."""

    items: list[TaskRow]
    next: str | None = None
    total: Count
    counts: QueueCounts


class TaskView(TaskRow):
    """A task with what its department needs to decide it."""

    outcomes: tuple[OutcomeView, ...] = ()  # that its item may end with, where it is to be decided
    conditions: tuple[ConditionView, ...] = ()  # of each of which its decision says whether it is met
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
