"""职责划转: an officer's queue, rights and papers before and after duties have moved to another department."""

import asyncio
import os
import subprocess
from pathlib import Path

from onething.services.items import reassign
from onething.services.items.reassign import Duties
from tests.api.acts import accepted_case, approve, closed
from tests.api.forms import approval
from tests.api.town import Town
from tests.cli import in_process

PLAN = "某某机构改革方案"
TO_FIRE = Duties("psb", "fire", PLAN)  # the seal's


async def move(town: Town, duties: Duties = TO_FIRE, *, dry_run: bool = False) -> tuple[int, int]:
    context = town.context
    done = await reassign.move(town._worker, context.writer, context.plan_cache, duties, dry_run=dry_run, batch=1)
    assert not done.refused
    return done.cases, done.moved


async def queue(town: Town, who: str) -> list[str]:
    page = await town.get(who, "/api/tasks")
    return [one["task_id"] for one in page.json()["items"]]


async def test_the_queue_moves_and_the_new_department_decides(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await accepted_case(town)
    await approve(town, case_no, "registration")
    seal = f"{case_no}-seal-1"
    assert (await town.post("officer.psb", f"/api/tasks/{seal}/claim")).status_code == 200
    assert await move(town, dry_run=True) == (1, 1)
    assert (await queue(town, "officer.psb"), await queue(town, "officer.fire")) == ([seal], [])
    assert await move(town) == (1, 1)
    assert await move(town) == (0, 0), "a repetition finds nothing left"
    assert (await queue(town, "officer.psb"), await queue(town, "officer.fire")) == ([], [seal])
    assert (await town.get("officer.psb", f"/api/tasks/{seal}")).status_code == 404
    shown = (await town.get("officer.fire", f"/api/tasks/{seal}")).json()
    assert shown.get("claimed_by") is None, "the claim was the old department's"
    assert shown["case"]["form"]
    body = {"outcome": "filed", "opinion": "符合条件", "outputs": approval("seal", case_no)}
    refused = await town.post("officer.psb", f"/api/tasks/{seal}/decide", body)
    assert refused.status_code == 404
    assert (await town.post("officer.fire", f"/api/tasks/{seal}/decide", body)).status_code == 200
    await approve(town, case_no, "tax")
    await town.finish(case_no)

    timeline = await town.get("citizen", f"/api/cases/{case_no}/timeline")
    told = [one["text"] for one in timeline.json()["items"] if one["kind"] == "item_reassigned"]
    assert told == [f"“公章刻制备案”由公安局移交消防救援支队（{PLAN}）"]
    case = (await town.get("officer.fire", f"/api/cases/{case_no}")).json()
    assert {one["code"]: one["department"] for one in case["items"]}["seal"] == "fire"
    readers = town.rows("select departments from sealed_values where case_no = %s and name = 'opinion:seal:1'", case_no)
    assert readers == [(["fire"],)]
    plans = town.rows("select plans.body::jsonb -> 'items' -> 1 ->> 'department' from plans join case_state s on "
                      "s.body::jsonb ->> 'plan' = plans.digest where s.case_no = %s", case_no)  # fmt: skip
    assert plans == [("psb",)], "a recorded plan stays as it is"


async def test_what_the_old_department_could_read_of_the_case_the_new_one_can(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await accepted_case(town)
    await approve(town, case_no, "registration")
    before = (await town.get("officer.psb", f"/api/tasks/{case_no}-seal-1")).json()["case"]
    await move(town)
    after = (await town.get("officer.fire", f"/api/tasks/{case_no}-seal-1")).json()["case"]
    assert after["form"] == before["form"]
    assert [one.get("outputs") for one in after["items"]] == [one.get("outputs") for one in before["items"]]
    left = (await town.get("officer.psb", f"/api/cases/{case_no}")).json()
    assert not left.get("form"), "what its items don't need any more it does not see"
    answer = await town.post("citizen", f"/api/cases/{case_no}/urge", {"item": "seal"})
    assert answer.status_code == 200
    answered = {who: await town.post(who, f"/api/cases/{case_no}/urge/answer", {"text": "好"})
                for who in ("officer.psb", "officer.fire")}  # fmt: skip
    assert [one.status_code for one in answered.values()] == [403, 200]


async def test_a_certificate_names_the_department_that_decided(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await accepted_case(town)
    await approve(town, case_no, "registration")
    assert await move(town, Duties("amr", "fire", PLAN, bundle="enterprise-opening", item="registration")) == (1, 1)
    for item in ("seal", "tax"):
        await approve(town, case_no, item)
    await town.finish(case_no)
    documents = (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["items"]
    assert {one["item"]: one["department"] for one in documents}["registration"] == "amr"


async def test_undoing_by_hand_goes_along_and_closed_cases_are_left_alone(promises_only: Town) -> None:
    town = promises_only
    await closed(town)
    case_no = await accepted_case(town)
    for item in ("registration", "seal"):
        await approve(town, case_no, item)
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    assert await move(town, Duties("psb", "fire", PLAN, bundle="retirement")) == (0, 0)
    assert await move(town) == (1, 1)
    (task_id,) = await queue(town, "officer.fire")
    undone = {"outcome": "undone"}
    assert (await town.post("officer.psb", f"/api/tasks/{task_id}/decide", undone)).status_code == 404
    assert (await town.post("officer.fire", f"/api/tasks/{task_id}/decide", undone)).status_code == 200


def run(url: str, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    own = {"ONETHING_DEFINITIONS_DIR": str(folder)} if folder else {}
    environment = {**os.environ, "ONETHING_DATABASE_WORKER_URL": url, **own}
    return in_process.typed("departments", *arguments, env=environment)


async def test_as_an_operator_runs_it(fresh_town: Town, tmp_path: Path) -> None:
    town = fresh_town
    case_no = await accepted_case(town)
    await approve(town, case_no, "registration")
    listed = await asyncio.to_thread(run, str(town._worker._url), "list")
    assert (listed.returncode, "消防救援支队" in listed.stdout) == (0, True), listed.stderr
    why = await asyncio.to_thread(run, str(town._worker._url), "move", "psb", "fire")
    assert (why.returncode, "没有写“psb”由“fire”接续" in why.stderr) == (1, True), why.stderr
    wrong = await asyncio.to_thread(run, str(town._worker._url), "move", "psb", "nobody")
    assert wrong.returncode == 2
    (tmp_path / "departments.yaml").write_text(
        "departments:\n  psb: {name: 公安局, until: 2026-01-31, successor: fire, basis: 改革方案}\n"
        "  fire: 消防救援支队\n  later: {name: 后局, until: 2199-01-31, successor: fire, basis: 改革方案}\n"
        "  over: {name: 前局, until: 2025-12-31}\n  coming: {name: 新局, since: 2199-01-01}\n",
        encoding="utf-8",
    )
    for heir in ("over", "coming"):
        off = await asyncio.to_thread(
            run, str(town._worker._url), "move", "fire", heir, "--basis", "三定规定", folder=tmp_path
        )
        assert (off.returncode, "今天不履职" in off.stderr) == (1, True), off.stderr
    dry = await asyncio.to_thread(run, str(town._worker._url), "move", "psb", "fire", "--dry-run", folder=tmp_path)
    assert "公安局 → 消防救援支队：看过 1 件办件，将移交 1 件办件的 1 项。" in dry.stdout, dry.stderr
    early = await asyncio.to_thread(run, str(town._worker._url), "move", "later", "fire", folder=tmp_path)
    assert (early.returncode, "次日起才能移交" in early.stderr) == (1, True)
    done = await asyncio.to_thread(run, str(town._worker._url), "move", "psb", "fire", folder=tmp_path)
    assert "已移交 1 件办件的 1 项" in done.stdout, done.stderr
    assert await queue(town, "officer.fire") == [f"{case_no}-seal-1"]
