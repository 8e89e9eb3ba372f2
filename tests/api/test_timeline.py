"""经过 over HTTP: every line names what it is about, and so does what subscribers are told of it."""

from datetime import timedelta
from typing import Any

from onething.domain.engine import publication
from onething.domain.engine.snapshot import Assignment
from onething.domain.events.outcomes import EffectUndone
from onething.domain.kernel.commands import Command
from tests.api import acts
from tests.api.forms import REQUIRED_PAPERS, opening_with_papers
from tests.api.test_one_notice import ADDRESS, ARTICLES, demand
from tests.api.town import Town


async def texts(town: Town, case_no: str, kind: str) -> list[str]:
    answer = await town.get("citizen", f"/api/cases/{case_no}/timeline?limit=200")
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["items"] if one["kind"] == kind]


def published(town: Town, case_no: str, kind: str) -> list[tuple[str, dict[str, Any]]]:
    rows = town.rows("select event from journal where case_no = %s and kind = %s order by seq", case_no, kind)
    return [(publication.type_of(kind, event), publication.public_fields(event)) for (event,) in rows]


async def undo_all(town: Town, case_no: str) -> None:
    while undoing := await town.commands(case_no, "undo_effect"):
        [(command, one)] = undoing.items()
        await town.outcome(case_no, EffectUndone(command=command, effect=one.target))


async def test_what_was_called_off_before_it_answered_is_named_where_it_is_released(town: Town) -> None:
    """Nothing earlier in the journal says what that look-up was."""
    case_no = await acts.open_case(town)
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    await undo_all(town, case_no)
    assert await texts(town, case_no, "effect_undone") == ["已释放“企业名称保留信息”"]
    assert published(town, case_no, "effect_undone") == [("onething.case.effect_undone", {"data": "name-reservation"})]


async def test_what_people_undo_is_named(promises_only: Town) -> None:
    town = promises_only  # in which a law of the tests lets the seal fall
    case_no = await acts.withdrawn(town)
    ((task,),) = town.rows("select task_id from tasks where case_no = %s and kind = 'undo'", case_no)
    done = await town.post("officer.psb", f"/api/tasks/{task}/decide", {"outcome": "undone"})
    assert done.status_code == 200, done.text
    assert await texts(town, case_no, "undone_by_hand") == ["已人工撤销“公章刻制备案”"]
    assert published(town, case_no, "undone_by_hand") == [
        ("onething.case.undone_by_hand", {"item": "seal", "round": 1})
    ]


async def test_a_demand_names_fields_as_the_form_does(town: Town) -> None:
    case_no = (await town.post("citizen", "/api/cases", opening_with_papers(*REQUIRED_PAPERS))).json()["case_no"]
    name = {"pointer": "/form/shareholders/0/name", "what": "与身份证不一致"}
    assert (await demand(town, case_no, ADDRESS, name, ARTICLES)).status_code == 200
    assert await texts(town, case_no, "corrections_asked") == [
        "一次性告知补正：公司章程、申请表“住所（经营场所）”、申请表“自然人出资人”第 1 行“姓名”"
    ]


async def test_certificates_and_notices_say_which(town: Town) -> None:
    case_no = await acts.decided(town)
    (issuing,) = await town.commands(case_no, "issue_certificates")
    command = Command(id=issuing, kind="issue_certificates")
    await town.gateway.issue_certificates(Assignment(case_no=case_no, epoch=1, command=command))
    await town.finish(case_no)
    assert await texts(town, case_no, "certificates_issued") == ["签发证照：“营业执照”、“公章刻制备案证明”"]
    assert await texts(town, case_no, "notices_sent") == ["送达“办理结果通知书”"]
    assert published(town, case_no, "certificates_issued") == [
        ("onething.case.certificates_issued", {"items": ["registration", "seal"]})
    ]
    assert published(town, case_no, "notices_sent") == [("onething.case.notices_sent", {"template": "result"})]


async def test_patience_that_ended_says_with_what(fresh_town: Town) -> None:
    case_no = await acts.open_case(fresh_town)
    fresh_town.clock.move(timedelta(days=1))
    await fresh_town.gateway.tick(case_no)
    told = published(fresh_town, case_no, "patience_ended")
    assert ("onething.case.patience_ended", {"data": "name-reservation", "of": "fetch_record"}) in told
    assert "等待“企业名称保留信息”期满，改由申请人提供" in await texts(fresh_town, case_no, "patience_ended")
