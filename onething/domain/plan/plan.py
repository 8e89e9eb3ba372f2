"""The plan of one case: a definition compiled with the answers. Immutable, keyed by digest, a few KB."""

from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from onething.domain.base import Keyed, Strict
from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import ExtensionRank, Limit
from onething.domain.definition.bundle import ReservationKind, TakenAt, WhenFull
from onething.domain.definition.items import Handling, Nature, OnRefusal, OutputKind, Remedies, UndoBy, UndoHow
from onething.domain.definition.materials import FallbackKind, MaterialSource
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.parties import FROM_PARTY, Authority
from onething.domain.definition.periods import InspectionKind, PeriodKind, PeriodState, WhenAbsent
from onething.domain.definition.time_rules import (
    BASIS_NEEDED,
    CheckHow,
    ClockRules,
    CorrectionRule,
    DueAt,
    DueRule,
    OverdueHow,
    PauseRule,
)
from onething.domain.sources.compare_as import CompareAs


class PlanOutput(Strict):
    id: str
    name: str
    kind: OutputKind


class PlanOutcome(Strict):
    """What an item may end with. `document`: the letter that tells of it."""

    id: str
    name: str
    effect: OutcomeEffect
    document: str | None = None


class PlanCondition(Strict):
    """What has to be so for an item to end well."""

    id: str
    says: str
    basis: str


class PlanPause(PauseRule):
    basis: str  # the text that requires it
    stops_law: bool = False  # the statutory clocks too


class PlanExtension(Strict):
    """More time that an article allows, once, of the statutory limit's unit."""

    amount: int
    approver: ExtensionRank
    basis: str


class PlanItem(Strict):
    code: str
    name: str
    department: str
    promised: Limit
    statutory: Limit | None  # none: no law sets one
    needs_items: tuple[str, ...] = ()  # items of this plan whose outputs it needs
    needs_periods: dict[str, PeriodState] = Field(default_factory=dict)  # period → how it has to end
    needs_inspections: tuple[str, ...] = ()  # that have to be closed
    needs_outcomes: dict[str, str] = Field(default_factory=dict)  # item of these → the outcome that it needs
    needs_materials: tuple[str, ...] = ()  # required materials that the applicant supplies
    needs_data: tuple[str, ...] = ()
    outputs: tuple[PlanOutput, ...] = ()
    on_refusal: OnRefusal
    undo: UndoHow = UndoHow.STANDS
    undo_by: UndoBy = UndoBy.PEOPLE
    extension: PlanExtension | None = None  # none: its time is not extended
    pauses: tuple[PlanPause, ...] = ()  # procedures that may stop its time; force majeure always may
    overdue: OverdueHow = OverdueHow.ESCALATE
    overdue_basis: str | None = None  # the article, where silence decides
    handling: Handling = Handling.WORKBENCH
    patience_minutes: int = 24 * 60  # with the department's system; then its people decide
    nature: Nature = Nature.LICENCE
    act: str = "许可"  # what is granted or not: 准予许可, 不予许可
    remedies: Remedies = Remedies.REVIEW_AND_COURT
    ends_person: str | None = None  # the form field with the number of who is no more once it is approved
    basis: tuple[str, ...] = ()  # titles with articles that the matter rests on; what is only assumed is none
    outcomes: tuple[PlanOutcome, ...] = ()  # none: it is granted or refused
    conditions: tuple[PlanCondition, ...] = ()  # each of which a decision says whether it is met

    @property
    def comes_after(self) -> bool:
        return bool(self.needs_items or self.needs_periods or self.needs_inspections)

    @property
    def ends_with(self) -> tuple[PlanOutcome, ...]:
        """What it may end with."""
        return self.outcomes or (
            _APPROVED,
            _REFUSED.model_copy(update={"document": refusal_title(self.act, self.nature)}),
        )

    def outcome(self, code: str | None) -> PlanOutcome | None:
        return next((one for one in self.ends_with if one.id == code), None)

    def effect(self, code: str | None) -> OutcomeEffect | None:
        """What follows from the outcome; None where it has none of that code."""
        found = self.outcome(code)
        return found.effect if found else None

    def usual(self, effect: OutcomeEffect) -> PlanOutcome:
        """The first outcome with that effect: what silence, and a system's late word, bring."""
        return next(one for one in self.ends_with if one.effect is effect)

    def ended_well(self, code: str | None = None) -> str:
        """How it says that it ended well: 准予; in words of its own “已备案”. `code`: of the outcome, if known."""
        known = self.outcome(code)
        outcome = known if known is not None and known.effect is OutcomeEffect.WELL else self.usual(OutcomeEffect.WELL)
        return f"“{outcome.name}”" if self.outcomes else outcome.name

    def pause_for(self, procedure: PauseBasis) -> PlanPause | None:
        return next((one for one in self.pauses if one.procedure is procedure), None)

    @model_validator(mode="after")
    def _silence_needs_a_basis(self) -> Self:
        if self.overdue in BASIS_NEEDED and not self.overdue_basis:
            raise ValueError(f"{self.code}: {self.overdue} without a basis")
        return self

    @model_validator(mode="after")
    def _may_end_well(self) -> Self:
        effects = {one.effect for one in self.ends_with}
        if OutcomeEffect.WELL not in effects:
            raise ValueError(f"{self.code}: no outcome is well")
        if self.overdue is OverdueHow.REFUSE and OutcomeEffect.REFUSED not in effects:
            raise ValueError(f"{self.code}: silence refuses, no outcome does")
        return self


def refusal_title(act: str, nature: Nature) -> str:
    """A refusal is called by what was refused: 不予登记决定书. What is no act of an authority decides nothing."""
    return f"不予{act}{'告知书' if nature is Nature.UTILITY else '决定书'}"


_APPROVED = PlanOutcome(id="approve", name="准予", effect=OutcomeEffect.WELL)
_REFUSED = PlanOutcome(id="refuse", name="不予", effect=OutcomeEffect.REFUSED)


class PlanPeriod(Strict):
    code: str
    name: str
    kind: PeriodKind
    length: Limit
    department: str | None = None
    needs_items: tuple[str, ...] = ()
    needs_periods: dict[str, PeriodState] = Field(default_factory=dict)
    needs_inspections: tuple[str, ...] = ()
    needs_outcomes: dict[str, str] = Field(default_factory=dict)
    counts: bool = False  # the promise for the whole goes on meanwhile
    stops_law: bool = False
    basis: str


class PlanParty(Strict):
    """Somebody whose number the form has in this case."""

    id: str
    name: str
    identity: str  # the form field
    speaks: bool = True
    related_by: tuple[str, ...] = ()  # materials that show kinship with them


class PlanInspection(Strict):
    code: str
    name: str
    kind: InspectionKind
    department: str  # that leads it
    items: tuple[str, ...]  # that take part
    needs_items: tuple[str, ...] = ()
    offered: int = 1  # days, at least, the first time
    offered_within: Limit
    officers: int = 1  # that sign each part, at least
    absent: WhenAbsent = WhenAbsent.ESCALATE
    limit: Limit
    rectify_within: Limit
    rechecks: int = 1
    stops_law: bool = False  # while the applicant mends
    basis: str


class PlanData(Strict):
    key: str  # code of the material that it is
    name: str
    source: str
    department: str  # owner of the source
    params: dict[str, str]
    patience_minutes: int
    fallback: str | None = None  # material code
    releasable: bool  # the look-up leaves something at the source that undoing must release
    fallback_kind: FallbackKind = FallbackKind.MATERIAL
    check_days: int | None = None  # working days of a manual check
    personal: bool = False  # it is about somebody: asked for by authority alone
    about: tuple[str, ...] = ()  # parties with whose numbers it is asked for; none: nobody knows whom it is about
    by: tuple[Authority, ...] = FROM_PARTY  # what of theirs will do
    duty: str | None = None  # the basis by which a department has to ask

    @model_validator(mode="after")
    def _fallback_is_complete(self) -> Self:
        asks = self.fallback_kind in {FallbackKind.MATERIAL, FallbackKind.COMMITMENT}
        if (asks and self.fallback is None) or (self.fallback_kind is FallbackKind.WAIT and self.fallback is not None):
            raise ValueError(f"{self.key}: {self.fallback_kind} with the material {self.fallback}")
        if (self.fallback_kind is FallbackKind.MANUAL_CHECK) != (self.check_days is not None):
            raise ValueError(f"{self.key}: {self.fallback_kind} with check_days {self.check_days}")
        return self


class PlanDue(DueRule):
    basis: str


class PlanCorrection(CorrectionRule):
    basis: str


class PlanCommitment(Strict):
    """What may be promised in place of a material. `says`: of what the item is decided on, all that is promised."""

    check: CheckHow
    within: Limit | None = None  # from the decision; none: nobody looks
    share_percent: int | None = None
    basis: str
    says: tuple[str, ...] = ()
    rectify: Limit | None = None  # to put right what was found not to be so
    bars: str | None = None

    @property
    def decides(self) -> bool:
        """Whether an item is decided on it (告知承诺 of the item): on paper it is a promise too."""
        return bool(self.says)


class PlanMaterial(Strict):
    code: str
    name: str
    source: MaterialSource
    required: bool
    needed_by: tuple[str, ...]
    output: str | None = None
    fallback_for: tuple[str, ...] = ()  # data keys; such a material is asked for only if the source gives up
    due: PlanDue | None = None  # none: it has to be there at acceptance
    commitment: PlanCommitment | None = None  # none: a promise does not take its place

    @property
    def may_wait(self) -> bool:
        """容缺: the counter may accept without it."""
        return self.due is not None and self.due.at is DueAt.BEFORE_DECISION

    @property
    def for_issue(self) -> bool:
        """It is handed in for the certificate: nothing before that waits for it."""
        return self.due is not None and self.due.at is DueAt.ISSUE

    @property
    def after_decision(self) -> bool:
        """It is handed in once an item that looks at it has ended well."""
        return self.due is not None and self.due.at is DueAt.AFTER_DECISION

    @property
    def comes_later(self) -> bool:
        """No decision waits for it."""
        return self.for_issue or self.after_decision


class PlanComparison(Strict):
    code: str
    name: str
    kind: CompareAs
    values: tuple[str, ...]  # as in a definition: those that this case has, a record's among them
    items: tuple[str, ...]  # that look at a record of it: not approved in silence while it differs

    @property
    def keys(self) -> tuple[str, ...]:
        """Of the records among the values."""
        return tuple(dict.fromkeys(key for key in map(key_of, self.values) if key is not None))


def key_of(value: str) -> str | None:
    """The data key in `data.<key>.<field>`; None for what the applicant says."""
    kind, _, rest = value.partition(".")
    return rest.partition(".")[0] if kind == "data" else None


class PlanClocks(ClockRules):
    """Present: the clocks of the law run beside those of the promises. Absent: promises are all that is counted."""

    critical: tuple[str, ...] = ()  # items and inspections whose pause, and periods that, stop the case's clocks


class PlanReporter(Strict):
    """Who applied only reports: sees a receipt and how far it is."""

    until_shown: str | None  # the material that shows that they are kin
    name: str  # form fields with whom it is about
    identity: str


class PlanReservation(Strict):
    """What this case shares with others. By what two are the same is in the definition; the record holds a digest."""

    code: str
    name: str
    kind: ReservationKind
    item: str
    taken: TakenAt
    full: WhenFull
    says: str
    basis: str
    pool: int = 1
    amount: int = 1
    frees: bool = False  # once its case is over, though it was granted

    @property
    def blocks(self) -> bool:
        return self.full is not WhenFull.FLAG


class Plan(Keyed):
    """What one case consists of. `digest` identifies it for good."""

    bundle: str  # code@version
    definition_digest: str
    name: str
    calendar: str
    promised: Limit
    statutory: Limit
    items: tuple[PlanItem, ...]
    periods: tuple[PlanPeriod, ...] = ()
    inspections: tuple[PlanInspection, ...] = ()
    data: tuple[PlanData, ...] = ()
    materials: tuple[PlanMaterial, ...] = ()
    undo_patience_minutes: int = 24 * 60  # then a department's person undoes it
    notice_patience_minutes: int = 3 * 24 * 60  # then the case goes on without
    clocks: PlanClocks | None = None
    correction: PlanCorrection | None = None
    compare: tuple[PlanComparison, ...] = ()
    reporter: PlanReporter | None = None
    parties: tuple[PlanParty, ...] = ()
    reservations: tuple[PlanReservation, ...] = ()

    @cached_property
    def item_by_code(self) -> dict[str, PlanItem]:
        return {item.code: item for item in self.items}

    @cached_property
    def party_by_id(self) -> dict[str, PlanParty]:
        return {party.id: party for party in self.parties}

    @cached_property
    def period_by_code(self) -> dict[str, PlanPeriod]:
        return {period.code: period for period in self.periods}

    @cached_property
    def inspection_by_code(self) -> dict[str, PlanInspection]:
        return {inspection.code: inspection for inspection in self.inspections}

    @cached_property
    def inspection_of(self) -> dict[str, PlanInspection]:
        """Item → the inspection in which it takes part."""
        return {item: inspection for inspection in self.inspections for item in inspection.items}

    @cached_property
    def data_by_key(self) -> dict[str, PlanData]:
        return {data.key: data for data in self.data}

    @cached_property
    def comparison_by_code(self) -> dict[str, PlanComparison]:
        return {comparison.code: comparison for comparison in self.compare}

    @cached_property
    def material_by_code(self) -> dict[str, PlanMaterial]:
        return {material.code: material for material in self.materials}

    @cached_property
    def asked_materials(self) -> tuple[PlanMaterial, ...]:
        """What the applicant is asked for from the start; fallbacks come only when a source gives up,
        and what is due later comes later."""
        return tuple(
            material
            for material in self.materials
            if material.source is MaterialSource.APPLICANT and not (material.fallback_for or material.comes_later)
        )

    @cached_property
    def for_issue(self) -> dict[str, tuple[str, ...]]:
        """Item → materials without which its certificates are not made out."""
        later = [one for one in self.materials if one.for_issue]
        found = {item.code: tuple(one.code for one in later if item.code in one.needed_by) for item in self.items}
        return {code: materials for code, materials in found.items() if materials}

    @cached_property
    def after_decision(self) -> tuple[PlanMaterial, ...]:
        return tuple(one for one in self.materials if one.after_decision)

    @cached_property
    def dependants(self) -> dict[str, tuple[str, ...]]:
        """Item → items that need one of its outputs, in plan order."""
        return {
            item.code: tuple(other.code for other in self.items if item.code in other.needs_items)
            for item in self.items
        }

    def trusts_in(self, item: PlanItem) -> tuple[str, ...]:
        """Materials in whose place a promise may be what the item relies on."""
        instead = (self.data_by_key[key] for key in item.needs_data)
        promised = (one.fallback for one in instead if one.fallback_kind is FallbackKind.COMMITMENT and one.fallback)
        return tuple(dict.fromkeys((*item.needs_materials, *promised)))

    def concerned_by(self, comparison: PlanComparison) -> tuple[str, ...]:
        """Departments that rely on what is compared, and those that own a record of it."""
        relying = (self.item_by_code[code].department for code in comparison.items)
        owners = (self.data_by_key[key].department for key in comparison.keys)
        return tuple(dict.fromkeys((*relying, *owners)))

    @property
    def departments(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.department for item in self.items))
