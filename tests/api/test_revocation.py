"""What follows a broken promise, over HTTP, when the case has closed: taken back or not, undone, and on record."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from onething.domain.events.outcomes import EffectUndone
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.lawful import with_a_lease_that_may_be_promised
from tests.api.test_commitments import FOUND, LEASE, approved
from tests.api.test_commitments import path as check_path
from tests.api.test_letters import letter, listed
from tests.api.town import Town

WHY = "租期已满，不具备经营场所"
REVOKE: dict[str, Any] = {"revoke": True, "opinion": WHY}
NOTES = "/api/supervision/credit-notes"


@pytest.fixture
async def trusting(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_a_lease_that_may_be_promised) as town:
        yield town


def deciding(case_no: str, item: str = "registration") -> str:
    return f"/api/tasks/{case_no}-{item}.revoke-1"


async def queued(town: Town, who: str) -> list[dict[str, Any]]:
    return [one for one in (await town.get(who, "/api/tasks")).json()["items"] if one["kind"] == "revoke"]


async def broken(town: Town) -> str:
    """Closed, every certificate issued; then the promise turns out not to be so."""
    case_no = await approved(town)
    for item in ("seal", "tax"):
        await acts.approve(town, case_no, item)
    await town.finish(case_no)
    answer = await town.post("officer.amr", check_path(case_no), FOUND)
    assert (answer.status_code, answer.json()["status"]) == (200, "closed"), answer.text
    return case_no


async def licence(town: Town, case_no: str) -> dict[str, Any]:
    (number,) = town.rows(
        "select number from certificates where case_no = %s and item = 'registration' order by number limit 1", case_no
    )[0]
    told: dict[str, Any] = (await town.get(None, f"/api/certificates/{number}/verify")).json()
    return told


async def states(town: Town, case_no: str) -> dict[str, str]:
    items = (await town.get("citizen", f"/api/cases/{case_no}")).json()["items"]
    return {one["code"]: one["state"] for one in items}


async def test_taken_back_after_the_case_has_closed(trusting: Town) -> None:
    town = trusting
    case_no = await broken(town)
    (one,) = await queued(town, "officer.amr")
    assert (one["task_id"], one["item"], one["state"]) == (f"{case_no}-registration.revoke-1", "registration", "open")
    assert one["due_at"] == "2026-03-16T17:30:00+08:00"
    seen = (await town.get("officer.amr", deciding(case_no))).json()
    assert seen["decision_form"] == []
    assert seen["warnings"][0] == "申请人对“房屋租赁合同”的承诺经核查不实，请决定准予是否撤销。"
    assert "“公章刻制备案”（公安局）" in seen["warnings"][1]
    for act, body in (("claim", None), ("decide", {"outcome": "approve"}), ("answer", {"opinion": "x"})):
        assert (await town.post("officer.amr", f"{deciding(case_no)}/{act}", body)).status_code == 409, act
    path = f"{deciding(case_no)}/revoke"
    for who, status in (("officer.psb", 404), ("citizen", 403), ("counter", 403), ("supervisor", 403), (None, 401)):
        assert (await town.post(who, path, REVOKE)).status_code == status, who
    assert (await town.post("officer.amr", path, {"revoke": True})).status_code == 422
    assert (await licence(town, case_no))["valid"] is True

    answer = await town.post("officer.amr", path, REVOKE, key="revoke")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["revoked"], answer.json()["status"]) == (True, "closed")
    assert (await town.post("officer.amr", path, REVOKE, key="revoke")).content == answer.content
    late = await town.post("leader.amr", path, REVOKE | {"revoke": False})
    assert (late.status_code, late.json()["standing"]["outcome"]) == (409, "revoked")

    verified = await licence(town, case_no)
    assert (verified["genuine"], verified["valid"], verified["revoked"]) == (True, False, True)
    assert verified["revoked_at"] == answer.json()["at"]
    certificates = (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["items"]
    revoked = {one["item"] for one in certificates if "revoked_at" in one}
    assert revoked == {"registration"} < {one["item"] for one in certificates} | {"tax"}
    told = await letter(town, case_no, "approval_revoked")
    assert (told["title"], told["issuer"]) == ("撤销决定书", "市场监督管理局")
    assert told["paragraphs"][1:] == [f"理由：{WHY}", "该承诺不实的情况已作失信记录。"]
    for who in ("citizen", "supervisor", "officer.amr"):
        timeline = await town.get(who, f"/api/cases/{case_no}/timeline?limit=200")
        assert "“企业设立登记”的准予决定：撤销" in [one["text"] for one in timeline.json()["items"]]
        assert WHY not in timeline.text


async def test_its_system_undoes_it_and_others_decide_about_their_own(trusting: Town) -> None:
    town = trusting
    case_no = await broken(town)
    await town.post("officer.amr", f"{deciding(case_no)}/revoke", REVOKE)
    ((command_id, command),) = [one for one in (await town.commands(case_no)).items() if one[1].kind == "undo_effect"]
    assert command.patience_at is not None
    await town.outcome(case_no, EffectUndone(command=command_id, effect=command.target))
    (seal,) = await queued(town, "officer.psb")
    why = (await town.get("officer.psb", f"/api/tasks/{seal['task_id']}")).json()["warnings"][0]
    assert why == "它依据的“企业设立登记”已被撤销，请决定它是否撤销。"
    answer = await town.post("officer.psb", f"{deciding(case_no, 'seal')}/revoke", REVOKE)
    assert answer.status_code == 200, answer.text
    (undo,) = [one for one in (await town.get("officer.psb", "/api/tasks")).json()["items"] if one["kind"] == "undo"]
    done = await town.post("officer.psb", f"/api/tasks/{undo['task_id']}/decide", {"outcome": "undone"})
    assert done.status_code == 200, done.text
    upheld = await town.post("officer.tax", f"{deciding(case_no, 'tax')}/revoke", REVOKE | {"revoke": False})
    assert upheld.status_code == 200, upheld.text
    await town.finish(case_no)
    standing = await states(town, case_no)
    assert [standing[item] for item in ("registration", "seal", "tax")] == ["undone", "undone", "approved"]
    assert len([one for one in await listed(town, case_no) if one["kind"] == "approval_revoked"]) == 2
    assert (await town.get("citizen", f"/api/cases/{case_no}")).json()["status"] == "closed"


async def test_it_may_stand(trusting: Town) -> None:
    town = trusting
    case_no = await broken(town)
    answer = await town.post("officer.amr", f"{deciding(case_no)}/revoke", {"revoke": False, "opinion": "已补签"})
    assert answer.status_code == 200, answer.text
    assert ((await licence(town, case_no))["valid"], (await states(town, case_no))["registration"]) == (
        True,
        "approved",
    )
    timeline = await town.get("citizen", f"/api/cases/{case_no}/timeline?limit=200")
    assert "“企业设立登记”的准予决定：不撤销" in [one["text"] for one in timeline.json()["items"]]
    assert "approval_revoked" not in [one["kind"] for one in await listed(town, case_no)]
    assert await queued(town, "officer.psb") == []
    assert (await town.get("supervisor", NOTES)).json()["items"] == []


async def test_credit_notes_are_for_the_regions_supervisor(trusting: Town) -> None:
    town = trusting
    numbers = []
    for _ in range(3):
        numbers.append(await broken(town))
        answer = await town.post("officer.amr", f"{deciding(numbers[-1])}/revoke", REVOKE)
        assert answer.status_code == 200, answer.text
        await town.post("officer.psb", f"{deciding(numbers[-1], 'seal')}/revoke", REVOKE)
    for who, status in (("officer.amr", 403), ("leader.amr", 403), ("citizen", 403), ("counter", 403), (None, 401)):
        assert (await town.get(who, NOTES)).status_code == status, who
    page = (await town.get("supervisor", f"{NOTES}?limit=2")).json()
    rest = (await town.get("supervisor", f"{NOTES}?limit=2&after={page['next']}")).json()
    rows = [*page["items"], *rest["items"]]
    assert (sorted(one["case_no"] for one in rows), "next" in rest and rest["next"]) == (sorted(numbers), None)
    named = ("item", "item_name", "material", "material_name", "finding")
    assert {tuple(one[name] for name in named) for one in rows} == {
        ("registration", "企业设立登记", LEASE, "房屋租赁合同", f"finding:{LEASE}")
    }
    assert WHY not in str(rows)
    assert FOUND["finding"] not in str(rows)
    audited = town.rows("select detail from access_log where act = 'view_credit_notes' order by at")
    assert ("rows:2",) in audited
