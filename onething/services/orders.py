"""Orders: what a department's own system is told of an item that it is to decide. Least data: what the item needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onething.domain.definition import BundleDefinition
from onething.domain.plan import Plan
from onething.domain.state import CaseState, DataState
from onething.services import papers
from onething.services.papers import Papers
from onething.store.actor import Actor

PAPERS = (papers.FORM, papers.APPLICANT, "record:%")
"""The sealed papers that an order is made of, as patterns of LIKE."""

_KEY = re.compile(r"([0-9]{14,24})/([0-9]{1,9})/([0-9]{1,9}\.dispatch_item\.[0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class OrderKey:
    """Which order an answer is to."""

    case_no: str
    epoch: int
    command: str

    @staticmethod
    def is_of(command: str) -> bool:
        """Whether this is the id of a command that was an order."""
        return ".dispatch_item." in command

    @classmethod
    def read(cls, text: str) -> "OrderKey | None":
        found = _KEY.fullmatch(text)
        return cls(found[1], int(found[2]), found[3]) if found else None


def order(
    case_no: str, definition: BundleDefinition, plan: Plan, state: CaseState, kept: Papers, code: str
) -> Mapping[str, Any]:
    """Personal. Materials are named; who needs to see one fetches it with a token of the department's."""
    item = plan.item_by_code[code]
    form = kept.open(papers.FORM)["form"]
    seen = [field.id for field in definition.form if not field.used_by or code in field.used_by]
    applicant = kept.open(papers.APPLICANT)
    records = {key: kept.get(papers.record(key)) for key in item.needs_data if state.data[key] is DataState.IN_HAND}
    return {
        "case_no": case_no,
        "item": code,
        "round": state.items[code].round,
        "bundle": plan.bundle,
        "applicant": {name: value for name, value in applicant.items() if name != "phone"},
        "form": {name: form[name] for name in seen if name in form},
        "records": {key: value for key, value in records.items() if value is not None},
        "materials": [
            {"code": one.code, "name": one.name, "href": f"/api/cases/{case_no}/materials/{one.code}"}
            for one in plan.materials
            if one.code in state.materials and code in one.needed_by
        ],
    }


def spoken_by(department: str, region: str) -> Actor:
    """A department's system, as the journal names it."""
    return Actor(f"system.{department}", "department_system", department, region)
