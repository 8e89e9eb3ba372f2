"""救济 over HTTP: a letter that refuses says why, on which basis, what may be done about it, with whom, until when
(行政许可法 Arts. 32, 38; 行政复议法 2023 Arts. 20, 24, 27; 行政诉讼法 Arts. 45, 46)."""

from typing import Any

import pytest

from tests.api import acts
from tests.api.forms import OFFICERS
from tests.api.test_letters import letter, listed, send_all
from tests.api.town import Town
from tests.documents.reading import text_of

COURT = "作出决定的机关所在地有管辖权的人民法院"
OPTIONAL = {"seal": "备案结果告知书", "tax": "不予确认决定书"}


async def refused(town: Town, item: str) -> dict[str, Any]:
    """The letter; `item` is none whose refusal ends the case."""
    case_no = await acts.accepted_case(town)
    await acts.approve(town, case_no, "registration")
    body = {"outcome": {"seal": "out_of_scope"}.get(item, "refuse"), "opinion": "信息有误"}
    answer = await town.post(OFFICERS[item], f"/api/tasks/{case_no}-{item}-1/decide", body)
    assert (answer.status_code, answer.json()["status"]) == (200, "processing"), answer.text
    templates = [command.target for command in (await town.commands(case_no, "send_notices")).values()]
    assert templates == ["accepted", "refused"]
    await send_all(town, case_no)
    told = await letter(town, case_no, "refused")
    assert told["delivery"]["reached_at"]  # at once, not with the result of the whole case
    return told


async def test_a_refused_registration_has_a_decision_of_its_own(town: Town) -> None:
    case_no = await acts.terminated(town)
    told = await letter(town, case_no, "refused")
    assert (told["title"], told["issuer"]) == ("不予登记决定书", "市场监督管理局")
    assert "《中华人民共和国市场主体登记管理条例》" in told["legal_basis"]
    assert "行政许可法" not in told["legal_basis"]  # a registration is no licence
    assert told["remedies"] == (
        "不服本决定的，可以自知道本决定之日起六十日内向杭州市人民政府申请行政复议，也可以自知道本决定之日起六个月内直接向"
        f"{COURT}提起行政诉讼；对复议决定不服的，可以自收到复议决定书之日起十五日内向人民法院提起行政诉讼"
        "（《中华人民共和国行政复议法》第二十条、第二十四条，《中华人民共和国行政诉讼法》第四十五条、第四十六条）。"
    )
    paper = text_of((await town.get("citizen", told["pdf"])).content).replace("\n", "").replace(" ", "")
    assert "六十日内向杭州市人民政府申请行政复议" in paper
    assert f"六个月内直接向{COURT}提起行政诉讼" in paper
    timeline = (await town.get("citizen", f"/api/cases/{case_no}/timeline?limit=200")).json()["items"]
    assert "“企业设立登记”不予登记" in [one["text"] for one in timeline]


@pytest.mark.parametrize("item", ["seal", "tax"])
async def test_others_say_it_in_their_words_and_go_out_at_once(town: Town, item: str) -> None:
    told = await refused(town, item)
    assert told["title"] == OPTIONAL[item]
    assert told["paragraphs"][1] == "理由：信息有误"
    assert len(told["paragraphs"]) == 2  # the case goes on
    if item == "tax":  # vertical leadership
        assert told["issuer"] == "国家税务总局杭州市税务局"
        assert "六十日内向国家税务总局浙江省税务局申请行政复议" in told["remedies"]
        assert "第二十七条" in told["remedies"]
    else:
        assert "六十日内向杭州市人民政府申请行政复议" in told["remedies"]


async def test_not_accepted_tells_the_same_by_the_counter(town: Town) -> None:
    case_no = await acts.rejected(town)
    told = await letter(town, case_no, "rejected")
    assert (told["title"], told["issuer"]) == ("不予受理通知书", "综合窗口")
    assert "六十日内向杭州市人民政府申请行政复议" in told["remedies"]


async def test_accepting_is_told_and_has_no_remedies(town: Town) -> None:
    case_no = await acts.accepted_case(town)
    assert [one.target for one in (await town.commands(case_no)).values()] == ["accepted"]
    assert (await letter(town, case_no, "accepted", "counter"))["delivery"]["state"] == "to_deliver"
    await send_all(town, case_no)
    told = await letter(town, case_no, "accepted", "counter")
    assert told["delivery"]["state"] == "reached"
    assert "remedies" not in told
    assert [one["title"] for one in await listed(town, case_no)] == ["受理通知书"]
