"""What may be done next with a case or task, and why not: what the policy table says, and the rules of the least event
that each act records.

`ON_CASES` and `ON_TASKS` name for each act such events. Where one of them may happen, so may the act: what else is
said with it is judged when it comes. Pure: who judges the caller's right is handed in. Reading is no action here; links
lead to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import ExtensionRank, Limit
from onething.domain.commitments import relying
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.periods import PeriodKind
from onething.domain.engine.guards import why_not, why_not_in
from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.consults import (
    ConsultAnswered,
    ConsultAsked,
    ConsultTakenBack,
    DayChosen,
    DaySet,
    DaysOffered,
    InspectionAppointed,
    InspectionClosed,
    InspectionConcluded,
    InspectionMoved,
    PartRecorded,
    PointsRectified,
)
from onething.domain.events.deadlines import (
    ClockExtended,
    ClockResumed,
    ClockSuspended,
    NoticeObjected,
    OutsideReported,
)
from onething.domain.events.documents import DeliveryChosen, LetterDelivered
from onething.domain.events.followup import (
    Rated,
    RatingContacted,
    RatingRectified,
    Supervised,
    SupervisionAnswered,
    UrgeAnswered,
    Urged,
)
from onething.domain.events.intake import (
    Accepted,
    CorrectionsAsked,
    DemandTakenBack,
    ItemCorrectionsAsked,
    PapersReceived,
    Rejected,
    Supplemented,
    Withdrawn,
)
from onething.domain.events.items import CaseReopened, CertificateReissued, ItemReturned
from onething.domain.events.lookups import DiscrepancyResolved, LookedByHand, LookUpRetried
from onething.domain.events.tasks import ItemDecided, TaskClaimed, TaskReleased, TaskTransferred
from onething.domain.events.undo import ReviewAsked, RevocationDecided, UndoneByHand
from onething.domain.events.union import Fact
from onething.domain.followup.guards import urges_of
from onething.domain.items.deferral import deferrable
from onething.domain.items.guards import guard_claim
from onething.domain.kernel.clock_id import ClockKind
from onething.domain.kernel.custody import asked_to_answer
from onething.domain.kernel.queries import inspection_of
from onething.domain.kernel.state import UNDER_CHECK, CaseState, CaseStatus, PlannedProgress, ReissueWhy
from onething.domain.kernel.task_ref import TaskKind
from onething.domain.materials import decides_on
from onething.domain.plan.plan import Plan, PlanInspection
from onething.domain.principal import Principal, Role
from onething.domain.reissue.rules import certificate_outputs
from onething.domain.undo.revocation import may_question, next_review
from onething.security.policy import Act, Allowed, Denied, role_may
from onething.services.available.task_windows import KINDS, guard_item_task
from onething.services.summaries.responses import ResponseModel
from onething.store.tables.tasks import Task

Judge = Callable[[Act], Allowed | Denied]
"""Whether the caller has the right to the act here."""

_TEXT = "-"  # of a sealed text that is still to be written
_ONE_DAY = Limit(amount=1)
_DRAFT = frozenset({"submitted"})
_DRAFT_OR_MORE = frozenset({"submitted", "supplemented"})


class AvailableAction(ResponseModel):
    """An act that the caller's role may do on some case or task. `allowed`: now, and on this one; what it takes beside
    that is judged when it is said. Else `why` not, and, where another sentence says so, the `remedy`."""

    act: str
    allowed: bool
    why: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class CaseNow:
    """A case as it stands for whoever asks; `task`: the one that they look at. `departments`: that may be consulted."""

    principal: Principal
    plan: Plan
    state: CaseState
    at: datetime
    departments: Iterable[str] = ()
    task: Task | None = None

    @property
    def item(self) -> str:
        return self.the_task.item

    @property
    def round(self) -> int:
        return self.the_task.round

    @property
    def the_task(self) -> Task:
        if self.task is None:
            raise AssertionError("acts on tasks are asked of one")
        return self.task


@dataclass(frozen=True, slots=True)
class _Row:
    """`kinds`: of facts whose statuses allow the act. `events`: the least that it may record, each by itself enough;
    `nothing`: why not, where there are none."""

    kinds: frozenset[str]
    events: Callable[[CaseNow], Iterable[Fact]]
    nothing: str = ""


def _row(event: type[Fact], events: Callable[[CaseNow], Iterable[Fact]], nothing: str = "") -> _Row:
    return _Row(frozenset({event.model_fields["kind"].default}), events, nothing)


# -- on a case ----------------------------------------------------------------------------------------------------


def _retries(now: CaseNow) -> Iterable[Fact]:
    for data in now.state.data:
        needed_by = {item.department for item in now.plan.items if data in item.needs_data}
        if now.principal.department is None or now.principal.department in needed_by:
            yield LookUpRetried(data=data)


def _checks(now: CaseNow) -> Iterable[Fact]:
    for code, promise in now.state.commitments.items():
        if promise in UNDER_CHECK and now.principal.department in relying(now.plan, now.state, code):
            yield CommitmentChecked(material=code, kept=True, finding=_TEXT)


def _reviews(now: CaseNow) -> Iterable[Fact]:
    for item in now.plan.items:
        if now.principal.department is None or now.principal.department in may_question(now.plan, item.code):
            yield ReviewAsked(item=item.code, round=next_review(now.state, item.code), reason=_TEXT)


def _reissues(now: CaseNow) -> Iterable[Fact]:
    for item in now.plan.items:
        last = now.state.editions.get(item.code)
        outputs = certificate_outputs(item)
        if item.department == now.principal.department and outputs:
            n = last.n + 1 if last else 2
            yield CertificateReissued(item=item.code, outputs=outputs, edition=n, why=ReissueWhy.LOST, reissue=_TEXT)


def _periods(now: CaseNow) -> Iterable[Fact]:
    for one in now.plan.periods:
        if one.department == now.principal.department and one.kind is PeriodKind.NOTICE:
            yield NoticeObjected(period=one.code, objection=_TEXT)
        elif one.department == now.principal.department:
            yield OutsideReported(period=one.code, report=_TEXT)


def _led(now: CaseNow) -> Iterator[tuple[PlanInspection, PlannedProgress]]:
    """Planned inspections that the caller's department leads; who applies looks at all."""
    for one in now.plan.inspections:
        if now.principal.department in (None, one.department):
            yield one, now.state.planned.get(one.code, PlannedProgress())


def _offers(now: CaseNow) -> Iterable[Fact]:
    for one, standing in _led(now):
        days = tuple(now.at.date() + timedelta(days=n) for n in range(one.offered))
        yield DaysOffered(inspection=one.code, round=standing.round, days=days)


def _choices(now: CaseNow) -> Iterable[Fact]:
    for one, _ in _led(now):
        yield DayChosen(inspection=one.code)


def _days(now: CaseNow) -> Iterable[Fact]:
    for one, standing in _led(now):
        yield DaySet(inspection=one.code, before=standing.on, on=(standing.on or now.at.date()) + timedelta(days=1))


def _parts(now: CaseNow) -> Iterable[Fact]:
    for one in now.plan.inspections:
        standing = now.state.planned.get(one.code, PlannedProgress())
        for item in one.items:
            if now.plan.item_by_code[item].department == now.principal.department:
                yield PartRecorded(
                    inspection=one.code, item=item, round=standing.round, officers=one.officers, record=_TEXT
                )


def _lists(now: CaseNow) -> Iterable[Fact]:
    for one, standing in _led(now):
        yield InspectionClosed(inspection=one.code, round=standing.round, points=_TEXT)


def _mended(now: CaseNow) -> Iterable[Fact]:
    for one, standing in _led(now):
        yield PointsRectified(inspection=one.code, round=standing.round, report=_TEXT)


def _reopenings(now: CaseNow) -> Iterable[Fact]:
    for item in now.plan.items:
        yield CaseReopened(items=(item.code,), basis=_TEXT, reason=_TEXT)


def _answers(now: CaseNow, kind: ClockKind) -> Iterable[Fact]:
    """To what waits for the caller's department: about its item, or the case as a whole."""
    clocks = urges_of(now.state) if kind is ClockKind.URGE else [c for c in now.state.clocks if c.kind is kind]
    for clock in clocks:
        reply = now.state.clocks[clock].reply
        if reply is None or now.principal.department in asked_to_answer(now.plan, reply):
            said = UrgeAnswered if kind is ClockKind.URGE else SupervisionAnswered
            yield said(clock=clock, notice=_TEXT)


def _papers(now: CaseNow) -> Iterable[Fact]:
    """Of a department, what its own items look at."""
    for one in now.plan.materials:
        looking = {now.plan.item_by_code[code].department for code in one.needed_by if code in now.plan.item_by_code}
        ours = now.principal.department is None or now.principal.department in looking
        if one.source == "applicant" and ours:
            yield PapersReceived(materials=(one.code,))


def _hand_overs(now: CaseNow) -> Iterable[Fact]:
    yield LetterDelivered(letter=1, channel="counter", outcome="handed_over", happened_at=now.at)


def _supervisions(now: CaseNow) -> Iterable[Fact]:
    for item in (None, *now.state.items):
        yield Supervised(item=item, days=1, notice=_TEXT)


_NOT_LED = "没有由本部门牵头的联合查验。"
_NONE_PLANNED = "这件事没有联合查验。"
ON_CASES: Mapping[Act, _Row | frozenset[str] | None] = {
    Act.EDIT_DRAFT: _DRAFT,
    Act.DELETE_DRAFT: _DRAFT,
    Act.SUBMIT: _DRAFT,
    Act.ASK_PRECHECK: _DRAFT,
    Act.REISSUE_CODE: None,
    Act.UPLOAD_MATERIAL: _Row(_DRAFT_OR_MORE, lambda _: [Supplemented()]),
    Act.RECEIVE_PAPER: _row(PapersReceived, _papers, "没有等待您收取的纸质件。"),
    Act.SUPPLEMENT: _row(Supplemented, lambda _: [Supplemented()]),
    Act.CHOOSE_DELIVERY: _row(DeliveryChosen, lambda now: [DeliveryChosen(method=now.state.delivery)]),
    Act.WITHDRAW: _row(Withdrawn, lambda _: [Withdrawn()]),
    Act.RATE: _row(Rated, lambda _: [Rated(grade=5)]),
    Act.ACCEPT: _row(
        Accepted, lambda now: [Accepted(deferred=tuple(deferrable(now.plan, now.state)), seen=now.state.unasked)]
    ),
    Act.REJECT: _row(Rejected, lambda _: [Rejected(notice=_TEXT)]),
    Act.ASK_CORRECTIONS: _row(CorrectionsAsked, lambda _: [CorrectionsAsked(fields=(_TEXT,), notice=_TEXT)]),
    Act.RECORD_DELIVERY: _row(LetterDelivered, _hand_overs),
    Act.RETRY_LOOK_UP: _row(LookUpRetried, _retries, "没有可以由您再次查询的数据。"),
    Act.CHECK_COMMITMENT: _row(CommitmentChecked, _checks, "没有等待本部门核查的承诺。"),
    Act.ASK_REVIEW: _row(ReviewAsked, _reviews, "没有可以请部门复核的决定。"),
    Act.REISSUE_CERTIFICATE: _row(CertificateReissued, _reissues, "没有可以由本部门更正或补发的证照。"),
    Act.RECORD_PERIOD: _Row(
        frozenset({"notice_objected", "outside_reported"}), _periods, "没有由本部门登记的公告或约定的事。"
    ),
    Act.OFFER_DAYS: _row(DaysOffered, _offers, _NOT_LED),
    Act.CHOOSE_DAY: _row(DayChosen, _choices, _NONE_PLANNED),
    Act.SET_DAY: _row(DaySet, _days, _NOT_LED),
    Act.RECORD_PART: _row(PartRecorded, _parts, "没有本部门参加的联合查验。"),
    Act.CLOSE_INSPECTION: _row(InspectionClosed, _lists, _NOT_LED),
    Act.REPORT_RECTIFIED: _row(PointsRectified, _mended, _NONE_PLANNED),
    Act.REOPEN_CASE: _row(CaseReopened, _reopenings),
    Act.EXTEND_CASE: _row(
        ClockExtended, lambda _: [ClockExtended(amount=1, rank=ExtensionRank.GOVERNMENT_HEAD, notice=_TEXT)]
    ),
    Act.URGE: _row(Urged, lambda now: [Urged(by_supervisor=now.principal.role is Role.SUPERVISOR)]),
    Act.ANSWER_URGE: _row(
        UrgeAnswered, lambda now: _answers(now, ClockKind.URGE), "没有等待本部门答复的催办，可能已经答复。"
    ),
    Act.SUPERVISE: _row(Supervised, _supervisions),
    Act.ANSWER_SUPERVISION: _row(
        SupervisionAnswered,
        lambda now: _answers(now, ClockKind.SUPERVISION),
        "没有等待本部门答复的督办，可能已经答复。",
    ),
    Act.CONTACT_AFTER_RATING: _row(RatingContacted, lambda _: [RatingContacted(note=_TEXT)]),
    Act.RECTIFY_AFTER_RATING: _row(RatingRectified, lambda _: [RatingRectified(note=_TEXT)]),
}
"""What each act records; of acts that record nothing the statuses alone, by the fact that those allow; None: any."""


# -- on a task ----------------------------------------------------------------------------------------------------


def _decisions(now: CaseNow) -> Iterable[Fact]:
    if now.the_task.kind == TaskKind.UNDO:
        yield UndoneByHand(effect=now.the_task.name, round=now.round)
    else:
        seen = decides_on(now.plan, now.state, now.item)
        item = now.plan.item_by_code[now.item]
        for outcome in (one for one in item.ends_with if one.effect is not OutcomeEffect.WELL):  # which asks for more
            unmet = {one.id: False for one in item.conditions}
            yield ItemDecided(item=now.item, round=now.round, outcome=outcome.id, seen=seen, conditions=unmet)


def _returns(now: CaseNow) -> Iterable[Fact]:
    for earlier in now.plan.item_by_code[now.item].needs_items:
        yield ItemReturned(item=now.item, round=now.round, earlier=earlier, reason=_TEXT, since=now.state.submitted_at)


def _demands(now: CaseNow) -> Iterable[Fact]:
    for material in now.plan.materials:
        if material.source == "applicant" and now.item in material.needed_by:
            yield ItemCorrectionsAsked(item=now.item, materials=(material.code,), notice=_TEXT)


def _suspensions(now: CaseNow) -> Iterable[Fact]:
    for basis in PauseBasis:
        if (basis is PauseBasis.FORCE_MAJEURE) is (now.principal.role is Role.SUPERVISOR):
            yield ClockSuspended(item=now.item, basis=basis, expected_days=1, notice=_TEXT)


def _consults(now: CaseNow) -> Iterable[Fact]:
    n = now.state.consulted.get(now.item, 0) + 1
    for one in now.departments:
        if one != now.the_task.department:
            yield ConsultAsked(item=now.item, n=n, departments=(one,), limit=_ONE_DAY, question=_TEXT)


def _recalls(now: CaseNow) -> Iterable[Fact]:
    for one in now.state.consults.get(now.item, ()):
        yield ConsultTakenBack(item=now.item, numbers=(one.n,), reason=_TEXT)


def _opinions(now: CaseNow) -> Iterable[Fact]:
    n = now.the_task.name.number
    rule = next((one.rule for one in now.state.consults.get(now.item, ()) if one.n == n), None)
    yield ConsultAnswered(item=now.item, round=now.round, n=n, agrees=None if rule is None else True, opinion=_TEXT)


def _appointments(now: CaseNow) -> Iterable[Fact]:
    yield InspectionAppointed(
        n=now.state.inspected + 1, items=(now.item,), on=now.at.date(), on_day_off=True, limit=_ONE_DAY
    )


def _moves(now: CaseNow) -> Iterable[Fact]:
    n = inspection_of(now.state.inspections, now.item)
    if n is not None:
        one = now.state.inspections[n]
        yield InspectionMoved(n=n, items=one.waiting, before=one.on, on=one.on + timedelta(days=1))


def _conclusions(now: CaseNow) -> Iterable[Fact]:
    n = inspection_of(now.state.inspections, now.item)
    if n is not None:
        yield InspectionConcluded(n=n, item=now.item, passed=True, conclusion=_TEXT)


def _resolutions(now: CaseNow) -> Iterable[Fact]:
    code = now.the_task.name.subject
    comparison = now.plan.comparison_by_code.get(code)
    for which in comparison.values if comparison else ():
        yield DiscrepancyResolved(code=code, round=now.round, which=which, note=_TEXT)


def _revocations(now: CaseNow) -> Iterable[Fact]:
    asked = now.state.revocations.get(now.item)
    material = asked.material if asked else None
    review, unsupplied = (asked.review, asked.unsupplied) if asked else (False, None)
    said = RevocationDecided(item=now.item, round=now.round, revoke=False, opinion=_TEXT, material=material)
    yield said.model_copy(update={"review": review, "unsupplied": unsupplied})


_NO_INSPECTION = "该事项没有等待结论的联合踏勘。"
ON_TASKS: Mapping[Act, _Row] = {
    Act.CLAIM: _row(TaskClaimed, lambda now: [TaskClaimed(item=now.item, round=now.round)]),
    Act.RELEASE: _row(TaskReleased, lambda now: [TaskReleased(item=now.item, round=now.round)]),
    Act.TRANSFER: _row(TaskTransferred, lambda now: [TaskTransferred(item=now.item, round=now.round, to=_TEXT)]),
    Act.DECIDE: _Row(frozenset({"item_decided", "undone_by_hand"}), _decisions),
    Act.SEND_BACK: _row(ItemReturned, _returns, "本事项没有前一事项，不能退回。"),
    Act.ASK_ITEM_CORRECTIONS: _row(ItemCorrectionsAsked, _demands, "本事项没有需要申请人提交的材料，不能要求补正。"),
    Act.TAKE_BACK_DEMAND: _row(DemandTakenBack, lambda now: [DemandTakenBack(item=now.item, notice=_TEXT)]),
    Act.DECIDE_REVOCATION: _row(RevocationDecided, _revocations),
    Act.RESOLVE_DISCREPANCY: _row(DiscrepancyResolved, _resolutions),
    Act.LOOK_BY_HAND: _row(LookedByHand, lambda now: [LookedByHand(data=now.item, round=now.round, note=_TEXT)]),
    Act.CONSULT: _row(ConsultAsked, _consults, "没有其他部门可以征求意见。"),
    Act.TAKE_BACK_CONSULT: _row(ConsultTakenBack, _recalls, "没有可以撤回的征求：没有发出过，或者都有了答复。"),
    Act.GIVE_OPINION: _row(ConsultAnswered, _opinions),
    Act.APPOINT_INSPECTION: _row(InspectionAppointed, _appointments),
    Act.MOVE_INSPECTION: _row(InspectionMoved, _moves, _NO_INSPECTION),
    Act.CONCLUDE_INSPECTION: _row(InspectionConcluded, _conclusions, _NO_INSPECTION),
    Act.SUSPEND: _row(ClockSuspended, _suspensions),
    Act.RESUME: _row(ClockResumed, lambda now: [ClockResumed(item=now.item)]),
    Act.EXTEND_ITEM: _row(
        ClockExtended,
        lambda now: [ClockExtended(item=now.item, amount=1, rank=ExtensionRank.GOVERNMENT_HEAD, notice=_TEXT)],
    ),
}


# -- on an item, by who sees no tasks -----------------------------------------------------------------------------


def _gaps(now: CaseNow) -> Iterable[Fact]:
    for material in now.plan.materials:
        for code in material.needed_by if material.source == "applicant" else ():
            yield ItemCorrectionsAsked(item=code, materials=(material.code,), notice=_TEXT)


def _stops(now: CaseNow) -> Iterable[Fact]:
    for item in now.plan.items:
        yield ClockSuspended(item=item.code, basis=PauseBasis.FORCE_MAJEURE, expected_days=1, notice=_TEXT)


def _starts(now: CaseNow) -> Iterable[Fact]:
    for item in now.plan.items:
        yield ClockResumed(item=item.code)


OF_SUPERVISORS: Mapping[Act, _Row] = {
    Act.ASK_ITEM_CORRECTIONS: _row(ItemCorrectionsAsked, _gaps, "没有部门正在办理的事项可以补充告知。"),
    Act.SUSPEND: _row(ClockSuspended, _stops),
    Act.RESUME: _row(ClockResumed, _starts),
}
"""Acts on tasks that are a supervisor's, too. Tasks are not theirs to look at, so they are told with the case; which
item it is is said then."""


# -- what comes of it ---------------------------------------------------------------------------------------------


def on_case(judge: Judge, principal: Principal, now: CaseNow | None) -> tuple[AvailableAction, ...]:
    """`now` None: it is a draft."""
    rows = {**ON_CASES, **OF_SUPERVISORS} if principal.role is Role.SUPERVISOR else ON_CASES
    return tuple(
        _told(act, judge(act), partial(_why_not_on_case, row, now))
        for act, row in rows.items()
        if role_may(principal.role, act)
    )


def on_task(judge: Judge, now: CaseNow) -> tuple[AvailableAction, ...]:
    """Acts that tasks of its kind are there for."""
    return tuple(
        _told(act, judge(act), partial(_why_not_on_task, act, row, now))
        for act, row in ON_TASKS.items()
        if role_may(now.principal.role, act) and now.the_task.kind in KINDS[act]
    )


def _told(act: Act, right: Allowed | Denied, rules: Callable[[], Refusal | None]) -> AvailableAction:
    if isinstance(right, Denied):
        return AvailableAction(act=act, allowed=False, why=right.why, remedy=right.remedy)
    refusal = rules()
    return AvailableAction(act=act, allowed=refusal is None, why=refusal.detail if refusal else None)


def _why_not_on_case(row: _Row | frozenset[str] | None, now: CaseNow | None) -> Refusal | None:
    if row is None:
        return None
    kinds = row.kinds if isinstance(row, _Row) else row
    wrong = why_not_in(now.state.status if now else CaseStatus.DRAFT, kinds)
    if wrong is not None or now is None or not isinstance(row, _Row):
        return wrong
    return _why_none(row, now)


def _why_not_on_task(act: Act, row: _Row, now: CaseNow) -> Refusal | None:
    return guard_item_task(now.principal, act, now.the_task) or _why_none(row, now)


def _why_none(row: _Row, now: CaseNow) -> Refusal | None:
    """Why none of the events may happen; the first one's reason."""
    first: Refusal | None = None
    for event in row.events(now):
        claimed_by = now.task.claimed_by if now.task else None
        refusal = why_not(now.plan, now.state, event, now.at) or guard_claim(
            event, now.principal.subject, now.principal.role, claimed_by
        )
        if refusal is None:
            return None
        first = first or refusal
    return first or Refusal(FailureCode.NOT_ALLOWED_NOW, row.nothing)
