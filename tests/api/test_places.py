"""Each place's rules hold for what is handled there: guide, application, draft, correction, decision, clocks."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import TownBy
from tests.api.forms import WELL
from tests.api.town import Town
from tests.definitions.layered import folder_of
from tests.support import people

HERE, THERE = people.REGION, people.ELSEWHERE
ELSE = "330200"
REGIONS = f"""\
regions:
  "{HERE}": 杭州市
  "{THERE}": 广州市
  "{ELSE}": 宁波市
"""
OF_HERE = f"""\
schema: 2
overlay: shop-opening@1
place: "{HERE}"
version: 1
bases: {{guide: {{title: 《杭州市餐饮服务办法》, article: 第三条}}}}
set:
  - {{at: parameters.fire_free_area.value, to: 300, basis: guide}}
  - {{at: items.food-licence.limits.promised, to: {{amount: 3, unit: working_day, for: office}}, basis: guide}}
  - {{at: items.food-licence.limits.statutory, to: {{amount: 10, unit: working_day, for: office}}, basis: guide}}
leave_out: [{{what: items.tobacco, why: 另行办理。, basis: guide}}]
examples: [{{name: 小店, answers: {{area: 200}}, expect: {{items: [food-licence]}}}}]
"""
OF_THERE = f"""\
schema: 2
overlay: shop-opening@1
place: "{THERE}"
version: 1
set:
  - {{at: parameters.fire_free_area.value, to: 100, basis: assumed}}
  - {{at: items.food-licence.limits.promised, to: {{amount: 6, unit: working_day, for: office}}, basis: assumed}}
examples: [{{name: 小店, answers: {{area: 50}}, expect: {{items: [food-licence]}}}}]
"""


def with_places(folder: Path) -> Path:
    folder_of(folder)
    (folder / "regions.yaml").write_text(REGIONS, encoding="utf-8")
    for place, text in ((HERE, OF_HERE), (THERE, OF_THERE)):
        (folder / "places" / place).mkdir(parents=True)
        (folder / "places" / place / "shop-opening.v1.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
async def placed(town_by: TownBy) -> AsyncIterator[Town]:
    async with town_by(with_places) as town:
        yield town


def shop(**changes: Any) -> dict[str, Any]:
    return {
        "bundle": "shop-opening",
        "answers": {"area": 200},
        "applicant": people.ZHANG.applicant,
        "form": {"shop_name": "张记面馆", "manager": "李四"},
        "materials": [{"code": "layout", "form": "paper"}],
        "delivery": {"method": "electronic"},
        **changes,
    }


FIRE = {"materials": [{"code": one, "form": "paper"} for one in ("layout", "fire-rules")]}


async def opened(town: Town, who: str, **changes: Any) -> str:
    answer = await town.post(who, "/api/cases", shop(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


def bundle_of(town: Town, case_no: str) -> str:
    ((bundle,),) = town.rows("select bundle from cases where case_no = %s", case_no)
    return str(bundle)


async def test_the_guide_is_the_place_s(placed: Town) -> None:
    rows = (await placed.get(None, "/api/bundles")).json()["items"]
    assert [one["code"] for one in rows] == ["shop-opening"], "each is offered once"
    for region, place, questions in (
        (None, HERE, ["area", "chain"]),
        (HERE, HERE, ["area", "chain"]),
        (THERE, THERE, ["area", "chain", "tobacco"]),
        (ELSE, None, ["area", "chain", "tobacco"]),
    ):
        query = {"region": region} if region else {}
        told = (await placed.get(None, "/api/bundles/shop-opening", params=query)).json()
        assert told.get("place", {}).get("code") == place
        assert [one["id"] for one in told["questions"]] == questions
    for region, items in ((None, 1), (THERE, 2), (ELSE, 2)):
        body = {"answers": {"area": 200}, **({"region": region} if region else {})}
        plan = (await placed.post(None, "/api/bundles/shop-opening/plan", body)).json()
        assert len(plan["items"]) == items, "a shop of two hundred square metres"
    wrong = await placed.get(None, "/api/bundles/shop-opening", params={"region": "999999"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/region")


async def test_what_is_otherwise_is_told_with_its_basis(placed: Town) -> None:
    told = (await placed.get(None, f"/api/bundles/shop-opening/places/{HERE}")).json()
    assert (told["bundle"], told["place"]) == (f"shop-opening@1.{HERE}", {"code": HERE, "name": "杭州市"})
    assert told["differences"][0] == {
        "place": HERE,
        "about": "当地标准“消防检查的面积标准”",
        "change": "0 → 300 平方米",
        "basis": "《杭州市餐饮服务办法》第三条",
        "assumed": False,
    }
    same = (await placed.get(None, f"/api/bundles/shop-opening/places/{ELSE}")).json()
    assert (same["bundle"], same.get("place"), same["differences"]) == ("shop-opening@1", None, [])
    exact = (await placed.get(None, f"/api/bundles/shop-opening@1.{THERE}")).json()
    assert exact["place"]["code"] == THERE
    assert (await placed.get(None, "/api/bundles/shop-opening@1.999999")).status_code == 404


def staff(town: Town, name: str, region: str) -> dict[str, str]:
    """A header of theirs, in that division."""
    return people.bearer(people.token(town.context, name, region=region))


def days_of(town: Town, case_no: str) -> dict[str, str]:
    """Clock → the day of its end."""
    return dict(town.rows(_DAYS, case_no))


async def decided(town: Town, case_no: str, item: str, who: str, region: str, outputs: dict[str, str]) -> None:
    headers, task = staff(town, who, region), f"{case_no}-{item}-1"
    seen = (await town.get(None, f"/api/tasks/{task}", headers=headers)).json().get("decides_on", {})
    body = {"outcome": WELL.get(item, "approve"), "opinion": "符合条件", "outputs": outputs, "seen": seen}
    answer = await town.post(None, f"/api/tasks/{task}/decide", body, headers=headers)
    assert answer.status_code == 200, answer.text


_DAYS = """select clock, max(due_at at time zone 'Asia/Shanghai')::date::text from clock_ledger
where case_no = %s and due_at is not null group by clock"""


@pytest.mark.parametrize(
    ("region", "changes", "place", "promise", "law", "items"),
    [
        (HERE, {}, f".{HERE}", "2026-03-05", "2026-03-16", ["food-licence"]),
        (THERE, FIRE, f".{THERE}", "2026-03-10", "2026-03-30", ["fire-check", "food-licence"]),
    ],
)
async def test_each_case_goes_by_its_place_to_its_end(
    placed: Town, region: str, changes: dict[str, Any], place: str, promise: str, law: str, items: list[str]
) -> None:
    """With the promise, the law's time and the items of that place, and keeps them."""
    case_no = await opened(placed, "citizen", region=region, **changes)
    assert bundle_of(placed, case_no) == f"shop-opening@1{place}"
    counter = staff(placed, "counter", region)
    papers = [one["code"] for one in shop(**changes)["materials"]]
    for path, body in (("papers", {"materials": papers}), ("accept", None)):
        answer = await placed.post(None, f"/api/cases/{case_no}/{path}", body, headers=counter)
        assert answer.status_code == 200, answer.text
    clocks = days_of(placed, case_no)
    assert clocks["item:food-licence"] == promise
    assert clocks["item:food-licence:statutory"] == law
    tasks = placed.rows("select item from tasks where case_no = %s order by item", case_no)
    assert [one for (one,) in tasks] == items
    numbers = {"food-licence": {"food_no": f"JY{case_no[-9:]}"}, "fire-check": {"fire_no": f"消{case_no}"}}
    officers = {"food-licence": "officer.amr", "fire-check": "officer.psb"}
    for item in items:
        await decided(placed, case_no, item, officers[item], region, numbers[item])
    await placed.finish(case_no)
    view = (await placed.get("citizen", f"/api/cases/{case_no}")).json()
    assert (view["status"], view["bundle"]) == ("closed", f"shop-opening@1{place}")
    assert view["name"] == "开办餐饮店"


async def test_what_the_place_does_not_ask_for_is_told(placed: Town) -> None:
    refused = await placed.post("citizen", "/api/cases", shop(answers={"area": 200, "tobacco": True}))
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/answers/tobacco"]
    lacking = await placed.post("citizen", "/api/cases", shop(region=THERE))
    assert [one["code"] for one in lacking.json()["errors"]] == ["missing_material"], "the fire check's paper"


async def test_a_counter_takes_in_by_its_own(placed: Town) -> None:
    there = staff(placed, "counter", THERE)
    body = shop(**FIRE) | {"seen": people.SEEN, "accept": True}
    answer = await placed.post(None, "/api/cases", body, headers=there)
    assert answer.status_code == 201, answer.text
    assert bundle_of(placed, answer.json()["case_no"]) == f"shop-opening@1.{THERE}"


async def test_a_draft_is_its_place_s(placed: Town) -> None:
    """Where it is handled is in its number: what does not fit there is told when it is sent."""
    for region, ref in ((THERE, f"shop-opening@1.{THERE}"), (None, f"shop-opening@1.{HERE}")):
        changes = {"region": region} if region else {}
        answers = {"area": 200, "tobacco": True}
        case_no = await opened(placed, "citizen", submit=False, answers=answers, **FIRE, **changes)
        view = (await placed.get("citizen", f"/api/cases/{case_no}")).json()
        assert (view["bundle"], bundle_of(placed, case_no)) == (ref, ref)
        sent = await placed.post("citizen", f"/api/cases/{case_no}/submit")
        pointers = [one["pointer"] for one in sent.json()["errors"]]
        assert pointers == (["/answers/tobacco"] if region is None else ["/form/phone", "/materials"])


async def test_a_correction_is_judged_by_the_place_of_the_case(placed: Town) -> None:
    case_no = await opened(placed, "citizen", region=HERE)
    demand = {"items": [{"pointer": "/answers/area", "what": "请核对面积"}]}
    answer = await placed.post("counter", f"/api/cases/{case_no}/corrections", demand)
    assert answer.status_code == 200, answer.text
    supplied = await placed.post("citizen", f"/api/cases/{case_no}/supplement", {"answers": {"area": 280}})
    assert supplied.status_code == 200, supplied.text
    assert bundle_of(placed, case_no) == f"shop-opening@1.{HERE}"
    view = (await placed.get("citizen", f"/api/cases/{case_no}")).json()
    assert [one["code"] for one in view["items"]] == ["food-licence"], "280 square metres are still below its figure"


async def test_what_is_told_about_a_version_is_told_of_its_places_too(placed: Town) -> None:
    """Figures of a department name the items that its place adds nothing to, by the place's limits."""
    case_no = await opened(placed, "citizen", region=HERE)
    for path, body in (("papers", {"materials": ["layout"]}), ("accept", None)):
        answer = await placed.post("counter", f"/api/cases/{case_no}/{path}", body)
        assert answer.status_code == 200, answer.text
    await decided(placed, case_no, "food-licence", "officer.amr", HERE, {"food_no": "JY7"})
    told = (await placed.get("supervisor", "/api/supervision/overview")).json()
    [item] = [one for one in told["items"] if one["item"] == "food-licence"]
    assert item["bundle"] == "shop-opening"
    assert item["speed_up_rate"] == pytest.approx(0.7), "three days of the law's ten, as the place has both"


async def test_what_a_counter_began_there_stays_there_when_its_applicant_confirms_it(placed: Town) -> None:
    """Also what it is found by, which nobody has named a division for."""
    begun = await placed.post(None, "/api/cases", shop(submit=False, **FIRE), headers=staff(placed, "counter", THERE))
    assert begun.status_code == 201, begun.text
    case_no = str(begun.json()["case_no"])
    confirmed = await placed.post("citizen", f"/api/cases/{case_no}/submit", headers={"If-Match": '"1"'})
    assert confirmed.status_code == 200, confirmed.text
    assert bundle_of(placed, case_no) == f"shop-opening@1.{THERE}"
    for table in ("cases", "case_names", "case_keys"):
        assert set(placed.rows(f"select region from {table} where case_no = %s", case_no)) == {(THERE,)}, table
