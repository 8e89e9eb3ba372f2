"""离线收件 over HTTP: by the counter alone, between the device's last contact and now, and told where it is late."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.api.forms import opening
from tests.api.town import Town


def receipt(town: Town, hours: float, contact: float | None = None) -> dict[str, str]:
    """Taken in so many hours ago."""
    now = town.clock.now()
    times = {"at": hours, "device_contact_at": hours + 1 if contact is None else contact}
    return {name: (now - timedelta(hours=ago)).isoformat() for name, ago in times.items()}


async def sent(town: Town, received: dict[str, str], who: str = "counter", **said: Any) -> httpx.Response:
    return await town.post(who, "/api/cases", opening(received=received, **said))


def notice_clock(town: Town, case_no: str) -> datetime:
    query = "select due_at from clock_ledger where case_no = %s and clock = 'notice' and what = 'started'"
    ((due_at,),) = town.rows(query, case_no)
    assert isinstance(due_at, datetime)
    return due_at


async def test_the_five_days_run_from_the_slip_and_a_late_one_is_flagged(lawful: Town) -> None:
    town = lawful
    now_told = (await town.post("counter", "/api/cases", opening())).json()["case_no"]
    for hours, late in ((5, False), (80, True)):
        opened = await sent(town, receipt(town, hours))
        assert opened.status_code == 201, opened.text
        case_no = opened.json()["case_no"]
        assert notice_clock(town, case_no) < notice_clock(town, now_told) or not late
        view = (await town.get("counter", f"/api/cases/{case_no}")).json()
        assert view["received_late"] is late
        assert datetime.fromisoformat(view["received_at"]) == town.clock.now() - timedelta(hours=hours)
        [line] = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
        assert ("离线收件" in line["text"], "超过一天后才登记" in line["text"]) == (True, late)


async def test_told_after_the_five_days_it_is_accepted_from_receipt(lawful: Town) -> None:
    opened = await sent(lawful, receipt(lawful, 24 * 12), accept=True)
    assert opened.status_code == 201, opened.text
    view = (await lawful.get("counter", f"/api/cases/{opened.json()['case_no']}")).json()
    assert datetime.fromisoformat(view["accepted_at"]) == lawful.clock.now() - timedelta(days=12)


@pytest.mark.parametrize(
    ("who", "hours", "contact", "pointer"),
    [
        ("counter", -1, 2, "/received/at"),  # to come
        ("counter", 3, 2, "/received/at"),  # before the device was last connected
        ("counter", 1, -1, "/received/device_contact_at"),
        ("counter", 24 * 40, 24 * 41, "/received/device_contact_at"),  # longer away than is believed
        ("citizen", 3, 4, "/received"),
    ],
)
async def test_what_is_not_believed(town: Town, who: str, hours: float, contact: float, pointer: str) -> None:
    before = town.counts()
    answer = await sent(town, receipt(town, hours, contact), who)
    assert answer.status_code == 422, answer.text
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert town.counts() == before


async def test_papers_that_are_demanded_are_not_taken_in_before(town: Town) -> None:
    case_no = (await town.post("counter", "/api/cases", opening())).json()["case_no"]
    body = {"items": [{"material": "name-notice", "what": "不清晰"}]}
    assert (await town.post("counter", f"/api/cases/{case_no}/corrections", body)).status_code == 200
    early = {"materials": ["name-notice"], "received": receipt(town, 2)}
    answer = await town.post("counter", f"/api/cases/{case_no}/papers", early)
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/received/at"]
    in_time = {"materials": ["name-notice"], "received": receipt(town, 0)}
    assert (await town.post("counter", f"/api/cases/{case_no}/papers", in_time)).status_code == 200


async def test_no_paper_of_a_case_was_received_before_the_case_was(lawful: Town) -> None:
    town = lawful
    case_no = (await town.post("citizen", "/api/cases", opening())).json()["case_no"]
    town.clock.move(timedelta(days=1))
    body = {"materials": ["name-notice"], "received": receipt(town, 30)}
    answer = await town.post("counter", f"/api/cases/{case_no}/papers", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/received/at"), answer.text
