"""What must hold between values: of every bundle that ships, what an officer would not let pass is refused where it
stands, and what is sound passes."""

# ruff: noqa: E501 - tables: one case a line

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from definitions.compile import applicable_form
from definitions.consistency import Filled, check_application, check_decision, reads_application
from definitions.loader import load_catalog
from onething.domain.errors import FieldProblem
from tests.definitions.support import changed, folder_with
from tests.support import people

TODAY = date(2026, 3, 2)
CATALOG = load_catalog()
MOTHER, FATHER = people.ZHANG.paper, people.WANG.paper


def born(year: int, month: int, day: int) -> dict[str, str]:
    """A paper of somebody born on that day."""
    return {"kind": "resident_id", "number": people.resident_id("330106", date(year, month, day), 1)}


def answers_of(code: str, **answers: Any) -> dict[str, Any]:
    return {**CATALOG.latest[code].examples[0].answers, **answers}


def wrong(code: str, form: dict[str, Any], answers: dict[str, Any] | None = None) -> list[str]:
    return [one.pointer for one in problems(code, form, answers)]


def problems(code: str, form: dict[str, Any], answers: dict[str, Any] | None = None) -> Iterator[FieldProblem]:
    definition, said = CATALOG.latest[code], answers_of(code, **(answers or {}))
    return check_application(definition, Filled(said, applicable_form(definition, said), form), TODAY)


ROWS = [
    {
        "name": "甲",
        "id_number": MOTHER,
        "position": ["director", "manager"],
        "contribution": "60",
        "due_on": "2031-03-01",
    },
    {"name": "乙", "id_number": FATHER, "position": ["supervisor"], "contribution": "39.50", "due_on": "2030-01-01"},
]
COMPANY = {"registered_capital": "99.50", "shareholders": ROWS, "directors": ROWS, "operating_term": "unlimited"}


@pytest.mark.parametrize(
    ("code", "form", "pointers"),
    [
        # a birth
        ("newborn", {"born_on": "2026-03-02", "mother_id": MOTHER, "father_id": FATHER}, []),
        ("newborn", {"born_on": "2026-03-03"}, ["/form/born_on"]),
        ("newborn", {"born_on": "2027-03-02"}, ["/form/born_on"]),
        ("newborn", {"mother_id": MOTHER, "father_id": MOTHER}, ["/form/father_id"]),
        ("newborn", {"born_on": "1950-01-01", "mother_id": MOTHER, "father_id": FATHER}, ["/form/mother_id", "/form/father_id"]),
        ("newborn", {"born_on": "2026-03-01", "siblings": [{"name": "一", "born_on": "2020-01-01"}, {"name": "二", "born_on": "2026-03-02"}]}, ["/form/siblings/1/born_on"]),
        # a death
        ("death-deregistration", {"died_on": "2026-03-02", "deceased_id": MOTHER}, []),
        ("death-deregistration", {"died_on": "2026-03-03"}, ["/form/died_on"]),
        ("death-deregistration", {"died_on": "1901-01-01", "deceased_id": MOTHER}, ["/form/died_on"]),
        # an enterprise
        ("enterprise-opening", COMPANY, []),
        ("enterprise-opening", {**COMPANY, "registered_capital": "100"}, ["/form/registered_capital"]),
        ("enterprise-opening", {"operating_term": "fixed"}, ["/form/operating_until"]),
        ("enterprise-opening", {"operating_term": "fixed", "operating_until": "2036-01-01"}, []),
        ("enterprise-opening", {"operating_term": "fixed", "operating_until": "2026-03-02"}, ["/form/operating_until"]),
        ("enterprise-opening", {"operating_term": "unlimited", "operating_until": "2036-01-01"}, ["/form/operating_until"]),
        ("enterprise-opening", {"directors": [ROWS[0]] * 3}, ["/form/directors"]),
        ("enterprise-opening", {"directors": [{**ROWS[0], "position": ["director", "supervisor"]}, ROWS[1]]}, ["/form/directors/0/position"]),
        ("enterprise-opening", {"shareholders": [{"id_number": MOTHER, "due_on": "2031-04-02"}]}, ["/form/shareholders/0/due_on"]),
        ("enterprise-opening", {"insured_from": "1900-01-01"}, ["/form/insured_from"]),
        ("enterprise-opening", {"insured_from": "2026-03-01"}, []),
        # an end, a marriage, an account that is shared
        ("enterprise-closing", {"decided_on": "2026-03-03"}, ["/form/decided_on"]),
        ("marriage-household", {"man_id": MOTHER, "woman_id": MOTHER}, ["/form/woman_id"]),
        ("retirement", {"retire_on": "1901-01-01", "person_id": MOTHER}, ["/form/retire_on"] * 2),
        # a fleet
        ("transport-business", {"vin": "A1", "other_vehicles": [{"vin": "B1"}, {"vin": "B1"}]}, ["/form/other_vehicles"]),
        ("transport-business", {"vin": "A1", "other_vehicles": [{"vin": "B1"}, {"vin": "A1"}]}, ["/form/other_vehicles/1/vin"]),
        # what is no value is told by itself, and not here
        ("newborn", {"born_on": "yesterday", "mother_id": 7, "siblings": "none"}, []),
        ("enterprise-opening", {"shareholders": [{"contribution": "many"}, 3], "directors": {}}, []),
    ],
)  # fmt: skip
def test_what_an_officer_would_not_let_pass(code: str, form: dict[str, Any], pointers: list[str]) -> None:
    assert wrong(code, form, {"several_vehicles": True} if code == "transport-business" else None) == pointers


def test_with_an_enterprise_among_the_investors_all_contributions_count() -> None:
    both = {"investors": "both"}
    form = {**COMPANY, "investor_contribution": "0.50"}
    assert wrong("enterprise-opening", {**form, "registered_capital": "100"}, both) == []
    assert wrong("enterprise-opening", form, both) == ["/form/registered_capital"]
    alone = {"registered_capital": "99.50", "investor_contribution": "99"}
    assert wrong("enterprise-opening", alone, {"investors": "enterprise"}) == ["/form/investor_contribution"]


def test_a_row_is_named_and_told_in_its_words() -> None:
    form = {"born_on": "2026-03-01", "siblings": [{"name": "二", "born_on": "2026-03-02"}]}
    [problem] = problems("newborn", form)
    assert problem.detail == "“已有子女”第 1 行：已有子女的出生日期不能晚于新生儿。"


@pytest.mark.parametrize(
    ("code", "item", "form", "outputs", "pointers"),
    [
        ("newborn", "household", {"born_on": "2026-02-20"}, {"child_id_number": "330106202602200018", "registered_on": "2026-03-02"}, []),
        ("newborn", "household", {"born_on": "2026-02-20"}, {"child_id_number": people.ZHANG.id_number, "registered_on": "2026-03-02"}, ["/outputs/child_id_number"]),
        ("newborn", "household", {"born_on": "2026-02-20"}, {"registered_on": "2026-02-11"}, ["/outputs/registered_on"]),
        ("newborn", "household", {"born_on": "2026-02-20"}, {"registered_on": "2026-03-03"}, ["/outputs/registered_on"]),
        ("newborn", "medical-insurance", {"born_on": "2026-02-20"}, {"insured_from": "1900-01-01"}, ["/outputs/insured_from"]),
        ("death-deregistration", "household", {"died_on": "2026-02-20"}, {"cancelled_on": "2026-02-19"}, ["/outputs/cancelled_on"]),
        ("enterprise-opening", "registration", {}, {"established_on": "2099-01-01"}, ["/outputs/established_on"]),
        ("enterprise-opening", "registration", {}, {"established_on": "2026-03-02"}, []),
        # 22 and 20 years, on the birthday itself
        ("marriage-household", "registration", {"man_id": born(2004, 3, 2), "woman_id": born(2006, 3, 2)}, {"both_came": True, "registered_on": "2026-03-02"}, []),
        ("marriage-household", "registration", {"man_id": born(2004, 3, 3), "woman_id": born(2006, 3, 3)}, {"both_came": True, "registered_on": "2026-03-02"}, ["/outputs/registered_on"] * 2),
        ("marriage-household", "registration", {"man_id": born(1990, 1, 1), "woman_id": born(1990, 1, 2)}, {"both_came": False, "registered_on": "2026-03-03"}, ["/outputs/both_came", "/outputs/registered_on"]),
        ("enterprise-closing", "registration", {"liquidated_on": "2026-02-20"}, {"closed_on": "2026-02-19"}, ["/outputs/closed_on"]),
        ("enterprise-closing", "registration", {"ruled_on": "2026-02-20"}, {"closed_on": "2026-02-20"}, []),
        ("retirement", "deemed-years", {"worked_since": "1984-07-01"}, {"born_by_file": "1984-07-01"}, ["/outputs/born_by_file"]),
        ("medical-elsewhere", "reimbursement", {"cost_total": "100"}, {"covered_amount": "100.01", "paid_amount": "100.02"}, ["/outputs/paid_amount", "/outputs/covered_amount"]),
        ("transport-business", "registration", {}, {"established_on": "2026-02-01"}, ["/outputs/established_on"]),
        ("transport-business", "permit", {}, {"permit_valid_until": "2020-01-01"}, ["/outputs/permit_valid_until"]),
        ("transport-business", "permit", {}, {"permit_valid_until": "2026-03-02"}, ["/outputs/permit_valid_until"]),
        ("transport-business", "permit", {}, {"permit_valid_until": "2026-03-03"}, []),
        ("transport-business", "permit", {}, {"permit_valid_until": "someday"}, []),
    ],
)  # fmt: skip
def test_a_decision_is_held_against_the_case(
    code: str, item: str, form: dict[str, Any], outputs: dict[str, Any], pointers: list[str]
) -> None:
    definition, said = CATALOG.latest[code], answers_of(code)
    decided = next(one for one in definition.items if one.code == item)
    filled = Filled(said, definition.form, form)
    assert [one.pointer for one in check_decision(definition, decided, filled, outputs, TODAY)] == pointers


OWN = "{must: 'decision.card_no != \"0\"', says: 证号不能是 0。, at: [card_no]}"


@pytest.mark.parametrize(
    ("rule", "reads", "wrong_without"),
    [
        (OWN, False, True),
        (OWN.replace("says:", "when: answers.extra, says:"), True, False),
        (OWN.replace("must: '", "must: 'given.reason || "), True, True),
        (OWN.replace("must: '", "must: '!given.card_no || "), False, True),
        (OWN.replace("must: '", "must: 'form.name == \"甲\" || "), True, True),
    ],
)  # fmt: skip
def test_a_decision_reads_the_application_where_a_check_does(
    tmp_path: Path, rule: str, reads: bool, wrong_without: bool
) -> None:
    """Also of who left every question at its default, and of what is only asked whether it is there."""
    text = changed("    outputs:\n      - {id: card,", f"    checks: [{rule}]\n    outputs:\n      - {{id: card,")
    small = load_catalog(folder_with(tmp_path, text)).latest["small"]
    first = small.items[0]
    assert reads_application(small, first) is reads
    form = {"name": "乙"} if reads else {}
    found = list(check_decision(small, first, Filled({}, small.form, form), {"card_no": "0"}, TODAY))
    assert bool(found) is wrong_without


def test_a_row_s_column_is_not_taken_for_a_field_of_the_same_name(tmp_path: Path) -> None:
    rows = "      - {id: rows, label: 行, type: list, min_items: 0, required: false, fields: [{id: name, label: 名, type: text, required: false}]}\n"
    text = changed("      - {id: reason,", f"{rows}      - {{id: reason,").replace(
        "\nmaterials:\n", "\nchecks:\n  - {rows: rows, must: given.name, says: 请填写名。, at: [name]}\nmaterials:\n", 1
    )
    small = load_catalog(folder_with(tmp_path, text)).latest["small"]
    form = {"name": "甲", "rows": [{"name": "一"}, {}]}
    found = check_application(small, Filled({}, small.form, form), TODAY)
    assert [one.pointer for one in found] == ["/form/rows/1/name"]
