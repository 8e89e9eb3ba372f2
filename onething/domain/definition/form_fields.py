"""What is asked in an application and in a decision, and what must hold between the answers: dates in order, sums that
agree, nobody named twice."""

from enum import StrEnum

from pydantic import Field

from onething.domain.base import Code, FieldId, Strict, Text
from onething.domain.definition.basis import Bases
from onething.domain.definition.questions import ConditionText, Option
from onething.domain.identity import IdType


class FormFieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    PERSON_NAME = "person_name"
    IDENTITY = "identity"  # {kind, number}: a paper of somebody, of the kinds that `accepts` names
    RESIDENT_ID = "resident_id"  # a citizen's number, where nothing else will do
    USCC = "uscc"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    DATE = "date"
    INTEGER = "integer"
    MONEY = "money"  # text of a decimal number of yuan with at most two places
    BOOLEAN = "boolean"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    LIST = "list"  # rows of `fields`


class IssuedWithin(StrEnum):
    """How far nobody else has a number that a decision gives out."""

    COUNTRY = "country"  # one series for all, or it says which office gave it
    REGION = "region"  # each region counts by itself


class FormField(Strict):
    """One field of a form or of a decision form."""

    id: FieldId
    label: Text
    type: FormFieldType
    required: bool = True
    help: str | None = None
    options: tuple[Option, ...] = ()
    accepts: tuple[IdType, ...] = ()  # of an IDENTITY; none: any paper of a person
    fields: tuple["FormField", ...] = ()  # of a LIST; not nested further
    min_items: int = Field(1, ge=0, le=200)
    max_items: int = Field(50, ge=1, le=200)
    max_length: int | None = Field(None, ge=1, le=20_000)
    minimum: int | None = None
    maximum: int | None = None
    issued: IssuedWithin | None = None  # of a decision form: a number that the decision gives out, to nobody twice
    series: Code | None = None  # which other issued fields count with it; none: those of its type, or itself alone
    when: ConditionText | None = None


class AskedField(FormField):
    """A field of the application, in the section under which it is asked."""

    section: Text


class FormSection(Strict):
    """Fields of the application that are asked together, under one heading."""

    id: FieldId  # which `reads` may name
    name: Text
    fields: tuple[FormField, ...] = Field(min_length=1)


class Check(Strict):
    """Asked once everything that it reads is there. `must` reads `form.<field>`, a column of all rows by
    `form.<list>.<column>`, `given.<field>` (whether it is there), `today`, and what conditions read; with `rows`, of
    each row of that list, `row.<column>`; in a decision `decision.<field>`."""

    must: ConditionText
    says: Text  # to whoever filled it in: what is wrong, as one sentence
    at: tuple[FieldId, ...] = Field(min_length=1)  # the fields to look at; with `rows`, its columns
    rows: FieldId | None = None  # a list of the form: held against each of its rows
    when: ConditionText | None = None
    basis: Bases | None = None
