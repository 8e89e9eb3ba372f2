"""催办 as who urged sees it: sent once, delivered, read, when the answer is due (complaint 20)."""

from datetime import timedelta

from tests.api import acts
from tests.api.town import Town
from tests.web.visitor import Visitor, hidden


async def test_an_urge_says_that_it_was_delivered_read_and_when_the_answer_is_due(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    address = f"/my/cases/{case_no}"
    async with Visitor(town) as citizen, Visitor(town) as officer:
        await citizen.sign_in("citizen")
        await officer.sign_in("officer.amr")
        form = await citizen.get(f"{address}/urge")
        fields = hidden(form, f"{address}/urge") | {"/item": "registration", "/text": "请尽快"}
        for _ in range(2):  # pressed twice
            assert (await citizen.post(f"{address}/urge", fields)).headers.get("location") == f"{address}?done=urge"
        assert town.rows("select count(*) from journal where case_no = %s and kind = 'urged'", case_no) == [(1,)]
        page = (await citizen.get(address)).text
        assert "已送达承办部门（3月2日 09:00）" in page
        assert "应在 3月3日（周二） 17:30 前答复" in page
        assert "市场监督管理局还没有读" in page
        town.clock.move(timedelta(minutes=10))
        assert (await officer.get(f"/work/tasks/{case_no}-registration-1")).status_code == 200
        page = (await citizen.get(address)).text
        assert "市场监督管理局已读（3月2日 09:10）" in page
        assert "还没有读" not in page
        async with Visitor(town) as supervisor:
            await supervisor.sign_in("supervisor")
            assert "市场监督管理局已读（3月2日 09:10）" in (await supervisor.get(f"/supervise/cases/{case_no}")).text
