"""Orders: what a department's own system is told of an item that it is to decide. Least data: what the item needs."""

from collections.abc import Mapping
from typing import Any

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.discrepancies.guards import unresolved
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.sealed_name import SealedKind
from onething.domain.kernel.state import CaseState, DataState, Effect
from onething.domain.materials import decides_on
from onething.domain.plan.plan import Plan
from onething.domain.principal import Role
from onething.services.application import sealed_values
from onething.services.application.sealed_values import SealedValues
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.record.commands import key_of

VALUES = (SealedKind.FORM, SealedKind.APPLICANT, SealedKind.RECORD)
"""The sealed values that an order is made of."""


def is_order(command: str) -> bool:
    """Whether this is the id of a command that was an order."""
    return f".{CommandKind.DISPATCH_ITEM}." in command


def is_revocation(command: str) -> bool:
    return f".{CommandKind.UNDO_EFFECT}." in command


def order(
    case_no: str, definition: BundleDefinition, plan: Plan, state: CaseState, stored: SealedValues, code: str
) -> Mapping[str, Any]:
    """Personal. Materials are named, each in the version that the decision is made on (an order is made anew when a
    newer one comes); who needs to see one fetches it with a token of the department's."""
    item = plan.item_by_code[code]
    form = stored.open(sealed_values.FORM)["form"]
    asked = next(one.decision_form for one in definition.items if one.code == code)
    seen = [name for name, reading in definition.readers.items() if code in reading]
    applicant = stored.open(sealed_values.APPLICANT)
    records = {
        key: stored.get(sealed_values.record(key)) for key in item.needs_data if state.data[key] is DataState.IN_HAND
    }
    return {
        "case_no": case_no,
        "item": code,
        "round": state.items[code].round,
        "bundle": plan.bundle,
        "outcomes": [{"code": one.id, "name": one.name, "effect": one.effect} for one in item.ends_with],
        "conditions": [{"id": one.id, "says": one.says, "basis": one.basis} for one in item.conditions],
        "decision_form": [field.model_dump(mode="json", exclude_defaults=True) for field in asked],
        "applicant": {name: value for name, value in applicant.items() if name != "phone"},
        "form": {name: form[name] for name in seen if name in form},
        "records": {key: value for key, value in records.items() if value is not None},
        "discrepancies": [{"code": one.code, "name": one.name} for one in unresolved(plan, state, code)],
        "materials": [
            {
                "code": material,
                "name": plan.material_by_code[material].name,
                "version": version,
                "href": f"/api/cases/{case_no}/materials/{material}?version={version}",
            }
            for material, version in decides_on(plan, state, code).items()
        ],
    }


async def revocation(tx: Transaction, case_no: str, effect: Effect) -> Mapping[str, str]:
    """What a department's system is told of an approval that it is to undo. `undo_of`: the key of its order, or what
    people brought about."""
    undo_of = await key_of(tx, case_no, effect.id) if is_order(effect.id) else effect.id
    return {"case_no": case_no, "item": effect.target, "undo_of": undo_of}


def spoken_by(department: str, region: str) -> Actor:
    """A department's system, as the journal names it."""
    return Actor(f"system.{department}", Role.DEPARTMENT_SYSTEM, department, region)
