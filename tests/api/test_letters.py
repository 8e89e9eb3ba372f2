"""文书 over HTTP: what is told in writing, on which article, with which dates, to whom, and whether it was read."""

import json
from datetime import timedelta
from typing import Any

import pytest

from onething.domain.calendar.days import Calendar
from onething.domain.engine.snapshot import JointAssignment
from onething.domain.events.outcomes import EffectUndone
from onething.domain.kernel.commands import Command
from onething.domain.lookups.answers import Done
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import APPLICANT, REQUIRED_PAPERS, opening_with_papers
from tests.api.lawful import (
    HEARING,
    REASON,
    suspend,
    task,
    with_a_lease_that_may_wait,
)
from tests.api.town import Town
from tests.documents.reading import text_of

MORE: dict[str, Any] = {"days": 3, "reason": "需要补充核实李䶮的出资"}

_UNTIL = "自即日起中止计时，预计 10 天，至多 20 个工作日"


async def listed(town: Town, case_no: str, who: str = "citizen") -> list[dict[str, Any]]:
    answer = await town.get(who, f"/api/cases/{case_no}/documents")
    assert answer.status_code == 200, answer.text
    letters: list[dict[str, Any]] = answer.json()["letters"]
    return letters


async def letter(town: Town, case_no: str, kind: str, who: str = "citizen") -> dict[str, Any]:
    (row,) = [one for one in await listed(town, case_no, who) if one["kind"] == kind]
    answer = await town.get(who, f"/api/cases/{case_no}/documents/{row['id']}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def day_off(town: Town, case_no: str, day: str) -> None:
    old = town.context.calendar("cn").model_dump(mode="json", by_alias=True)
    off = {"version": old["version"] + 1, "holidays": old["holidays"] | {day: "停电"}}
    await town.change_calendar(case_no, Calendar.model_validate_json(json.dumps(old | off)))


async def send_all(town: Town, case_no: str) -> None:
    """As the activity does it: the gateway has taken the notices."""
    for command_id, command in (await town.commands(case_no)).items():
        if command.kind == "send_notices":
            sending = Command(id=command_id, kind=command.kind, target=command.target)
            joint = JointAssignment(case_no=case_no, epoch=1, commands=(sending,))
            await town.gateway.answered(joint, {command_id: Done()})


async def test_a_pause_is_a_document_with_article_dates_and_text(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    await suspend(lawful, case_no)
    told = await letter(lawful, case_no, "suspended")
    assert (told["number"], told["title"]) == (f"{case_no}-{told['id']}", "中止计时告知书")
    assert (told["item"], told["department"], told["issuer"]) == ("registration", "amr", "市场监督管理局")
    assert told["legal_basis"] == "《中华人民共和国行政许可法》第四十五条；《测试条例》第九条"
    assert told["paragraphs"] == [
        f"办理“企业开办”中的“企业设立登记”需要依法进行听证，{_UNTIL}，所需时间不计入办理期限。",
        f"说明：{REASON}",
    ]
    assert {"clock": "case", "title": "企业开办", "before": "2026-03-05T17:30:00+08:00"}.keys() <= told["dates"][
        0
    ].keys()
    assert all("after" not in moved for moved in told["dates"])
    assert HEARING["days"] == 10


async def test_delivery_goes_from_written_to_reached_to_known_once(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await suspend(town, case_no)
    (row,) = [one for one in await listed(town, case_no) if one["kind"] == "suspended"]
    assert row["delivery"] == {"state": "to_deliver", "channel": "electronic"}
    await send_all(town, case_no)
    (row,) = [one for one in await listed(town, case_no) if one["kind"] == "suspended"]
    assert (row["delivery"]["state"], "known_at" in row["delivery"]) == ("reached", False)
    path = f"/api/cases/{case_no}/documents/{row['id']}"
    for who in ("counter", "officer.amr"):  # theirs is no reading by the applicant
        assert (await town.get(who, path)).json()["delivery"]["state"] == "reached"
    first = (await town.get("citizen", path)).json()["delivery"]
    assert (first["state"], first["known_at"]) == ("known", first["reached_at"])
    assert (first["reached_by"], first["known_by"]) == ("notice", "reading")
    before = town.rows("select seq, at from letter_readings where case_no = %s", case_no)
    assert (await town.get("citizen", path)).json()["delivery"] == first
    assert town.rows("select seq, at from letter_readings where case_no = %s", case_no) == before
    logged = town.rows("select subject from access_log where detail = %s order by id", f"document:{row['id']}")
    assert [subject for (subject,) in logged] == ["counter", "officer.amr", "citizen", "citizen"]


async def test_resuming_extending_and_a_new_calendar_queue_a_notice_and_are_documents(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await suspend(town, case_no)
    assert (await town.post("officer.amr", f"{task(case_no)}/resume")).status_code == 200
    assert (await town.post("leader.amr", f"{task(case_no)}/extend", MORE)).status_code == 200
    await day_off(town, case_no, "2026-03-03")
    templates = [command.target for command in (await town.commands(case_no)).values()]
    assert templates == ["accepted", "suspended", "resumed", "extended", "date_moved"]
    kinds = [one["kind"] for one in await listed(town, case_no)]
    assert kinds == ["date_moved", "extended", "resumed", "suspended", "accepted"]
    more = await letter(town, case_no, "extended")
    assert (more["legal_basis"], more["paragraphs"][1]) == (
        "《中华人民共和国市场主体登记管理条例》第十九条",
        f"理由：{MORE['reason']}",
    )
    moved = await letter(town, case_no, "date_moved")
    assert {one["title"] for one in moved["dates"]} == {
        f"{name}（{effect}）" for name in ("企业开办", "企业设立登记") for effect in ("承诺", "法定")
    }
    assert all(one["before"] < one["after"] for one in moved["dates"])
    assert "legal_basis" not in moved


async def test_whose_dates_a_new_calendar_leaves_gets_neither_notice_nor_document(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    await day_off(town, case_no, "2026-12-31")
    assert [command.target for command in (await town.commands(case_no)).values()] == ["accepted"]
    assert [one["kind"] for one in await listed(town, case_no)] == ["accepted"]


async def test_dates_that_offices_owe_each_other_are_in_no_document(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    asked = {"departments": ["fire"], "question": "消防通道是否改造完毕", "days": 2}
    assert (await town.post("officer.amr", f"{task(case_no)}/consult", asked)).status_code == 200
    await day_off(town, case_no, "2026-03-03")
    moved = town.rows("select clock from clock_ledger where case_no = %s and what = 'recounted'", case_no)
    assert ("step:registration:1",) in moved
    assert {one["title"] for one in (await letter(town, case_no, "date_moved"))["dates"]} == {
        f"{name}（{effect}）" for name in ("企业开办", "企业设立登记") for effect in ("承诺", "法定")
    }


async def test_if_only_they_move_there_is_neither_notice_nor_document(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    town.clock.move(timedelta(days=70))  # every promise to the applicant has run out
    ordered = await town.post("supervisor", f"/api/cases/{case_no}/supervise", {"text": "请说明为何迟延", "days": 2})
    assert ordered.status_code == 200, ordered.text
    before, told = await town.commands(case_no), await listed(town, case_no)
    await day_off(town, case_no, "2026-05-12")
    ((clock, seq),) = town.rows(
        "select clock, seq from clock_ledger where case_no = %s and what = 'recounted'", case_no
    )
    assert clock.startswith("supervise:")
    assert await town.commands(case_no) == before
    assert await listed(town, case_no) == told
    assert (await town.get("citizen", f"/api/cases/{case_no}/documents/{seq}")).status_code == 404


async def test_before_acceptance_it_is_between_applicant_and_counter(town: Town) -> None:
    case_no = await acts.correction(town)
    asked = await letter(town, case_no, "corrections")
    assert asked["paragraphs"] == ["您申请的“企业开办”，需要一次补正以下内容：", "1. 申请表“联络员手机”：电话打不通"]
    assert (asked["issuer"], asked["legal_basis"]) == ("综合窗口", "《中华人民共和国行政许可法》第三十二条")
    path = f"/api/cases/{case_no}/documents/{asked['id']}"
    assert await listed(town, case_no, "officer.amr") == []
    assert (await town.get("officer.amr", path)).status_code == 404
    rejected = await acts.rejected(town)
    told = await letter(town, rejected, "rejected")
    assert told["paragraphs"][1:] == ["理由：不属于本机关职权范围", "依据：行政许可法第三十二条"]


async def test_a_refusal_tells_its_reason_and_goes_out_when_all_is_undone(town: Town) -> None:
    case_no = await acts.terminated(town)
    told = await letter(town, case_no, "refused", "counter")
    assert told["paragraphs"][:2] == ["您申请的“企业开办”中的“企业设立登记”，决定不予登记。", "理由：住所不实"]
    assert "终止办理" in told["paragraphs"][2]
    assert told["delivery"] == {"state": "to_deliver", "channel": "electronic"}
    for command_id, command in (await town.commands(case_no, "undo_effect")).items():
        await town.outcome(case_no, EffectUndone(command=command_id, effect=command.target))
    await send_all(town, case_no)
    assert (await letter(town, case_no, "refused", "counter"))["delivery"]["state"] == "reached"


@pytest.mark.parametrize(
    ("who", "status"), [("citizen2", 404), ("officer.psb", 404), ("supervisor", 403), ("counter", 200), (None, 401)]
)
async def test_whose_letter_it_is_not(lawful: Town, who: str | None, status: int) -> None:
    case_no = await acts.accepted_case(lawful)
    await suspend(lawful, case_no)
    (row,) = [one for one in await listed(lawful, case_no) if one["kind"] == "suspended"]
    answer = await lawful.get(who, f"/api/cases/{case_no}/documents/{row['id']}")
    assert answer.status_code == status, answer.text
    assert (REASON in answer.text) is (status == 200)


async def test_of_an_items_letter_another_department_learns_nothing(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    await suspend(lawful, case_no)
    assert [one["kind"] for one in await listed(lawful, case_no, "officer.tax")] == ["accepted"]
    assert {one["kind"] for one in await listed(lawful, case_no, "officer.amr")} == {"accepted", "suspended"}


@pytest.mark.parametrize(("which", "status"), [("999", 404), ("1", 404), ("0", 422), ("x", 422)])
async def test_what_is_no_letter(town: Town, which: str, status: int) -> None:
    case_no = await acts.accepted_case(town)
    assert (await town.get("citizen", f"/api/cases/{case_no}/documents/{which}")).status_code == status


async def test_a_plain_case_writes_nothing_for_its_letters(town: Town) -> None:
    case_no = await acts.closed(town)
    assert town.rows("select count(*) from letter_readings where case_no = %s", case_no) == [(0,)]
    rows = await listed(town, case_no)
    assert [(one["kind"], one["delivery"]["state"]) for one in rows] == [
        ("result", "to_deliver"),
        ("accepted", "to_deliver"),
    ]


async def test_nothing_personal_leaves_with_the_notice(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    await suspend(lawful, case_no)
    stored = lawful.rows("select event::text from journal where case_no = %s", case_no)
    stored += lawful.rows("select target from commands where case_no = %s", case_no)
    assert not [text for (text,) in stored if REASON in text or APPLICANT["name"] in text]


async def test_on_paper_it_says_the_same_and_fetching_it_is_reading_it(lawful: Town) -> None:
    town = lawful
    case_no = await acts.accepted_case(town)
    assert (await town.post("leader.amr", f"{task(case_no)}/extend", MORE)).status_code == 200
    told = await letter(town, case_no, "extended", "counter")
    paper = await town.get("citizen", told["pdf"])
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf"), paper.text
    assert paper.headers["content-disposition"] == f'attachment; filename="{told["number"]}.pdf"'
    text = text_of(paper.content).replace("\n", "").replace(" ", "")
    for words in (told["title"], told["number"], told["addressee"], *told["paragraphs"], told["issuer"],
                  told["legal_basis"], "2026年03月02日", "2026-03-10"):  # fmt: skip
        assert words.replace(" ", "") in text, words
    assert (await town.get("citizen", told["pdf"])).content == paper.content
    assert (await letter(town, case_no, "extended", "counter"))["delivery"]["state"] == "known"
    assert town.rows("select subject from access_log where detail = %s", f"document:{told['id']}.pdf") == [
        ("citizen",),
        ("citizen",),
    ]
    assert (await town.get("citizen2", told["pdf"])).status_code == 404
    assert (await town.get("officer.psb", told["pdf"])).status_code == 404


async def test_what_may_come_later_is_in_the_acceptance_and_its_not_coming_ends_it(town_by: TownBy) -> None:
    async with town_by(with_a_lease_that_may_wait) as town:
        brought = [code for code in REQUIRED_PAPERS if code != "premises-lease"]
        opened = await town.post("citizen", "/api/cases", opening_with_papers(*brought))
        case_no = opened.json()["case_no"]
        await acts.hand_in(town, case_no, *brought)
        await town.fetch_all(case_no)
        accepted = await town.post("counter", f"/api/cases/{case_no}/accept", {"deferred": ["premises-lease"]})
        assert accepted.status_code == 200, accepted.text
        told = await letter(town, case_no, "accepted")
        assert "容缺受理" in told["paragraphs"][0]
        assert "个工作日内" in told["paragraphs"][1]
        assert (await town.get("citizen", told["pdf"])).status_code == 200
        town.clock.move(timedelta(days=60))
        await town.gateway.tick(case_no)
        ended = await letter(town, case_no, "terminated")
        assert "没有补交" in ended["paragraphs"][0]
