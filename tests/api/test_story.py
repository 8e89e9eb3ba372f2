"""The main path over HTTP: apply, accept, decide until the case closes; people's part needs no worker."""

from tests.api.acts import approve
from tests.api.forms import opening
from tests.api.town import Town


async def test_an_application_becomes_decisions(fresh_town: Town) -> None:
    town = fresh_town
    created = await town.post("citizen", "/api/cases", opening())
    assert created.status_code == 201, created.text
    body = created.json()
    assert body["status"] == "submitted"
    assert len(body["query_code"]) == 8
    case_no = body["case_no"]

    accepted = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["due_at"] == "2026-03-05T17:30:00+08:00"
    await town.fetch_all(case_no)

    queue = (await town.get("officer.amr", "/api/tasks")).json()["items"]
    assert [task["task_id"] for task in queue] == [f"{case_no}-registration-1"]
    assert (await town.get("officer.psb", "/api/tasks")).json()["items"] == []

    decided = await approve(town, case_no, "registration")
    assert decided["status"] == "processing"
    assert [(item["code"], item["state"]) for item in decided["items"]] == [
        ("registration", "approved"), ("seal", "open"), ("tax", "open"),
    ]  # fmt: skip
    assert [t["item"] for t in (await town.get("officer.psb", "/api/tasks")).json()["items"]] == ["seal"]

    await approve(town, case_no, "seal")
    assert (await approve(town, case_no, "tax"))["status"] == "decided"
    await town.finish(case_no)
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert case["status"] == "closed"
