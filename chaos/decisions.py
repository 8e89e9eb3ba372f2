"""What departments' people write into their decisions."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from onething.connectors.simulator import numbers
from onething.connectors.simulator.records import make_record
from onething.domain.calendar.days import local_date
from tests.api.catalogue import CATALOG, outputs_of

Numbered = Callable[[str], str]  # of the case

BORN = date(2026, 11, 10)
"""As examples/newborn.yaml says."""
_LATER = (datetime.now(UTC).date() + timedelta(days=365)).isoformat()


def _today_here(_: str) -> str:
    """At the office, when it decides: a run may go over midnight."""
    return local_date(datetime.now(UTC)).isoformat()


def _numbered(prefix: str) -> Numbered:
    return partial(numbers.serial_number, prefix)


RECORDS = {
    "birth-record": {
        "certificate_no": "X330000001", "sex": "女", "born_on": BORN.isoformat(), "birth_place": "浙江省杭州市",
        "institution": "市妇幼保健院",
    },
}  # fmt: skip
"""What people find who look by hand."""

FIRST = frozenset({"registration", "household"})
"""Items whose approval opens others of their case."""

OUTPUTS: dict[str, dict[str, dict[str, Any]]] = {
    "enterprise-opening": {
        "registration": {"uscc": numbers.credit_code, "established_on": _today_here},
        "seal": {"seal_filing_no": _numbered("33010")},
        "tax": {"taxpayer_kind": "small_scale", "tax_office": "示例区税务局第一税务所"},
        "social-insurance": {"social_insurance_no": _numbered("33010")},
        "housing-fund": {"housing_fund_no": _numbered("3301")},
        "bank": {"reserved_account": _numbered("62000000000")},
    },
    "death-deregistration": {
        "household": {"cancelled_on": _today_here, "cancellation_no": _numbered("ZX")},
        "pension": {"pension_stopped_from": _LATER, "funeral_grant": "8000", "bereavement_grant": "64000.50"},
        "medical-insurance": {"insurance_ended_on": _today_here, "returned_balance": "1234.56"},
        "housing-fund": {"withdrawn_amount": "35210.08"},
        "driving-licence": {"licence_cancelled_on": _today_here},
        "funeral-subsidy": {"subsidy_amount": "2000"},
        "disability-card": {"card_cancelled_on": _today_here},
    },
    "newborn": {
        "household": {"child_id_number": partial(numbers.resident_id, born=BORN), "registered_on": _today_here},
        "medical-insurance": {"insured_from": _today_here, "insurance_no": _numbered("33")},
        "social-security-card": {"card_no": _numbered("A")},
        "vaccination": {"vaccination_no": _numbered("JZ")},
        "maternity-allowance": {"allowance_days": 128, "allowance_amount": "25600"},
    },
    "transport-business": {
        "registration": {"uscc": numbers.credit_code, "established_on": _today_here},
        "permit": {"permit_no": _numbered("浙运"), "permitted_scope": "道路普通货运", "permit_valid_until": _LATER},
        "vehicle-registration": {"new_plate_no": _numbered("浙A"), "vehicle_registered_on": _today_here},
        "transport-certificate": {"certificate_no": _numbered("YS"), "certificate_valid_until": _LATER},
    },
}  # fmt: skip


def found_by_hand(bundle: str, data: str, chance: random.Random) -> dict[str, Any]:
    """Where nothing else takes its place, people find it."""
    lookup = CATALOG.latest[bundle].lookup(data)
    brought = bundle in OUTPUTS and chance.random() < 0.5
    if brought or lookup is None:
        return {"found": False, "note": "档案里没有这一份。"}
    record = RECORDS.get(data) or make_record(lookup.source, {}, local_date(datetime.now(UTC)))
    return {"found": True, "record": record, "note": "已查阅纸质存根。"}


def approve(bundle: str, item: str, case_no: str) -> dict[str, Any]:
    """Numbers that it gives out are the case's own. By which outcome of the item its task says."""
    return {"effect": "well", "outputs": _outputs(bundle, item, case_no)}


def _outputs(bundle: str, item: str, case_no: str) -> dict[str, Any]:
    if bundle in OUTPUTS:
        return {name: one(case_no) if callable(one) else one for name, one in OUTPUTS[bundle][item].items()}
    [defined] = [one for one in CATALOG.latest[bundle].items if one.code == item]
    return outputs_of(bundle, defined, local_date(datetime.now(UTC)), case_no)


def approve_despite(approval: dict[str, Any], discrepancies: list[str]) -> dict[str, Any]:
    """`discrepancies`: codes of what disagrees, and is known to the officer."""
    return {**approval, "despite": discrepancies, "opinion": "已知各方数据不一致，经核对原件准予。"}


def refuse() -> dict[str, Any]:
    return {"effect": "refused", "opinion": "不符合法定条件。"}


def worded(decision: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    """As the task has it: by the first of its outcomes with that effect; of what refuses nothing, such as a query, that
    nothing was found. Undoing has but one."""
    said = {name: value for name, value in decision.items() if name != "effect"}
    if "effect" not in decision:
        return said
    having = [one["code"] for one in task["outcomes"] if one["effect"] == decision["effect"]]
    outcome = having[0] if having else task["outcomes"][-1]["code"]
    return {"outcome": outcome, **said, "seen": task.get("decides_on", {})}
