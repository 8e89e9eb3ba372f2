"""A number that a decision gives out is given out once, whoever decides, however it is written."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from onething.connectors.simulator.numbers import credit_code
from onething.domain.definition.form_fields import FormField, FormFieldType, IssuedWithin
from onething.services.decisions.issued_numbers import given, given_twice
from tests.api import acts
from tests.api.forms import OFFICERS, WELL, approval
from tests.api.lawful import task
from tests.api.town import Town

ANOTHER = "91330106MA2HYR5L3J"
PERMIT = FormField(id="permit", label="证号", type=FormFieldType.TEXT, issued=IssuedWithin.COUNTRY)


async def decide(town: Town, case_no: str, item: str = "registration", **outputs: object) -> httpx.Response:
    body = {
        "outcome": WELL.get(item, "approve"),
        "opinion": "符合条件",
        "outputs": approval(item, case_no, acts.today(town)) | outputs,
    }
    return await town.post(OFFICERS[item], f"{task(case_no, item)}/decide", body)


def told(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


def decisions(town: Town, case_no: str) -> int:
    return int(town.rows("select count(*) from journal where case_no = %s and kind = 'item_decided'", case_no)[0][0])


async def test_a_number_that_another_case_has_is_refused_however_it_is_written(town: Town) -> None:
    first, second = await acts.accepted_case(town), await acts.accepted_case(town)
    assert (await decide(town, first)).status_code == 200
    code = credit_code(first)
    full_width = "".join(chr(ord(one) + 0xFEE0) for one in code)
    for written in (code, code.lower(), f"{code[:8]}-{code[8:17]}-{code[17]}", full_width):
        assert told(await decide(town, second, uscc=written)) == [("/outputs/uscc", "already_issued")]
    assert decisions(town, second) == 0
    assert (await decide(town, second)).status_code == 200, "a number of its own"
    # of a series without a standard: spaces don't count, what is between the groups does
    assert (await decide(town, first, "seal", seal_filing_no=f"公章-{first}-1")).status_code == 200
    same = f"公章－ {first}–1"
    assert told(await decide(town, second, "seal", seal_filing_no=same)) == [
        ("/outputs/seal_filing_no", "already_issued")
    ]
    assert (await decide(town, second, "seal", seal_filing_no=f"公章-{first}1")).status_code == 200


async def test_two_who_give_out_one_number_at_the_same_time(town: Town) -> None:
    for _ in range(3):
        both = [await acts.accepted_case(town), await acts.accepted_case(town)]
        answers = await asyncio.gather(*(decide(town, one, uscc=credit_code(both[0])) for one in both))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 422: 1}
        assert sum(decisions(town, one) for one in both) == 1


async def test_the_same_item_may_give_it_again_in_a_later_round_and_keeps_it_for_good(fresh_town: Town) -> None:
    town = fresh_town
    case_no, other = await acts.accepted_case(town), await acts.accepted_case(town)
    assert (await decide(town, case_no)).status_code == 200
    back = {"to": "registration", "reason": "住所写错"}
    assert (await town.post("officer.psb", f"{task(case_no, 'seal')}/return", back)).status_code == 200
    await acts.approve(town, case_no, "registration", 2, uscc=ANOTHER)
    for code in (credit_code(case_no), ANOTHER):
        assert told(await decide(town, other, uscc=code)) == [("/outputs/uscc", "already_issued")]
    assert (await town.post("officer.psb", f"/api/tasks/{case_no}-seal-2/return", back)).status_code == 200
    await acts.approve(town, case_no, "registration", 3)
    # called off, and still not to be given to anybody else
    assert (await town.post("citizen", f"/api/cases/{case_no}/withdraw")).status_code == 200
    assert told(await decide(town, other, uscc=credit_code(case_no))) == [("/outputs/uscc", "already_issued")]


async def test_a_refused_number_takes_nothing_back_of_what_had_come_due(fresh_town: Town) -> None:
    town = fresh_town
    first, second = await acts.accepted_case(town), await acts.accepted_case(town)
    assert (await decide(town, first)).status_code == 200
    town.clock.move(timedelta(days=30))
    told(await decide(town, second, uscc=credit_code(first)))
    kinds = [kind for (kind,) in town.rows("select kind from journal where case_no = %s", second)]
    assert "clock_overdue" in kinds
    assert "item_decided" not in kinds


async def test_no_number_is_kept_in_clear(fresh_town: Town) -> None:
    case_no = await acts.accepted_case(fresh_town)
    assert (await decide(fresh_town, case_no)).status_code == 200
    [(series, number, of_case, item)] = fresh_town.rows("select series, number, case_no, item from issued_numbers")
    assert (series, of_case, item) == ("uscc", case_no, "registration")
    assert credit_code(case_no).encode() not in bytes(number)


def series(field: FormField, value: Any = "1", owner: str = "opening.licence", region: str = "330106") -> list[str]:
    return [one.series for one in given((field,), {field.id: value}, owner, region)]


def test_which_numbers_count_together() -> None:
    code = FormField(id="uscc", label="代码", type=FormFieldType.USCC, issued=IssuedWithin.COUNTRY)
    assert series(code, owner="opening.registration") == series(code, owner="transport.licence") == ["uscc"]
    assert series(PERMIT) == ["opening.licence.permit"]
    assert series(PERMIT, owner="transport.licence") != series(PERMIT)
    assert series(PERMIT, region="110105") == series(PERMIT)
    here = PERMIT.model_copy(update={"issued": IssuedWithin.REGION})
    assert series(here, region="110105") != series(here)
    shared = PERMIT.model_copy(update={"series": "road-permit"})
    assert series(shared) == series(shared, owner="other.item") == ["road-permit"]
    assert series(PERMIT.model_copy(update={"issued": None})) == []
    assert series(PERMIT, None) == series(PERMIT, " \u200b") == []


@pytest.mark.parametrize("second", ["A1", "ａ１", " a 1"])
def test_one_decision_gives_a_number_once(second: str) -> None:
    rows = FormField(id="rows", label="车辆", type=FormFieldType.LIST, fields=(PERMIT,))
    other = PERMIT.model_copy(update={"id": "other", "series": "x"})
    again = other.model_copy(update={"id": "again"})
    outputs = {"rows": [{"permit": "A1"}, {"permit": "B2"}, {"permit": second}], "other": "A1", "again": second}
    numbers = tuple(given((rows, other, again), outputs, "opening.licence", "330106"))
    assert [one.pointer for one in given_twice(numbers)] == ["/outputs/rows/2/permit", "/outputs/again"]
