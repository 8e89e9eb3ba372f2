"""受理后的补正 over HTTP: a department asks for its item's materials anew, the applicant is told and supplies them."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import REQUIRED_PAPERS, opening_with_papers
from tests.api.lawful import clocks, task, with_the_clocks_of_the_law
from tests.api.test_letters import letter, listed, send_all
from tests.api.town import Town
from tests.support.files import pdf
from tests.support.servers import PostgresServer

DAY = timedelta(days=1)
WHAT = "章程缺少股东李䶮的签名"
ASK: dict[str, Any] = {"materials": ["articles", "premises-lease"], "what": WHAT}
LAW, PROMISE = "item:registration:statutory", "item:registration"


@pytest.fixture
async def lawful(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    definitions = with_the_clocks_of_the_law(tmp_path_factory.mktemp("definitions"))
    async with built(postgres_server, migrated, definitions) as town:
        yield town


async def accepted(town: Town, **changes: Any) -> str:
    opened = await town.post("citizen", "/api/cases", opening_with_papers(*REQUIRED_PAPERS) | changes)
    assert opened.status_code == 201, opened.text
    case_no = str(opened.json()["case_no"])
    await acts.hand_in(town, case_no, *REQUIRED_PAPERS)
    await town.fetch_all(case_no)
    answer = await town.post("counter", f"/api/cases/{case_no}/accept")
    assert answer.status_code == 200, answer.text
    return case_no


async def ask(town: Town, case_no: str, who: str = "officer.amr", key: str | None = None, **changes: Any) -> Any:
    return await town.post(who, f"{task(case_no)}/correction", ASK | changes, key=key)


async def supply(town: Town, case_no: str, *codes: str) -> dict[str, Any]:
    return await acts.hand_in(town, case_no, *codes, who="officer.amr")


async def test_the_promise_waits_the_law_does_not_and_the_supplement_answers_it(lawful: Town) -> None:
    town = lawful
    case_no = await accepted(town)
    before = await clocks(town, case_no)
    answer = await ask(town, case_no, key="once")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["state"], told["due_at"], told["statutory_due_at"]) == ("correction", None, before[LAW]["due_at"])
    assert (await ask(town, case_no, key="once")).content == answer.content
    standing = await clocks(town, case_no)
    assert (standing[PROMISE]["state"], standing["case"]["state"]) == ("suspended", "suspended")
    assert (standing[LAW]["state"], standing["case:statutory"]["state"]) == ("running", "running")
    assert (standing[PROMISE]["pauses"][0]["basis"], standing[LAW]["pauses"]) == ("correction", [])

    again = await ask(town, case_no)
    assert (again.status_code, again.json()["detail"]) == (409, "该事项不在办理中，不能要求补正。")
    refused = await town.post("officer.amr", f"{task(case_no)}/decide", {"outcome": "refuse", "opinion": "不全"})
    assert refused.status_code == 409, refused.text

    town.clock.move(1 * DAY)
    half = await supply(town, case_no, "articles")
    assert half["missing"] == ["premises-lease"]
    seen = (await town.get("citizen", f"/api/cases/{case_no}")).json()
    states = {one["code"]: one["state"] for one in seen["materials"]}
    assert (states["articles"], states["premises-lease"]) == ("in_hand", "missing")
    assert {one["code"]: one["state"] for one in seen["items"]}["registration"] == "correction"
    whole = await supply(town, case_no, "premises-lease")
    assert whole["missing"] == []
    after = await clocks(town, case_no)
    assert (after[PROMISE]["state"], after[LAW]["due_at"]) == ("running", before[LAW]["due_at"])
    assert (await acts.approve(town, case_no, "registration"))["status"] == "processing"


async def test_a_queue_goes_by_the_law_s_date_while_the_promise_waits(lawful: Town) -> None:
    """Last in the queue, and in none of its views, is where somebody would find it when it is too late."""
    town = lawful
    waiting = await accepted(town)
    assert (await ask(town, waiting)).status_code == 200
    law = datetime.fromisoformat((await clocks(town, waiting))[LAW]["due_at"])
    town.clock.move(law - town.clock.now() - timedelta(hours=1))
    promised = await accepted(town)

    async def found(**query: str) -> list[str]:
        page = (await town.get("officer.amr", "/api/tasks", params=query)).json()
        return [row["case_no"] for row in page["items"] if row["case_no"] in (waiting, promised)]

    before = (await town.get("officer.amr", "/api/tasks")).json()["counts"]
    assert await found() == [waiting, promised]
    assert await found(due="today") == [waiting]
    (first,) = (await town.get("officer.amr", "/api/tasks", params={"limit": "1"})).json()["items"]
    assert first["case_no"] == waiting
    town.clock.move(2 * timedelta(hours=1))
    assert await found(due="overdue") == [waiting]
    after = (await town.get("officer.amr", "/api/tasks")).json()["counts"]
    assert (after["due_today"], after["overdue"]) == (before["due_today"] - 1, before["overdue"] + 1)


async def test_a_file_answers_it_too(lawful: Town) -> None:
    case_no = await accepted(lawful)
    assert (await ask(lawful, case_no, materials=["articles"])).status_code == 200
    files = {"file": ("章程.pdf", pdf("2"), "application/pdf")}
    answer = await lawful.client("citizen").put(f"/api/cases/{case_no}/materials/articles", files=files)
    assert answer.status_code == 201, answer.text
    assert (await clocks(lawful, case_no))[PROMISE]["state"] == "running"


async def test_its_letter_is_delivered_and_says_what_is_wrong(lawful: Town) -> None:
    town = lawful
    case_no = await accepted(town)
    await ask(town, case_no)
    told = await letter(town, case_no, "corrections", "counter")
    assert (told["title"], told["item"], told["issuer"]) == ("补正告知书", "registration", "市场监督管理局")
    assert "legal_basis" not in told
    assert told["paragraphs"] == [
        "办理“企业开办”中的“企业设立登记”，需要您补正以下材料：",
        "1. 公司章程",
        "2. 房屋租赁合同",
        f"需要补正的内容：{WHAT}",
        (
            "请在本告知书发出之日起 10 个工作日内补正；逾期没有补正的，"
            "按现有材料依法作出决定（依据：受理后补正期限的地方规定（假定值，以当地规定为准））。"
        ),
        "补正期间承诺期限中止计算，法定期限照常计算。",
    ]
    assert told["delivery"]["state"] == "to_deliver"
    await send_all(town, case_no)
    assert (await letter(town, case_no, "corrections", "counter"))["delivery"]["state"] == "reached"
    assert (await letter(town, case_no, "corrections", "citizen"))["paragraphs"] == told["paragraphs"]
    assert (await letter(town, case_no, "corrections", "counter"))["delivery"]["state"] == "known"
    assert "corrections" not in [one["kind"] for one in await listed(town, case_no, "officer.psb")]


async def test_what_is_told_and_to_whom(lawful: Town) -> None:
    town = lawful
    case_no = await accepted(town)
    await ask(town, case_no)
    for who, sees in (("citizen", True), ("counter", True), ("leader.amr", True), ("officer.psb", False),
                      ("supervisor", False)):  # fmt: skip
        case = await town.get(who, f"/api/cases/{case_no}")
        assert (WHAT in case.text) is sees, who
        timeline = await town.get(who, f"/api/cases/{case_no}/timeline")
        assert "“企业设立登记”要求补正：公司章程、房屋租赁合同" in [one["text"] for one in timeline.json()["items"]]
        assert WHAT not in timeline.text
    stored = town.rows("select event::text from journal where case_no = %s", case_no)
    assert not [event for (event,) in stored if WHAT in event]


@pytest.mark.parametrize(
    ("who", "status"),
    [("citizen", 403), ("counter", 403), ("supervisor", 403), ("officer.psb", 404), (None, 401), ("leader.amr", 200)],
)
async def test_only_the_department_of_the_item_asks(lawful: Town, who: str, status: int) -> None:
    case_no = await accepted(lawful)
    before = lawful.counts()
    answer = await ask(lawful, case_no, who)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert lawful.counts() == before


async def test_a_task_in_a_colleague_s_hands_is_theirs(lawful: Town) -> None:
    case_no = await accepted(lawful)
    assert (await lawful.post("leader.amr", f"{task(case_no)}/claim")).status_code == 200
    answer = await ask(lawful, case_no)
    assert (answer.status_code, answer.json()["code"]) == (409, "claimed_by_another")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"materials": []}, "/materials"),
        ({"materials": ["passport"]}, "/materials/0"),
        ({"materials": ["articles", "articles"]}, "/materials/1"),
        ({"materials": ["business-licence"]}, "/materials/0"),
        ({"what": " "}, "/what"),
        ({"days": 5}, "/days"),
    ],
)
async def test_what_is_wrong_is_pointed_at(lawful: Town, change: dict[str, Any], pointer: str) -> None:
    case_no = await accepted(lawful)
    before = lawful.counts()
    answer = await ask(lawful, case_no, **change)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer]), answer.text
    assert lawful.counts() == before


async def test_a_plan_that_counts_promises_only_says_why_not(promises_only: Town) -> None:
    answer = await ask(promises_only, await accepted(promises_only))
    assert (answer.status_code, "只按承诺计时" in answer.json()["detail"]) == (409, True)
