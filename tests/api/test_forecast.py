"""When a case will probably be done: told to whoever reads it, silent below its sample, history read once."""

from datetime import timedelta
from typing import Any

from onething.domain.calendar.statistics import AT_LEAST
from tests.api import acts
from tests.api.forms import opening
from tests.api.lawful import clocks as clocks_of
from tests.api.town import Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ITEMS = {"registration": ("amr", 1), "seal": ("psb", 2), "tax": ("tax", 4)}


def decided_before(town: Town, code: str, count: int) -> None:
    """So many decisions of that item, each of so many working days that ended yesterday's office hours."""
    department, days = ITEMS[code]
    town.rows(
        """
        insert into tasks (task_id, case_no, kind, item, name, department, region, bundle, round, state, opened_at,
                           closed_at, result)
        select %s || n, 'h' || n, 'decide', %s, %s, %s, '330100', 'enterprise-opening@1', 1, 'done',
               %s::timestamptz, %s::timestamptz + %s * interval '1 day', 'approve'
        from generate_series(1, %s) n returning 1
        """,
        f"{code}-{count}-",
        code,
        code,
        department,
        "2026-01-05T08:30+08:00",  # a Monday
        "2026-01-05T08:30+08:00",
        days,
        count,
    )


async def opened(town: Town) -> tuple[str, str]:
    """Accepted, and the code that opens its progress."""
    answer = (await town.post("citizen", "/api/cases", opening())).json()
    await town.fetch_all(answer["case_no"])
    await town.post("counter", f"/api/cases/{answer['case_no']}/accept")
    return answer["case_no"], answer["query_code"]


async def forecast(town: Town, case_no: str, code: str) -> dict[str, Any] | None:
    """The same in both places."""
    listed = await town.get("citizen", f"/api/cases/{case_no}/clocks")
    progress = await town.get(None, f"/api/progress/{case_no}", params={"code": code})
    assert progress.json()["forecast"] == listed.json()["forecast"]
    told: dict[str, Any] | None = listed.json()["forecast"]
    return told


async def test_silent_below_the_sample_and_told_from_it_on(fresh_town: Town) -> None:
    town = fresh_town
    for code in ITEMS:
        decided_before(town, code, AT_LEAST - 1)
    case_no, code = await opened(town)
    told = await forecast(town, case_no, code)
    assert told is not None
    assert (
        told["text"] == "样本不足，不作预计：“企业设立登记”29/30、“公章刻制备案”29/30、“税务信息确认与发票领用”29/30。"
    )
    assert told["items"][0] == {
        "item": "registration",
        "name": "企业设立登记",
        "decisions": 29,
        "needed": 30,
        "text": "样本不足（29/30），不作预计。",
    }
    assert not {"p50_days", "p50_on"} & told.keys()

    for item in ITEMS:
        decided_before(town, item, 1)
    assert (await forecast(town, case_no, code)) == told, "what is known is kept for minutes"
    town.clock.move(timedelta(minutes=10))
    told = await forecast(town, case_no, code)
    assert told is not None
    assert (told["p50_days"], told["p90_days"], told["provisional"]) == (5.0, 5.0, False)
    # five working days from Monday 2 March 9:10: the next Monday
    assert (told["p50_on"], told["p90_on"]) == ("2026-03-09", "2026-03-09")
    assert told["text"].startswith("按以往情况，还需 5 至 5 个工作日：半数不晚于 2026-03-09 办结")
    assert "不含中止" in told["items"][2]["text"]


async def test_it_goes_down_as_items_are_decided_and_ends_with_the_case(fresh_town: Town) -> None:
    town = fresh_town
    for item in ITEMS:
        decided_before(town, item, AT_LEAST)
    draft = await acts.draft(town)
    assert (await town.get("citizen", f"/api/cases/{draft}/clocks")).json()["forecast"] is None
    answer = (await town.post("citizen", "/api/cases", opening())).json()
    case_no, code = answer["case_no"], answer["query_code"]
    told = await forecast(town, case_no, code)
    assert told is not None
    assert told["text"] == "受理以后预计还需 5 至 5 个工作日，现在不预计日期。"
    await town.fetch_all(case_no)
    await town.post("counter", f"/api/cases/{case_no}/accept")
    await acts.approve(town, case_no, "registration")
    told = await forecast(town, case_no, code)
    assert told is not None
    assert ([one["item"] for one in told["items"]], told["p90_days"]) == (["seal", "tax"], 4.0)
    for item in ("seal", "tax"):
        await acts.approve(town, case_no, item)
    assert await forecast(town, case_no, code) == {"text": "各事项都已办结，接着制证、送达，不再预计。", "items": []}
    await town.finish(case_no)
    assert await forecast(town, case_no, code) is None


async def test_what_is_known_is_read_once_for_all_cases(fresh_town: Town) -> None:
    town = fresh_town
    for item in ITEMS:
        decided_before(town, item, AT_LEAST)
    first, second = await opened(town), await opened(town)
    told = await forecast(town, *first)
    town.rows("delete from tasks where state = 'done' returning 1")
    assert await forecast(town, *second) == told
    town.clock.move(HOUR)
    silent = await forecast(town, *second)
    assert silent is not None
    assert "样本不足" in silent["text"]


async def test_suspended_time_has_no_date(lawful: Town) -> None:
    town = lawful
    for item in ITEMS:
        decided_before(town, item, AT_LEAST)
    case_no, code = await opened(town)
    town.clock.move(DAY)
    body = {"basis": "force_majeure", "days": 5, "reason": "停电"}
    answer = await town.post("supervisor", f"/api/tasks/{case_no}-registration-1/suspend", body)
    assert answer.status_code == 200, answer.text
    assert "item:registration" in await clocks_of(town, case_no)
    told = await forecast(town, case_no, code)
    assert told is not None
    assert told["text"] == "“企业设立登记”已中止计时，恢复以后预计还需 4 至 4 个工作日，现在不预计日期。"
    assert "p50_on" not in told
