"""管理, without a browser: definitions in words, compared, tried, to sign; subscriptions; who is signed in."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from definitions.loader import load_catalog
from definitions.sheet import departments_asked
from onething.security.page_sessions import browser_of
from tests.api import acts
from tests.api.conftest import Live, TownBy
from tests.api.forms import opening
from tests.api.lawful import with_promises_only
from tests.api.town import Town
from tests.web.conftest import SignedIn
from tests.web.visitor import Visitor

OPENING = "/admin/definitions/enterprise-opening"
FAVOURITE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0"


@pytest.fixture
async def admin(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        await visitor.sign_in("admin")
        yield visitor


def words(text: str) -> str:
    """What is read of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


async def test_the_keeper_begins_where_the_ways_lead(admin: Visitor) -> None:
    page = await admin.get("/admin")
    assert page.status_code == 200
    ways = re.findall(r'<h2><a href="(/admin/[a-z]+)"', page.text)
    assert ways == ["/admin/definitions", "/admin/subscriptions", "/admin/sessions"]
    assert [(await admin.get(way)).status_code for way in ways] == [200, 200, 200]


# -- definitions -------------------------------------------------------------------------------------------------------


async def test_the_register_counts_what_is_begun_and_under_way(fresh_town: Town) -> None:
    await acts.accepted_case(fresh_town)
    await acts.draft(fresh_town)
    async with Visitor(fresh_town) as admin:
        await admin.sign_in("admin")
        page = await admin.get("/admin/definitions")
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page.text, re.DOTALL) if "enterprise-opening" in row)
    assert "在办 1 件 草稿 1 份" in words(row)
    others = [words(row) for row in re.findall(r"<tr>.*?</tr>", page.text, re.DOTALL) if "newborn" in row]
    assert ["在办 0 件 草稿 0 份" in one for one in others] == [True]


async def test_a_definition_is_told_in_words_and_drawn(admin: Visitor) -> None:
    page = await admin.get(OPENING)
    said = words(page.text)
    for told in ("承诺1个工作日，法定3个工作日", "等谁", "企业设立登记", "市场监督管理局", "准予登记或不予登记"):
        assert told in said
    drawing = page.text[page.text.index('<svg class="graph"') : page.text.index("</svg>")]
    assert drawing.count("<rect") == 6
    assert "style" not in drawing
    assert "假定值，请按当地规定核定" in said, "what rests on no source is a thing to see to"
    assert re.search(r"公章刻制备案〔公安局，承诺[^〕]*〕 ?：等企业设立登记", said), "the same as a list"


async def test_what_is_no_definition_is_no_page(admin: Visitor) -> None:
    for path in ("/admin/definitions/nothing", f"{OPENING}@99", f"{OPENING}/departments/nothing", f"{OPENING}@9/try"):
        assert (await admin.get(path)).status_code == 404, path


def two_versions(folder: Path) -> Path:
    """The second promises its registration later."""
    written = with_promises_only(folder)
    first = written / "catalog" / "enterprise-opening" / "v1.yaml"
    text = first.read_text(encoding="utf-8").replace("\npromised: {amount: 3,", "\npromised: {amount: 5,", 1)
    promise = "      promised: {amount: 1, unit: working_day, for: office, basis: assumed}\n"
    assert promise in text
    second = text.replace("\nversion: 1\n", "\nversion: 2\n").replace(promise, promise.replace("1", "2", 1), 1)
    first.write_text(text, encoding="utf-8")
    first.with_name("v2.yaml").write_text(second, encoding="utf-8")
    return written


async def test_a_difference_is_told_in_words_with_what_goes_on_by_the_older_one(town_by: TownBy) -> None:
    async with town_by(two_versions) as town, Visitor(town) as admin:
        begun = await town.post("citizen", "/api/cases", opening(submit=False, bundle="enterprise-opening@1"))
        assert begun.status_code == 201, begun.text
        await admin.sign_in("admin")
        page = await admin.get(f"{OPENING}/difference")
        said = words(page.text)
        assert "1 处不同" in said
        assert "企业设立登记：承诺期限 1 → 2 个工作日" in said
        assert "第 1 版在办 0 件" in said
        assert "草稿 1 份" in said
        back = words((await admin.get(f"{OPENING}/difference?from=2&to=1")).text)
        assert "企业设立登记：承诺期限 2 → 1 个工作日" in back
        for wrong in ("from=7", "from=eins", "to=²"):
            refused = await admin.get(f"{OPENING}/difference?{wrong}")
            assert refused.status_code == 404, wrong
            assert 'role="alert"' in refused.text
        assert "第 1 版" in words((await admin.get(f"{OPENING}@1")).text)


async def test_programs_are_told_the_same_difference(town_by: TownBy) -> None:
    at = "/api/definitions/enterprise-opening/difference"
    async with town_by(two_versions) as town:
        begun = await town.post("citizen", "/api/cases", opening(submit=False, bundle="enterprise-opening@1"))
        assert begun.status_code == 201, begun.text
        told = (await town.get("admin", at)).json()
        assert (told["before"], told["after"], told["drafts"], told["running"]) == (1, 2, 1, 0)
        (one,) = told["differences"]
        assert f"{one['about']}：{one['change']}" == "企业设立登记：承诺期限 1 → 2 个工作日"
        back = (await town.get("admin", at, params={"from": 2, "to": 1})).json()
        assert (back["before"], back["after"], len(back["differences"])) == (2, 1, 1)
        assert (await town.get("admin", at, params={"from": 7})).status_code == 404
        assert (await town.get("admin", at, params={"from": "eins"})).status_code == 422
        assert (await town.get("admin", "/api/definitions/nothing/difference")).status_code == 404
        for who, status in (("citizen", 403), ("leader.amr", 403), ("supervisor", 403), (None, 401)):
            assert (await town.get(who, at)).status_code == status, who


async def test_one_version_alone_has_nothing_to_be_compared_with(admin: Visitor) -> None:
    assert "没有可以比较的" in (await admin.get(f"{OPENING}/difference")).text


async def test_answers_are_tried_as_applicants_see_them(admin: Visitor, town: Town) -> None:
    query = "company_type=llc&premises=owned"
    tried = await admin.get(f"{OPENING}@1/try?{query}")
    assert tried.status_code == 200
    assert "试算" in tried.text
    assert f'action="{OPENING}@1/try"' in tried.text
    assert "/apply/" not in tried.text
    guide = await admin.get(f"/guide/enterprise-opening?{query}")
    needs = [page.text[page.text.index('<h2 id="needs">') : page.text.index("<h3>材料")] for page in (tried, guide)]
    assert needs[0] == needs[1], "the same plan"
    assert "试算" not in guide.text
    assert town.rows("select count(*) from cases where created_by = 'admin'") == [(0,)]


@pytest.mark.parametrize("code", load_catalog().latest)
async def test_every_department_has_a_page_to_sign(admin: Visitor, code: str) -> None:
    catalog = load_catalog()
    definition = catalog.latest[code]
    asked = departments_asked(catalog, definition)
    assert set(definition.departments) <= set(asked)
    for department in asked:
        page = await admin.get(f"/admin/definitions/{code}/departments/{department}")
        assert page.status_code == 200, department
        said = words(page.text)
        assert "部门意见" in said
        assert definition.digest in said
        own = [item for item in definition.items if item.department == department]
        for item in own:
            assert item.name in said
        if own:
            assert "到期没有决定" in said
            assert "救济" in said


async def test_a_page_to_sign_names_what_its_department_reads_and_nothing_else(admin: Visitor) -> None:
    housing = words((await admin.get(f"{OPENING}/departments/hpf")).text)
    registry = words((await admin.get(f"{OPENING}/departments/amr")).text)
    assert "注册资本（元）" in registry
    assert "注册资本（元）" not in housing
    assert "行政复议" in registry


async def test_a_page_to_sign_says_each_limit_with_its_situation_and_its_text(admin: Visitor) -> None:
    """And of each paper in what form it is wanted, by which article."""
    tax = words((await admin.get("/admin/definitions/enterprise-closing/departments/tax")).text)
    assert "承诺当场办结，当场清税：税务注销即办和承诺制容缺办理的规定" in tax
    assert "承诺10个工作日，其他情形" in tax
    assert "法定期限：没有规定" in tax
    amr = words((await admin.get("/admin/definitions/enterprise-closing/departments/amr")).text)
    assert "法定3个工作日：《中华人民共和国市场主体登记管理条例》第十九条" in amr
    assert "简易注销全体投资人承诺书（申请人提交）：《中华人民共和国市场主体登记管理条例实施细则》第四十七条" in amr


async def test_on_paper_it_is_the_page_and_nothing_to_press(signed_in: SignedIn, site: Live) -> None:
    page = await signed_in("admin")
    await page.goto(f"{site.url}{OPENING}/departments/amr")
    await page.emulate_media(media="print")
    visible = await page.evaluate(
        "['header.top', '.acts', '.back', 'footer'].map(one => getComputedStyle(document.querySelector(one)).display)"
    )
    assert visible == ["none"] * 4
    await expect(page.locator(".sign-here")).to_be_visible()
    await page.emulate_media(media="screen")
    await page.evaluate("window.print = () => { window.printed = true; }")
    await page.keyboard.press("p")
    assert await page.evaluate("window.printed")


# -- subscriptions -----------------------------------------------------------------------------------------------------


async def test_a_subscription_is_made_seen_and_taken_away(admin: Visitor, town: Town) -> None:
    new = await admin.get("/admin/subscriptions/new")
    url = "http://127.0.0.1/hook-of-admin"
    fields = {"/url": url, "/types": "onething.case.*", "/bundle": "newborn", "/region": "330100"}
    shown = await admin.send(new, "/admin/subscriptions/new", fields)
    assert shown.status_code == 201, shown.text
    secret, id_ = (
        re.findall(r"<code>(whsec_[^<]+)</code>", shown.text),
        re.findall(r"<dd>([0-9a-f]{16})</dd>", shown.text),
    )
    assert len(secret) == len(id_) == 1
    listed, one = await admin.get("/admin/subscriptions"), await admin.get(f"/admin/subscriptions/{id_[0]}")
    assert url in listed.text
    for page in (listed, one):
        assert "；只要新生儿" in page.text
        assert "；只要杭州市的" in page.text
    assert secret[0] not in listed.text + one.text
    turned = await admin.send(one, f"/admin/subscriptions/{id_[0]}/rotate", {})
    assert turned.status_code == 200
    assert "两把都签" in turned.text
    assert secret[0] not in turned.text
    late = await admin.send(one, f"/admin/subscriptions/{id_[0]}/redeliver", {"/from": "vorgestern"})
    assert late.status_code == 422
    assert 'value="vorgestern"' in late.text
    again = await admin.send(one, f"/admin/subscriptions/{id_[0]}/redeliver", {"/from": "2026-03-01"})
    assert again.headers["location"] == f"/admin/subscriptions/{id_[0]}"
    gone = await admin.send(one, f"/admin/subscriptions/{id_[0]}/delete", {})
    assert gone.headers["location"] == "/admin/subscriptions"
    assert url not in (await admin.get("/admin/subscriptions")).text
    assert town.rows("select count(*) from subscriptions where id = %s", id_[0]) == [(0,)]


async def test_pressed_twice_it_is_one_subscription(admin: Visitor, town: Town) -> None:
    fields = {"/url": "http://127.0.0.1/pressed-twice", "/types": "onething.item.*"}
    new = await admin.get("/admin/subscriptions/new")
    pages = [await admin.send(new, "/admin/subscriptions/new", fields) for _ in range(2)]
    assert [page.status_code for page in pages] == [201, 201]
    assert town.rows("select count(*) from subscriptions where url like %s", "%pressed-twice") == [(1,)]


async def test_what_is_wrong_with_a_subscription_stands_beside_what_was_typed(admin: Visitor) -> None:
    new = await admin.get("/admin/subscriptions/new")
    wrong = {"/url": "http://elsewhere.example/hook", "others": "onething.case.accepted no.such.type"}
    refused = await admin.send(new, "/admin/subscriptions/new", wrong)
    assert refused.status_code == 422
    assert 'value="http://elsewhere.example/hook"' in refused.text
    assert "no.such.type" in refused.text
    assert 'href="#f-url"' in refused.text
    assert 'href="#f-types-1"' in refused.text
    assert 'id="f-types-1"' in refused.text
    nothing = await admin.send(new, "/admin/subscriptions/new", {})
    assert nothing.status_code == 422


# -- who is signed in where --------------------------------------------------------------------------------------------


async def signed_in(town: Town, account: str, **headers: str) -> Visitor:
    visitor = await Visitor(town).__aenter__()
    visitor.plain().headers.update(headers)
    await visitor.sign_in(account)
    return visitor


def ids(text: str) -> list[str]:
    return re.findall(r'name="id" value="([0-9a-f]{64})"', text)


async def test_everybody_sees_and_ends_their_own_and_nobody_elses(fresh_town: Town) -> None:
    town = fresh_town
    here, there = await signed_in(town, "citizen"), await signed_in(town, "citizen", **{"User-Agent": FAVOURITE})
    other = await signed_in(town, "citizen2")
    page = await here.get("/sessions")
    assert "Windows 电脑，Edge" in page.text
    assert page.text.count("就是这里") == 1
    (theirs,) = ids(page.text)
    assert ids((await other.get("/sessions")).text) == []
    stolen = await other.post("/sessions/end", {**token(await other.get("/sessions")), "id": theirs})
    assert stolen.status_code == 404
    assert (await there.get("/my")).status_code == 200
    for wrong in ("", "zz" * 32, "00" * 32):
        assert (await here.post("/sessions/end", {**token(page), "id": wrong})).status_code == 404
    assert (await here.post("/sessions/end", {**token(page), "id": theirs})).headers["location"] == "/sessions"
    assert (await there.get("/my")).headers["location"].startswith("/sign-in")
    assert (await here.get("/my")).status_code == 200
    assert town.rows("select kind, reason from lockouts") == [("token", "session_ended")]
    assert town.rows("select act, detail from access_log where detail = 'session_ended'") == [
        ("sign_out", "session_ended")
    ]
    for visitor in (here, there, other):
        await visitor.__aexit__()


async def test_all_others_end_at_once(fresh_town: Town) -> None:
    here, *others = [await signed_in(fresh_town, "counter") for _ in range(3)]
    page = await here.get("/sessions")
    assert len(ids(page.text)) == 2
    ended = await here.post("/sessions/end-others", token(page))
    assert ended.headers["location"] == "/sessions"
    assert [(await one.get("/counter")).status_code for one in (here, *others)] == [200, 303, 303]
    for visitor in (here, *others):
        await visitor.__aexit__()


async def test_who_runs_the_system_sees_and_ends_everybodys(fresh_town: Town) -> None:
    admin, clerk = await signed_in(fresh_town, "admin"), await signed_in(fresh_town, "counter")
    page = await admin.get("/admin/sessions")
    (clerks,) = ids(page.text)
    assert ids((await admin.get("/admin/sessions?account=nobody")).text) == []
    ended = await admin.post("/admin/sessions/end", {**token(page), "id": clerks})
    assert ended.headers["location"] == "/admin/sessions"
    assert (await clerk.get("/counter")).status_code == 303
    refused = await clerk.post("/admin/sessions/end", {"id": clerks})
    assert refused.status_code in (303, 404)
    for visitor in (admin, clerk):
        await visitor.__aexit__()


def token(page: object) -> dict[str, str]:
    """The token of a form of the page's session."""
    found = re.search(r'name="_token" value="([0-9a-f]+)"', page.text)  # type: ignore[attr-defined]
    assert found is not None
    return {"_token": found[1]}


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FAVOURITE, "Windows 电脑，Edge"),
        ("Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) Chrome/99.0 Mobile Safari/537.36", "鸿蒙设备，Chrome"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) MicroMessenger/8.0", "苹果手机，微信"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 13_0) Version/16.0 Safari/605.1.15", "苹果电脑，Safari"),
        ("", "不认识的浏览器"),
        ("<script>", "不认识的浏览器"),
    ],
)
def test_a_browser_is_kept_as_little_as_its_user_knows_it_by(agent: str, name: str) -> None:
    assert browser_of(agent) == name
