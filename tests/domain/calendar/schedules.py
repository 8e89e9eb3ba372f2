"""Random plans, and random things that happen to a case: what the properties of the rules are tried on.

An act is three numbers, so that hypothesis can shrink a failing schedule to the few acts that matter. An act that is
not allowed is refused, as by the case writer, and the case goes on.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.days import local_date
from onething.domain.calendar.limits import ExtensionRank, Limit
from onething.domain.commitments import may_be_put_right
from onething.domain.deadlines.clock_kinds import DELIVERY_CLOCK, owed_clock
from onething.domain.deadlines.rules import next_wake_at
from onething.domain.definition.bundle import DeliveryMethod, TakenAt, WhenFull
from onething.domain.definition.items import Handling, OnRefusal, OutputKind, UndoBy, UndoHow
from onething.domain.definition.materials import FallbackKind
from onething.domain.definition.outcomes import ItemKind, OutcomeEffect
from onething.domain.definition.parties import PROVED, Authority
from onething.domain.definition.periods import OUTCOMES, InspectionState, PartState, PeriodKind, PeriodState, WhenAbsent
from onething.domain.definition.time_rules import ClockRules, DueAt, Missed, OverdueHow, SupplementSilence
from onething.domain.documents import DELIVERED_NAMES
from onething.domain.engine.guards import check
from onething.domain.errors import NotAllowed
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.events.consults import (
    ConsultAnswered,
    ConsultAsked,
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
    CalendarChanged,
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
    ItemCorrectionsAsked,
    PapersReceived,
    Rejected,
    StillAsked,
    Submitted,
    Supplemented,
    Withdrawn,
)
from onething.domain.events.items import CaseReopened, CertificateReissued, ItemReassigned, ItemReturned
from onething.domain.events.lookups import (
    LookedByHand,
    LookUpRetried,
    PartyConfirmed,
    PartyDeclined,
    PartyProved,
    TakenIn,
)
from onething.domain.events.outcomes import CertificatesIssued, DispatchRefused, RecordRefused
from onething.domain.events.tasks import ItemDecided, TaskClaimed
from onething.domain.events.undo import ReviewAsked, RevocationDecided, UndoneByHand
from onething.domain.events.union import CommandOutcome as OutsideSays
from onething.domain.events.union import Event, Fact
from onething.domain.inspections.planned_guards import guard_inspected
from onething.domain.items.deferral import deferrable
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.commands import Command, CommandKind
from onething.domain.kernel.custody import custodian, held_by
from onething.domain.kernel.lifecycle import FACTS_ALLOWED
from onething.domain.kernel.queries import order_of, unsigned
from onething.domain.kernel.state import (
    ALIVE,
    UNDER_CHECK,
    CaseState,
    CaseStatus,
    Commitment,
    CountersignRule,
    ItemState,
    PlannedProgress,
    Rating,
    ReissueWhy,
    Revocation,
)
from onething.domain.kernel.step_result import StepResult as Effected
from onething.domain.lookups.guards import may_promise
from onething.domain.materials import decides_on
from onething.domain.plan.plan import (
    Plan,
    PlanDue,
    PlanInspection,
    PlanItem,
    PlanMaterial,
    PlanPeriod,
    PlanReservation,
)
from onething.domain.reissue.rules import to_make_out
from onething.domain.undo.revocation import next_review
from tests.domain.builders import (
    CALENDAR,
    LADDER,
    LATER,
    MONDAY,
    by_digest,
    decides,
    inspection,
    item,
    make_plan,
    material,
    may_be_promised,
    may_wait,
    owes,
    party,
    period,
    record,
    shared,
    success,
)
from tests.support.record import Line, MemoryRecord

ACTS = (
    *("accept",) * 3,
    *("take_in",) * 2,
    *("confirm",) * 2,
    *("decline",) * 2,
    "renumber",
    *("approve",) * 8,
    *("refuse",) * 2,
    *("succeed",) * 8,
    *("source_refuses",) * 2,
    *("repeat",) * 5,
    *("supplement",) * 4,
    *("wait",) * 4,
    *("wake",) * 3,
    *("undo_by_hand",) * 2,
    *("corrections",) * 3,
    *("replan",) * 2,
    *("ask_anew",) * 2,
    *("retry",) * 2,
    *("look",) * 4,
    *("promise",) * 2,
    *("suspend",) * 3,
    *("resume",) * 2,
    *("urge",) * 2,
    *("answer_urge",) * 2,
    *("supervise",) * 2,
    *("answer_supervision",) * 2,
    *("consult",) * 3,
    *("answer",) * 2,
    *("inspect",) * 2,
    "move_inspection",
    "conclude",
    *("offer_days",) * 2,
    *("choose_day",) * 2,
    "set_day",
    *("record_part",) * 4,
    *("close_inspection",) * 2,
    *("mended",) * 2,
    *("object",) * 2,
    *("report",) * 2,
    "extend",
    "calendar",
    *("reassign",) * 2,
    *("send_back",) * 3,
    *("check",) * 2,
    *("revoke",) * 2,
    *("reissue",) * 2,
    *("hand_in",) * 2,
    *("reopen",) * 2,
    "rate",
    "choose_delivery",
    "deliver",
    "contact",
    "rectify",
    "claim",
    "withdraw",
    "reject",
)


_SET_ASIDE = (ItemState.REFUSED, ItemState.LAPSED, ItemState.UNDONE)
TWO_DAYS = Limit(amount=2)
RULES = (
    None,
    ClockRules(ladder=LADDER),
    ClockRules(joint=True, supplement=TWO_DAYS),
    ClockRules(supplement=TWO_DAYS, supplement_silence=SupplementSilence.GO_ON, ladder=LADDER),
)


Picked = TypeVar("Picked")


class Act(NamedTuple):
    name: str
    pick: int
    minutes: int


class Step(NamedTuple):
    before: CaseState | None
    line: Line
    effected: Effected


@dataclass
class WatchedRecord(MemoryRecord):
    """Keeps what every step was given and gave."""

    steps: list[Step] = field(default_factory=list)

    def _write(self, event: Event, at: datetime) -> Effected:
        before = self._state
        effected = super()._write(event, at)
        self.steps.append(Step(before, self.journal[-1], effected))
        return effected


@cache
def _some_of(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True).map(sorted) if values else st.just([])


def some_of(values: Iterable[str]) -> st.SearchStrategy[list[str]]:
    return _some_of(tuple(values))


# Built once: hypothesis takes longer to look through a new strategy than to draw from a known one.
GO_ON = Missed.GO_ON
DEFERRING = st.sampled_from([None, None, may_wait(1, 0), may_wait(3, 2), may_wait(20, 1, GO_ON), may_wait(1, 0, GO_ON)])
OWING = st.sampled_from([None, Missed.REVOKE, Missed.RECTIFY])
PROMISING = st.sampled_from([None, None, may_be_promised(2), decides(1), decides(None)])
FALLBACK = st.sampled_from([*(FallbackKind.MATERIAL,) * 3, *FallbackKind])
ABOUT = st.sampled_from([None, None, None, (), ("x0",), ("x1",), ("x0", "x1")])
PROOFS = st.dictionaries(st.sampled_from(["x0", "x1"]), st.sampled_from(PROVED))
PATIENCE = st.sampled_from([1, 60, 3000])
REFUSAL = st.sampled_from([OnRefusal.GO_ON, OnRefusal.SKIP_DEPENDANTS, OnRefusal.STOP])
ONE_OF_FOUR = st.sampled_from([True, False, False, False])
GOES_ON = st.sampled_from([OnRefusal.GO_ON, OnRefusal.SKIP_DEPENDANTS])
UNDO = st.sampled_from([*(UndoHow.STANDS,) * 2, *UndoHow])
UNDO_BY = st.sampled_from(UndoBy)
OVERDUE = st.sampled_from(OverdueHow)
LAW = st.sampled_from([1, 3, 20])
CONDITIONS = st.sampled_from([(), (), ("a", "b")])
REFUSABLE = st.sampled_from([*(ItemKind.DECISION,) * 3, ItemKind.FILING, ItemKind.VERIFICATION])
PROCEDURE = st.sampled_from([*(ItemKind.DECISION,) * 3, *ItemKind])
HANDLING = st.sampled_from([*(Handling.WORKBENCH,) * 3, Handling.SYSTEM])
ORDER_PATIENCE = st.sampled_from([24 * 60, 6 * 24 * 60])
PERIOD = st.sampled_from(PeriodKind)
TAKEN = st.sampled_from(TakenAt)
SHARES = st.integers(0, 2)
GIVEN = {count: st.sampled_from([f"i{n}" for n in range(count)]) for count in range(1, 9)}
FULL = st.sampled_from(WhenFull)
PAUSES = st.sampled_from([(), tuple(PauseBasis)])
CLOCK_RULES = st.sampled_from(RULES)


@st.composite
def plan_pairs(draw: st.DrawFn, *, linked: bool = False, stops: bool = True) -> tuple[Plan, Plan]:
    """Two plans of one definition, for other answers: the second lacks some items, data and materials. `linked`: each
    item needs one before it. `stops`: the refusal of an item may end the case."""
    keys = [f"d{n}" for n in range(draw(st.integers(0, 4)))]
    papers = [f"m{n}" for n in range(draw(st.integers(0, 3)))]
    rules = [draw(DEFERRING) for _ in papers]
    data = [
        record(
            key,
            patience=draw(PATIENCE),
            releasable=draw(st.booleans()),
            kind=(kind := draw(FALLBACK)),
            paper=(paper := draw(st.booleans()) if kind is FallbackKind.MANUAL_CHECK else None),
            about=(about := draw(ABOUT)),
            # as the linter has it: where nobody can agree, and where nothing takes its place, an office asks by law
            duty=about == () or paper is False or kind is FallbackKind.WAIT or draw(st.booleans()),
        )
        for key in keys
    ]
    parties = [party("x0", related_by=papers[:1]), party("x1", speaks=draw(st.booleans()))]
    periods: list[PlanPeriod] = []
    needed = keys[: draw(st.integers(0, len(keys)))]  # what nobody needs is looked up all the same
    items = []
    for n in range(draw(st.integers(3 if linked else 1, 8))):
        earlier = [one.code for one in items]
        at_least = {draw(st.sampled_from(earlier))} if linked and n else set()
        if n and draw(ONE_OF_FOUR) and len(periods) < 3:
            before = draw(some_of(earlier))
            periods.append(
                period(
                    f"p{len(periods)}",
                    draw(PERIOD),
                    days=draw(LAW),
                    needs=before,
                    outcomes=draw(_ends_of([one for one in items if one.code in before])),
                    after=draw(_endings(periods)),
                    counts=draw(st.booleans()),
                    stops_law=draw(st.booleans()),
                )
            )
        needs = {*draw(some_of(earlier)), *at_least}
        ends = draw(_ends_of([one for one in items if one.code in needs]))
        after = draw(_endings(periods))
        through = [one for one in periods if one.code in after]
        items.append(
            item(
                f"i{n}",
                needs=sorted({*needs, *(code for one in through for code in one.needs_items)}),
                periods=after,
                outcomes={code: one for each in through for code, one in each.needs_outcomes.items()} | ends,
                data=draw(some_of(needed)),
                materials=draw(some_of(papers)),
                refusal=draw(REFUSAL if stops else GOES_ON),
                undo=draw(UNDO),
                by=draw(UNDO_BY),
                days=draw(st.integers(0, 3)),
                overdue=(overdue := draw(OVERDUE)),
                law=draw(LAW),
                pauses=draw(PAUSES),
                certificate=draw(st.booleans()),
                handling=draw(HANDLING),
                conditions=draw(CONDITIONS),
                procedure=draw(PROCEDURE if overdue is not OverdueHow.REFUSE else REFUSABLE),
                patience=draw(ORDER_PATIENCE),
            )
        )
    promises = [draw(PROMISING) for _ in papers]
    pairs = zip(papers, rules, promises, strict=True)
    asked = [material(code, due=rule, commitment=promise) for code, rule, promise in pairs]
    extra = [material("optional", required=False), *([handed_in_for(items)] if draw(st.booleans()) else [])]
    if (missed := draw(OWING)) is not None:
        extra.append(owed_by(items, missed))
    clocks = draw(CLOCK_RULES)
    shares = [
        shared(f"r{n}", draw(GIVEN[len(items)]), taken=draw(TAKEN), full=draw(FULL), frees=draw(ONE_OF_FOUR))
        for n in range(draw(SHARES))
    ]
    inspections = draw(_inspections(items)) if draw(ONE_OF_FOUR) else []
    if inspections:
        items = [one.model_copy(update={"needs_inspections": draw(_after(one, inspections))}) for one in items]
    whole = make_plan(
        *items,
        data=data,
        materials=[*asked, *extra],
        clocks=clocks,
        periods=periods,
        inspections=inspections,
        parties=parties,
        reservations=shares,
    )
    kept_items = set(draw(some_of([one.code for one in items[1:]]))) | {"i0"}
    kept_data = set(draw(some_of(keys)))
    fewer = [
        one.model_copy(
            update={
                "needs_items": tuple(code for code in one.needs_items if code in kept_items),
                "needs_data": tuple(key for key in one.needs_data if key in kept_data),
                "needs_outcomes": {code: ends for code, ends in one.needs_outcomes.items() if code in kept_items},
            }
        )
        for one in items
        if one.code in kept_items
    ]
    after_fewer = [
        one.model_copy(
            update={
                "needs_items": tuple(code for code in one.needs_items if code in kept_items),
                "needs_outcomes": {code: ends for code, ends in one.needs_outcomes.items() if code in kept_items},
            }
        )
        for one in periods
    ]
    kept = [one for one in data if one.key in kept_data]
    kept_shares = [one for one in shares if one.item in kept_items]
    with_fewer = [
        one.model_copy(
            update={
                "items": tuple(code for code in one.items if code in kept_items),
                "needs_items": tuple(code for code in one.needs_items if code in kept_items),
            }
        )
        for one in inspections
    ]
    return whole, make_plan(
        *fewer,
        data=kept,
        materials=extra,
        clocks=clocks,
        periods=after_fewer,
        inspections=with_fewer,
        reservations=kept_shares,
        parties=parties,
    )


@st.composite
def _inspections(draw: st.DrawFn, items: list[PlanItem]) -> list[PlanInspection]:
    """One, of items none of which needs another of it, as the linter has it."""
    givers: dict[str, set[str]] = {}
    for one in items:  # in an order in which each comes after what it needs
        givers[one.code] = {need for code in one.needs_items for need in (code, *givers[code])}
    chosen: list[str] = []
    for code in draw(some_of([one.code for one in items])):
        if not any(other in givers[code] or code in givers[other] for other in chosen):
            chosen.append(code)
    if not chosen:
        return []
    common = set.intersection(*(givers[code] for code in chosen))
    return [
        inspection(
            "v0",
            *chosen,
            needs=draw(some_of(sorted(common))),
            offered=draw(st.integers(1, 2)),
            officers=draw(st.integers(1, 2)),
            absent=draw(st.sampled_from(WhenAbsent)),
            rechecks=draw(st.integers(1, 2)),
            rectify=draw(LAW),
            stops_law=draw(st.booleans()),
        )
    ]


def _after(one: PlanItem, inspections: list[PlanInspection]) -> st.SearchStrategy[tuple[str, ...]]:
    """What needs an item of it may wait for it too."""
    may = [each.code for each in inspections if set(one.needs_items) & set(each.items)]
    return st.sampled_from([(), tuple(may)])


def _endings(periods: list[PlanPeriod]) -> st.SearchStrategy[dict[str, PeriodState]]:
    """Which of them something comes after, and how they have to end for that."""
    if not periods:
        return st.just({})
    last = periods[-1]
    return st.sampled_from([{}, *({last.code: outcome} for outcome in OUTCOMES[last.kind])])


def _ends_of(items: list[PlanItem]) -> st.SearchStrategy[dict[str, str]]:
    """With which outcome the last of them has to end; mostly with any."""
    if not items:
        return st.just({})
    last = items[-1]
    return st.sampled_from([{}, {}, *({last.code: one.id} for one in last.ends_with)])


def handed_in_for(items: list[PlanItem]) -> PlanMaterial:
    """For the certificates of every other item an old one is handed in."""
    old = material("old", due=PlanDue(at=DueAt.ISSUE, basis="测试条例第四条"))
    outputs = [one.code for one in items[::2] if one.outputs[0].kind is OutputKind.CERTIFICATE]
    return old.model_copy(update={"needed_by": tuple(outputs)})


def owed_by(items: list[PlanItem], missed: Missed) -> PlanMaterial:
    """After every other decision a paper is to be handed in."""
    paper = material("owed", due=owes(missed, 2))
    return paper.model_copy(update={"needed_by": tuple(one.code for one in items[1::2])})


an_act = st.builds(Act, st.sampled_from(ACTS), st.integers(0, 255), st.sampled_from([0, 1, 30, 61, 1500, 6000]))
# left alone, hypothesis draws lists of about five
ACT_LISTS = {least: st.lists(an_act, min_size=least, max_size=50) for least in (0, 10, 25)}
AT_LEAST = st.sampled_from(list(ACT_LISTS))
LATE = st.lists(an_act, max_size=10)
REOPENED = st.builds(Act, st.just("reopen"), st.integers(0, 255), st.sampled_from([0, 1500]))
NEVER_STOPPED = plan_pairs(linked=True, stops=False)
# how items come to be refused, before what was deferred has come
REFUSING = (*("refuse",) * 4, *("approve",) * 4, *("succeed",) * 3, "wait", "choose_delivery")
# and approvals to be revoked
REVOKING = (*("review",) * 3, *("revoke",) * 3, *("succeed",) * 5, "wait", "deliver", "reissue", "hand_in")
CLOSING, CLOSED = (
    st.lists(
        st.builds(Act, st.sampled_from(of), st.integers(0, 255), st.sampled_from([1, 30, 1500])),
        min_size=least,
        max_size=14,
    )
    for of, least in ((REFUSING, 0), (REVOKING, 6))
)


PLANS = plan_pairs()
LINKED_PLANS = plan_pairs(linked=True)
# what happens at departments, to items that need each other
AT_DEPARTMENTS = (
    *("approve",) * 8,
    *("send_back",) * 5,
    *("succeed",) * 4,
    *("repeat", "wait", "wake", "undo_by_hand", "check", "answer") * 2,
    *("refuse", "suspend", "resume", "ask_anew", "supplement", "urge", "consult", "inspect", "extend"),
    *("source_refuses", "calendar", "reassign", "revoke", "withdraw"),
)
BUSY = st.lists(
    st.builds(Act, st.sampled_from(AT_DEPARTMENTS), st.integers(0, 255), st.sampled_from([1, 30, 1500, 6000])),
    min_size=20,
    max_size=50,
)


@st.composite
def played(draw: st.DrawFn) -> "Play":
    """A case to which some fifty random things have happened; half of the cases were then brought to their end, after
    which late answers may still come, and the case may be reopened. Of four, one was closed with a refusal, mostly,
    reopened, and then the same."""
    if draw(ONE_OF_FOUR):
        return draw(reopened())
    busy = draw(st.booleans())
    plans = draw(LINKED_PLANS if busy else PLANS)
    first, other = plans if busy else draw(st.permutations(plans))
    brought = draw(some_of([material.code for material in first.materials]))
    offered = [m.code for m in first.materials if m.commitment is not None and m.code not in brought]
    promised = draw(some_of(offered))
    play = Play(
        first,
        other,
        brought=brought,
        promised=promised,
        checked=draw(some_of(promised)),
        proofs=draw(PROOFS),
        taken_in=draw(st.booleans()),
    )
    if busy:
        play.get_going()
    for act in draw(BUSY if busy else ACT_LISTS[draw(AT_LEAST)]):
        play.act(act)
    if draw(st.booleans()):
        play.bring_to_end(world_answers=draw(st.booleans()), refusals=draw(st.integers(0, 255)))
        for act in draw(LATE):
            play.act(act)
    return play


@st.composite
def reopened(draw: st.DrawFn) -> "Play":
    """A case that was closed, with what could be refused mostly refused, and reopened, up to three times."""
    first, other = draw(NEVER_STOPPED)
    play = Play(first, other, brought=[m.code for m in first.materials if not m.due])
    play.get_going(defers=True)
    for _ in range(draw(st.integers(1, 3))):
        for act in draw(CLOSING):
            play.act(act)
        play.bring_to_end(world_answers=draw(st.booleans()), refusals=draw(st.integers(0, 255)), delivers=False)
        for act in draw(CLOSED):
            play.act(act)
        if play.state.status is not CaseStatus.CLOSED:
            break
        play.act(draw(REOPENED))
        for act in draw(BUSY if draw(st.booleans()) else CLOSING):
            play.act(act)
    return play


def _has_another(one: PlanReservation, seq: int) -> bool:
    """Of what is only told, another case has it now and then; what would be waited for comes free after a while."""
    return seq % 2 == 0 if not one.blocks else seq == 1 and one.code == "r0"


class Play:
    def __init__(
        self,
        plan: Plan,
        other: Plan,
        *,
        brought: Iterable[str],
        promised: Iterable[str] = (),
        checked: Iterable[str] = (),
        proofs: Mapping[str, Authority] = MappingProxyType({}),
        taken_in: bool = False,
    ) -> None:
        self.now = MONDAY
        self.plan, self.other = plan, other
        self.record = WatchedRecord(by_digest(CALENDAR, LATER), {one.digest: one for one in (plan, other)})
        self.record.has_another = _has_another
        self.record.submit(
            Submitted(
                plan=plan.digest,
                calendar=CALENDAR.digest,
                channel="online",
                materials=tuple(brought),
                commitments=tuple(promised),
                checked=tuple(checked),
                proved=tuple(PartyProved(party=one, by=by) for one, by in proofs.items()),
                taken_in=taken_in,
            ),
            self.now,
        )

    def __repr__(self) -> str:
        lines = "\n".join(f"  {line.seq} {line.at:%m-%d %H:%M} {line.event!r}" for line in self.record.journal)
        return f"{self.plan!r}\n{lines}\n  {self.state!r}"

    @property
    def state(self) -> CaseState:
        return self.record.state

    def get_going(self, *, defers: bool = False) -> None:
        """Whatever holds up the first items is there, so that what is drawn next happens to departments. `defers`: what
        may come later has not."""
        later = deferrable(self.record.plan, self.state) if defers else ()
        missing = tuple(one for one in missing_materials(self.record.plan, self.state) if one not in later)
        if missing:
            self.record.fact(Supplemented(materials=missing), self.now)
        self.record.fact(Accepted(deferred=later), self.now)
        for command in self.record.open_commands(CommandKind.FETCH_RECORD):
            self.record.outcome(success(command), self.now)

    def act(self, act: Act) -> None:
        """Facts may come from a machine whose clock lags: `now` itself never goes back, the record copes anyway."""
        self.now += timedelta(minutes=act.minutes if act.name == "wait" else 0)
        if act.name == "wake":
            self.now = max(self.now, next_wake_at(self.state) or self.now)
        if act.name in {"wait", "wake"}:
            self.record.tick(self.now)
        elif act.name in {"succeed", "source_refuses", "repeat"}:
            self._outcome(act)
        else:
            with suppress(NotAllowed):
                self.record.fact(self.fact(act.name, act.pick), self.now)

    @staticmethod
    def refusal(command: Command) -> RecordRefused | DispatchRefused:
        if command.kind == CommandKind.DISPATCH_ITEM:
            return DispatchRefused(command=command.id, item=command.target, reason="none")
        return RecordRefused(command=command.id, data=command.target, reason="none")

    def _outcome(self, act: Act) -> None:
        if act.name == "repeat":
            choice = [row.command for row in self.record.commands.values()]
        else:
            choice = self.record.open_commands()
        if act.name == "source_refuses":
            choice = [one for one in choice if one.kind in {CommandKind.FETCH_RECORD, CommandKind.DISPATCH_ITEM}]
        if not choice:
            return
        command = choice[act.pick % len(choice)]
        if act.name == "source_refuses":
            self.record.outcome(self.refusal(command), self.now)
        else:
            with suppress(NotAllowed):  # a system may decide what can't be decided now
                self.record.outcome(self.success(command), self.now)

    def fact(self, name: str, bits: int) -> Fact:
        codes = [m.code for n, m in enumerate(self.record.plan.materials) if bits >> n & 1]
        item_code = self._pick([*self._in(ItemState.OPEN), *self.state.items], bits)
        match name:
            case "accept":
                late = deferrable(self.record.plan, self.state)
                return Accepted(deferred=late if bits & 3 else ())
            case "take_in":
                return TakenIn()
            case "confirm":
                return PartyConfirmed(party=f"x{bits & 1}")
            case "decline":
                return PartyDeclined(party=f"x{bits & 1}")
            case "renumber":
                return self._renumbered(f"x{bits & 1}", proved=bool(bits & 2))
            case "reject":
                return Rejected(notice="n")
            case "withdraw":
                return Withdrawn()
            case "retry":
                return LookUpRetried(data=self._pick([*self.state.data, "none"], bits))
            case "look":
                return self._looked(found=bool(bits & 1), pick=bits)
            case "promise":
                offered = may_promise(self.record.plan, self.state) or ("none",)
                return Supplemented(commitments=offered, checked=offered if bits & 1 else ())
            case "approve" | "refuse":
                return self._decision(item_code, approves=name == "approve", pick=bits)
            case "claim":
                return TaskClaimed(item=item_code, round=self.state.items[item_code].round)
            case "send_back":
                return self._send_back(item_code, bits)
            case "corrections":
                fields = ("name",) if bits & 1 or not codes else ()
                return CorrectionsAsked(materials=tuple(codes), fields=fields, notice="n")
            case "supplement":
                answered = self.state.fields_asked if bits & 1 else ()
                return Supplemented(materials=tuple(codes), fields=bool(answered), answered=answered)
            case "replan":
                plan = self.other if self.state.plan == self.plan.digest else self.plan
                keys = tuple(need.key for n, need in enumerate(plan.data) if bits >> n & 1)
                return Supplemented(plan=plan.digest, fields=True, refetch=keys)
            case "ask_anew":
                others = (pair for pair in self.state.asked.items() if pair[0] != item_code and bits & 1)
                also = tuple(StillAsked(item=code, materials=asked, notice="n") for code, asked in others)
                return ItemCorrectionsAsked(item=item_code, materials=tuple(codes) or ("none",), notice="n", also=also)
            case "suspend":
                basis = list(PauseBasis)[bits % len(PauseBasis)]
                return ClockSuspended(item=item_code, basis=basis, expected_days=1, notice="n")
            case "hand_in":
                return PapersReceived(materials=("owed",) if bits & 1 else ("old",))
            case "resume":
                code = self._pick([*self._in(ItemState.SUSPENDED), *self.state.items], bits)
                return ClockResumed(item=code)
            case "extend":
                code = None if bits & 1 else item_code
                return ClockExtended(item=code, amount=1 + bits % 15, rank=ExtensionRank.AGENCY_HEAD, notice="n")
            case "urge":
                return Urged(
                    item=None if bits & 1 else item_code, notice="n" if bits & 2 else None, by_supervisor=bool(bits & 4)
                )
            case "supervise":
                return Supervised(item=None if bits & 1 else item_code, days=1 + bits % 5, notice="n")
            case "answer_urge":
                return UrgeAnswered(clock=self._pick([*self._awaited("urge:"), "urge:9999"], bits), notice="n")
            case "answer_supervision":
                clock = self._pick([*self._awaited("supervise:"), "supervise:9999"], bits)
                return SupervisionAnswered(clock=clock, notice="n")
            case "consult":
                return self._consult(item_code, bits)
            case "answer":
                return self._answer(bits)
            case "inspect":
                wanted = [code for n, code in enumerate(self._in(ItemState.OPEN)) if bits >> n & 1] or [item_code]
                on, limit = local_date(self.now) + timedelta(days=bits % 4), Limit(amount=1 + bits % 3)
                return InspectionAppointed(
                    n=self.state.inspected + 1, items=tuple(wanted), on=on, on_day_off=bool(bits & 8), limit=limit
                )
            case "move_inspection":
                n, one = next(iter(self.state.inspections.items()), (1, None))
                before, items = (one.on, one.waiting) if one else (local_date(self.now), (item_code,))
                on = local_date(self.now) + timedelta(days=bits % 5)
                return InspectionMoved(n=n, items=items, before=before, on=on)
            case "conclude":
                waiting = [(n, code) for n, one in self.state.inspections.items() for code in one.waiting]
                n, code = waiting[bits % len(waiting)] if waiting else (1, item_code)
                return InspectionConcluded(n=n, item=code, passed=bool(bits & 1), conclusion="c")
            case "reassign":
                return self._reassign(item_code, bits)
            case "calendar":
                new = LATER if self.state.calendar == CALENDAR.digest else CALENDAR
                return CalendarChanged(old=self.state.calendar, new=new.digest)
            case "check":
                to_check = [code for code, one in self.state.commitments.items() if one in UNDER_CHECK]
                code = self._pick([*to_check, "none"], bits)
                return self._checked(code, kept=bool(bits & 4))
            case "revoke":
                return self._revocation(revoke=bool(bits & 1))
            case "review":
                code = self._pick([*self._in(ItemState.APPROVED), *self.state.items], bits)
                return ReviewAsked(item=code, round=next_review(self.state, code), reason="r")
            case "reissue":
                return self._reissue(bits)
            case "reopen":
                return self._reopening(bits)
            case "rate":
                return Rated(grade=1 + bits % 5)
            case "contact":
                return RatingContacted(note="n")
            case "rectify":
                return RatingRectified(note="n")
            case "offer_days" | "choose_day" | "set_day" | "record_part" | "close_inspection" | "mended":
                return self._inspected(name, bits)
            case "object":
                return NoticeObjected(period=self._running(bits), objection="o")
            case "report":
                return OutsideReported(period=self._running(bits), report="r")
            case "choose_delivery":
                return DeliveryChosen(method=list(DeliveryMethod)[bits % 3])
            case "deliver":
                return self._delivered(*list(DELIVERED_NAMES)[bits % len(DELIVERED_NAMES)])
            case "undo_by_hand":
                tasks = self.state.undo_tasks
                task = tasks[bits % len(tasks)] if tasks else None
                return UndoneByHand(effect=task.id, round=task.round) if task else UndoneByHand(effect="none", round=1)
        raise AssertionError(name)

    def _inspected(self, name: str, bits: int) -> Fact:
        """Of an inspection of the plan: mostly the next that is to be said of it."""
        begun = [code for code, one in self.state.planned.items() if one.state is not InspectionState.CLOSED]
        code = self._pick([*begun, "v0"], bits) if bits & 7 == 7 else (begun or ["v0"])[0]
        one = self.state.planned.get(code, PlannedProgress())
        day = local_date(self.now) + timedelta(days=bits >> 4 & 3)
        match name:
            case "offer_days":
                days = (day, day + timedelta(days=1))[: 1 + (bits & 1)]
                return DaysOffered(inspection=code, round=one.round, days=days, on_day_off=bool(bits & 6))
            case "choose_day":
                on = self._pick([*one.offered], bits) if one.offered and bits & 3 else None
                return DayChosen(inspection=code, on=on)
            case "set_day":
                return DaySet(inspection=code, before=one.on, on=day, on_day_off=bool(bits & 2))
            case "record_part":
                due = [item for item, part in one.parts.items() if part.state in {PartState.DUE, PartState.ABSENT}]
                item_code = self._pick([*due, *one.parts, "i0"], bits)
                part = one.parts.get(item_code)
                known = part.points if part and one.round > 1 else ("a", "b")
                points = tuple(point for n, point in enumerate(known) if bits >> n & 1)
                return PartRecorded(
                    inspection=code, item=item_code, round=one.round, officers=1 + bits % 2, points=points, record="r"
                )
            case "close_inspection":
                return InspectionClosed(inspection=code, round=one.round, points="l")
        return PointsRectified(inspection=code, round=one.round, report="m")

    def _next_of_inspection(self, bits: int) -> Fact | None:
        """What goes on with one; None where nothing is to be said now but by the day's end."""
        for code, one in self.state.planned.items():
            today = local_date(self.now)
            due = [item for item, part in one.parts.items() if part.state is PartState.DUE]
            match one.state:
                case InspectionState.READY:
                    days = tuple(today + timedelta(days=n) for n in range(2))
                    return DaysOffered(inspection=code, round=one.round, days=days, on_day_off=True)
                case InspectionState.OFFERED if min(one.offered) >= today:
                    return DayChosen(inspection=code, on=min(one.offered))
                case InspectionState.OFFERED:
                    return DaySet(inspection=code, before=one.on, on=today, on_day_off=True)
                case InspectionState.SET | InspectionState.HELD if due and one.on is not None and one.on <= today:
                    points = one.parts[due[0]].points if one.round > 1 else ("a",) if bits & 1 else ()
                    return PartRecorded(
                        inspection=code, item=due[0], round=one.round, officers=2, points=points, record="r"
                    )
                case InspectionState.HELD if not due:
                    return InspectionClosed(inspection=code, round=one.round, points="l")
                case InspectionState.RECTIFYING if bits & 2:
                    return PointsRectified(inspection=code, round=one.round, report="m")
        return None

    def _delivered(self, channel: str, outcome: str) -> LetterDelivered:
        said = {"channel": channel, "outcome": outcome, "happened_at": self.now}
        return LetterDelivered.model_validate({"letter": self.state.result or 1, **said})

    def _renumbered(self, who: str, *, proved: bool) -> Supplemented:
        """Another number, and so another person: what was looked up with it is looked up anew."""
        about = tuple(one.key for one in self.record.plan.data if who in one.about)
        known = (PartyProved(party=who, by=Authority.OWN),) if proved else ()
        return Supplemented(fields=True, refetch=about, renumbered=(who,), proved=known)

    def _looked(self, *, found: bool, pick: int = 0) -> LookedByHand:
        waiting = [(key, one.round) for key, one in self.state.by_hand.items() if one.open]
        key, round_no = waiting[pick % len(waiting)] if waiting else ("none", 1)
        return LookedByHand(data=key, round=round_no, note="n", record=f"record:{key}" if found else None)

    def _decision(self, code: str, *, approves: bool, pick: int = 0) -> ItemDecided:
        """Well, or otherwise."""
        ends = self.record.plan.item_by_code[code].ends_with
        fitting = [one.id for one in ends if (one.effect is OutcomeEffect.WELL) is approves]
        outcome = fitting[pick % len(fitting)]
        seen = decides_on(self.record.plan, self.state, code)
        item = self.record.plan.item_by_code[code]
        held = {one.id: approves or ((pick >> n & 1) == 0 and n > 0) for n, one in enumerate(item.conditions)}
        round_no = self.state.items[code].round
        return ItemDecided(item=code, round=round_no, outcome=outcome, seen=seen, conditions=held)

    def _reissue(self, bits: int) -> CertificateReissued:
        """Mostly of certificates that are out."""
        code = self._pick([*self.state.editions, *self.state.items], bits)
        last = self.state.editions.get(code)
        why = list(ReissueWhy)[bits % len(ReissueWhy)]
        fields = ("/outputs/f",) if why is ReissueWhy.TYPING_ERROR else ()
        n = last.n + 1 if last else 2
        return CertificateReissued(item=code, outputs=("out",), edition=n, why=why, fields=fields, reissue="r")

    def _reopening(self, bits: int) -> CaseReopened:
        """Mostly of what a decision ended."""
        ended = [code for state in _SET_ASIDE for code in self._in(state)]
        some = tuple(code for n, code in enumerate(ended) if bits >> n & 1) or tuple(ended)
        return CaseReopened(items=some or ("i0",), basis="令", reason="r")

    def success(self, command: Command) -> OutsideSays | ItemDecided:
        """What comes of it when all goes well, said of the item's present round."""
        if command.kind == CommandKind.ISSUE_CERTIFICATES:
            now = self.state
            due = to_make_out(self.record.plan, now.effects, now.editions, now.materials, command.target)
            numbers = tuple(f"{code}-{one.edition}" for code, one in due.items())
            return CertificatesIssued(command=command.id, numbers=numbers, items=tuple(due))
        progress = self.state.items.get(command.target)
        if progress is None:
            return success(command)
        return success(command, progress.round, self._decision(command.target, approves=True).outcome)

    def _send_back(self, code: str, bits: int) -> ItemReturned:
        """Mostly something that was approved."""
        wanted = [
            (one, need)
            for one in self._in(ItemState.OPEN)
            for need in self.record.plan.item_by_code[one].needs_items
            if self.state.items[need].state is ItemState.APPROVED
        ]
        return self.record.sent_back(*(wanted[bits % len(wanted)] if wanted else (code, "i0")))

    def _to_revoke(self) -> bool:
        return any(one.revoked is None for one in self.state.revocations.values())

    def _checked(self, material: str, *, kept: bool) -> CommitmentChecked:
        known = material in self.record.plan.material_by_code
        rectify = known and not kept and may_be_put_right(self.record.plan, self.state, material)
        return CommitmentChecked(material=material, kept=kept, finding="f", rectify=rectify)

    def _revocation(self, *, revoke: bool) -> RevocationDecided:
        waiting = [(code, one) for code, one in self.state.revocations.items() if one.revoked is None]
        code, one = waiting[0] if waiting else ("none", Revocation(round=1))
        said = RevocationDecided(item=code, round=one.round, revoke=revoke, opinion="o", material=one.material)
        return said.model_copy(update={"review": one.review, "unsupplied": one.unsupplied})

    def _owing(self) -> bool:
        clock = self.state.clocks.get(owed_clock("owed"))
        return clock is not None and clock.state in ALIVE

    def _consult(self, code: str, bits: int) -> ConsultAsked:
        asked = tuple(f"dep-i{n}" for n in range(3) if bits >> n & 1) or ("dep-other",)
        n = len(self.state.consults.get(code, ())) + 1
        rule = (None, None, CountersignRule.ALL, CountersignRule.ANY)[bits >> 3 & 3]
        return ConsultAsked(
            item=code, n=n, departments=asked, rule=rule, limit=Limit(amount=1 + bits % 5), question="q"
        )

    def _reassign(self, code: str, bits: int) -> ItemReassigned:
        """Mostly of what its department has still to see to, now and then of what is over."""
        before = custodian(self.record.plan, self.state, code) or ""
        owed = list(held_by(self.record.plan, self.state, before)) if bits & 7 else []
        what = owed[bits % len(owed)] if owed else None
        item, consult = (what.item, what.consult) if what else (code, None)
        return ItemReassigned(item=item, before=before, department=f"dep-x{bits & 1}", basis="令", consult=consult)

    def _answer(self, bits: int) -> ConsultAnswered:
        waiting = [(code, one) for code, all_ in self.state.consults.items() for one in all_ if one.answer is None]
        if not waiting:
            return ConsultAnswered(item="i0", round=1, n=1, opinion="o")
        code, one = waiting[bits % len(waiting)]
        agrees = None if one.rule is None else bool(bits & 64)
        round_no = self.state.items[code].round
        return ConsultAnswered(item=code, round=round_no, n=one.n, agrees=agrees, opinion="o")

    @staticmethod
    def _pick(values: list[Picked], number: int) -> Picked:
        return values[number % len(values)]

    def _awaited(self, prefix: str) -> list[str]:
        return [name for name in self.state.clocks if name.startswith(prefix)]

    def _running(self, bits: int) -> str:
        running = [code for code, state in self.state.periods.items() if state is PeriodState.RUNNING]
        return self._pick(running or ["p0"], bits)

    def _in(self, wanted: ItemState) -> list[str]:
        return [code for code, progress in self.state.items.items() if progress.state is wanted]

    def _undelivered(self) -> bool:
        clock = self.state.clocks.get(DELIVERY_CLOCK)
        return clock is not None and clock.state in ALIVE

    def bring_to_end(self, *, world_answers: bool, refusals: int = 0, delivers: bool = True) -> None:
        """What is allowed, one thing after another, until nothing is left but what waits for a person's undoing.

        With `world_answers=False` only people act and time passes: patience must see to the rest. Each bit of
        `refusals` makes one decision a refusal. Unless it `delivers`, the result may be left at the window.
        """
        bound = 60 + 6 * (len(self.record.commands) + len(self.plan.items) + len(self.plan.data))
        bound += 40 * len(self.plan.inspections)
        for _ in range(bound):
            self.record.tick(self.now)  # a new calendar may have brought a moment that has passed
            to_check = any(one in UNDER_CHECK for one in self.state.commitments.values())
            undecided = self._to_revoke()
            owed = (
                to_check
                or undecided
                or self._owing()
                or (delivers and self._undelivered())
                or self.state.rating in {Rating.TO_CONTACT, Rating.TO_RECTIFY}
            )
            if self.state.ended and not self.state.commands and not owed:
                return
            self._one_step_on(world_answers, refusals)
        raise AssertionError(f"not at an end after {bound} steps: {self!r}")

    def _may_come(self, command: Command) -> bool:
        """A system's decision has to be allowed as any other."""
        answer = self.success(command)
        with suppress(NotAllowed):
            if isinstance(answer, ItemDecided):
                check(self.record.plan, self.state, answer, self.now)
            return True
        return False

    def _is_inspected(self, code: str) -> bool:
        """Whether it may be decided, as far as an inspection goes in which it takes part."""
        return guard_inspected(self.record.plan, self.state, self._decision(code, approves=False)) is None

    def _has_failed(self, code: str) -> bool:
        parts = (one.parts.get(code) for one in self.state.planned.values())
        return any(part is not None and part.state is PartState.FAILED for part in parts)

    def _one_step_on(self, world_answers: bool, refusals: int) -> None:
        status, missing = self.state.status, missing_materials(self.record.plan, self.state)
        commands = self.record.open_commands()
        if not world_answers:
            commands = [command for command in commands if command.patience_at is None]
        commands = [command for command in commands if self._may_come(command)]
        if commands:
            self.record.outcome(self.success(commands[-1]), self.now)
        elif self.state.rating in {Rating.TO_CONTACT, Rating.TO_RECTIFY}:
            act = "contact" if self.state.rating is Rating.TO_CONTACT else "rectify"
            self.record.fact(self.fact(act, 0), self.now)
        elif self.state.ended and self.state.result is not None and self._undelivered():
            self.record.fact(self._delivered("counter", "handed_over"), self.now)
        elif to_check := [code for code, one in self.state.commitments.items() if one in UNDER_CHECK]:
            kept = self.state.commitments[to_check[0]] is Commitment.RECTIFYING
            self.record.fact(self._checked(to_check[0], kept=kept), self.now)
        elif status in FACTS_ALLOWED["revocation_decided"] and self._to_revoke():
            self.record.fact(self._revocation(revoke=bool(refusals & 1)), self.now)
        elif self.state.ended and self._owing() and refusals & 2:
            self.record.fact(PapersReceived(materials=("owed",)), self.now)
        elif status in {CaseStatus.SUBMITTED, CaseStatus.CORRECTION} and (missing or self.state.fields_asked):
            answered = self.state.fields_asked
            self.record.fact(Supplemented(materials=missing, fields=bool(answered), answered=answered), self.now)
        elif status is CaseStatus.SUBMITTED:
            self.record.fact(Accepted(), self.now)
        elif self.state.deferred:
            self.record.fact(Supplemented(materials=self.state.deferred), self.now)
        elif (said := self._next_of_inspection(refusals)) is not None:
            self.record.fact(said, self.now)
        elif opened := [
            code
            for code in self._in(ItemState.OPEN)
            if not order_of(self.state.commands, code) and self._is_inspected(code)
        ]:
            refuses = (
                refusals >> len(self.record.events("item_decided")) & 1
                or unsigned(self.state, opened[-1])
                or self._has_failed(opened[-1])
            )
            self.record.fact(self._decision(opened[-1], approves=not refuses), self.now)
        elif standing := self._in(ItemState.SUSPENDED):
            self.record.fact(ClockResumed(item=standing[0]), self.now)
        elif missing and status in {CaseStatus.ACCEPTED, CaseStatus.PROCESSING}:
            self.record.fact(Supplemented(materials=missing), self.now)
        elif any(one.open for one in self.state.by_hand.values()):
            self.record.fact(self._looked(found=not refusals & 1), self.now)
        elif any(one.told for one in self.state.waits.values()):
            self.record.fact(Withdrawn(), self.now)  # nobody but the source can go on with it
        else:
            wake = next_wake_at(self.state)
            assert wake is not None, f"nothing left to do, and not at an end: {self!r}"
            self.now = max(self.now, wake)
            self.record.tick(self.now)
