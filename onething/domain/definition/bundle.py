"""The strict model of a bundle definition: one 一件事 as data.

A file `definitions/catalog/<code>/v<N>.yaml` holds one `BundleDefinition`. Nothing here evaluates `when`:
conditions are CEL text over `answers`, evaluated once, by `definitions.compile`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from onething.domain.base import Code, FieldId, Strict, Text
from onething.domain.definition.basis import Bases, Basis, with_bases
from onething.domain.definition.form_fields import AskedField, Check, FormSection
from onething.domain.definition.items import CitedLimit, Item, node, outcome
from onething.domain.definition.materials import LookUpRule, Material
from onething.domain.definition.parties import DefinedParty
from onething.domain.definition.periods import Period, PlannedInspection
from onething.domain.definition.questions import Answers, ConditionText, Parameter, Question, Situation
from onething.domain.definition.time_rules import (
    ClockRules,
    CorrectionRule,
)
from onething.domain.principal import Region
from onething.domain.sources.compare_as import CompareAs


class CorrectionTerms(CorrectionRule):
    """受理后的补正: by what rule it has a time, and what its end brings."""

    basis: Basis


ComparedValue = Annotated[
    str,
    StringConstraints(
        pattern=r"^(form\.[a-z][a-z0-9_]*|applicant\.(name|id_number)|data\.[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*)$",
        max_length=140,
    ),
]
"""`form.<field>`, `applicant.name`, `applicant.id_number`, or `data.<key>.<field of the record>`."""


class Comparison(Strict):
    """Values that have to say the same. Where they don't, the owner of the first record among them is asked to look."""

    code: Code
    name: Text  # what all of them say: 住址
    values: tuple[ComparedValue, ...] = Field(min_length=2, max_length=6)
    kind: CompareAs = Field(alias="as")


class DeliveryMethod(StrEnum):
    ELECTRONIC = "electronic"
    COUNTER = "counter"
    POST = "post"


class RegionLevel(StrEnum):
    """Of an administrative division, by its GB/T 2260 code."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class Expectation(Strict):
    items: tuple[Code, ...]
    materials: tuple[Code, ...] | None = None  # asked of the applicant
    lookups: tuple[Code, ...] | None = None  # materials that are looked up


class Example(Strict):
    """Answers and what must follow; run by `onething definitions check` and by the tests."""

    name: Text
    answers: Answers
    expect: Expectation


class PersonFields(Strict):
    """The form fields that say who somebody is."""

    name: FieldId
    identity: FieldId


class Reporter(Strict):
    """申报人: who applies because the law has it reported, and gains nothing by it. They get a receipt and how far it
    is; nothing of what is looked up, decided or issued. Certificates are made out to whom the report is `about`."""

    when: ConditionText
    until_shown: Code | None = None  # a material: by this paper, received by an office, they see what kin see
    about: PersonFields
    basis: Basis


class ReservationKind(StrEnum):
    UNIQUE = "unique"  # one case at a time
    QUOTA = "quota"  # so much, and no more


class TakenAt(StrEnum):
    """The act by which it is taken."""

    SUBMISSION = "submission"
    ACCEPTANCE = "acceptance"
    GRANT = "grant"


class WhenFull(StrEnum):
    """What follows where it is another's, or used up."""

    NOT_ACCEPT = "not_accept"  # a counter doesn't accept, and no department grants it
    FLAG = "flag"  # whoever deals with it is told, and decides
    REFUSE = "refuse"  # as NOT_ACCEPT, of a quota: nobody waits for what may come free
    QUEUE = "queue"  # it waits for what comes free, first come first served


OF_KIND: dict[ReservationKind, tuple[WhenFull, ...]] = {
    ReservationKind.UNIQUE: (WhenFull.NOT_ACCEPT, WhenFull.FLAG),
    ReservationKind.QUOTA: (WhenFull.REFUSE, WhenFull.QUEUE),
}

KeyPart = Annotated[str, StringConstraints(pattern=r"^form\.[a-z][a-z0-9_]*$", max_length=80)]
"""`form.<field>`."""
Pool = Annotated[str, StringConstraints(pattern=r"^params\.[a-z][a-z0-9_]*$", max_length=80)]
"""`params.<parameter>`: how much there is."""


class Reservation(Strict):
    """`item`: whose approval it is for. Where that is refused, or comes to nothing, it is free again; what was granted
    keeps it: for good (`once_granted: stays`), or until its case is over (`frees`)."""

    code: Code
    name: Text
    kind: ReservationKind
    item: Code
    key: tuple[KeyPart, ...] = ()  # of what only one may have: what makes two the same
    pool: Pool | None = None
    amount: int = Field(1, ge=1)  # of the pool, of each case
    per: Literal["year"] | None = None  # calendar year in which it was applied for; none: at any time
    within: Literal["region", "all"] = "all"  # where two are the same: in one region, or wherever this system serves
    taken: TakenAt
    once_granted: Literal["stays", "frees"] = "stays"
    full: WhenFull
    says: Text  # to the office, where it is another's or used up
    basis: Bases

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> Self:
        unique = self.kind is ReservationKind.UNIQUE
        if unique != bool(self.key) or unique == (self.pool is not None):
            raise ValueError("unique 写 key（哪几项相同就是同一个），quota 写 pool（总数是哪个当地标准），不能都写")
        if self.full not in OF_KIND[self.kind]:
            raise ValueError(f"{self.kind} 的 full 只能写 {' 或 '.join(OF_KIND[self.kind])}")
        if self.once_granted == "frees" and (self.per or not unique):
            raise ValueError("一年一次的、有总数的，办成以后不放开：不写 once_granted: frees")
        return self


class BundleDefinition(Strict):
    """One published version of a 一件事."""

    schema_version: Literal[2] = Field(2, alias="schema")
    code: Code
    version: int = Field(ge=1)
    place: Region | None = None  # whose rules these are; none: the bundle as it is where no place writes otherwise
    name: Text
    summary: Text
    audience: Literal["person", "enterprise"]
    bases: dict[FieldId, Basis] = Field(default_factory=dict)  # by key, which `basis` may name
    basis: Bases
    calendar: Code = "cn"
    handled_at: RegionLevel | None = None  # lower divisions' cases go to the one above them of this level
    promised: CitedLimit
    statutory: CitedLimit
    departments: tuple[Code, ...] = Field(min_length=1)
    parameters: tuple[Parameter, ...] = ()
    questions: tuple[Question, ...] = ()
    situations: tuple[Situation, ...] = ()
    parties: tuple[DefinedParty, ...] = ()  # whose records are looked up
    sections: tuple[FormSection, ...] = Field(min_length=1, alias="form")
    checks: tuple[Check, ...] = ()
    compare: tuple[Comparison, ...] = Field((), max_length=10)
    materials: tuple[Material, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)
    periods: tuple[Period, ...] = ()  # times in which no authority decides
    inspections: tuple[PlannedInspection, ...] = ()  # that several departments make together
    delivery: tuple[DeliveryMethod, ...] = (DeliveryMethod.ELECTRONIC,)
    correction: CorrectionTerms | None = None  # none: the engine's own time, which is assumed
    reporter: Reporter | None = None  # none: whoever applies does so for themselves, or for whom they represent
    told_apart_by: tuple[FieldId, ...] = ()  # who says the same here may have applied before; none: who applies
    reservations: tuple[Reservation, ...] = ()  # what several cases share
    clocks: ClockRules | None = None  # the clocks of the law run beside those of the promises; none: they do not
    examples: tuple[Example, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _refers_to_bases(cls, value: Any) -> Any:
        bases = value.get("bases") if isinstance(value, dict) else None
        return with_bases(value, bases if isinstance(bases, dict) else {}) if isinstance(value, dict) else value

    @property
    def ref(self) -> str:
        """`code@version`, of a place's rules `code@version.region`."""
        return f"{self.code}@{self.version}{f'.{self.place}' if self.place else ''}"

    @cached_property
    def derived(self) -> dict[Any, Any]:
        """For what others derive from it and need again with every case, under keys of their own."""
        return {}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Without what was derived from the original: it may be otherwise here."""
        copied = super().model_copy(update=update, deep=deep)
        for name, value in vars(type(self)).items():
            if isinstance(value, cached_property):
                copied.__dict__.pop(name, None)
        return copied

    @cached_property
    def form(self) -> tuple[AskedField, ...]:
        """The fields of all sections, each with its section's name."""
        return tuple(
            AskedField.model_construct(**dict(field), section=section.name)  # of what was read strictly already
            for section in self.sections
            for field in section.fields
        )

    @cached_property
    def readers(self) -> Mapping[str, tuple[str, ...]]:
        """Form field → items that read it, by itself or with its section. Nobody else's department sees it."""
        found: dict[str, tuple[str, ...]] = {}
        for section in self.sections:
            for field in section.fields:
                found[field.id] = tuple(
                    item.code for item in self.items if {section.id, field.id}.intersection(item.reads)
                )
        return found

    @cached_property
    def lookups(self) -> tuple[Material, ...]:
        """Materials that are looked up."""
        return tuple(one for one in self.materials if one.lookup is not None)

    def lookup(self, code: str) -> LookUpRule | None:
        """How the material of that code is looked up; None where it is not."""
        return next((one.lookup for one in self.materials if one.code == code), None)

    def givers(self, item: Item) -> tuple[str, ...]:
        """Codes of the items that it waits for: `after`, what its periods come after, and whose outputs it looks at."""
        listed = (one.giver for one in self.materials if one.code in item.materials)
        return tuple(dict.fromkeys((*self.items_before(item.after), *(giver for giver in listed if giver is not None))))

    def periods_before(self, after: Iterable[str]) -> tuple[Period, ...]:
        """Those that are named in it."""
        named = set(map(node, after))
        return tuple(one for one in self.periods if one.code in named)

    def items_before(self, after: Iterable[str], seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Codes of the items in it, and before its periods and inspections; a circle, which the linter finds, is gone
        round once."""
        for code in map(node, after):
            between = self.period_by_code.get(code) or self.inspection_by_code.get(code)
            if between is None:
                yield code
            elif code not in seen:
                yield from self.items_before(between.after, seen | {code})

    def outcomes_before(self, after: Iterable[str], seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
        """Items that have to end in one way, and in which: as in `after`, and before its periods."""
        for before in after:
            period, ends = self.period_by_code.get(node(before)), outcome(before)
            if period is not None and period.code not in seen:
                yield from self.outcomes_before(period.after, seen | {period.code})
            elif period is None and ends is not None:
                yield node(before), ends

    @cached_property
    def period_by_code(self) -> Mapping[str, Period]:
        return {one.code: one for one in self.periods}

    @cached_property
    def inspection_by_code(self) -> Mapping[str, PlannedInspection]:
        return {one.code: one for one in self.inspections}

    @cached_property
    def digest(self) -> str:
        """Of the content, not of the text: comments and layout may change, and fields that come later default."""
        return hashlib.sha256(self.model_dump_json(by_alias=True, exclude_defaults=True).encode()).hexdigest()
