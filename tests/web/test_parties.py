"""谁问到我, and 收件 at the counter, as pages."""

from tests.api.catalogue import situations
from tests.api.town import Town
from tests.support import people
from tests.web.visitor import Visitor, hidden


async def birth(town: Town) -> str:
    """The mother applies online; the other number is the father's."""
    both = {"marriage-record", "father-household"}
    situation = next(one for one in situations("newborn") if both <= {*one.plan.data_by_key})
    numbers = {"mother_id": people.ZHANG.id_number, "father_id": people.LI.id_number}
    answer = await town.post("citizen", "/api/cases", situation.application(people.ZHANG, numbers))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def test_who_is_asked_reads_it_and_agrees_and_takes_it_back(fresh_town: Town) -> None:
    case_no = await birth(fresh_town)
    async with Visitor(fresh_town) as father:
        await father.sign_in("citizen2")
        assert "要查询您的信息" in (await father.get("/my")).text
        page = await father.get("/my/asked")
        assert "新生儿出生：张＊写您是父亲" in page.text
        assert "父亲户籍信息" in page.text
        assert "部门也可以依法查询" in page.text
        address = f"/my/asked/{case_no}/father"
        sent = await father.post(f"{address}/confirm", hidden(page, f"{address}/confirm"))
        assert sent.headers.get("location") == "/my/asked?done=confirm", sent.text
        page = await father.get("/my/asked?done=confirm")
        assert "收回同意" in page.text
        late = await father.post(f"{address}/confirm", hidden(page, f"{address}/decline") | {"_key": "again"})
        assert late.status_code == 409
        sent = await father.post(f"{address}/decline", hidden(page, f"{address}/decline"))
        assert sent.headers.get("location") == "/my/asked?done=decline", sent.text
    async with Visitor(fresh_town) as mother:
        await mother.sign_in("citizen")
        page = await mother.get(f"/my/cases/{case_no}")
        assert "还没有查询：父亲户籍信息" in page.text
        assert "没有别人的申请要查您的信息" in (await mother.get("/my/asked")).text


async def test_a_clerk_takes_in_what_came_online(fresh_town: Town) -> None:
    case_no = await birth(fresh_town)
    async with Visitor(fresh_town) as clerk:
        await clerk.sign_in("counter")
        address = f"/counter/cases/{case_no}"
        page = await clerk.get(address)
        sent = await clerk.post(f"{address}/take-in", hidden(page, f"{address}/take-in"))
        assert sent.headers.get("location") == f"{address}?done=take-in", sent.text
        assert "已收件" in (await clerk.get(f"{address}?done=take-in")).text
        assert f"{address}/take-in" not in (await clerk.get(address)).text
        again = await clerk.post(f"{address}/take-in", hidden(page, f"{address}/take-in") | {"_key": "again"})
        assert again.status_code == 409
