"""What a caller gets of each look-up of one case, asked once by every view of it."""

from collections.abc import Mapping
from typing import Any

from onething.domain.form.field_values import paper_in
from onething.domain.identity import IdType
from onething.domain.kernel.state import CaseState, DataState
from onething.domain.lookups.disclosure import (
    Disclosure,
    disclosure,
    is_by_duty,
    is_identity_number,
    subject_of,
)
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.services.application import sealed_values
from onething.services.application.sealed_values import SealedValues
from onething.services.core.context import AppContext


def disclosures(
    context: AppContext,
    principal: Principal,
    plan: Plan,
    state: CaseState,
    stored: SealedValues,
    *,
    for_applicant: bool,
) -> Mapping[str, Disclosure]:
    """By data key. `stored` holds form and applicant; `for_applicant`: whether the caller acts for them. Opens no
    record. One in hand is always of the numbers that the form has now: a change of them asks anew."""
    form = {field.id: field for field in context.applications.definition(plan.bundle).form}
    says: Mapping[str, Any] = (stored.get(sealed_values.FORM) or {}).get("form", {})
    numbers = [name for name, field in form.items() if is_identity_number(field) and name in says]
    indices = {name: _index(context, says[name]) for name in numbers}
    represented = _applicant(context, stored) if for_applicant else None
    sources = context.catalog.sources
    return {
        data.key: disclosure(
            principal,
            subject_of(data.params, sources.get(data.source), form),
            indices,
            represented=represented,
            in_hand=state.data.get(data.key) is DataState.IN_HAND,
            by_duty=is_by_duty(state, data),
        )
        for data in plan.data
    }


def _applicant(context: AppContext, stored: SealedValues) -> str | None:
    applicant = stored.get(sealed_values.APPLICANT)
    named = {"kind": applicant["id_type"], "number": applicant["id_number"]} if applicant else None
    return _index(context, named) or None


def _index(context: AppContext, value: object) -> str:
    """Of what a form field holds; empty, which is nobody's, for what is no number."""
    kind, number = paper_in(value) or (IdType.RESIDENT_ID, value if isinstance(value, str) else "")
    try:
        return context.index.of_identity(kind, number).hex()
    except ValueError:
        return ""
