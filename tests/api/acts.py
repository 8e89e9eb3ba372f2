"""What people do on the way to what a test is about."""

from typing import Any

from tests.api.forms import APPROVAL, OFFICERS, opening
from tests.api.town import Town


async def open_case(town: Town, who: str = "citizen", **changes: object) -> str:
    answer = await town.post(who, "/api/cases", opening(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def accepted_case(town: Town) -> str:
    case_no = await open_case(town)
    await town.fetch_all(case_no)
    answer = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert answer.status_code == 200, answer.text
    return case_no


async def approve(town: Town, case_no: str, item: str) -> dict[str, Any]:
    body = {"outcome": "approve", "opinion": "符合条件", "outputs": APPROVAL[item]}
    answer = await town.post(OFFICERS[item], f"/api/tasks/{case_no}-{item}-1/decide", body)
    assert answer.status_code == 200, answer.text
    decided: dict[str, Any] = answer.json()
    return decided
