"""不一致: what several sources say differently, as each reader may see it."""

from collections.abc import Iterator, Mapping
from typing import Any

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.kernel.sealed_name import SealedName
from onething.domain.kernel.state import CaseState, DataState, Differing
from onething.domain.lookups.disclosure import Disclosure
from onething.domain.plan.plan import Plan, PlanComparison, key_of
from onething.domain.principal import Principal
from onething.services.application import sealed_values
from onething.services.application.comparison_digests import value_of
from onething.services.application.sealed_values import SealedValues
from onething.services.core.context import AppContext
from onething.services.core.visibility import kept_back
from onething.services.summaries.responses import LocalDateTime, ResponseModel

_APPLICANT = {"applicant.name": "申请人姓名或名称", "applicant.id_number": "申请人证件号码"}


class SaidView(ResponseModel):
    """One side. `value`: the name by which it is compared; `said` and `as_of` are left out where they are not for the
    reader. `source`, `department`, `as_of`: of a record; `late`: it came when the applicant had been asked in its
    place."""

    value: str
    label: str
    said: str | None = None
    source: str | None = None
    department: str | None = None
    department_name: str | None = None
    as_of: LocalDateTime | None = None
    late: bool | None = None


class DiscrepancyView(ResponseModel):
    """`state`: open, or resolved by `department`, which owns the data: `which` is right, and why. `items`: those that
    rely on it; while it is open, approving them needs `despite`. `note`, which may quote a record: for whoever sees
    all of the records that are compared."""

    code: str
    name: str
    state: str
    round: int
    department: str
    department_name: str
    items: list[str]
    values: list[SaidView]
    which: str | None = None
    note: str | None = None


def concerning(principal: Principal, plan: Plan, state: CaseState) -> Iterator[PlanComparison]:
    """What differs, or did until its owner looked, and is the reader's business: before acceptance, of departments, the
    owner's alone."""
    for code, one in state.discrepancies.items():
        comparison = plan.comparison_by_code.get(code)
        if comparison is None or one.standing is Differing.MATCHED:
            continue
        owner = plan.data_by_key[one.data].department
        if not kept_back(principal, plan, state).isdisjoint(comparison.keys):
            continue
        concerned = plan.concerned_by(comparison) if state.accepted_at else (owner,)
        if principal.department is None or principal.department in concerned:
            yield comparison


def names(principal: Principal, plan: Plan, state: CaseState) -> list[SealedName]:
    """Sealed values that are needed to show it."""
    found = []
    for comparison in concerning(principal, plan, state):
        one = state.discrepancies[comparison.code]
        found += [paper_of(state, key) for key in comparison.keys]
        found.append(sealed_values.resolved(comparison.code, one.round))
    return found


def paper_of(state: CaseState, key: str) -> SealedName:
    in_hand = state.data.get(key) is DataState.IN_HAND
    return sealed_values.record(key) if in_hand else sealed_values.late_record(key)


def views(
    context: AppContext,
    principal: Principal,
    plan: Plan,
    state: CaseState,
    stored: SealedValues,
    disclosed: Mapping[str, Disclosure],
) -> list[DiscrepancyView]:
    """`disclosed`: what of each look-up is for the reader."""
    definition = context.applications.definition(plan.bundle)
    shown = []
    for comparison in concerning(principal, plan, state):
        one = state.discrepancies[comparison.code]
        department = plan.data_by_key[one.data].department
        all_seen = all(disclosed[key] is Disclosure.RECORD for key in comparison.keys)
        note = stored.get(sealed_values.resolved(comparison.code, one.round)) if all_seen else None
        shown.append(
            DiscrepancyView(
                code=comparison.code,
                name=comparison.name,
                state=one.standing,
                round=one.round,
                department=department,
                department_name=context.department(department),
                items=list(comparison.items),
                values=[
                    _said(context, plan, state, stored, definition, disclosed, value)
                    for value in comparison.values
                    if value in state.compared
                ],
                which=one.which,
                note=note["note"] if note else None,
            )
        )
    return shown


def _said(
    context: AppContext,
    plan: Plan,
    state: CaseState,
    stored: SealedValues,
    definition: BundleDefinition,
    disclosed: Mapping[str, Disclosure],
    value: str,
) -> SaidView:
    key, field = key_of(value), value.rpartition(".")[2]
    if key is None:
        label = _APPLICANT.get(value) or next((one.label for one in definition.form if one.id == field), field)
        form: Mapping[str, Any] = (stored.get(sealed_values.FORM) or {}).get("form", {})
        return SaidView(
            value=value, label=label, said=_text(value_of(value, form, stored.get(sealed_values.APPLICANT) or {}, {}))
        )
    data = plan.data_by_key[key]
    found = (stored.get(paper_of(state, key)) or {}) if disclosed[key] is Disclosure.RECORD else {}
    known = {one.id: one.label for one in context.catalog.sources[data.source].fields}
    return SaidView(
        value=value,
        label=f"{data.name}：{known.get(field, field)}",
        said=_text(value_of(value, {}, {}, found.get("record"))),
        source=data.source,
        department=data.department,
        department_name=context.department(data.department),
        as_of=found.get("as_of"),
        late=None if state.data.get(key) is DataState.IN_HAND else True,
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
