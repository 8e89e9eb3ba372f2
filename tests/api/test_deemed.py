"""视为准予 over HTTP: nobody decides in time, an article says what that means, and the certificate says so."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from definitions.lint import require_clean
from definitions.loader import load_catalog
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.lawful import task, with_a_seal_approved_by_silence
from tests.api.town import Town

TOLD = {
    "on": "2026-03-09",
    "basis": "《测试条例》第三条",
    "text": "法定期限于2026年3月9日届满，未作出决定，依据《测试条例》第三条视为准予。",
}


@pytest.fixture
async def silent(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_a_seal_approved_by_silence) as town:
        yield town


def test_its_definitions_are_in_order(tmp_path: Path) -> None:
    require_clean(load_catalog(with_a_seal_approved_by_silence(tmp_path)))


async def after_the_five_days(town: Town) -> str:
    """Registered on Monday 2 March; the seal's time by law is over on Monday 9, and it is Tuesday."""
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    await acts.approve(town, case_no, "tax")
    town.clock.move(timedelta(days=8))
    return case_no


async def test_a_decision_after_the_law_s_time_meets_the_deemed_one(silent: Town) -> None:
    case_no = await after_the_five_days(silent)
    body = {"outcome": "out_of_scope", "opinion": "印模不符"}
    refused = await silent.post("officer.psb", f"{task(case_no, 'seal')}/decide", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_decided")
    standing = refused.json()["standing"]
    assert (standing["outcome"], standing["at"]) == ("filed", "2026-03-09T17:30:00+08:00")


async def test_the_certificate_says_by_which_article_and_since_when(silent: Town) -> None:
    town = silent
    case_no = await after_the_five_days(town)
    await town.gateway.tick(case_no)
    await town.finish(case_no)
    case = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    assert case["status"] == "closed"
    items = {item["code"]: item for item in case["items"]}
    assert (items["seal"]["state"], items["seal"]["deemed"]) == ("approved", TOLD)
    assert "outputs" not in items["seal"]
    assert "deemed" not in items["registration"]
    documents = {
        one["item"]: one for one in (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()["items"]
    }
    assert documents["seal"]["content"]["deemed"] == TOLD
    labels = [field["label"] for field in documents["seal"]["content"]["fields"]]
    assert labels == ["企业名称", "需要刻制的印章"]
    assert "deemed" not in documents["registration"]["content"]
    verified = (await town.get(None, documents["seal"]["verify"])).json()
    assert (verified["genuine"], verified["valid"], verified["deemed"]) == (True, True, TOLD)
    assert "deemed" not in (await town.get(None, documents["registration"]["verify"])).json()


async def test_the_timeline_names_the_article(silent: Town) -> None:
    case_no = await after_the_five_days(silent)
    await silent.gateway.tick(case_no)
    lines = (await silent.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    (line,) = (one for one in lines if one["kind"] == "decided_by_silence")
    assert line["text"] == "“公章刻制备案”法定期限届满，依据《测试条例》第三条视为已备案"
    assert (line["at"], line["item"]) == ("2026-03-09T17:30:00+08:00", "seal")


async def test_what_was_deemed_is_undone_by_its_name(silent: Town) -> None:
    """The tax office is still at it when the applicant withdraws: the seal is taken back like any other."""
    town = silent
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    town.clock.move(timedelta(days=8))
    withdrawn = await town.post("citizen", f"/api/cases/{case_no}/withdraw")
    assert withdrawn.status_code == 200, withdrawn.text
    ((task_id,),) = town.rows("select task_id from tasks where case_no = %s and kind = 'undo'", case_no)
    undone = await town.post("officer.psb", f"/api/tasks/{task_id}/decide", {"outcome": "undone"})
    assert undone.status_code == 200, undone.text
    lines = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert "已人工撤销“公章刻制备案”" in [line["text"] for line in lines]
