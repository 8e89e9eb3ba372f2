"""What people do on the way to what a test is about."""

from typing import Any

from tests.api.forms import OFFICERS, approval, opening
from tests.api.town import Town


async def open_case(town: Town, who: str = "citizen", **changes: object) -> str:
    answer = await town.post(who, "/api/cases", opening(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def accepted_case(town: Town, **changes: object) -> str:
    case_no = await open_case(town, **changes)
    await town.fetch_all(case_no)
    answer = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert answer.status_code == 200, answer.text
    return case_no


async def approve(town: Town, case_no: str, item: str, round_no: int = 1, **outputs: object) -> dict[str, Any]:
    body = {"outcome": "approve", "opinion": "符合条件", "outputs": approval(item, case_no) | outputs}
    answer = await town.post(OFFICERS[item], f"/api/tasks/{case_no}-{item}-{round_no}/decide", body)
    assert answer.status_code == 200, answer.text
    decided: dict[str, Any] = answer.json()
    return decided


async def draft(town: Town) -> str:
    answer = await town.post("citizen", "/api/cases", opening(submit=False))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def correction(town: Town) -> str:
    case_no = await open_case(town)
    body = {"items": [{"pointer": "/form/liaison_phone", "what": "电话打不通"}]}
    answer = await town.post("counter", f"/api/cases/{case_no}/corrections", body)
    assert answer.status_code == 200, answer.text
    return case_no


async def accepted_without_records(town: Town) -> str:
    """Accepted, but no item is open: its records are still being fetched."""
    case_no = await open_case(town)
    answer = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert answer.json()["status"] == "accepted", answer.text
    return case_no


async def rejected(town: Town) -> str:
    case_no = await open_case(town)
    body = {"reason": "不属于本机关职权范围", "basis": "行政许可法第三十二条"}
    answer = await town.post("counter", f"/api/cases/{case_no}/reject", body)
    assert answer.status_code == 200, answer.text
    return case_no


async def decided(town: Town, **registration: object) -> str:
    """`registration`: outputs of that item which are to be others."""
    case_no = await accepted_case(town)
    await approve(town, case_no, "registration", **registration)
    for item in ("seal", "tax"):
        await approve(town, case_no, item)
    return case_no


async def delivered(town: Town) -> str:
    case_no = await decided(town)
    await town.finish(case_no, until="delivered")
    return case_no


async def closed(town: Town, **registration: object) -> str:
    case_no = await decided(town, **registration)
    await town.finish(case_no)
    return case_no


def certificate_no(town: Town, case_no: str, item: str = "registration") -> str:
    """Of the one certificate that the item gave."""
    ((number,),) = town.rows("select number from certificates where case_no = %s and item = %s", case_no, item)
    return str(number)


async def withdrawn(town: Town) -> str:
    """Withdrawn after registration, which stands, and seal, which a person has to give back."""
    case_no = await accepted_case(town)
    await approve(town, case_no, "registration")
    await approve(town, case_no, "seal")
    answer = await town.post("citizen", f"/api/cases/{case_no}/withdraw")
    assert answer.status_code == 200, answer.text
    return case_no


async def terminated(town: Town) -> str:
    case_no = await accepted_case(town)
    body = {"outcome": "refuse", "opinion": "住所不实"}
    answer = await town.post("officer.amr", f"/api/tasks/{case_no}-registration-1/decide", body)
    assert answer.json()["status"] == "terminated", answer.text
    return case_no
