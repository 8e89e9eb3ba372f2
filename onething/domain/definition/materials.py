"""Materials: how each is got, what stands for a record that its source does not give, what may come later."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Discriminator, Field, Tag, model_validator

from onething.domain.base import Code, FieldId, Strict, Text
from onething.domain.calendar.limits import Unit
from onething.domain.definition.basis import Bases, Basis
from onething.domain.definition.parties import LookUpAuthority
from onething.domain.definition.questions import ConditionText
from onething.domain.definition.time_rules import BY_ARTICLE, CommitmentRule, DueRule


class MaterialSource(StrEnum):
    APPLICANT = "applicant"
    DATA_SHARING = "data_sharing"
    ITEM_OUTPUT = "item_output"
    E_LICENCE = "e_licence"


class FallbackKind(StrEnum):
    """What takes the place of a record when patience ends or the source refuses."""

    MATERIAL = "material"  # the applicant brings it
    COMMITMENT = "commitment"  # the applicant brings it, or promises that it is so
    MANUAL_CHECK = "manual_check"  # people of the department that owns the data look
    WAIT = "wait"  # nothing: the source is asked on


class ManualCheckFallback(Strict):
    """人工核查: people of the department that owns the data have `days` working days to find the record. Then the
    applicant is asked for `material`; without one the source is asked on."""

    kind: Literal[FallbackKind.MANUAL_CHECK]
    days: int = Field(ge=1, le=30)
    material: Code | None = None


class CommitmentFallback(Strict):
    """告知承诺: the applicant is asked for the material, and may promise instead of bringing it."""

    kind: Literal[FallbackKind.COMMITMENT]
    material: Code


class WaitFallback(Strict):
    """The source is asked on. Whoever owns the data, and supervisors, are told whenever patience has ended."""

    kind: Literal[FallbackKind.WAIT]


def _shape_of(fallback: object) -> str:
    """By which shape a `fallback` is read, and so what is said to be wrong with it."""
    if isinstance(fallback, dict):
        return "object"
    return "object" if isinstance(fallback, BaseModel) else "material"


Fallback = Annotated[
    Annotated[Code, Tag("material")]
    | Annotated[
        Annotated[ManualCheckFallback | CommitmentFallback | WaitFallback, Field(discriminator="kind")], Tag("object")
    ],
    Discriminator(_shape_of),
]
"""The code of the applicant's material that takes the record's place, or an object with a `kind`."""


class DueTerms(DueRule):
    """When it has to be there. That it may come later, and what follows if it does not, is the basis."""

    basis: Basis

    @model_validator(mode="after")
    def _takes_away_by_law_only(self) -> Self:
        if self.missed in BY_ARTICLE and not self.basis.is_cited:
            raise ValueError(f"missed 为 {self.missed} 的，须在 basis 里写明法律条款（article），不能是假定的")
        return self


class CommitmentOffer(CommitmentRule):
    """告知承诺: the applicant may give a dated statement in place of this material."""

    basis: Basis


class KeptAs(StrEnum):
    """In what form the office wants it."""

    ELECTRONIC = "electronic"  # a file, a scan or a photo will do
    ORIGINAL = "original"  # the office keeps the original
    COPY = "copy"  # the office keeps a copy, compared with the original
    ORIGINAL_SHOWN = "original_shown"  # 验原件: it is looked at and given back


class OldestAge(Strict):
    """How long ago it may have been made out, when it is brought."""

    amount: int = Field(ge=1, le=1000)
    unit: Literal[Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR]
    basis: Bases


class LookUpRule(LookUpAuthority):
    """A record fetched from a data source while the case runs, once there is a right to ask for it."""

    source: Code
    params: dict[FieldId, str]  # parameter of the source → form field id, "<identity field>.kind", or "answers.<id>"
    patience_minutes: int | None = Field(None, ge=1, le=60 * 24 * 60)  # none: the source's own


class Material(Strict):
    """Something an item looks at (材料). Where it says no other way of getting it, the applicant brings it."""

    code: Code
    name: Text
    lookup: LookUpRule | None = None
    licence: str | None = Field(None, pattern=r"^[a-z0-9-]+(\.[a-z0-9_-]+){2}$")  # "<bundle>.<item>.<output>"
    output: str | None = None  # "<item>.<output>": an earlier item of the case brings it forth
    fallback: Fallback | None = None  # of a look-up: what takes its place when patience ends or the source refuses
    required: bool = True
    one_of: tuple[Text, ...] = Field((), max_length=12)  # papers, any of which will do; none: the one by its name
    kept_as: KeptAs = KeptAs.ELECTRONIC
    issued_by: Text | None = None
    not_older_than: OldestAge | None = None
    given_up: bool = False  # it is a licence or paper that ends once the matter is decided well, and is handed in
    lost: Text | None = None  # what is brought instead by who has lost it
    copies: int = Field(1, ge=1, le=20)
    accepts: tuple[Literal["pdf", "jpeg", "png", "ofd"], ...] = ("pdf", "jpeg", "png")
    help: str | None = None
    basis: Basis | None = None
    due: DueTerms | None = None  # none: it has to be there at acceptance
    commitment: CommitmentOffer | None = None  # none: a promise does not take its place
    reusable_days: int | None = Field(None, ge=1, le=3650)  # calendar days that a file serves other cases too
    when: ConditionText | None = None

    @property
    def brought(self) -> bool:
        """Whether people bring it: from the start, or in place of a record."""
        return self.lookup is None and self.output is None

    @property
    def giver(self) -> str | None:
        """The item that brings it forth."""
        return None if self.output is None else self.output.partition(".")[0]

    @property
    def fallback_kind(self) -> FallbackKind:
        return FallbackKind.MATERIAL if isinstance(self.fallback, str | None) else self.fallback.kind

    @property
    def fallback_material(self) -> str | None:
        """The applicant's material that takes its place, now or in the end."""
        if isinstance(self.fallback, str | None):
            return self.fallback
        return None if isinstance(self.fallback, WaitFallback) else self.fallback.material

    @model_validator(mode="after")
    def _is_got_in_one_way(self) -> Self:
        if self.lookup is not None and self.output is not None:
            raise ValueError("lookup 和 output 只写一种：材料要么调取，要么来自前面的事项")
        if (self.lookup is None) != (self.fallback is None):
            raise ValueError("调取的材料（lookup）要写 fallback：调取不到时怎么办；其他材料不写")
        if self.licence is not None and self.lookup is None:
            raise ValueError("licence 只用于调取的材料（lookup）：持证人名下没有时，照常调取")
        return self

    @model_validator(mode="after")
    def _only_what_people_bring_is_deferred_promised_or_brought_again(self) -> Self:
        for name in _OF_WHAT_IS_BROUGHT:
            if getattr(self, name) != type(self).model_fields[name].default and not self.brought:
                raise ValueError(f"{name} 只用于由申请人提交的材料，调取的和前面事项产生的不写")
        return self

    @model_validator(mode="after")
    def _says_what_else_will_do(self) -> Self:
        if len(self.one_of) == 1 or len(set(self.one_of)) < len(self.one_of):
            raise ValueError("one_of 写两种以上不同的材料，任选其一；只有一种的不写")
        if self.given_up != (self.lost is not None):
            raise ValueError("要交回的（given_up）写明遗失的怎么办（lost），不交回的不写 lost")
        if self.given_up and self.kept_as is not KeptAs.ORIGINAL:
            raise ValueError("要交回的（given_up）是原件：写 kept_as: original")
        return self


_OF_WHAT_IS_BROUGHT = (
    *("required", "due", "commitment", "reusable_days", "one_of", "kept_as"),
    *("issued_by", "not_older_than", "given_up", "lost"),
)
