"""What people do on the way to what a test is about."""

from datetime import datetime, timedelta
from typing import Any

from onething.domain.calendar.days import local_date
from tests.api.forms import OFFICERS, WELL, approval, opening
from tests.api.town import Town


async def open_case(town: Town, who: str = "citizen", **changes: object) -> str:
    """Papers that the application lists have been handed in at the counter."""
    body = opening(**changes)
    answer = await town.post(who, "/api/cases", body)
    assert answer.status_code == 201, answer.text
    case_no = str(answer.json()["case_no"])
    if who != "counter" and body["materials"]:
        await hand_in(town, case_no, *(one["code"] for one in body["materials"]))
    return case_no


async def received_case(town: Town, **changes: object) -> str:
    """An office has it, and asks by duty what it has to know."""
    case_no = await open_case(town, **changes)
    answer = await town.post("counter", f"/api/cases/{case_no}/take-in")
    assert answer.status_code in (200, 409), answer.text  # by its papers, perhaps
    return case_no


async def hand_in(town: Town, case_no: str, *codes: str, who: str = "counter") -> dict[str, Any]:
    """Papers are received by who says so; where the case stands then."""
    answer = await town.post(who, f"/api/cases/{case_no}/papers", {"materials": list(codes)})
    assert answer.status_code == 200, answer.text
    standing: dict[str, Any] = answer.json()
    return standing


async def read(town: Town, who: str, task_id: str) -> dict[str, int]:
    """What whoever decides has to say that they have seen."""
    seen: dict[str, int] = (await town.get(who, f"/api/tasks/{task_id}")).json().get("decides_on", {})
    return seen


async def accepted_case(town: Town, **changes: object) -> str:
    case_no = await open_case(town, **changes)
    await town.fetch_all(case_no)
    answer = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert answer.status_code == 200, answer.text
    return case_no


async def approve(town: Town, case_no: str, item: str, round_no: int = 1, **outputs: object) -> dict[str, Any]:
    who, task_id = OFFICERS[item], f"{case_no}-{item}-{round_no}"
    body = {
        "outcome": WELL.get(item, "approve"),
        "opinion": "符合条件",
        "outputs": approval(item, case_no, today(town)) | outputs,
    }
    answer = await town.post(who, f"/api/tasks/{task_id}/decide", body | {"seen": await read(town, who, task_id)})
    assert answer.status_code == 200, answer.text
    decided: dict[str, Any] = answer.json()
    return decided


def today(town: Town) -> str:
    return local_date(town.clock.now()).isoformat()


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


def until(town: Town, moment: str) -> timedelta:
    """How long it is from now."""
    return datetime.fromisoformat(moment) - town.clock.now()
