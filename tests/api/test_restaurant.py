"""A restaurant of each place that has its own rules is opened, from the application to its certificates."""

from typing import Any

import pytest

from onething.cli.commands import application_file
from onething.cli.demo.command import EXAMPLES
from tests.api.test_places import bundle_of, days_of, decided, staff
from tests.api.town import MORNING, Town

PUDONG, JIAYUGUAN = "310115", "620200"
EXAMPLE = application_file.read(EXAMPLES / "restaurant-opening.yaml").body
_FORM = EXAMPLE["form"]
LICENCE = {"company_name": _FORM["shop_name"], "legal_representative": _FORM["head"], "address": _FORM["address"]}
OFFICERS = {
    "licence-check": "officer.amr",
    "food-licence": "officer.amr",
    "prepacked-filing": "officer.amr",
    "fire-check": "officer.fire",
    "drainage": "officer.drainage",
    "sign-filing": "officer.urban",
    "advert-approval": "officer.urban",
    "tobacco": "officer.tobacco",
}
OUTPUTS = {
    "food-licence": {"food_licence_no": "JY1", "food_permitted": "热食类食品制售"},
    "prepacked-filing": {"food_filing_no": "YB1"},
    "fire-check": {"fire_notice_no": "消安检1"},
    "drainage": {"drain_no": "排1", "drain_valid_until": "2031-03-01"},
    "sign-filing": {"sign_filing_no": "招1"},
    "advert-approval": {"advert_no": "广1", "advert_valid_until": "2028-03-01"},
    "tobacco": {"tobacco_no": "烟1", "tobacco_valid_until": "2031-03-01"},
}


def restaurant(without: tuple[str, ...] = (), more: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    """The example, without some papers and with others. Its promise goes with the answer that asks for it."""
    answers = {**EXAMPLE["answers"], **changes.pop("answers", {})}
    answers = {name: value for name, value in answers.items() if value is not None}
    papers = [one for one in EXAMPLE["materials"] if one["code"] not in without]
    promises = EXAMPLE["commitments"] if answers.get("fire_way") == "promise" else []
    return {
        **EXAMPLE,
        "answers": answers,
        "form": {**_FORM, **changes.pop("form", {})},
        "materials": [*papers, *({"code": one, "form": "paper"} for one in more)],
        "commitments": promises,
        **changes,
    }


SIGN = ("sign-carrier", "sign-drawing")
FIRE = ("fire-rules", "fire-plan")
DRAIN = ("drain-map", "drain-treatment")
CATERING = ("food-layout", "food-equipment", "food-rules")
NO_SIGN = {"sign_text": None, "sign_place": None}
CHAIN = restaurant(more=("tobacco-premises",), answers={"chain": True, "tobacco": True})
SMALL = restaurant((*SIGN, *FIRE), answers={"area": 300, "fire_way": None, "sign": "none"}, form=NO_SIGN)
BIG_ADVERT = restaurant(
    more=("advert-safety",),
    answers={
        "area": "300.1",
        "fire_way": "check",
        "sign": "advert",
        "advert_longest": "4.01",
        "advert_size": "6",
    },
    form={"advert_from": "2026-03-02", "advert_until": "2028-03-01"},
)
PREPACKED = restaurant(
    (*SIGN, *FIRE, *DRAIN, *CATERING),
    answers={
        "food_business": "prepacked",
        "gathering": False,
        "area": 30,
        "fire_way": None,
        "drain": None,
        "sign": "none",
    },
    form={**NO_SIGN, "drain_outlet": None, "food_scope": None, "food_manager": None},
)


@pytest.mark.parametrize(
    ("region", "application", "place", "items", "promises"),
    [
        (
            PUDONG,
            CHAIN,
            f".{PUDONG}",
            ["drainage", "fire-check", "food-licence", "sign-filing", "tobacco"],
            {"food-licence": "2026-03-05", "fire-check": "2026-03-03"},
        ),
        (JIAYUGUAN, SMALL, f".{JIAYUGUAN}", ["drainage", "food-licence"], {"food-licence": "2026-03-16"}),
        (
            JIAYUGUAN,
            BIG_ADVERT,
            f".{JIAYUGUAN}",
            ["advert-approval", "drainage", "fire-check", "food-licence"],
            {"advert-approval": "2026-03-05", "fire-check": "2026-03-16", "fire-check:statutory": "2026-03-19"},
        ),
        (None, PREPACKED, "", ["prepacked-filing"], {"prepacked-filing": "2026-03-03"}),
    ],
    ids=["pudong", "jiayuguan-small", "jiayuguan-big", "prepacked"],
)
async def test_each_place_opens_restaurants_its_own_way(
    town: Town,
    region: str | None,
    application: dict[str, Any],
    place: str,
    items: list[str],
    promises: dict[str, str],
) -> None:
    """The business licence is looked up and checked first; then all else at once, each by its own clock."""
    where = region or "330100"
    counter = staff(town, "counter", where)
    body = application | {"seen": [{"party": "applicant", "document": "resident_id", "presence": "in_person"}]}
    answer = await town.post(None, "/api/cases", body, headers=counter)
    assert answer.status_code == 201, answer.text
    case_no = str(answer.json()["case_no"])
    assert bundle_of(town, case_no) == f"restaurant-opening@1{place}"
    await town.record(case_no, "business-licence", {"record": LICENCE, "as_of": MORNING.isoformat()})
    answer = await town.post(None, f"/api/cases/{case_no}/accept", headers=counter)
    assert answer.status_code == 200, answer.text
    assert open_items(town, case_no) == ["licence-check"]
    await decided(town, case_no, "licence-check", OFFICERS["licence-check"], where, {})
    assert open_items(town, case_no) == items
    clocks = days_of(town, case_no)
    assert {name: clocks[f"item:{name}"] for name in promises} == promises
    for item in items:
        await decided(town, case_no, item, OFFICERS[item], where, outputs(item, case_no))
    await town.finish(case_no)
    ((status,),) = town.rows("select status from cases where case_no = %s", case_no)
    assert status == "closed"
    issued = town.rows("select item from certificates where case_no = %s order by item", case_no)
    assert [one for (one,) in issued] == [one for one in items if not one.endswith("-filing")]


def outputs(item: str, case_no: str) -> dict[str, str]:
    """Numbers are the case's own."""
    ending = {name: case_no[-7:] if name.endswith("_no") else "" for name in OUTPUTS[item]}
    return {name: value + ending[name] for name, value in OUTPUTS[item].items()}


def open_items(town: Town, case_no: str) -> list[str]:
    found = town.rows("select item from tasks where case_no = %s and state = 'open' order by item", case_no)
    return [one for (one,) in found]
