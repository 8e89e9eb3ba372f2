"""What callers get to read of a case. Least data: what a reader's role does not need is left out, not blanked."""

from typing import Annotated, Any

from onething.domain.identity import IdType
from onething.domain.lookups.disclosure import LookupResult
from onething.services.application.base import NoneIfBlank, PaperKind, RequestModel, SearchReason, ShortText
from onething.services.application.schemas import SightingRequest
from onething.services.available.actions import AvailableAction
from onething.services.cases.changes import ChangeView
from onething.services.cases.provenance import ProvenanceView
from onething.services.cases.uncertain_names import NameToAsk
from onething.services.discrepancies.views import DiscrepancyView
from onething.services.dispatch.at_systems import AtSystemView
from onething.services.followup.holders import HolderView
from onething.services.followup.reminders import ReadByView, SettledReminderView
from onething.services.inspections.planned_schemas import PlannedInspectionView
from onething.services.intake.draft_content import DraftProgress
from onething.services.intake.origins import OriginView
from onething.services.lookups.pending import AskedView
from onething.services.notifications import NoticeView
from onething.services.periods.schemas import PeriodView
from onething.services.reservations import ReservationView
from onething.services.summaries.case_summary import Links, OutletName, PartyView
from onething.services.summaries.clocks import DeadlineView, DeemedView
from onething.services.summaries.responses import CompleteResponseModel, LocalDateTime, ResponseModel


class CaseSearchRequest(RequestModel):
    """Exact match only, by blind index: the number of a paper, and of which kind that is. `reason`: needed from who
    works for an office."""

    id_type: PaperKind = IdType.RESIDENT_ID
    id_number: ShortText
    reason: Annotated[SearchReason | None, NoneIfBlank] = None


class ReminderView(ResponseModel):
    """An urge or a supervision that waits for its answer. `kind`: urge or supervision. `since`: from then on it has
    stood in the departments' queues. `read_by`: whether each has looked since; not told to departments."""

    kind: str
    clock: str
    item: str | None = None
    since: LocalDateTime
    due_at: LocalDateTime | None = None
    read_by: tuple[ReadByView, ...] | None = None


class VersionView(ResponseModel):
    """One version of a material, to be downloaded by its number as long as there is a case."""

    version: int
    kept: str  # file or paper
    at: LocalDateTime
    media_type: str | None = None
    size: int | None = None
    digest: str | None = None
    originals: list[str] | None = None  # SHA-256 of each photo that it was made from, in their order


class MaterialView(ResponseModel):
    """Of several versions, `version` and what belongs to it are of the newest."""

    code: str
    name: str
    source: str
    required: bool
    # in_hand, missing, to_hand_in, deferred, later, for_issue, afterwards, owed, committed(_checking, _rectifying,
    # _rechecking, _kept, _broken), not_needed, or that of data
    state: str
    kept: str | None = None  # file or paper
    version: int | None = None
    media_type: str | None = None
    size: int | None = None
    digest: str | None = None
    versions: list[VersionView] | None = None  # all, oldest first
    reused: bool | None = None  # the file of an earlier case, with the applicant's consent
    may_promise: bool | None = None  # it is asked for in place of a record, and may be promised instead


class RecordView(ResponseModel):
    """What came of a look-up. `result`: whether the record says the same as the application, where that is compared,
    else whether there is one. All else is left out for who applies and is not the one whom the record is about.

    `labels`: what each part of the record is called. `as_of`: when it was true, by now `age_hours` ago; `fetched_at`:
    when it came. `licence`: the number of that which it is taken from instead. `kept`: it came for another look-up, and
    is used again for this. `by_hand`: people of `department` looked for it and wrote it down, with a `note` for
    departments on how they found it."""

    key: str
    name: str
    state: str
    result: LookupResult | None = None
    record: dict[str, Any] | None = None
    labels: dict[str, str] | None = None
    as_of: LocalDateTime | None = None
    source: str | None = None
    department: str | None = None
    fetched_at: LocalDateTime | None = None
    age_hours: int | None = None
    licence: str | None = None
    kept: bool | None = None
    by_hand: bool | None = None
    note: str | None = None


class ItemView(ResponseModel):
    code: str
    name: str
    department: str
    state: str
    outcome: str | None = None  # while it is decided
    outcome_name: str | None = None
    round: int
    due_at: LocalDateTime | None = None  # the promise, while it ticks
    deadlines: tuple[DeadlineView, ...] | None = None  # with the law's, and what each is
    opinion: str | None = None
    outputs: dict[str, Any] | None = None
    decided_at: LocalDateTime | None = None  # with opinion and outputs
    seen: dict[str, int] | None = None  # material → version that it was decided on; with opinion and outputs
    deemed: DeemedView | None = None
    at_system: AtSystemView | None = None  # not told to who applies


class CaseRow(ResponseModel):
    """What a list says of a case. `outlet`: where it was taken in; `region`: where it is handled. `applicant_name`: as
    far as it is the reader's business, for a counter masked; `enterprise_name`: of the one that the application is
    about. Lists alone have names."""

    case_no: str
    bundle: str
    name: str
    applicant_name: str | None = None
    enterprise_name: str | None = None
    region: str
    channel: str
    outlet: OutletName | None = None
    status: str
    created_at: LocalDateTime
    submitted_at: LocalDateTime | None = None
    accepted_at: LocalDateTime | None = None
    due_at: LocalDateTime | None = None
    ended_at: LocalDateTime | None = None
    expires_at: LocalDateTime | None = None  # of a draft: then it is deleted, unless somebody goes on with it
    open_demands: int = 0  # fields and materials that were asked for, and have not come yet
    draft: DraftProgress | None = None  # of a draft, for who may go on with it: how far it is filled
    # of what has not ended, in lists of a counter:
    waiting_since: LocalDateTime | None = None  # when it got its status
    submitted_by_other: bool | None = None  # under a mandate, not by the applicant
    possible_duplicate: bool | None = None  # another in the region may be the same; of one case, to departments too
    duplicates: list[str] | None = None  # of these others, those that the reader may see
    corrections_answered: bool | None = None  # it is here again, with all that was asked for
    holders: list[HolderView] | None = (
        None  # in lists of a supervisor: who has something to do in it, the longest first
    )


class DraftChoices(ResponseModel):
    """Of a draft, how materials are to come that are not files: promised, used again, taken from the register. `seen`:
    for a counter alone, as nobody else says it."""

    commitments: list[str]
    reuse: list[str]
    licences: dict[str, str]
    seen: list[SightingRequest] | None = None


class CaseView(CaseRow):
    """A case as far as the reader's role needs it."""

    version: int
    departments: list[str]
    reminders_go_to: list[str] | None = None  # for a supervisor: whom an urge or supervision of the whole reaches now
    applicant_ended_at: LocalDateTime | None = None  # since when the applicant is registered to be no more, for offices
    answers: dict[str, Any] | None = None
    applicant: PartyView | None = None
    agent: PartyView | None = None
    mandate: str | None = None  # under which somebody applied for the applicant
    form: dict[str, Any] | None = None
    names_to_ask: list[NameToAsk] | None = None  # with characters that may look otherwise elsewhere
    provenance: list[ProvenanceView] | None = None  # of `form`
    discrepancies: list[DiscrepancyView] | None = None
    prefilled: OriginView | None = None  # the event that the draft was made of
    received_at: LocalDateTime | None = None  # without a network, before it was submitted
    received_late: bool | None = None  # the record heard of it more than a day after
    delivery: dict[str, Any] | None = None
    materials: list[MaterialView] | None = None
    missing: list[str] | None = None
    open_fields: list[str] | None = None  # pointers of the demand that have not been answered yet
    changes: list[ChangeView] | None = None  # what corrections have changed since it was submitted
    items: tuple[ItemView, ...] = ()
    periods: tuple[PeriodView, ...] | None = None  # times in which no authority decides
    reservations: list[ReservationView] | None = None  # what several cases share, for offices
    inspections: tuple[PlannedInspectionView, ...] | None = None  # that departments make together
    records: list[RecordView] | None = None
    notices: list[NoticeView] | None = None
    rating: dict[str, Any] | None = None  # what was written in it, and in answer
    commitments: dict[str, Any] | None = None  # the dated statement in place of materials
    reuse: dict[str, Any] | None = None  # the consent to using files of earlier cases again
    licences: dict[str, Any] | None = None  # the consent to taking licences from the register
    choices: DraftChoices | None = None
    standing: list[str] | None = None  # of a case that ended early, the items that were granted all the same
    deadlines: tuple[DeadlineView, ...] | None = None  # of the whole: promised and by law, while they tick
    reminders: tuple[ReminderView, ...] | None = None
    settled_reminders: tuple[SettledReminderView, ...] | None = None  # not of the case that comes with a task
    asked: tuple[AskedView, ...] | None = None  # look-ups under way
    available_actions: tuple[AvailableAction, ...] | None = None  # not of the case that comes with a task
    links: Links


class CasePage(CompleteResponseModel):
    items: list[CaseRow]
    next: str | None = None


class AlreadyBegun(CompleteResponseModel):
    """Drafts and cases under way of one 一件事, the newest first: to be gone on with, before another is begun."""

    items: list[CaseRow]


class TimelineEntry(ResponseModel):
    """One line of the journal. `by`: role and department, never who; `text`: the same in Chinese."""

    seq: int
    at: LocalDateTime
    kind: str
    text: str
    item: str | None = None
    outcome: str | None = None
    role: str | None = None
    department: str | None = None
    department_name: str | None = None
    mandate: str | None = None  # under which it was done for the applicant; not for departments
    changes: list[ChangeView] | None = None  # before and after, where the reader sees the form


class TimelinePage(CompleteResponseModel):
    items: list[TimelineEntry]
    next: int | None = None
