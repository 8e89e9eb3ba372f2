"""Who guesses, or looks for people who are not theirs, learns nothing: neither by what is answered, nor by how much is
asked of the record on the way, nor by when they are stopped."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from onething.domain.calendar.days import local_date
from onething.domain.kernel.case_no import CaseNo
from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people
from tests.web.visitor import Visitor

Call = Callable[[], Awaitable[httpx.Response]]
WHY = {"reason": "来电查询进度"}
NOBODY = {"id_number": people.ZHAO.id_number}


async def asked(town: Town, call: Call) -> tuple[httpx.Response, list[str]]:
    """What was answered, and the beginnings of all that the record was asked meanwhile."""
    pool, heard = town.context.database._pool, list[str]()
    connections = [await pool.acquire() for _ in range(pool.get_size())]

    def hear(record: Any) -> None:
        heard.append(record.query.split("(")[0][:60])

    for connection in connections:
        connection.add_query_logger(hear)
    for connection in connections:
        await pool.release(connection)
    answer = await call()
    for connection in [await pool.acquire() for _ in connections]:
        connection.remove_query_logger(hear)
        await pool.release(connection)
    return answer, heard


async def alike(town: Town, first: Call, second: Call) -> None:
    """The same answer, for as much work."""
    await first(), await second()  # what is kept in memory is there
    (one, of_one), (other, of_other) = await asked(town, first), await asked(town, second)
    assert (one.status_code, one.content) == (other.status_code, other.content)
    assert of_one == of_other


async def test_a_number_of_elsewhere_and_one_of_nobody_are_found_alike(fresh_town: Town) -> None:
    town = fresh_town
    await acts.accepted_case(town)
    far = people.bearer(people.token(town.context, "counter", subject="far", region=people.ELSEWHERE))

    def search(who: dict[str, str]) -> Call:
        return lambda: town.client().post("/api/cases/search", json=who | WHY, headers=far)

    theirs = {"id_number": people.ZHANG.id_number}
    assert (await search(theirs)()).json()["items"] == []
    await alike(town, search(theirs), search(NOBODY))
    told = "select found, reason is not null, whose is not null from access_log where act = 'search_cases' order by id"
    lines = town.rows(told)
    assert len(lines) == 5
    assert set(lines) == {(0, True, True)}, "whoever searched is known afterwards"


async def test_names_of_another_department_s_tasks_and_of_nobody_s_are_found_alike(fresh_town: Town) -> None:
    town = fresh_town
    await acts.accepted_case(town)

    def search(**wanted: str) -> Call:
        return lambda: town.client("officer.tax").post("/api/tasks/search", json=wanted | WHY)

    company = opening()["form"]["company_name"]
    await alike(town, search(applicant_name=people.ZHANG.name), search(applicant_name=people.ZHAO.name))
    await alike(town, search(enterprise_name=company), search(enterprise_name="没有这一家"))
    await alike(town, search(id_number=people.ZHANG.id_number), search(**NOBODY))
    told = (await search(applicant_name=people.ZHANG.name)()).json()
    assert (told["total"], told["items"]) == (0, [])


async def test_a_wrong_code_and_a_case_that_there_is_not_are_told_and_stopped_alike(limited: Town) -> None:
    town = limited
    there = (await town.post("citizen", "/api/cases", opening())).json()["case_no"]

    def progress(case_no: str, address: str) -> Call:
        async def call() -> httpx.Response:
            async with town.from_address(address) as client:
                return await client.get(f"/api/progress/{case_no}", params={"code": "WRNG0000"})

        return call

    absent = str(CaseNo.of(there[:6], local_date(town.clock.now()), 4711))
    assert town.rows("select case_no from cases where case_no = %s", absent) == []
    tried = {}
    for case_no, address in ((there, "198.51.100.7"), (absent, "198.51.100.8")):
        tried[case_no] = [(await progress(case_no, address)()).status_code for _ in range(31)]
    assert tried[there] == tried[absent]
    assert tried[there][-1] == 429


async def test_an_account_that_there_is_not_and_a_wrong_password_are_told_alike(fresh_town: Town) -> None:
    town = fresh_town

    def over_the_api(name: str) -> Call:
        return lambda: town.client().post(people.SIGN_IN_PATH, data=people.credentials(name, "wrong"))

    await alike(town, over_the_api("citizen"), over_the_api("nobody"))
    async with Visitor(town) as visitor:
        pages = [await visitor.sign_in(name, password="wrong") for name in ("citizen", "nobody")]
    assert [one.status_code for one in pages] == [401, 401]
    typed = 'value="{}"'
    assert pages[0].text.replace(typed.format("citizen"), typed.format("nobody")) == pages[1].text


@pytest.mark.parametrize("name", ["citizen", "nobody"])
async def test_passwords_of_one_account_are_not_tried_from_many_places(limited: Town, name: str) -> None:
    """Who knows it is let in all the same: nobody locks anybody out. An account that there is not is stopped alike."""
    said = []
    for n in range(4):
        async with limited.from_address(f"198.51.100.{n}") as client:
            for m in range(20):
                tried = people.credentials(name, f"wrong-{n}-{m}")
                said.append((await client.post(people.SIGN_IN_PATH, data=tried)).status_code)
    assert said == [401] * 60 + [429] * 20
    async with limited.from_address("198.51.100.77") as owner:
        known = await owner.post(people.SIGN_IN_PATH, data=people.credentials(name))
        assert known.status_code == (200 if name == "citizen" else 429)


async def test_numbers_of_certificates_are_not_tried_one_after_the_other(limited: Town) -> None:
    """By address; what is wrong in a number is not told, nor how it is made."""
    async with limited.from_address("198.51.100.9") as client:
        tried = [await client.get(f"/api/certificates/ZZ{n:014}/verify") for n in range(70)]
    assert [one.status_code for one in tried] == [404] * 60 + [429] * 10
    assert len({one.text for one in tried[:60]}) == 1


async def test_codes_of_visits_are_told_alike_whether_they_never_were_or_were_used(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town, "counter")
    code = (await town.get("counter", f"/api/cases/{case_no}/visit-code")).json()["code"]

    def rate(code: str, grade: int) -> Call:
        return lambda: town.post(None, "/api/visits/rating", {"code": code, "grade": grade})

    assert (await rate(code, 5)()).status_code == 200
    used, unknown = await rate(code, 4)(), await rate("A" * len(code), 4)()
    assert (used.status_code, used.content) == (unknown.status_code, unknown.content)
