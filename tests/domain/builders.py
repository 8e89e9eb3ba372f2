"""Plans, a plain calendar and a case to play with: what the tests of the rules are written in."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal

from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.days import Calendar
from onething.domain.calendar.limits import Limit, Unit, Whose
from onething.domain.definition.bundle import DeliveryMethod, ReservationKind, TakenAt, WhenFull
from onething.domain.definition.items import Handling, OnRefusal, OutputKind, UndoBy, UndoHow
from onething.domain.definition.materials import FallbackKind, MaterialSource
from onething.domain.definition.outcomes import USUAL_OUTCOMES, WITH_LETTER, ItemKind, OutcomeEffect
from onething.domain.definition.parties import FROM_PARTY, Authority
from onething.domain.definition.periods import InspectionKind, PeriodKind, PeriodState, WhenAbsent
from onething.domain.definition.time_rules import (
    BASIS_NEEDED,
    Card,
    CheckHow,
    ClockRules,
    DueAt,
    LegalEffect,
    Missed,
    OverdueHow,
    Recipient,
    Rung,
)
from onething.domain.events.intake import Accepted, ReceivedOffline, Submitted
from onething.domain.events.lookups import LookedByHand, PartyProved
from onething.domain.events.outcomes import (
    CertificatesIssued,
    Compared,
    EffectUndone,
    NoticesSent,
    RecordFetched,
    RecordRefused,
)
from onething.domain.events.tasks import ItemDecided
from onething.domain.events.union import CommandOutcome, Fact
from onething.domain.kernel.commands import Command, CommandKind
from onething.domain.kernel.state import CaseState, CaseStatus, ItemState
from onething.domain.kernel.step_result import StepResult as Effected
from onething.domain.plan.critical_path import critical_nodes
from onething.domain.plan.plan import (
    Plan,
    PlanClocks,
    PlanCommitment,
    PlanComparison,
    PlanCondition,
    PlanData,
    PlanDue,
    PlanInspection,
    PlanItem,
    PlanMaterial,
    PlanOutcome,
    PlanOutput,
    PlanParty,
    PlanPause,
    PlanPeriod,
    PlanReservation,
)
from onething.domain.sources.compare_as import CompareAs
from tests.support.record import MemoryRecord, Taken

CALENDAR = Calendar(
    code="plain",
    version=1,
    name="周一至周五",
    covered_from=date(2026, 1, 1),
    covered_until=date(2026, 12, 31),
    holidays={},
    workdays={},
    office_hours=((time(9), time(12)), (time(14), time(17))),
)
LATER = CALENDAR.model_copy(update={"version": 2, "holidays": {date(2026, 3, 3): "停电", date(2026, 3, 11): "停水"}})
"""The next version: two local closures were told."""
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 on the wall
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


LADDER = (
    Rung(code="soon", of=LegalEffect.PROMISE, share_percent=80, tells=(Recipient.HANDLER,)),
    Rung(
        code="yellow",
        of=LegalEffect.PROMISE,
        days_left=0,
        tells=(Recipient.HANDLER, Recipient.LEADER),
        card=Card.YELLOW,
    ),
    Rung(code="before", of=LegalEffect.STATUTORY, days_left=2, tells=(Recipient.LEADER,)),
    Rung(code="red", of=LegalEffect.STATUTORY, days_after=1, tells=(Recipient.SUPERVISOR,), card=Card.RED),
)


def item(
    code: str,
    *,
    needs: Iterable[str] = (),
    periods: Mapping[str, PeriodState] = MappingProxyType({}),
    inspections: Iterable[str] = (),
    outcomes: Mapping[str, str] = MappingProxyType({}),
    data: Iterable[str] = (),
    materials: Iterable[str] = (),
    refusal: OnRefusal = OnRefusal.STOP,
    undo: UndoHow = UndoHow.STANDS,
    by: UndoBy = UndoBy.SYSTEM,
    days: int = 2,
    certificate: bool = False,
    pauses: Iterable[PauseBasis] = (),
    at_most: int = 90,
    overdue: OverdueHow = OverdueHow.ESCALATE,
    law: int = 20,
    handling: Handling = Handling.WORKBENCH,
    patience: int = 24 * 60,
    procedure: ItemKind = ItemKind.DECISION,
    conditions: Iterable[str] = (),
) -> PlanItem:
    """`patience`: minutes, with the department's system. `at_most`: working days of each of the `pauses`.
    `procedure`: what it may end with. `outcomes`: with which of theirs some of the `needs` have to end."""
    kind = OutputKind.CERTIFICATE if certificate else OutputKind.RESULT
    return PlanItem(
        code=code,
        name=f"事项 {code}",
        department=f"dep-{code}",
        promised=Limit(amount=days),
        statutory=Limit(amount=law),
        needs_items=tuple(needs),
        needs_periods=dict(periods),
        needs_inspections=tuple(inspections),
        needs_outcomes=dict(outcomes),
        needs_data=tuple(data),
        needs_materials=tuple(materials),
        outputs=(PlanOutput(id="out", name="结果", kind=kind),),
        on_refusal=refusal,
        undo=undo,
        undo_by=by,
        pauses=tuple(may_stand(basis, at_most) for basis in pauses if basis not in UNPLANNED),
        overdue=overdue,
        overdue_basis="测试条例第一条" if overdue in BASIS_NEEDED else None,
        handling=handling,
        patience_minutes=patience,
        conditions=tuple(PlanCondition(id=one, says=f"须{one}。", basis="《测试条例》第二条") for one in conditions),
        outcomes=() if procedure is ItemKind.DECISION else ends_of(procedure),
    )


def ends_of(procedure: ItemKind) -> tuple[PlanOutcome, ...]:
    """As the compiler has them."""
    return tuple(
        PlanOutcome(
            id=one.id,
            name=one.name,
            effect=one.effect,
            document=WITH_LETTER.get(procedure) if one.effect is OutcomeEffect.REFUSED else None,
        )
        for one in USUAL_OUTCOMES[procedure]
    )


def period(
    code: str,
    kind: PeriodKind = PeriodKind.NOTICE,
    *,
    days: int = 20,
    needs: Iterable[str] = (),
    after: Mapping[str, PeriodState] = MappingProxyType({}),
    outcomes: Mapping[str, str] = MappingProxyType({}),
    counts: bool = False,
    stops_law: bool = True,
) -> PlanPeriod:
    """Of so many calendar days."""
    return PlanPeriod(
        code=code,
        name=f"期间 {code}",
        kind=kind,
        length=Limit(amount=days, unit=Unit.CALENDAR_DAY, whose=Whose.PERSON),
        department=None if kind is PeriodKind.FIXED else f"dep-{code}",
        needs_items=tuple(needs),
        needs_periods=dict(after),
        needs_outcomes=dict(outcomes),
        counts=counts,
        stops_law=stops_law,
        basis="《测试条例》第十条",
    )


def inspection(
    code: str,
    *items: str,
    needs: Iterable[str] = (),
    offered: int = 2,
    officers: int = 2,
    absent: WhenAbsent = WhenAbsent.ESCALATE,
    rechecks: int = 1,
    rectify: int = 10,
    stops_law: bool = False,
) -> PlanInspection:
    """Led by the department of the first of its items. `rectify`: calendar days."""
    return PlanInspection(
        code=code,
        name=f"查验 {code}",
        kind=InspectionKind.ACCEPTANCE,
        department=f"dep-{items[0]}",
        items=items,
        needs_items=tuple(needs),
        offered=offered,
        offered_within=Limit(amount=5),
        officers=officers,
        absent=absent,
        limit=Limit(amount=5),
        rectify_within=Limit(amount=rectify, unit=Unit.CALENDAR_DAY, whose=Whose.PERSON),
        rechecks=rechecks,
        stops_law=stops_law,
        basis="《测试条例》第十一条",
    )


UNPLANNED = frozenset(
    {
        *(PauseBasis.FORCE_MAJEURE, PauseBasis.CORRECTION, PauseBasis.RETURNED),
        *(PauseBasis.PERIOD, PauseBasis.RECTIFYING),
    }
)


def may_stand(procedure: PauseBasis, at_most: int = 90) -> PlanPause:
    """`at_most`: working days. As the compiler has it, a site visit stops promises only."""
    stops_law = procedure is not PauseBasis.SITE_VISIT
    return PlanPause(
        procedure=procedure, at_most=Limit(amount=at_most), basis="《测试条例》第九条", stops_law=stops_law
    )


def record(
    key: str,
    *,
    patience: int = 60,
    releasable: bool = False,
    kind: FallbackKind = FallbackKind.MATERIAL,
    days: int | None = None,
    paper: bool | None = None,
    about: Iterable[str] | None = None,
    by: Iterable[Authority] = FROM_PARTY,
    duty: bool = False,
) -> PlanData:
    """Data to be fetched; its fallback is the material `paper-<key>`, which `make_plan` adds, but where it has none.
    `days`: of a manual check, which asks for a `paper` only when told to. `about`: the parties; None: nobody."""
    if kind is FallbackKind.MANUAL_CHECK:
        days = days or 2
    asks = kind in {FallbackKind.MATERIAL, FallbackKind.COMMITMENT} if paper is None else paper
    return PlanData(
        key=key,
        name=f"数据 {key}",
        source=f"src-{key}",
        department=f"owner-{key}",
        params={},
        patience_minutes=patience,
        fallback=f"paper-{key}" if asks else None,
        releasable=releasable,
        fallback_kind=kind,
        check_days=days,
        personal=about is not None,
        about=tuple(about or ()),
        by=tuple(by),
        duty="《测试条例》第七条" if duty else None,
    )


def party(code: str, *, speaks: bool = True, related_by: Iterable[str] = ()) -> PlanParty:
    return PlanParty(id=code, name=f"当事人 {code}", identity=f"{code}_id", speaks=speaks, related_by=tuple(related_by))


def material(
    code: str,
    *,
    required: bool = True,
    fallback_for: Iterable[str] = (),
    due: PlanDue | None = None,
    commitment: PlanCommitment | None = None,
) -> PlanMaterial:
    return PlanMaterial(
        code=code,
        name=f"材料 {code}",
        source=MaterialSource.APPLICANT,
        required=required,
        needed_by=("any",),
        fallback_for=tuple(fallback_for),
        due=due,
        commitment=commitment,
    )


def may_wait(days: int = 20, before: int = 2, missed: Missed = Missed.TERMINATE) -> PlanDue:
    return PlanDue(
        at=DueAt.BEFORE_DECISION,
        within=Limit(amount=days),
        before_promise_days=before,
        missed=missed,
        basis="测试办法第二条",
    )


def may_be_promised(days: int = 10) -> PlanCommitment:
    return PlanCommitment(check=CheckHow.ALL, within=Limit(amount=days), basis="测试办法第三条")


def owes(missed: Missed = Missed.REVOKE, days: int = 10) -> PlanDue:
    """Handed in so many working days after the decision at the latest."""
    within = Limit(amount=days, whose=Whose.PERSON)
    return PlanDue(at=DueAt.AFTER_DECISION, within=within, missed=missed, basis="《测试条例》第八条")


def decides(rectify: int | None = 5) -> PlanCommitment:
    """Of a statement that an item is decided on; what is not so may be put right in so many working days."""
    within = None if rectify is None else Limit(amount=rectify, whose=Whose.PERSON)
    says = {"says": ("场所符合标准",), "rectify": within}
    return may_be_promised().model_copy(update=says)


def make_plan(
    *items: PlanItem,
    data: Iterable[PlanData] = (),
    materials: Iterable[PlanMaterial] = (),
    days: int = 10,
    clocks: ClockRules | None = None,
    compare: Iterable[PlanComparison] = (),
    periods: Iterable[PlanPeriod] = (),
    parties: Iterable[PlanParty] = (),
    reservations: Iterable[PlanReservation] = (),
    inspections: Iterable[PlanInspection] = (),
) -> Plan:
    """Materials that items need and fallbacks of data are added when not given."""
    data, periods, inspections = tuple(data), tuple(periods), tuple(inspections)
    given = {given.code: given for given in materials}
    for one in items:
        for code in one.needs_materials:
            given.setdefault(code, material(code))
    for need in data:
        if need.fallback is not None:
            promise = may_be_promised() if need.fallback_kind is FallbackKind.COMMITMENT else None
            paper = material(need.fallback, fallback_for=(need.key,), commitment=promise)
            given.setdefault(need.fallback, paper)
    return Plan(
        bundle="test@1",
        definition_digest="0" * 64,
        name="测试一件事",
        calendar=CALENDAR.code,
        promised=Limit(amount=days),
        statutory=Limit(amount=45),
        items=items,
        periods=periods,
        inspections=inspections,
        data=data,
        materials=tuple(given.values()),
        clocks=None
        if clocks is None
        else PlanClocks(**dict(clocks), critical=critical_nodes(items, periods, inspections)),
        compare=tuple(compare),
        parties=tuple(parties),
        reservations=tuple(reservations),
    )


def shared(
    code: str,
    item: str,
    *,
    taken: TakenAt = TakenAt.SUBMISSION,
    full: WhenFull = WhenFull.NOT_ACCEPT,
    kind: ReservationKind = ReservationKind.UNIQUE,
    frees: bool = False,
) -> PlanReservation:
    """Something that several cases share, for the approval of `item`."""
    return PlanReservation(
        code=code,
        name=f"共用 {code}",
        kind=kind,
        item=item,
        taken=taken,
        full=full,
        says="另有一件在办。",
        basis="测试条例第五条",
        frees=frees,
    )


def compared(code: str, *values: str, items: Iterable[str] = ()) -> PlanComparison:
    return PlanComparison(code=code, name=f"比对 {code}", kind=CompareAs.NAME, values=values, items=tuple(items))


def by_digest(*calendars: Calendar) -> dict[str, Calendar]:
    return {calendar.digest: calendar for calendar in calendars}


class Case:
    """A case on a `MemoryRecord` with a clock to move. `other_plans` are those that a supplement may bring."""

    def __init__(
        self,
        plan: Plan,
        *,
        materials: Iterable[str] | None = None,
        commitments: Iterable[str] = (),
        checked: Iterable[str] = (),
        other_plans: Iterable[Plan] = (),
        now: datetime = MONDAY,
        says: Compared | None = None,
        licensed: Iterable[str] = (),
        delivery: DeliveryMethod = DeliveryMethod.ELECTRONIC,
        received: ReceivedOffline | None = None,
        proved: Mapping[str, Authority] = MappingProxyType({}),
        taken_in: bool = False,
        taken: Collection[str] = (),
    ) -> None:
        self.now = now
        self.record = MemoryRecord(by_digest(CALENDAR, LATER), {one.digest: one for one in (plan, *other_plans)})
        self.taken = set(taken)  # reservations that another case has
        self.record.has_another = lambda one, seq: one.code in self.taken
        brought = (
            [m.code for m in plan.materials if m.required and not m.fallback_for] if materials is None else materials
        )
        event = Submitted(
            plan=plan.digest,
            calendar=CALENDAR.digest,
            channel="online",
            materials=tuple(brought),
            commitments=tuple(commitments),
            checked=tuple(checked),
            compared=says,
            licensed=tuple(licensed),
            delivery=delivery,
            received=received,
            proved=tuple(PartyProved(party=one, by=by) for one, by in proved.items()),
            taken_in=taken_in,
        )
        self.submitted = self.record.submit(event, now)

    @property
    def state(self) -> CaseState:
        return self.record.state

    @property
    def status(self) -> CaseStatus:
        return self.state.status

    def at(self, code: str) -> ItemState:
        return self.state.items[code].state

    def say(self, event: Fact) -> Effected:
        return self.record.fact(event, self.now)

    def accept(self, *deferred: str) -> Effected:
        return self.say(Accepted(deferred=deferred, notice="notice:2" if deferred else None))

    def approve(self, code: str) -> Effected:
        return self.decide(code, self.ending(code, OutcomeEffect.WELL))

    def refuse(self, code: str) -> Effected:
        return self.decide(code, self.ending(code, OutcomeEffect.REFUSED))

    def decide(self, code: str, outcome: str, **conditions: bool) -> Effected:
        said = ItemDecided(item=code, round=self.round(code), outcome=outcome, conditions=conditions)
        return self.say(said)

    def ending(self, code: str, effect: OutcomeEffect) -> str:
        """The first outcome of the item with that effect."""
        return self.record.plan.item_by_code[code].usual(effect).id

    def round(self, code: str) -> int:
        return self.state.items[code].round

    def send_back(self, code: str, to: str) -> Effected:
        """Whoever has `code` in hand returns `to`, which it needs."""
        return self.say(self.record.sent_back(code, to))

    def command(self, kind: CommandKind, target: str | None = None) -> Command:
        """The one open command of that kind (and target)."""
        found = [c for c in self.record.open_commands(kind) if target in (None, c.target)]
        assert len(found) == 1, f"{len(found)} open commands of kind {kind}: {found}"
        return found[0]

    def targets(self, kind: CommandKind) -> list[str]:
        return [command.target for command in self.record.open_commands(kind)]

    def fetch(self, data: str) -> Taken:
        return self.comes(fetched(self.command(CommandKind.FETCH_RECORD, data)))

    def fetch_saying(self, data: str, *disagrees: str, **says: str) -> Taken:
        """The record comes with the digests of what it says, by field."""
        return self.comes(saying(self.command(CommandKind.FETCH_RECORD, data), *disagrees, **says))

    def fetch_again(self, command: Command) -> Taken:
        return self.comes(fetched(command))

    def source_refuses(self, data: str) -> Taken:
        command = self.command(CommandKind.FETCH_RECORD, data)
        return self.comes(RecordRefused(command=command.id, data=data, reason="no_record"))

    def looks(self, data: str, *, found: bool = True) -> Effected:
        """The department that owns the data has looked by hand."""
        round_no = self.state.by_hand[data].round
        reference = f"record:{data}" if found else None
        return self.say(LookedByHand(data=data, round=round_no, note=f"looked:{data}:{round_no}", record=reference))

    def system_decides(self, code: str, outcome: Literal["approve", "refuse"] = "approve") -> Effected:
        command = self.command(CommandKind.DISPATCH_ITEM, code)
        return self.say(ItemDecided(item=code, round=self.round(code), outcome=outcome, command=command.id))

    def undo(self) -> Taken:
        return self.comes(undone(self.command(CommandKind.UNDO_EFFECT)))

    def notify(self, template: str) -> Taken:
        return self.comes(NoticesSent(command=self.command(CommandKind.SEND_NOTICES, template).id, template=template))

    def comes(self, outcome: CommandOutcome | ItemDecided) -> Taken:
        return self.record.outcome(outcome, self.now)

    def wait(self, time: timedelta) -> None:
        self.now += time
        self.record.tick(self.now)

    def kinds(self) -> list[str]:
        return [line.event.kind for line in self.record.journal]

    def undo_tasks(self) -> list[str]:
        return [task.name for task in self.record.open_tasks() if task.kind == "undo"]

    def deciding(self) -> list[str]:
        return [task.name for task in self.record.open_tasks() if task.kind == "decide"]


def fetched(command: Command) -> RecordFetched:
    return RecordFetched(command=command.id, data=command.target, record=f"record:{command.target}")


def saying(command: Command, *disagrees: str, **says: str) -> RecordFetched:
    digests = {f"data.{command.target}.{field}": digest for field, digest in says.items()}
    return fetched(command).model_copy(update={"compared": digests, "disagrees": disagrees})


def undone(command: Command) -> EffectUndone:
    return EffectUndone(command=command.id, effect=command.target)


def success(command: Command, round_no: int = 1, outcome: str = "approve") -> CommandOutcome | ItemDecided:
    """What comes of a command when all goes well; a system decides at the `round_no` that it was asked at."""
    match command.kind:
        case CommandKind.DISPATCH_ITEM:
            return ItemDecided(item=command.target, round=round_no, outcome=outcome, command=command.id)
        case CommandKind.FETCH_RECORD:
            return fetched(command)
        case CommandKind.UNDO_EFFECT:
            return undone(command)
        case CommandKind.ISSUE_CERTIFICATES:
            return CertificatesIssued(command=command.id, numbers=("N1",), items=())
        case CommandKind.SEND_NOTICES:
            return NoticesSent(command=command.id, template=command.target)
    raise AssertionError(f"unknown command {command.kind}")
