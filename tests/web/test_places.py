"""Whose rules a page goes by is said on it; where it matters, people say where they apply."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.conftest import TownBy
from tests.api.test_places import ELSE, FIRE, HERE, THERE, shop, with_places
from tests.api.test_prechecks import upload
from tests.api.test_prefills import event, told
from tests.support import people
from tests.web import applicant
from tests.web.visitor import Visitor, hidden

OUTLETS = f"""\
outlets:
  "440106000":
    name: 广州市政务服务大厅
    region: "{THERE}"
    kind: hall
    address: 示例路 1 号
    hours: [{{weekdays: [mon, tue, wed, thu, fri], times: ["08:30-17:30"]}}]
"""
LICENCE_ISSUED = """\
code: shop-licence
name: 市场监管部门发给营业执照
department: amr
system: medical-certificates
source: /amr/licences
type: amr.licence.issued
bundle: shop-opening
fields:
  - {id: shop_name, label: 店名}
  - {id: phone, label: 电话}
  - {id: name, label: 经营者}
  - {id: id_number, label: 证件}
  - {id: region, label: 区划}
form: {shop_name: shop_name, phone: phone}
applicant: {name: name, id_number: id_number}
region: region
confirm: [counter, applicant]
keep_days: 60
"""


def with_more_of_them(folder: Path) -> Path:
    """With an outlet there, and an event that begins what is handled there."""
    with_places(folder)
    (folder / "outlets.yaml").write_text(OUTLETS, encoding="utf-8")
    (folder / "events").mkdir()
    (folder / "events" / "shop-licence.yaml").write_text(LICENCE_ISSUED, encoding="utf-8")
    return folder


@pytest.fixture
async def there(town_by: TownBy) -> AsyncIterator[Visitor]:
    async with town_by(with_more_of_them) as town, Visitor(town) as visitor:
        yield visitor


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


async def test_whose_rules_an_address_names_is_where_it_is_begun(visitor: Visitor) -> None:
    """What is shown, chosen and begun is one place's; a version alone is the installation's."""
    page = await visitor.get(f"/guide/shop-opening@1.{THERE}?area=200")
    assert "按广州市的规定。" in page.text
    assert f'<option value="{THERE}" selected>' in page.text
    assert re.search(rf'href="/apply/shop-opening\?[^"]*&amp;region={THERE}">开始申请', page.text)
    chosen = await visitor.get(f"/guide/shop-opening@1.{THERE}?area=200&region={HERE}")
    assert "按杭州市的规定。" in chosen.text
    assert f'<option value="{HERE}" selected>' in chosen.text
    version = await visitor.get("/guide/shop-opening@1?area=200")
    assert "按杭州市的规定。" in version.text
    assert f'<option value="{HERE}" selected>' in version.text
    await visitor.sign_in("citizen")
    assert "按杭州市的规定。" in (await visitor.get("/apply/shop-opening@1?area=200")).text
    path = f"/apply/shop-opening@1.{THERE}"
    page = await visitor.get(f"{path}?area=200")
    assert hidden(page, path)["region"] == THERE
    begun = await visitor.send(page, path, applicant.APPLICANT)
    assert begun.status_code == 303, begun.text
    assert visitor.town.rows("select bundle, region from cases") == [(f"shop-opening@1.{THERE}", THERE)]


async def test_what_is_looked_at_before_a_visit_goes_by_its_place(there: Visitor) -> None:
    draft = shop(submit=False, region=THERE, answers={"area": 200, "tobacco": True}, **FIRE)
    begun = await there.town.post("citizen", "/api/cases", draft)
    assert begun.status_code == 201, begun.text
    case_no = begun.json()["case_no"]
    await upload(there.town, case_no, code="fire-rules")
    looked = await there.town.post("citizen", f"/api/cases/{case_no}/precheck", {})
    assert looked.status_code == 201, looked.text
    await there.known_as(people.token(there.town.context, "counter", region=THERE))
    page = await there.get(f"/counter/prechecks/{case_no}")
    assert "是否零售烟草" in page.text, "which nobody is asked here"


async def test_what_an_event_filled_in_is_read_whole_by_its_place(there: Visitor) -> None:
    data = {
        "shop_name": "张记面馆",
        "phone": "13800000001",
        "name": people.ZHANG.name,
        "id_number": people.ZHANG.id_number,
        "region": THERE,
    }
    sent = event("shop-1") | {"source": "/amr/licences", "type": "amr.licence.issued", "data": data}
    prefill = await told(there.town, sent)
    await there.sign_in("citizen")
    page = await there.get(f"/my/prefills/{prefill}")
    assert "<dt>店名</dt><dd>张记面馆</dd>" in page.text
    assert "<dt>联系电话</dt><dd>13800000001</dd>" in page.text.partition("<dt>店名</dt>")[2], "which has no use here"


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
