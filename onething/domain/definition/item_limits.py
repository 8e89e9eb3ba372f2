"""How long an item may take: by law and by promise, each with its basis, and how much more an article allows."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from onething.domain.base import Strict, Text
from onething.domain.calendar.limits import ExtensionRank, Limit
from onething.domain.definition.basis import Bases
from onething.domain.definition.questions import ConditionText


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
