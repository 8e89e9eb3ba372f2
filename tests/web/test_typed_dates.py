"""Days as people write them, wherever a page takes one."""

import pytest

from onething.services.inspections.schemas import InspectionMoveRequest
from onething.services.mandates import MandateRequest
from onething.services.prechecks.schemas import PrecheckAnswerRequest
from onething.web.core.typed_dates import typed_date, with_dates
from tests.api.town import Town
from tests.support import people
from tests.web.counter_forms import birth_fields
from tests.web.filled import filled
from tests.web.visitor import Visitor, hidden

NEW = "/counter/new/newborn"
WAYS = (
    "20261110",
    "2026-11-10",
    "2026年11月10日",
    "2026/11/10",
    "２０２６１１１０",
    "２０２６－１１－１０",
    " 2026 年 11 月 10 日 ",
)


@pytest.mark.parametrize("typed", [*WAYS, "２０２６－１１－１０", "2026.11.10", "2026年11月10号"])
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert typed_date(typed) == "2026-11-10"


@pytest.mark.parametrize("typed", ["昨天", "2026", "202611100", "20261", "10/11/2026", "", "2026-11", "11月10日"])
def test_what_is_no_day_stays_as_it_was_typed(typed: str) -> None:
    assert typed_date(typed) == typed


def test_a_day_of_one_figure_has_two_and_one_that_there_is_not_is_told_by_whom_it_is_for() -> None:
    assert typed_date("2026年2月3日") == "2026-02-03"
    assert typed_date("20260231") == "2026-02-31"


@pytest.mark.parametrize(
    ("model", "name"), [(MandateRequest, "expires_on"), (InspectionMoveRequest, "on"), (PrecheckAnswerRequest, "on")]
)
def test_days_of_requests_are_read_in_every_form_of_a_page(model: type, name: str) -> None:
    assert with_dates(model, {name: "20261110", "note": "20261110"}) == {name: "2026-11-10", "note": "20261110"}


@pytest.mark.parametrize("typed", ["20260220", "２０２６年２月２０日"])
async def test_a_birthday_is_taken_at_the_counter_as_it_is_typed(town: Town, typed: str) -> None:
    async with Visitor(town) as clerk:
        await clerk.sign_in("counter")
        fields = hidden(await clerk.get(NEW), NEW) | birth_fields(**{"/form/born_on": typed})
        saved = await clerk.post(NEW, fields)
        assert saved.status_code == 303, saved.text
        page = await clerk.get(saved.headers["location"])
        assert dict(filled(page, NEW))["/form/born_on"] == "2026-02-20"


async def test_the_api_takes_one_form(town: Town) -> None:
    body = {"giver": people.ZHANG.named, "agent": "agent", "agent_name": "王帮办"}
    body |= {"kind": "helper", "acts": ["apply"], "expires_on": "2026年3月31日"}
    refused = await town.post("citizen", "/api/mandates", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/expires_on")
