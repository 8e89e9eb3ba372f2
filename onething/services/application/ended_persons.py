"""Whom an application says to be no more, as the record names them."""

from collections.abc import Mapping
from typing import Any

from onething.domain.form.field_values import paper_in
from onething.domain.identity import IdType
from onething.domain.plan.plan import Plan
from onething.security.blind_index import BlindIndex


def persons_of(index: BlindIndex, plan: Plan, form: Mapping[str, Any]) -> dict[str, bytes]:
    """Item of the plan → the blind index of whose end its approval is. An incomplete application may name nobody."""
    found = {}
    for item in plan.items:
        value = form.get(item.ends_person) if item.ends_person else None
        kind, number = paper_in(value) or (IdType.RESIDENT_ID, value)
        if isinstance(number, str) and number:
            found[item.code] = index.of_identity(kind, number)
    return found
