"""Applications that are in order, to be changed by each test."""

from copy import deepcopy
from typing import Any

from onething.connectors.simulator.numbers import credit_code, serial_number
from tests.support import people

APPLICANT = people.ZHANG.applicant

AMR = {"department": "amr", "department_name": "市场监督管理局"}

_OPENING: dict[str, Any] = {
    "bundle": "enterprise-opening",
    "answers": {
        "company_type": "sole_proprietorship",
        "premises": "owned",
        "services": ["seal", "tax"],
        "invoices": "none",
    },
    "applicant": APPLICANT,
    "form": {
        "company_name": "杭州䶮𠮷商贸有限公司",
        "address": "杭州市西湖区文一西路1号",
        "registered_capital": "1000000",
        "business_scope": "软件开发 🚀",
        "operating_term": "unlimited",
        "representative_name": people.ZHANG.name,
        "representative_id": people.ZHANG.paper,
        "representative_phone": people.ZHANG.phone,
        "liaison_name": "买买提·艾力",
        "liaison_phone": "13900000000",
        "seal_kinds": ["official"],
        "finance_officer_name": "李四",
        "finance_officer_id": people.ZHANG.paper,
        "finance_officer_phone": "13700000000",
        "accounting_system": "small_enterprise",
    },
    "materials": [],
    "delivery": {"method": "electronic"},
}


def opening(**changes: Any) -> dict[str, Any]:
    """An enterprise opening with registration, then seal and tax in parallel; no material has to be brought."""
    return {**deepcopy(_OPENING), **changes}


def opening_with_papers(*codes: str) -> dict[str, Any]:
    """A limited company in rented premises: articles, appointment-documents and premises-lease are required."""
    whole = opening(materials=[{"code": code, "form": "paper"} for code in codes])
    whole["answers"] = {**whole["answers"], "company_type": "llc", "premises": "rented"}
    whole["form"] |= {
        "directors": [{**people.ZHANG.named, "position": ["director"]}],
        "shareholders": [{**people.ZHANG.named, "contribution": "1000000", "due_on": "2030-01-01"}],
    }
    return whole


REQUIRED_PAPERS = ("articles", "appointment-documents", "premises-lease")


def approval(item: str, case_no: str, on: str = "2026-03-02") -> dict[str, Any]:
    """Outputs with which an item is approved, that day; numbers that it gives out are the case's own."""
    match item:
        case "registration":
            return {"uscc": credit_code(case_no), "established_on": on}
        case "seal":
            return {"seal_filing_no": serial_number("公章-", case_no)}
        case "tax":
            return {"taxpayer_kind": "small_scale", "tax_office": "西湖税务所"}
    raise KeyError(item)


WELL = {"seal": "filed", "licence-check": "matches", "prepacked-filing": "filed", "sign-filing": "filed"}
"""Item → the outcome with which it ends well, where that is no approval."""

OFFICERS = {"registration": "officer.amr", "seal": "officer.psb", "tax": "officer.tax"}
