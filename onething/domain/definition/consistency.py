"""What must hold between values of a form or a decision: dates in order, sums that agree, nobody named twice."""

from pydantic import Field

from onething.domain.base import FieldId, Strict, Text
from onething.domain.definition.basis import Bases
from onething.domain.definition.questions import ConditionText


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
