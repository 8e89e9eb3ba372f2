"""A department's queue over HTTP: what a row says, filters, views and their counts, and who reads of them."""

from datetime import timedelta
from typing import Any

import httpx

from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people

COMPANY = opening()["form"]["company_name"]
OFFICER = "officer.amr"


async def queue(town: Town, who: str = OFFICER, **query: str) -> dict[str, Any]:
    answer = await town.get(who, "/api/tasks", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def numbers(town: Town, **query: str) -> list[str]:
    page = await queue(town, limit="200", **query)
    assert page["total"] == len(page["items"])
    return [row["case_no"] for row in page["items"]]


def parameters(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 422, answer.text
    return {str(one.get("parameter") or one.get("pointer")) for one in answer.json()["errors"]}


async def test_a_row_says_who_what_and_until_when(fresh_town: Town) -> None:
    case_no = await acts.accepted_case(fresh_town)
    (row,) = (await queue(fresh_town))["items"]
    assert (row["case_no"], row["applicant_name"], row["enterprise_name"]) == (case_no, people.ZHANG.name, COMPANY)
    assert (row["name"], row["item_name"]) == ("企业开办", "企业设立登记")
    assert (row["due_effect"], row["flags"], row["urged"]) == ("promise", [], False)
    assert row["due_at"] < row["statutory_due_at"]
    assert people.ZHANG.id_number not in str(row)


async def test_views_and_filters(fresh_town: Town) -> None:
    town = fresh_town
    first = await acts.accepted_case(town)
    urged = await acts.accepted_case(town)
    done = await acts.accepted_case(town)
    await town.post(OFFICER, f"/api/tasks/{first}-registration-1/claim")
    assert (await town.post("citizen", f"/api/cases/{urged}/urge", {"item": "registration"})).status_code == 200
    await acts.approve(town, done, "registration")
    assert await numbers(town) == [first, urged]
    assert await numbers(town, holder="mine") == [first]
    assert await numbers(town, holder="unclaimed", flags="urged") == [urged]
    assert await numbers(town, flags="urged,suspended") == []
    assert await numbers(town, bundle="enterprise-opening", item="registration") == [first, urged]
    assert await numbers(town, bundle="newborn") == []
    assert await numbers(town, state="closed", holder="mine") == [done]
    assert await numbers(town, due="overdue") == []
    assert (await queue(town))["counts"] == {
        "mine": 1,
        "due_today": 0,
        "unclaimed": 1,
        "urged": 1,
        "suspended": 0,
        "overdue": 0,
        "all": 2,
    }
    town.clock.move(timedelta(days=30))
    assert await numbers(town, due="overdue", holder="mine") == [first]
    page = await queue(town, limit="1", due="overdue")
    assert (page["total"], page["counts"]["overdue"], len(page["items"])) == (2, 2, 1)
    rest = await queue(town, limit="1", due="overdue", after=page["next"])
    assert [one["case_no"] for one in page["items"] + rest["items"]] == [first, urged]
    assert rest["next"] is None


async def test_due_today_and_this_week_go_by_the_wall(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.accepted_case(town)  # Monday 2 March at nine
    ((due_at,),) = town.rows("select due_at from tasks where case_no = %s", case_no)
    week = await numbers(town, due="week")
    assert week == ([case_no] if due_at < town.clock.now() + timedelta(days=6) else [])
    town.clock.move(due_at - town.clock.now() - timedelta(minutes=1))
    assert await numbers(town, due="today") == await numbers(town, due="week") == [case_no]
    assert (await queue(town))["counts"]["due_today"] == 1
    town.clock.move(timedelta(minutes=2))
    assert await numbers(town, due="today") == []
    assert (await queue(town))["counts"]["overdue"] == 1


async def test_what_can_not_be_asked_for_is_told_where_it_was_said(town: Town) -> None:
    for query, place in (
        ({"flags": "urgent"}, "/flags"),
        ({"flags": "Urged!"}, "flags"),
        ({"item": "registration"}, "/bundle"),
        ({"bundle": "no-such-thing"}, "/bundle"),
        ({"state": "closed", "due": "today"}, "/due"),
        ({"state": "closed", "flags": "urged"}, "/flags"),
        ({"state": "closed", "holder": "unclaimed"}, "/holder"),
        ({"holder": "officer.tax"}, "holder"),
        ({"due": "tomorrow"}, "due"),
    ):
        answer = await town.get(OFFICER, "/api/tasks", params=query)
        assert parameters(answer) == {place}, query


async def test_names_are_read_by_the_working_department_alone(fresh_town: Town) -> None:
    """Neither other departments nor other roles get a word of them."""
    await acts.accepted_case(fresh_town)
    secrets = (people.ZHANG.name, COMPANY, people.ZHANG.id_number)
    outsiders = ("officer.tax", "officer.psb", "leader.tax", "counter", "supervisor", "admin", "citizen2", "auditor")
    for who in outsiders:
        for path in ("/api/tasks", "/api/tasks?department=amr", "/api/tasks?state=closed"):
            text = (await fresh_town.get(who, path)).text
            assert not [secret for secret in secrets if secret in text], (who, path)
    assert COMPANY in (await fresh_town.get("leader.amr", "/api/tasks")).text


async def test_a_page_takes_as_many_messages_however_long_it_is(fresh_town: Town) -> None:
    """The page with its counts, and the names of all its rows at once."""
    town = fresh_town
    for _ in range(4):
        await acts.accepted_case(town)
    asked: list[str] = []
    connections = [await town.context.database._pool.acquire() for _ in range(town.context.database._pool.get_size())]
    for connection in connections:
        connection.add_query_logger(lambda record: asked.append(record.query.split()[0]))
        await town.context.database._pool.release(connection)
    counted = []
    for limit in ("1", "4", "200"):
        asked.clear()
        await queue(town, limit=limit)
        counted.append(list(asked))
    assert counted == [["begin;", "select", "with", "select", "select", "insert"]] * 3
