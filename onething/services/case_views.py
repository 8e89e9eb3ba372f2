"""What callers get to read of a case. Least data: what a reader's role does not need is left out, not blanked."""

from typing import Any

from onething.services.answers import Shown, View, WholeView
from onething.services.asking import AskedView
from onething.services.clock_views import DeemedView
from onething.services.disagreements import DiscrepancyView
from onething.services.origins import OriginView
from onething.services.provenance import ProvenanceView
from onething.services.with_systems import AtSystemView


class Links(View):
    self: str
    timeline: str
    events: str
    progress: str


def links(case_no: str) -> Links:
    at = f"/api/cases/{case_no}"
    return Links(self=at, timeline=f"{at}/timeline", events=f"{at}/events", progress=f"/api/progress/{case_no}")


class Opened(WholeView):
    """201 of a new case or draft. The query code is told this once."""

    case_no: str
    query_code: str
    status: str
    due_at: Shown | None = None
    links: Links


class Submitted(WholeView):
    case_no: str
    status: str
    due_at: Shown | None = None
    links: Links


class DraftSaved(View):
    case_no: str
    status: str = "draft"
    version: int


class ItemStanding(View):
    code: str
    name: str
    department: str
    state: str
    round: int


class Standing(WholeView):
    """Where a case stands after a fact. `missing`: materials that the applicant still has to bring."""

    case_no: str
    seq: int
    status: str
    due_at: Shown | None = None
    items: list[ItemStanding]
    missing: list[str]


class Reminded(WholeView):
    """An urge or a supervision: until when the answer is due, or that it was given."""

    case_no: str
    clock: str
    item: str | None = None
    seq: int
    at: Shown
    due_at: Shown | None = None
    answered: bool


class ReminderView(View):
    """An urge or a supervision that waits for its answer. `kind`: urge or supervision."""

    kind: str
    clock: str
    item: str | None = None
    since: Shown
    due_at: Shown | None = None


class PartyView(View):
    type: str
    name: str
    id_type: str
    id_number: str
    phone: str | None = None


class MaterialView(View):
    code: str
    name: str
    source: str
    required: bool
    state: str  # in_hand, missing, deferred, committed(_checking, _kept, _broken), not_needed, or the state of data
    kept: str | None = None  # file or paper
    version: int | None = None
    media_type: str | None = None
    size: int | None = None
    digest: str | None = None
    reused: bool | None = None  # the file of an earlier case, with the applicant's consent
    may_promise: bool | None = None  # it is asked for in place of a record, and may be promised instead


class RecordView(View):
    """A record that a data source gave. `labels`: what each part of it is called. `as_of`: when it was true, by now
    `age_hours` ago; `fetched_at`: when it came. `licence`: the number of that which it is taken from instead.
    `kept`: it came for another look-up, and is used again for this. `by_hand`: people of `department` looked for it and
    wrote it down, with a `note` for departments on how they found it."""

    key: str
    name: str
    state: str
    record: dict[str, Any] | None = None
    labels: dict[str, str] | None = None
    as_of: Shown | None = None
    source: str | None = None
    department: str | None = None
    fetched_at: Shown | None = None
    age_hours: int | None = None
    licence: str | None = None
    kept: bool | None = None
    by_hand: bool | None = None
    note: str | None = None


class ItemView(View):
    code: str
    name: str
    department: str
    state: str
    round: int
    due_at: Shown | None = None
    opinion: str | None = None
    outputs: dict[str, Any] | None = None
    decided_at: Shown | None = None  # with opinion and outputs
    deemed: DeemedView | None = None
    at_system: AtSystemView | None = None  # not told to who applies


class NoticeView(View):
    """What was asked for, why it was not accepted, or why time stands still or is given, as it was told."""

    seq: int
    kind: str
    item: str | None = None
    at: Shown
    content: dict[str, Any]


class CaseRow(View):
    """What a list says of a case."""

    case_no: str
    bundle: str
    name: str
    region: str
    channel: str
    status: str
    created_at: Shown
    submitted_at: Shown | None = None
    accepted_at: Shown | None = None
    due_at: Shown | None = None
    ended_at: Shown | None = None


class CaseView(CaseRow):
    """A case as far as the reader's role needs it."""

    version: int
    departments: list[str]
    answers: dict[str, Any] | None = None
    applicant: PartyView | None = None
    agent: PartyView | None = None
    mandate: str | None = None  # under which somebody applied for the applicant
    form: dict[str, Any] | None = None
    provenance: list[ProvenanceView] | None = None  # of `form`
    discrepancies: list[DiscrepancyView] | None = None
    prefilled: OriginView | None = None  # the event that the draft was made of
    delivery: dict[str, Any] | None = None
    materials: list[MaterialView] | None = None
    missing: list[str] | None = None
    items: tuple[ItemView, ...] = ()
    records: list[RecordView] | None = None
    notices: list[NoticeView] | None = None
    rating: dict[str, Any] | None = None  # what was written in it, and in answer
    commitments: dict[str, Any] | None = None  # the dated statement in place of materials
    reuse: dict[str, Any] | None = None  # the consent to using files of earlier cases again
    licences: dict[str, Any] | None = None  # the consent to taking licences from the register
    not_undone: list[str] | None = None
    reminders: tuple[ReminderView, ...] | None = None
    asked: tuple[AskedView, ...] | None = None  # look-ups under way
    links: Links


class CasePage(WholeView):
    items: list[CaseRow]
    next: str | None = None


class MaterialKept(View):
    case_no: str
    code: str
    version: int
    digest: str
    media_type: str
    size: int
    status: str


class TimelineEntry(View):
    """One line of the journal. `by`: role and department, never who; `text`: the same in Chinese."""

    seq: int
    at: Shown
    kind: str
    text: str
    item: str | None = None
    outcome: str | None = None
    role: str | None = None
    department: str | None = None
    department_name: str | None = None
    mandate: str | None = None  # under which it was done for the applicant; not for departments


class TimelinePage(WholeView):
    items: list[TimelineEntry]
    next: int | None = None
