"""Finding tasks of one's department by name, number or case: exact however written, with a reason, and logged."""

from typing import Any

import httpx
import pytest

from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people

COMPANY = str(opening()["form"]["company_name"])
OFFICER, PATH, WHY = "officer.amr", "/api/tasks/search", "申请人到部门询问"
NAME, NUMBER = {"applicant_name": people.ZHANG.name}, {"id_number": people.ZHANG.id_number}


async def search(town: Town, body: dict[str, Any], who: str = OFFICER) -> httpx.Response:
    return await town.post(who, PATH, body)


async def found(town: Town, who: str = OFFICER, **body: Any) -> list[str]:
    answer = await search(town, {"reason": WHY, **body}, who)
    assert answer.status_code == 200, answer.text
    return [row["case_no"] for row in answer.json()["items"]]


async def test_by_each_of_them_however_it_is_written(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    other = await acts.accepted_case(town, form=opening()["form"] | {"company_name": "杭州另一家有限公司"})
    spaced = " ".join(people.ZHANG.name)
    assert await found(town, **NAME) == await found(town, applicant_name=spaced) == [case_no, other]
    assert await found(town, **NUMBER) == [case_no, other]
    assert await found(town, id_number=people.ZHANG.id_number.lower()) == [case_no, other]
    assert await found(town, enterprise_name=COMPANY) == [case_no]
    assert await found(town, enterprise_name=COMPANY.replace("（", "(").replace("）", ")")) == [case_no]
    assert await found(town, case_no=other) == [other]
    assert await found(town, applicant_name=COMPANY) == await found(town, enterprise_name=people.ZHANG.name) == []
    assert await found(town, applicant_name=people.ZHANG.name[:-1]) == []
    await acts.approve(town, other, "registration")
    assert await found(town, **NAME) == [case_no]
    assert await found(town, **NAME, filter={"state": "closed", "holder": "mine"}) == [other]
    page = (await search(town, NAME | {"reason": WHY})).json()
    assert (page["total"], page["counts"]["all"]) == (1, 1)
    assert page["items"][0]["applicant_name"] == people.ZHANG.name


async def test_a_name_that_was_corrected_is_found_by_the_new_one(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    renamed = "杭州改名有限公司"
    items = [{"pointer": "/form/company_name", "what": "名称与核名不一致"}]
    assert (await town.post("counter", f"/api/cases/{case_no}/corrections", {"items": items})).status_code == 200
    answer = await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": {"company_name": renamed}})
    assert answer.status_code == 200, answer.text
    await town.fetch_all(case_no)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    assert await found(town, enterprise_name=renamed) == [case_no]
    assert await found(town, enterprise_name=COMPANY) == []
    assert await found(town, **NAME) == [case_no]


async def test_only_of_the_department_itself(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)
    for body in (NAME, NUMBER, {"enterprise_name": COMPANY}, {"case_no": case_no}):
        assert await found(town, "officer.tax", **body) == []
        for who in ("counter", "supervisor", "citizen", "admin", "auditor"):
            refused = await search(town, body | {"reason": WHY}, who)
            assert refused.status_code == 403, (who, refused.text)
            assert people.ZHANG.name not in refused.text


async def test_who_looks_for_a_person_says_why_and_leaves_a_line(fresh_town: Town) -> None:
    town = fresh_town
    await acts.accepted_case(town)
    for body in (NAME, NUMBER):
        answer = await search(town, body)
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/reason"]
    assert (await search(town, {"enterprise_name": COMPANY})).status_code == 200
    await found(town, **NAME)
    await found(town, **NUMBER)
    last = "select found, whose is not null, reason is not null from access_log where act = 'search_tasks' order by id"
    assert town.rows(last) == [(1, False, False), (1, True, True), (1, True, True)]
    ((by_number,),) = town.rows("select whose from access_log where act = 'search_tasks' order by id desc limit 1")
    assert town.rows("select count(*) from cases where identity_index = %s", bytes(by_number)) == [(1,)]


@pytest.mark.parametrize(
    "body",
    [{}, {"reason": WHY}, NAME | NUMBER | {"reason": WHY}, {"id_number": "123", "reason": WHY}, {"case_no": "1"}],
)
async def test_what_can_not_be_looked_for(town: Town, body: dict[str, Any]) -> None:
    assert (await search(town, body)).status_code == 422
