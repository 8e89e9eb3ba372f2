"""Whose rules a page goes by is said on it; where it matters, people say where they apply."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.api.conftest import TownBy
from tests.api.test_places import ELSE, FIRE, HERE, THERE, shop, with_places
from tests.web import applicant
from tests.web.visitor import Visitor, hidden


@pytest.fixture
async def visitor(town_by: TownBy) -> AsyncIterator[Visitor]:
    async with town_by(with_places) as town, Visitor(town) as visitor:
        yield visitor


async def test_the_guide_goes_by_the_chosen_place(visitor: Visitor) -> None:
    page = await visitor.get("/guide/shop-opening?area=200")
    assert "按杭州市的规定。" in page.text
    assert f'<option value="{HERE}" selected>' in page.text
    assert "消防安全检查" not in page.text.partition("办哪些事项")[2]
    there = await visitor.get(f"/guide/shop-opening?area=200&region={THERE}")
    assert "按广州市的规定。" in there.text
    assert "消防安全检查" in there.text.partition("办哪些事项")[2]
    assert re.search(rf'href="/apply/shop-opening\?[^"]*&amp;region={THERE}">开始申请', there.text)
    everywhere = await visitor.get(f"/guide/shop-opening?area=200&region={ELSE}")
    assert "的规定。" not in everywhere.text
    nowhere = await visitor.get("/guide/shop-opening?area=200&region=999999")
    assert "按杭州市的规定。" in nowhere.text, "what is not served is nobody's choice"


async def test_what_is_begun_there_stays_there(visitor: Visitor) -> None:
    await visitor.sign_in("citizen")
    page = await visitor.get(f"/apply/shop-opening?area=200&region={THERE}")
    assert "按广州市的规定。" in page.text
    assert hidden(page, "/apply/shop-opening")["region"] == THERE
    begun = await visitor.send(page, "/apply/shop-opening", applicant.APPLICANT)
    assert begun.status_code == 303, begun.text
    draft = await visitor.get(begun.headers["location"])
    assert "按广州市的规定。" in draft.text
    ((bundle, region),) = visitor.town.rows("select bundle, region from cases")
    assert (bundle, region) == (f"shop-opening@1.{THERE}", THERE)


async def test_a_counter_takes_in_by_its_place(visitor: Visitor) -> None:
    await visitor.sign_in("counter")
    page = await visitor.get("/counter/new/shop-opening")
    assert "按杭州市的规定。" in page.text
    assert "烟草" not in page.text


async def test_a_keeper_sees_what_each_place_has_otherwise(visitor: Visitor) -> None:
    begun = await visitor.town.post("citizen", "/api/cases", shop(submit=False, region=THERE, **FIRE))
    assert begun.status_code == 201, begun.text
    await visitor.sign_in("admin")
    page = await visitor.get("/admin/definitions/shop-opening")
    assert f'<a href="/admin/definitions/shop-opening@1.{HERE}">杭州市</a>' in page.text
    assert "草稿 1 份" in page.text, "also of what goes by a place's rules"
    place = await visitor.get(f"/admin/definitions/shop-opening@1.{HERE}")
    assert "按杭州市的规定。" in place.text
    assert "当地标准“消防检查的面积标准”：0 → 300 平方米，依据《杭州市餐饮服务办法》第三条" in place.text
    tried = await visitor.get(f"/admin/definitions/shop-opening@1.{HERE}/try?area=200")
    assert "按杭州市的规定。" in tried.text
    assert 'name="region"' not in tried.text
