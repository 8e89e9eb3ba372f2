"""A death that is reported, taken in and registered, with no benefits to be ended."""

from typing import Any

from tests.api import acts
from tests.api.town import Town
from tests.support import people


def death(person: people.Person = people.ZHANG, **changes: Any) -> dict[str, Any]:
    """At home, by their child: the registration alone."""
    return {
        "bundle": "death-deregistration",
        "answers": {"place": "home", "pension": "none", "medical_insurance": False},
        "applicant": people.LI.applicant | {"phone": "13800000009"},
        "form": {
            "deceased_name": person.name,
            "deceased_id": person.id_number,
            "died_on": "2026-02-27",
            "deceased_address": "杭州市西湖区文一西路1号",
            "death_place": "杭州市西湖区文一西路1号",
            "relation": "child",
            "applicant_address": "杭州市拱墅区示例路88号",
        },
        "materials": [{"code": "death-certificate-paper", "form": "paper"}],
        "delivery": {"method": "electronic"},
        **changes,
    }


async def reported(town: Town, **changes: Any) -> str:
    answer = await town.post("citizen2", "/api/cases", death(**changes))
    assert answer.status_code == 201, answer.text
    case_no = str(answer.json()["case_no"])
    await acts.hand_in(town, case_no, "death-certificate-paper")
    await town.fetch_all(case_no)
    accepted = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert accepted.status_code == 200, accepted.text
    return case_no


async def registered(town: Town, case_no: str, round_no: int = 1) -> None:
    task_id = f"{case_no}-household-{round_no}"
    body = {"outcome": "approve", "outputs": {"cancelled_on": "2026-03-02", "cancellation_no": f"注销{case_no}"}}
    seen = await acts.read(town, "officer.psb", task_id)
    answer = await town.post("officer.psb", f"/api/tasks/{task_id}/decide", body | {"seen": seen})
    assert answer.status_code == 200, answer.text


def by_neighbour(person: people.Person = people.ZHANG) -> dict[str, Any]:
    """As `death`, by somebody who only reports it."""
    whole = death(person)
    form = {name: value for name, value in whole["form"].items() if name != "relation"}
    return whole | {
        "answers": {"applies_as": "reporter", "place": "home"},
        "form": form | {"reporter_relation": "neighbour"},
    }
