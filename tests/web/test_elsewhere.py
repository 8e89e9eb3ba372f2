"""Staff of another region: no page, figure, card or sheet of theirs says anything of what is handled here."""

import re
from datetime import timedelta

import pytest

from onething.web.core.spreadsheets import read_sheets
from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people
from tests.web import who_sees
from tests.web.visitor import Visitor

WORDS = [people.ZHANG.name, people.ZHANG.id_number, opening()["form"]["company_name"], opening()["form"]["address"]]


@pytest.fixture
async def busy(fresh_town: Town) -> dict[str, str]:
    """Names in addresses: of a case that is late and has cards, of one that is rated badly, of a draft."""
    names = await who_sees.prepared(fresh_town)
    rejected = await acts.rejected(fresh_town)
    rated = await fresh_town.post("citizen", f"/api/cases/{rejected}/rating", {"grade": 1, "comment": "等了三个小时"})
    assert rated.status_code == 200, rated.text
    late = await acts.accepted_case(fresh_town)
    await acts.approve(fresh_town, late, "registration")
    fresh_town.clock.move(timedelta(days=3))
    await acts.approve(fresh_town, late, "seal")  # by when it has cards
    assert (await fresh_town.post("supervisor", f"/api/cases/{late}/urge", {"text": "请尽快"})).status_code == 200
    return names | {"rejected": rejected, "late": late}


@pytest.mark.parametrize("account", ["supervisor", "counter", "officer.amr", "leader.amr"])
async def test_staff_of_another_region_see_nothing_of_this_one(
    fresh_town: Town, busy: dict[str, str], account: str
) -> None:
    town = fresh_town
    numbers = {case_no for (case_no,) in town.rows("select case_no from cases")}
    assert len(numbers) >= 4
    async with Visitor(town) as here, Visitor(town) as visitor:
        await here.sign_in("supervisor")
        for path, said in (
            ("/supervise", "市场监督管理局"),
            ("/supervise/reminders", busy["late"]),
            ("/supervise/cards", busy["late"]),
            ("/supervise/ratings", busy["rejected"]),
        ):
            assert said in (await here.get(path)).text, f"{path}: there is something to be seen here"
        far = people.token(town.context, account, subject=f"far.{account}", region=people.ELSEWHERE)
        await visitor.known_as(far)
        for path in who_sees.pages():
            answer = await visitor.get(who_sees.address(path, busy))
            if re.search("{(case_no|task_id|draft)}", path) and path != "/progress/{case_no}":  # that asks for the code
                assert answer.status_code in (303, 404), f"{account} {path}"
            text = re.sub(r"/sign-in\?return_to=[^\"]*", "", answer.text)
            told = [one for one in (*WORDS, *numbers) if one in text]
            assert [one for one in told if one not in who_sees.address(path, busy)] == [], f"{account} {path}"


async def test_a_supervisor_of_another_region_has_empty_figures_and_sheets(
    fresh_town: Town, busy: dict[str, str]
) -> None:
    town = fresh_town
    async with Visitor(town) as visitor:
        await visitor.known_as(people.token(town.context, "supervisor", subject="far", region=people.ELSEWHERE))
        board = await visitor.get("/supervise")
        assert "这段时间没有办结、红黄牌或退回" in board.text
        assert re.findall(r"[黄红]牌 ([0-9]+)</a>", board.text) == ["0", "0"]
        assert "广州市" in board.text
        book = read_sheets((await visitor.get("/supervise/export.xlsx")).content)
        assert [len(book[name]) for name in ("部门", "事项")] == [2, 2], "a period and heads"
        assert "这段时间没有发出红黄牌" in (await visitor.get("/supervise/cards")).text
        assert "还没有评价" in (await visitor.get("/supervise/ratings")).text
        for region in (people.REGION, f"{people.REGION}&department=amr"):
            assert (await visitor.get(f"/supervise?region={region}")).status_code == 422, "nobody chooses a region"
    headers = people.bearer(people.token(town.context, "supervisor", subject="far", region=people.ELSEWHERE))
    for path in ("cards", "ratings", "reminders", "credit-notes"):
        answer = await town.client().get(f"/api/supervision/{path}", headers=headers)
        assert (answer.status_code, answer.json()["items"]) == (200, []), path
    for case_no in (busy["late"], busy["rejected"]):
        for path in ("", "/timeline", "/clocks", "/documents"):
            answer = await town.client().get(f"/api/cases/{case_no}{path}", headers=headers)
            assert answer.status_code in (403, 404), path  # 403: supervisors read no letters, wherever
        for act in ("urge", "supervise", "extend", "reopen", "rating/contact"):
            refused = await town.client().post(
                f"/api/cases/{case_no}/{act}", json={}, headers=headers | {"Idempotency-Key": act}
            )
            assert refused.status_code in (404, 422), f"{act}: {refused.text}"
    kinds = "select count(*) from journal where actor ->> 'subject' = 'far'"
    assert town.rows(kinds) == [(0,)]
