"""What a bundle asks before anything else, the figures of a place, and the situations that both make."""

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from onething.domain.base import Aliased, FieldId, Strict, Text
from onething.domain.definition.basis import Bases

ConditionText = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""A CEL expression, such as `answers.company_type == "llc"`; a `when` that is absent means always."""

AnswerValue = bool | str | int | list[str]
Answers = dict[str, AnswerValue]
"""To a number the answer is a whole number, or a text such as "120.5"; to an amount likewise, in yuan; to a date a text
such as "2026-01-31"."""


class Option(Strict):
    value: FieldId
    label: Text
    help: str | None = None


class QuestionType(StrEnum):
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    BOOLEAN = "boolean"
    NUMBER = "number"
    AMOUNT = "amount"  # yuan, two places
    DATE = "date"


NUMERIC = frozenset({QuestionType.NUMBER, QuestionType.AMOUNT})


def _as_text(value: Any) -> Any:
    """Figures are exact: 0.1 as it is written, not as the nearest fraction of two."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


FigureText = Annotated[
    str,
    BeforeValidator(_as_text, json_schema_input_type=str | float),
    StringConstraints(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"),
]
"""A decimal number, exact."""


Yuan = Annotated[
    str,
    BeforeValidator(_as_text, json_schema_input_type=str | float),
    StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$"),
]
"""An amount in yuan, exact, two places at most."""


class Question(Strict):
    """A question of the guide (情形引导): its answer decides items, materials and fields."""

    id: FieldId
    question: Text
    type: QuestionType
    options: tuple[Option, ...] = ()
    unit: str | None = Field(None, min_length=1, max_length=20)  # of a number
    decimals: int = Field(0, ge=0, le=4)  # of a number: the most places
    minimum: FigureText | None = None  # of a number or an amount
    maximum: FigureText | None = None
    default: AnswerValue | None = None
    fixed: AnswerValue | None = None  # answered by the definition itself, and so not asked
    help: str | None = None
    when: ConditionText | None = None

    @property
    def counted_in(self) -> str:
        """What stands behind an answer: the unit of a number, 元 of an amount; nothing behind any other."""
        return self.unit or ("元" if self.type is QuestionType.AMOUNT else "")

    @property
    def places(self) -> int:
        return 2 if self.type is QuestionType.AMOUNT else self.decimals


class ParameterType(StrEnum):
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    BOOLEAN = "boolean"


class Parameter(Strict):
    """A figure that places set for themselves (本地标准): conditions read it as `params.<id>`."""

    id: FieldId
    name: Text
    type: ParameterType
    value: bool | FigureText | str
    unit: str | None = Field(None, min_length=1, max_length=20)
    basis: Bases

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        is_yes_or_no = isinstance(self.value, bool)
        if is_yes_or_no != (self.type is ParameterType.BOOLEAN):
            raise ValueError("value 与 type 不符；是非写 true 或 false，数直接写，日期写成 2026-01-31")
        if self.type in (ParameterType.NUMBER, ParameterType.AMOUNT):
            try:
                Decimal(str(self.value))
            except InvalidOperation:
                raise ValueError("value 须是一个数") from None
        return self

    @property
    def decimals(self) -> int:
        if self.type is ParameterType.AMOUNT:
            return 2
        return max(0, -int(Decimal(str(self.value)).as_tuple().exponent)) if self.type is ParameterType.NUMBER else 0


class Situation(Aliased):
    """情形: a condition with a name, so that it is written once and told to people. Conditions read it as
    `situation.<id>`; it may read questions, parameters and situations before it."""

    id: FieldId
    name: Text
    condition: ConditionText = Field(alias="is")
    basis: Bases | None = None
