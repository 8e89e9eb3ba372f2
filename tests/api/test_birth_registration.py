"""A birth is registered on one parent's word: nobody's confirmation is a condition of it (户口登记条例 Art. 7: 由户主、
亲属、抚养人或者邻居申报; trust.md: nobody's confirmation blocks a right that does not depend on it)."""

from datetime import date
from typing import Any

from tests.api import acts
from tests.api.town import Town
from tests.support import people

PAPERS = ("birth-certificate-paper", "marriage-certificate", "parent-household-booklet")


def birth(**changes: Any) -> dict[str, Any]:
    """Of married parents; the mother applies. The father has an account (`citizen2`), and says nothing."""
    form = {
        "child_name": "张小满",
        "child_sex": "female",
        "born_on": "2026-02-20",
        "birth_place": "杭州市西湖区示例医院",
        "ethnicity": "汉族",
        "birth_certificate_no": "Y330000001",
        "mother_name": people.ZHANG.name,
        "mother_id": people.ZHANG.id_number,
        "mother_phone": people.ZHANG.phone,
        "father_name": people.LI.name,
        "father_id": people.LI.id_number,
        "household_address": "杭州市西湖区文一西路1号",
        "relation_to_head": "child",
    }
    return {
        "bundle": "newborn",
        "answers": {
            "parents": "married",
            "consent": False,
            "medical_insurance": False,
            "social_security_card": False,
            "vaccination": False,
        },
        "applicant": people.ZHANG.applicant,
        "form": form,
        "materials": [{"code": code, "form": "paper"} for code in PAPERS],
        "delivery": {"method": "electronic"},
        **changes,
    }


async def registered(town: Town, case_no: str) -> None:
    """By the police, of whom nobody asks who else agrees."""
    task = f"{case_no}-household-1"
    outputs = {
        "child_id_number": people.resident_id("330106", date(2026, 2, 20), int(case_no[-3:]) | 1),
        "registered_on": "2026-03-02",
    }
    seen = await acts.read(town, "officer.psb", task)
    body = {"outcome": "approve", "outputs": outputs, "seen": seen}
    answer = await town.post("officer.psb", f"/api/tasks/{task}/decide", body)
    assert answer.status_code == 200, answer.text


async def test_one_parent_alone_applies_and_it_is_registered(town: Town) -> None:
    opened = await town.post("citizen", "/api/cases", birth())
    assert (opened.status_code, opened.json()["status"]) == (201, "submitted"), opened.text
    case_no = opened.json()["case_no"]
    await acts.hand_in(town, case_no, *PAPERS)
    accepted = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert accepted.status_code == 200, accepted.text
    to_confirm = (await town.get("citizen2", "/api/cases", params={"to_confirm": "true"})).json()["items"]
    assert case_no not in [one["case_no"] for one in to_confirm]
    await registered(town, case_no)


async def test_what_a_counter_wrote_down_waits_for_nobody(town: Town) -> None:
    """A draft of the counter's is taken in by it, on the spot; that the mother never looks at it changes nothing."""
    draft = await town.post("counter", "/api/cases", birth(submit=False, seen=people.SEEN))
    case_no = draft.json()["case_no"]
    done = await town.post("counter", f"/api/cases/{case_no}/submit")
    assert done.status_code == 200, done.text
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200


async def test_a_draft_that_somebody_else_wrote_keeps_no_birth_waiting(town: Town) -> None:
    """Whoever helped may leave it unconfirmed: at the counter the application is taken in without it."""
    helped = await town.post("citizen2", "/api/cases", birth(submit=False))
    assert helped.status_code == 201, helped.text
    taken = await town.post("counter", "/api/cases", birth(seen=people.SEEN, accept=True))
    assert (taken.status_code, taken.json()["status"]) == (201, "processing"), taken.text
