"""One administrative matter (事项) of a bundle: what it is, how long it takes, what it looks at, what comes of it."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from onething.domain.base import CODE, Code, FieldId, Strict, Text
from onething.domain.calendar.countdown import ARTICLE_45, PauseBasis
from onething.domain.calendar.limits import ExtensionRank, Limit
from onething.domain.definition.basis import Bases, Basis
from onething.domain.definition.form_fields import Check, FormField
from onething.domain.definition.outcomes import USUAL_OUTCOMES, ItemCondition, ItemKind, Outcome
from onething.domain.definition.questions import ConditionText, Yuan
from onething.domain.definition.time_rules import BASIS_NEEDED, OverdueHow, PauseRule


class Extension(Strict):
    """More time, once: by what article, of the limit's unit, and who approves it."""

    amount: int = Field(ge=1, le=3650)
    approver: ExtensionRank
    basis: Bases

    @model_validator(mode="after")
    def _rests_on_an_article(self) -> Self:
        if not any(one.is_cited for one in self.basis):
            raise ValueError("延长须在 basis 里写明法律条款（article），不能是假定的")
        return self


class CitedLimit(Limit):
    """A length of time with what sets it."""

    basis: Bases
    note: Text | None = None  # such as how a 日 of the text is read


class CaseLimit(CitedLimit):
    """One of several: the first whose `when` holds, the last without one."""

    extension: Extension | None = None  # of a statutory one; none: what 行政许可法 Art. 42 allows for a licence alone
    when: ConditionText | None = None


CaseLimits = Annotated[
    tuple[CaseLimit, ...],
    BeforeValidator(
        lambda value: [value] if isinstance(value, dict | CaseLimit) else value,
        json_schema_input_type=CaseLimit | tuple[CaseLimit, ...],
    ),
    Field(min_length=1),
]
"""One, or several of which the first holds whose condition does."""


class ItemLimits(Strict):
    """`statutory`: none where no law sets one; then no clock of the law runs for the item."""

    statutory: CaseLimits | Literal["none"]
    promised: CaseLimits
    outside_promise: Text | None = None  # why it may take longer than the bundle as a whole promises

    @property
    def lists(self) -> dict[str, tuple[CaseLimit, ...]]:
        """By the word under which each stands."""
        return {"promised": self.promised, "statutory": self.of_law}

    @property
    def of_law(self) -> tuple[CaseLimit, ...]:
        """None where no law sets one."""
        return self.statutory if isinstance(self.statutory, tuple) else ()


class Nature(StrEnum):
    """事项类型, as lists of powers and duties have it: what its refusal is called, and what may be done about it."""

    LICENCE = "licence"  # 行政许可
    CONFIRMATION = "confirmation"  # 行政确认, most of them registrations
    PAYMENT = "payment"  # 行政给付
    REWARD = "reward"  # 行政奖励
    ADJUDICATION = "adjudication"  # 行政裁决
    LEVY = "levy"  # 行政征收
    OTHER_POWER = "other_power"  # 其他行政权力
    PUBLIC_SERVICE = "public_service"  # 公共服务, by an authority
    UTILITY = "utility"  # of a bank, of power, water or gas: a contract, no act of an authority


ACT_WORDS = {
    Nature.LICENCE: "许可",
    Nature.CONFIRMATION: "登记",
    Nature.PAYMENT: "给付",
    Nature.REWARD: "奖励",
    Nature.ADJUDICATION: "裁决",
    Nature.LEVY: "减免",
    Nature.OTHER_POWER: "办理",
    Nature.PUBLIC_SERVICE: "办理",
    Nature.UTILITY: "办理",
}
"""What is granted or not, unless the item has a word of its own: 准予登记, 不予登记."""


class Remedies(StrEnum):
    """Against a refusal by an authority."""

    REVIEW_AND_COURT = "review_and_court"  # either; 行政诉讼法 Art. 44
    REVIEW_FIRST = "review_first"  # review before court: 行政复议法 Art. 23, which has it told


class OutputKind(StrEnum):
    CERTIFICATE = "certificate"  # a document that this system issues, numbered, signed and verifiable
    RESULT = "result"  # values that other items use


class Output(Strict):
    id: FieldId
    name: Text
    kind: OutputKind
    fields: tuple[FieldId, ...] = ()  # decision fields and form fields that it shows
    valid_until: FieldId | None = None  # a date of the decision form: valid to the end of that day
    valid_years: int | None = Field(None, ge=1, le=100)  # from the day of issue; with neither it is valid for good


class OnRefusal(StrEnum):
    STOP = "stop"
    SKIP_DEPENDANTS = "skip_dependants"
    GO_ON = "go_on"


class UndoHow(StrEnum):
    """What becomes of what an item granted when its case ends early. 行政许可法 Art. 8: what was granted may not be
    changed at will; Arts. 69 and 70 list when it is revoked (撤销) or deregistered (注销), and neither another
    department's refusal nor the applicant's withdrawal is among them."""

    STANDS = "stands"  # nothing takes it back but its own department's recorded decision
    RELEASE = "release"  # it was only reserved: an appointment, a quota, a card not made yet
    ON_APPLICATION = "on_application"  # it stands, and the person may ask for 注销, a matter of its own
    BY_LAW = "by_law"  # an article says that it falls with the case


class UndoBy(StrEnum):
    """Who carries it out, also where the department has decided to revoke."""

    SYSTEM = "system"  # the department's; past its patience, people
    PEOPLE = "people"


class Undo(Strict):
    how: UndoHow = UndoHow.STANDS
    by: UndoBy | None = None  # none: of what the department's system decides, the system; else its people
    what: Text | None = None  # what undoing means, or how the person asks for it; shown to people
    basis: Basis | None = None

    @model_validator(mode="after")
    def _falling_by_law_needs_an_article(self) -> Self:
        cited = self.basis is not None and self.basis.is_cited
        if self.how is UndoHow.BY_LAW and not cited:
            raise ValueError("by_law 须在 basis 里写明依据的法律条款（article），不能是假定的")
        return self


class Handling(StrEnum):
    WORKBENCH = "workbench"  # people of the department decide
    SYSTEM = "system"  # the department's own system does; where it does not, its people


class Fee(Strict):
    name: Text
    yuan: Yuan
    basis: Basis
    when: ConditionText | None = None

    @property
    def amount_fen(self) -> int:
        return int(Decimal(self.yuan) * 100)


class OverdueRule(Strict):
    """What the end of the statutory time brings. Nothing is decided by silence unless an article says so."""

    how: OverdueHow
    basis: Basis | None = None

    @model_validator(mode="after")
    def _silence_needs_an_article(self) -> Self:
        cited = self.basis is not None and self.basis.is_cited
        if self.how in BASIS_NEEDED and not cited:
            raise ValueError(f"{self.how} 须在 basis 里写明依据的法律条款（article），不能是假定的")
        return self


LICENSING = "行政许可法"
_NO_PROCEDURES = frozenset(
    {
        *(PauseBasis.FORCE_MAJEURE, PauseBasis.CORRECTION, PauseBasis.RETURNED),
        *(PauseBasis.PERIOD, PauseBasis.RECTIFYING),
    }
)


class AllowedPause(PauseRule):
    """A procedure that an item may take, with the text that requires it (行政许可法 Art. 45: 依法需要)."""

    basis: Basis

    @property
    def stops_law(self) -> bool:
        """Whether the statutory clocks stand still too, and not the promises alone: where an article requires one of
        the procedures of Art. 45, or another law's article takes its own out. Never for a plain site visit."""
        of_its_own = LICENSING not in self.basis.title and self.procedure is not PauseBasis.SITE_VISIT
        return self.basis.is_cited and (self.procedure in ARTICLE_45 or of_its_own)

    @model_validator(mode="after")
    def _is_a_procedure(self) -> Self:
        if self.procedure in _NO_PROCEDURES:
            raise ValueError("pauses 只写依法需要的程序；不可抗力、等待补正和退回不必写明，都不写在这里")
        if not self.at_most.amount:
            raise ValueError("at_most 至少为 1")
        return self

    @model_validator(mode="after")
    def _article_45_requires_nothing_by_itself(self) -> Self:
        if LICENSING in self.basis.title and self.basis.article == "第四十五条":
            raise ValueError("basis 须写明要求该程序的条款；行政许可法第四十五条只说所需时间不计入")
        return self


Before = Annotated[str, StringConstraints(pattern=rf"^{CODE}(:[a-z][a-z0-9_]*)?$", max_length=100)]
"""What something comes after: the code of an item or a period, which has to end well, or of an inspection, which has
to be closed; `code:outcome` of an item or a period: only if it ends so."""


def node(before: str) -> str:
    """The code in it."""
    return before.partition(":")[0]


def outcome(before: str) -> str | None:
    """The outcome that it names; None: that it ends well."""
    return before.partition(":")[2] or None


class PromiseCheck(Strict):
    """Of which promises it is looked, after the decision, whether they are kept, and in what time."""

    how: Literal["all", "draw"]
    within: CitedLimit


class Rectification(Strict):
    """责令限期改正: how long the applicant has to put right what was found not to be so."""

    within: CitedLimit


class ItemCommitment(Strict):
    """告知承诺 of an item: it is decided on what the applicant states, and looked at afterwards. Where `statement`, a
    material that the applicant hands in or makes here, is not asked for, the item is decided as any other."""

    statement: Code
    says: Text  # what is promised, beside the conditions of the item
    check: PromiseCheck
    rectify: Rectification | None = None  # none: what was found not to be so is not put right any more
    fails: Literal["revoke"] = "revoke"  # its department decides whether the approval stands
    bars: Text | None = None  # what else follows, as the applicant is told before
    basis: Bases


class Deferral(Strict):
    """容缺: why none of what is brought may come later. Of what may, its `due` says so."""

    none: Text


class Item(Strict):
    """One department's administrative matter (事项)."""

    code: Code
    name: Text
    department: Code
    nature: Nature
    act: Annotated[str, StringConstraints(pattern=r"^[\u4e00-\u9fff]{2,6}$")] | None = None  # none: by its nature
    kind: ItemKind = ItemKind.DECISION
    outcomes: tuple[Outcome, ...] = ()  # none: the usual ones of its kind
    conditions: tuple[ItemCondition, ...] = Field((), max_length=20)
    limits: ItemLimits
    basis: Bases
    reads: tuple[FieldId, ...] = ()  # sections and fields of the form that its department sees
    materials: tuple[Code, ...] = ()  # all that it looks at: it waits for what is required of them
    after: tuple[Before, ...] = ()  # items and periods that it waits for, beside whose outputs it looks at
    decision_form: tuple[FormField, ...] = ()
    outputs: tuple[Output, ...] = ()
    on_refusal: OnRefusal
    remedies: Remedies = Remedies.REVIEW_AND_COURT
    undo: Undo = Undo()
    checks: tuple[Check, ...] = ()  # between values of its decision, or of it and the application
    fees: tuple[Fee, ...] = ()
    deferral: Deferral | None = None
    commitment: ItemCommitment | None = None  # none: it is looked at before it is decided
    pauses: tuple[AllowedPause, ...] = ()  # procedures that it may take; force majeure needs no mention
    overdue: OverdueRule | None = None  # none: the ladder only
    handling: Handling = Handling.WORKBENCH
    patience_minutes: int = Field(24 * 60, ge=1, le=60 * 24 * 60)  # with the department's system; then its people
    ends_person: FieldId | None = None  # the form field with the number of who is no more once this is approved
    when: ConditionText | None = None

    @property
    def promised(self) -> Limit:
        """The longest that any case is promised."""
        return max(self.limits.promised, key=lambda one: one.weight)

    @property
    def statutory(self) -> Limit | None:
        """The longest that the law gives any case; None where no law sets one."""
        return max(self.limits.of_law, key=lambda one: one.weight, default=None)

    @property
    def ends_with(self) -> tuple[Outcome, ...]:
        return self.outcomes or USUAL_OUTCOMES[self.kind]

    @property
    def is_immediate(self) -> bool:
        """即办: on the spot, in every case."""
        return self.promised.amount == 0

    @model_validator(mode="after")
    def _names_each_procedure_once(self) -> Self:
        if len({one.procedure for one in self.pauses}) < len(self.pauses):
            raise ValueError("pauses 里同一程序只写一次")
        return self
