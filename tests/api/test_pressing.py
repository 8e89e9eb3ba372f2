"""What is late now, or soon will be: the supervisor's list, the one due first at the head, with who holds each."""

from datetime import timedelta

import pytest

from tests.api import acts
from tests.api.test_inbox import listed, numbers
from tests.api.test_supervision import overview
from tests.api.town import Town

DAY = timedelta(days=1)


async def _three(town: Town) -> tuple[str, str, str]:
    """Promised for three working days: one is late, one is due within a day, one has time."""
    late = await acts.accepted_case(town)  # Monday
    town.clock.move(2 * DAY)
    soon = await acts.accepted_case(town)
    town.clock.move(3 * DAY)  # Saturday: the day before its last has gone by
    has_time = await acts.accepted_case(town)
    for case_no in (late, soon, has_time):
        await town.gateway.tick(case_no)
    return late, soon, has_time


@pytest.mark.parametrize("who", ["supervisor", "counter", "officer.amr"])
async def test_late_and_soon_are_two_lists(fresh_town: Town, who: str) -> None:
    late, soon, has_time = await _three(fresh_town)
    assert numbers(await listed(fresh_town, who, due="overdue")) == [late]
    assert numbers(await listed(fresh_town, who, due="soon")) == [soon]
    assert has_time in numbers(await listed(fresh_town, who))
    assert await listed(fresh_town, who, due="overdue", bundle="newborn") == []
    assert (await overview(fresh_town))["pressing"] == {"overdue": 1, "soon": 1}


async def test_the_one_due_first_is_at_the_head_page_by_page(fresh_town: Town) -> None:
    town = fresh_town
    expected = []
    for _ in range(3):
        expected.append(await acts.accepted_case(town))
        town.clock.move(DAY)
    town.clock.move(10 * DAY)
    for case_no in reversed(expected):
        await town.gateway.tick(case_no)
    found, after = [], {}
    for _ in expected:
        page = (await town.get("supervisor", "/api/cases", params={"due": "overdue", "limit": 1, **after})).json()
        found += numbers(page["items"])
        after = {"after": page["next"]}
    assert found == expected
    assert page["next"] is None


async def test_a_supervisor_reads_who_holds_it_and_since_when(fresh_town: Town) -> None:
    town = fresh_town
    late, _, _ = await _three(town)
    (row,) = await listed(town, "supervisor", due="overdue")
    (held,) = row["holders"]
    assert (held["department_name"], held["item_name"], held["kind"]) == ("市场监督管理局", "企业设立登记", "decide")
    assert (held["since"], held["overdue"]) == (row["accepted_at"], True)
    await acts.approve(town, late, "registration")
    (row,) = await listed(town, "supervisor", due="overdue")
    assert {one["item"] for one in row["holders"]} >= {"seal", "tax"}, "who comes next holds it now"
    assert not any(one["overdue"] for one in row["holders"])
    assert not any("holders" in one for one in await listed(town, "officer.amr")), "others' tasks are not its business"


async def test_what_has_ended_is_held_by_nobody_and_presses_nobody(fresh_town: Town) -> None:
    late, _, _ = await _three(fresh_town)
    withdrawn = await fresh_town.post("citizen", f"/api/cases/{late}/withdraw")
    assert withdrawn.status_code == 200, withdrawn.text
    assert await listed(fresh_town, "supervisor", due="overdue") == []
    (row,) = [one for one in await listed(fresh_town, "supervisor") if one["case_no"] == late]
    assert "holders" not in row


@pytest.mark.parametrize(
    ("who", "query"),
    [
        ("citizen", {}),
        ("counter", {"mine": "true"}),
        ("supervisor", {"order": "waiting"}),
        ("supervisor", {"corrections_answered": "true"}),
        ("supervisor", {"applicant_ended": "true"}),
    ],
)
async def test_what_does_not_go_together_is_refused(town: Town, who: str, query: dict[str, str]) -> None:
    answer = await town.get(who, "/api/cases", params={"due": "soon", **query})
    assert answer.status_code == 422, answer.text
    assert "/due" in [problem["pointer"] for problem in answer.json()["errors"]]
