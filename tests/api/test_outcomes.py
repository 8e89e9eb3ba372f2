"""What items end with over HTTP: a filing is filed, what is checked matches or has no record, in their own words."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.kernel.commands import Command
from onething.security.signed_calls import sign
from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import approval, opening
from tests.api.lawful import with_a_registration_by_its_system
from tests.api.outside import Outside, outside_of
from tests.api.test_letters import listed
from tests.api.test_places import staff
from tests.api.test_restaurant import LICENCE, PREPACKED
from tests.api.town import MORNING, Town
from tests.support.patience import PATIENCE_S
from tests.support.servers import PostgresServer

JSON = {"Content-Type": "application/json"}

FILED = {"code": "filed", "name": "已备案", "effect": "well"}
SCOPE = {"code": "out_of_scope", "name": "不属于备案范围", "effect": "refused"}
INCOMPLETE = {"code": "incomplete", "name": "材料不全", "effect": "refused"}


async def registered(town: Town) -> str:
    """With the filing of the seal open."""
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    return case_no


async def decide(town: Town, task_id: str, who: str, **said: Any) -> Any:
    seen = await acts.read(town, who, task_id)
    return await town.post(who, f"/api/tasks/{task_id}/decide", {**said, "seen": seen})


async def test_an_item_is_decided_by_an_outcome_of_its_own_alone(town: Town) -> None:
    case_no = await registered(town)
    seal = f"{case_no}-seal-1"
    task = (await town.get("officer.psb", f"/api/tasks/{seal}")).json()
    assert task["outcomes"] == [FILED, SCOPE, INCOMPLETE]
    wrong = await decide(town, seal, "officer.psb", outcome="approve", outputs=approval("seal", case_no))
    assert wrong.status_code == 422
    (error,) = wrong.json()["errors"]
    assert error["pointer"] == "/outcome"
    assert error["detail"].endswith("已备案（filed）、不属于备案范围（out_of_scope）、材料不全（incomplete）。")
    silent = await decide(town, seal, "officer.psb", outcome="out_of_scope")
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/opinion")
    filed = await decide(town, seal, "officer.psb", outcome="filed", outputs=approval("seal", case_no))
    assert (filed.status_code, filed.json()["outcome_name"]) == (200, "已备案")
    late = await decide(town, seal, "officer.psb", outcome="incomplete", opinion="缺")
    assert (late.status_code, late.json()["standing"]["outcome_name"]) == (409, "已备案")
    closed = (await town.get("officer.psb", f"/api/tasks/{seal}")).json()
    assert (closed["result"], closed["result_name"]) == ("filed", "已备案")


async def test_who_applied_reads_each_end_in_its_own_words(town: Town) -> None:
    case_no = await registered(town)
    said = {"outcome": "out_of_scope", "opinion": "该类印章不备案"}
    answer = await decide(town, f"{case_no}-seal-1", "officer.psb", **said)
    assert answer.status_code == 200, answer.text
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    seal = next(one for one in case["items"] if one["code"] == "seal")
    assert (seal["state"], seal["outcome"], seal["outcome_name"]) == ("refused", "out_of_scope", "不属于备案范围")
    registration = next(one for one in case["items"] if one["code"] == "registration")
    assert registration["outcome_name"] == "准予"
    lines = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "“公章刻制备案”：不属于备案范围" in [one["text"] for one in lines]
    (row,) = [one for one in await listed(town, case_no) if one["kind"] == "refused"]
    assert row["title"] == "备案结果告知书"
    letter = (await town.get("citizen", f"/api/cases/{case_no}/documents/{row['id']}")).json()
    text = "".join(letter["paragraphs"])
    assert "结果为“不属于备案范围”" in text
    assert "不予" not in text
    await acts.approve(town, case_no, "tax")
    await town.finish(case_no)
    (result,) = [one for one in await listed(town, case_no) if one["kind"] == "result"]
    told = (await town.get("citizen", f"/api/cases/{case_no}/documents/{result['id']}")).json()
    assert any("公章刻制备案”（公安局：不属于备案范围）" in one for one in told["paragraphs"])


async def test_progress_says_the_outcome(town: Town) -> None:
    opened = (await town.post("citizen", "/api/cases", opening())).json()
    case_no = opened["case_no"]
    await town.fetch_all(case_no)
    await town.post("counter", f"/api/cases/{case_no}/accept")
    await acts.approve(town, case_no, "registration")
    await acts.approve(town, case_no, "seal")
    progress = await town.get(None, f"/api/progress/{case_no}?code={opened['query_code']}")
    items = {one["code"]: (one.get("outcome"), one["text"]) for one in progress.json()["items"]}
    assert items["seal"] == ("filed", "已备案")
    assert items["registration"] == ("approve", "准予")
    assert items["tax"][0] is None


async def test_what_is_looked_at_anew_or_revoked_is_called_as_it_ended(town: Town) -> None:
    case_no = await registered(town)
    await acts.approve(town, case_no, "seal")
    why = {"reason": "公章刻制单位不在名录内"}
    asked = await town.post("officer.psb", f"/api/cases/{case_no}/items/seal/review", why)
    assert asked.status_code == 200, asked.text
    queue = (await town.get("officer.psb", "/api/tasks")).json()["items"]
    [row] = [one for one in queue if one["kind"] == "revoke"]
    task = (await town.get("officer.psb", f"/api/tasks/{row['task_id']}")).json()
    assert "有部门或督办员请求复核“已备案”的决定：请依法决定维持或撤销；只是写错的，请更正。" in task["warnings"]
    body = {"revoke": True, "opinion": "备案有误"}
    answer = await town.post("officer.psb", f"/api/tasks/{row['task_id']}/revoke", body)
    assert answer.status_code == 200, answer.text
    lines = [one["text"] for one in (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]]
    assert "请“公章刻制备案”的部门复核其结果（已备案）" in lines
    assert "“公章刻制备案”的结果（已备案）：撤销" in lines
    [letter] = [one for one in await listed(town, case_no) if one["kind"] == "approval_revoked"]
    told = (await town.get("citizen", f"/api/cases/{case_no}/documents/{letter['id']}")).json()
    assert told["paragraphs"][0] == (
        "经复核，作出结果（已备案）的条件不具备，决定撤销“企业开办”中的“公章刻制备案”的结果（已备案），由此取得的证照同时作废。"
    )


async def test_a_check_that_differs_ends_the_case_without_a_letter_of_refusal(town: Town) -> None:
    seen = [{"party": "applicant", "document": "resident_id", "presence": "in_person"}]
    counter, amr = staff(town, "counter", "330100"), staff(town, "officer.amr", "330100")
    answer = await town.post(None, "/api/cases", PREPACKED | {"seen": seen}, headers=counter)
    assert answer.status_code == 201, answer.text
    case_no = str(answer.json()["case_no"])
    await town.record(case_no, "business-licence", {"record": LICENCE, "as_of": MORNING.isoformat()})
    assert (await town.post(None, f"/api/cases/{case_no}/accept", headers=counter)).status_code == 200
    said = {"outcome": "no_record", "opinion": "登记机关没有这家企业"}
    answer = await town.post(None, f"/api/tasks/{case_no}-licence-check-1/decide", said, headers=amr)
    assert answer.status_code == 200, answer.text
    await town.finish(case_no)
    path = f"/api/cases/{case_no}/documents"
    kinds = {one["kind"]: one for one in (await town.get(None, path, headers=counter)).json()["letters"]}
    assert "refused" not in kinds
    letter = (await town.get(None, f"{path}/{kinds['terminated']['id']}", headers=counter)).json()
    assert letter["title"] == "终止办理通知书"
    assert any("结果为“查无登记”" in one for one in letter["paragraphs"])
    assert "理由：登记机关没有这家企业" in letter["paragraphs"]


@pytest.fixture(scope="module")
async def outside(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    """The registration is a filing, which the authority's own system takes."""
    definitions = with_a_registration_by_its_system(tmp_path_factory.mktemp("filed") / "definitions")
    file = definitions / "catalog" / "enterprise-opening" / "v1.yaml"
    name = "    name: 企业设立登记\n"
    file.write_text(file.read_text(encoding="utf-8").replace(name, f"{name}    kind: filing\n", 1), encoding="utf-8")
    async with built(postgres_server, migrated, definitions) as town, outside_of(town) as outside:
        yield outside


async def test_a_system_is_told_what_it_may_answer_and_answers_it(outside: Outside) -> None:
    case_no = await acts.accepted_case(outside.town)
    command = await outside.command(case_no, "registration")
    given = Command(id=command, kind="dispatch_item", target="registration")
    work = await outside.town.gateway.dispatch_work(Assignment(case_no=case_no, epoch=1, command=given))
    assert not isinstance(work, CaseSnapshot)
    assert work.order["outcomes"] == [FILED, SCOPE, INCOMPLETE]
    await outside.control("amr", "departments", mode="answer", record={"outcome": "approve"})
    assert isinstance(await outside.dispatch(case_no, command, "registration"), float)  # as if it had not answered
    await outside.control("amr", "departments", mode="down")
    called = {"key": f"{case_no}/1/{command}", "outcome": "filed", "outputs": approval("registration", case_no)}
    raw = orjson.dumps(called)
    signed = sign(b"b" * 32, "call", int(outside.town.clock.now().timestamp()), raw)
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        answer = await client.post(f"{outside.api_url}/api/callbacks/amr", content=raw, headers=JSON | signed)
    assert answer.status_code == 200, answer.text
    items = (await outside.town.get("citizen", f"/api/cases/{case_no}")).json()["items"]
    registration = next(one for one in items if one["code"] == "registration")
    assert (registration["state"], registration["outcome_name"]) == ("approved", "已备案")
