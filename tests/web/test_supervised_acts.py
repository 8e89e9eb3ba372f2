"""Every act of a supervisor on a case, on a page: said with its effect, recorded, told afterwards; refused, kept."""

from collections.abc import AsyncIterator

import pytest

from tests.api import acts, test_item_corrections, test_reopenings
from tests.api.conftest import built
from tests.api.lawful import with_the_clocks_of_the_law
from tests.api.town import Town
from tests.support.servers import PostgresServer
from tests.web.office import done, press
from tests.web.visitor import Visitor

REASON = "台风红色预警，全市停工"


@pytest.fixture
async def lawful(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    definitions = with_the_clocks_of_the_law(tmp_path_factory.mktemp("lawful") / "definitions")
    async with built(postgres_server, migrated, definitions) as town:
        yield town


async def test_a_case_is_extended_an_item_stopped_and_started(lawful: Town) -> None:
    case_no = await acts.accepted_case(lawful)
    address = f"/supervise/cases/{case_no}"
    async with Visitor(lawful) as supervisor:
        await supervisor.sign_in("supervisor")
        form = await supervisor.get(f"{address}/suspend")
        assert "法定期限都不计" in form.text, "the effect is said before"
        unchosen = await press(supervisor, address, "suspend", {"/days": "3", "/reason": REASON})
        assert unchosen.status_code == 422
        assert "请先选择是哪一个事项" in unchosen.text
        assert REASON in unchosen.text
        too_long = {"subject": "registration-1", "/days": "99999", "/reason": REASON}
        assert (await press(supervisor, address, "suspend", too_long)).status_code == 422
        assert "已中止计时" in await done(supervisor, address, "suspend", {**too_long, "/days": "3"})
        assert "已恢复计时" in await done(supervisor, address, "resume", {"subject": "registration-1"})
        again = await supervisor.get(f"{address}/resume")
        assert "现在不能恢复计时" in again.text
        assert "期限已延长" in await done(supervisor, address, "extend", {"/days": "5", "/reason": REASON})
    [(reasons,)] = lawful.rows(
        "select count(*) from journal where case_no = %s and kind in ('clock_suspended', 'clock_resumed', "
        "'clock_extended')",
        case_no,
    )
    assert reasons == 3


async def test_what_the_counter_forgot_is_asked_for_with_a_supervisors_consent(town: Town) -> None:
    case_no = await acts.correction(town)
    assert (
        await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": {"liaison_phone": "13900000001"}})
    ).status_code == 200
    address = f"/supervise/cases/{case_no}"
    async with Visitor(town) as supervisor:
        await supervisor.sign_in("supervisor")
        nothing = await press(supervisor, address, "corrections", {})
        assert nothing.status_code == 422
        unsaid = await press(supervisor, address, "corrections", {"about/0": "name-notice", "/items/0/what": ""})
        assert unsaid.status_code == 422
        assert 'value="name-notice" selected' in unsaid.text
        told_before = {"about/0": "/form/liaison_phone", "/items/0/what": "还是打不通"}
        needless = await press(supervisor, address, "corrections", told_before)
        assert needless.status_code == 403
        assert "还是打不通" in needless.text
        forgotten = {"about/0": "name-notice", "/items/0/what": "告知书缺最后一页"}
        assert "补正告知已发出" in await done(supervisor, address, "corrections", forgotten)
    assert town.rows("select status from cases where case_no = %s", case_no) == [("correction",)]


async def test_what_a_department_forgot_too(lawful: Town) -> None:
    case_no = await test_item_corrections.accepted(lawful)
    address = f"/supervise/cases/{case_no}"
    first = await test_item_corrections.ask(lawful, case_no, materials=["articles"])
    assert first.status_code == 200, first.text
    await test_item_corrections.supply(lawful, case_no, "articles")
    more = {"subject": "registration-1", "/materials": ["premises-lease"], "/what": "租期写错了"}
    async with Visitor(lawful) as supervisor:
        await supervisor.sign_in("supervisor")
        assert "补正要求已发出" in await done(supervisor, address, "item-corrections", more)


async def test_a_review_is_asked_for_and_a_closed_case_reopened(town: Town) -> None:
    case_no = await test_reopenings.closed(town)
    address = f"/supervise/cases/{case_no}"
    async with Visitor(town) as supervisor:
        await supervisor.sign_in("supervisor")
        review = {"subject": "registration-1", "/reason": "举报称地址不实"}
        assert "复核请求已发出" in await done(supervisor, address, "review", review)
        unsaid = await press(supervisor, address, "reopen", {"/items": ["seal"], "/reason": REASON})
        assert unsaid.status_code == 422
        assert REASON in unsaid.text
        reopened = await done(
            supervisor,
            address,
            "reopen",
            {"/items": ["seal"], "/basis": test_reopenings.BASIS, "/reason": REASON},
        )
        assert "已交部门重新办理" in reopened
        assert test_reopenings.BASIS in reopened
