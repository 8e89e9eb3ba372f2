"""谁查过我的信息: people read which office looked at what of theirs, never who it was, and nothing about others."""

from datetime import timedelta
from typing import Any

import pytest

from onething.domain.principal import OutletScope
from onething.services.audit.own_access import REASONS
from tests.api import acts
from tests.api.town import Town
from tests.support import people

MINE = "/api/me/access"
STANDARD, FREE = REASONS[0], "王五来电说他冒名申请"


async def mine(town: Town, who: str = "citizen", **query: str) -> list[dict[str, Any]]:
    answer = await town.get(who, MINE, params={"limit": "200", **query})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def search(town: Town, who: str, reason: str, number: str = people.ZHANG.id_number) -> None:
    answer = await town.post(who, "/api/cases/search", {"id_number": number, "reason": reason})
    assert answer.status_code == 200, answer.text


async def test_who_looked_at_what_by_office_and_why(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    await town.get("officer.amr", f"/api/cases/{case_no}")
    await search(town, "counter", STANDARD)
    lines = await mine(town)
    assert [(one["by"], one["act"], one.get("case_no")) for one in lines] == [
        ("office", "search_cases", None),
        ("office", "view_case", case_no),
    ]
    searched, viewed = lines
    assert (searched["who"], searched["what"]) == ("杭州市综合窗口", "按您的证件号码查找办件")
    assert (searched["reason"], searched["reason_withheld"]) == (STANDARD, False)
    assert (viewed["department"], viewed["role"], viewed["region"]) == ("amr", "officer", people.REGION)
    assert viewed["who"].endswith("经办人员")
    assert (viewed["purpose"], searched["purpose"]) == ("办理归本部门的事项", "收件、审查受理、通知和送达")
    assert all("purpose" not in one for one in await mine(town, own="true") if one["by"] == "yourself")
    assert "市场监督管理" in viewed["who"]
    assert not viewed["refused"]


async def test_free_words_of_a_reason_stay_closed(fresh_town: Town) -> None:
    """They may name somebody else."""
    town = fresh_town
    await acts.open_case(town)
    await search(town, "counter", FREE)
    answer = await town.get("citizen", MINE)
    (line,) = [one for one in answer.json()["items"] if one["act"] == "search_cases"]
    assert "reason" not in line
    assert line["reason_withheld"]
    assert FREE not in answer.text
    assert "王五" not in answer.text


async def test_no_account_name_address_or_request_is_told(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    for who in ("officer.amr", "leader.amr", "counter", "supervisor"):
        await town.get(who, f"/api/cases/{case_no}")
    told = (await town.get("citizen", MINE)).text
    for secret in ("officer.amr", "leader.amr", '"counter.', "127.0.0.1", "request_id", "subject", "address"):
        assert secret not in told, secret
    assert set((await mine(town))[0]) <= {
        "at", "by", "role", "who", "department", "region", "outlet", "purpose", "act", "what", "case_no", "reason",
        "reason_withheld", "refused", "times",
    }  # fmt: skip


async def test_others_read_nothing_of_it(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    await town.get("counter", f"/api/cases/{case_no}")
    await search(town, "counter", STANDARD)
    assert await mine(town, "citizen2") == []
    await search(town, "counter", STANDARD, people.LI.id_number)
    assert [one["act"] for one in await mine(town, "citizen2")] == ["search_cases"]
    for who in ("counter", "officer.amr", "supervisor", "admin", "auditor"):
        assert (await town.get(who, MINE)).status_code == 403, who


async def test_who_has_proved_no_number_is_told_what_to_do(town: Town) -> None:
    token = people.token(town.context, "citizen2", subject="nobody.known", identity=None)
    answer = await town.client().get(MINE, headers=people.bearer(token))
    assert answer.status_code == 403
    assert "实名核验" in answer.json()["detail"]


async def test_a_refused_look_is_told_as_refused_and_ones_own_only_when_asked_for(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    await town.get("citizen2", f"/api/cases/{case_no}")
    await town.get("citizen", f"/api/cases/{case_no}")
    (line,) = [one for one in await mine(town) if one["act"] == "view_case"]
    assert (line["by"], line["who"], line["refused"]) == ("person", "其他个人账户", True)
    own = [one for one in await mine(town, own="true") if one["by"] == "yourself"]
    assert {"view_case", "view_own_access"} <= {one["act"] for one in own}


async def test_mandates_and_outlets_are_told(fresh_town: Town) -> None:
    town = fresh_town
    outlet = next(code for code, one in town.context.catalog.outlets.items() if one.region == people.REGION)
    token = people.token(town.context, "counter", subject="counter.sits", outlets=OutletScope(own=(outlet,)))
    body = {"id_number": people.ZHANG.id_number, "reason": STANDARD}
    answer = await town.client().post("/api/cases/search", json=body, headers=people.bearer(token))
    assert answer.status_code == 200, answer.text
    (line,) = await mine(town)
    name = town.context.catalog.outlets[outlet].name
    assert (line["outlet"], line["who"]) == ({"code": outlet, "name": name}, f"杭州市{name}综合窗口")
    given = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper",
             "expires_on": "2026-04-30", "acts": ["apply"], "paper": True}  # fmt: skip
    assert (await town.post("counter", "/api/mandates", given)).status_code == 201
    assert (await mine(town))[0]["what"] == "登记您的委托"


async def test_page_by_page_and_each_reading_is_a_line(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    for _ in range(5):
        await town.get("counter", f"/api/cases/{case_no}")
        await search(town, "counter", STANDARD)
        town.clock.move(timedelta(minutes=1))
    whole = await mine(town)
    seen, after = [], ""
    while True:
        query = {"limit": "3"} | ({"after": after} if after else {})
        page = (await town.get("citizen", MINE, params=query)).json()
        seen += page["items"]
        after = page["next"]
        if after is None:
            break
    assert len(whole) == 10
    assert seen == whole
    logged = town.rows("select found from access_log where act = 'view_own_access' order by id")
    assert [found for (found,) in logged] == [10, 3, 3, 3, 1]
    assert (await town.get("citizen", MINE, params={"after": "x"})).status_code == 422


async def test_what_is_read_does_not_grow_with_the_log(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    town.change(
        "insert into access_log (at, subject, role, act, case_no, whose, outcome) select now() - n * interval '1 s', "
        "'x', 'counter', 'view_case', case when n %% 1000 = 0 then %s else 'c' || n end, "
        "case when n %% 1000 = 1 then %s::bytea end, 'done' from generate_series(1, 60000) n",
        case_no,
        town.context.index.of_identity("resident_id", people.ZHANG.id_number),
    )
    town.change("analyze access_log")
    assert len(await mine(town)) == 120
    index = town.context.index.of_identity("resident_id", people.ZHANG.id_number).hex()
    town.change("set onething.role = 'citizen'")
    town.change(f"set onething.identity = '{index}'")
    page = "select * from access_to_me('9999-01-01', 0, false, 50)"
    assert len(town.rows(page)) == 50  # what it takes to plan it the first time is not what is looked at
    ((plan,),) = town.rows(f"explain (analyze, buffers, format json) {page}")
    assert plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"] < 400
    town.change("reset all")


@pytest.mark.parametrize("reason", REASONS)
def test_reasons_that_are_shown_name_nobody(reason: str) -> None:
    assert len(reason) <= 200
    assert not any(char.isdigit() for char in reason)
