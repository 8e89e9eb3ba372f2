"""What all pages have in common: sessions, forms that nobody else can send, headers, files, failures."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from jinja2 import nodes

from onething.security.page_sessions import digest_of, form_token, is_form_token, new_secret
from onething.store.connection.actor import Actor
from onething.store.connection.sql_files import Query
from onething.web.app import ROUTERS
from onething.web.core.routes import own_path
from onething.web.core.templating import environment
from tests.api.town import Town
from tests.support import people
from tests.web.visitor import Visitor, hidden

OUT = "退出</button>"


@pytest.fixture
async def visitor(town: Town) -> AsyncIterator[Visitor]:
    async with Visitor(town) as visitor:
        yield visitor


@pytest.fixture
async def later(fresh_town: Town) -> AsyncIterator[Visitor]:
    """In a town whose clock may be moved."""
    async with Visitor(fresh_town) as visitor:
        yield visitor


# -- signing in -------------------------------------------------------------------------------------------------------


def test_a_block_within_a_page_stands_by_itself() -> None:
    """It is given alone to a page that renews it: what its template sets outside of it is not there then."""
    made = environment()
    for name in made.list_templates(extensions=["html"]):
        assert made.loader is not None
        tree = made.parse(made.loader.get_source(made, name)[0])
        outside = {
            one.name for node in tree.body if isinstance(node, nodes.Assign) for one in node.find_all(nodes.Name)
        }
        for page in tree.find_all(nodes.Block):
            for block in (one for one in page.find_all(nodes.Block) if one is not page):
                used = {one.name for one in block.find_all(nodes.Name) if one.ctx == "load"}
                assert not used & outside, f"{name}: move {used & outside} into the block {block.name}"


@pytest.mark.parametrize(
    ("account", "home"),
    [("citizen", "/my"), ("counter", "/counter"), ("officer.amr", "/work"), ("supervisor", "/supervise")],
)
async def test_who_signs_in_begins_where_their_role_does(visitor: Visitor, account: str, home: str) -> None:
    answer = await visitor.sign_in(account)
    assert (answer.status_code, answer.headers["location"]) == (303, home)


async def test_who_came_from_a_page_goes_back_there(visitor: Visitor) -> None:
    answer = await visitor.sign_in("citizen", return_to="/guide/newborn?a=1")
    assert answer.headers["location"] == "/guide/newborn?a=1"


@pytest.mark.parametrize(
    "path",
    ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/a\\b", "/a\r\nX: y", "/sign-in", ""],
)
def test_nobody_is_sent_elsewhere(path: str) -> None:
    assert own_path(path) == ""


async def test_who_tries_it_out_reads_what_nobody_could_guess(visitor: Visitor) -> None:
    page = (await visitor.get("/sign-in")).text
    assert "auditor（审计员）" in page
    assert "amr（市场监督管理局）" in page


async def test_a_wrong_password_says_so_and_keeps_the_name(visitor: Visitor) -> None:
    answer = await visitor.post("/sign-in", {"username": "citizen", "password": "wrong"})
    assert answer.status_code == 401
    assert "<title>错误：登录" in answer.text
    assert 'value="citizen"' in answer.text
    assert "wrong" not in answer.text.replace('class="field wrong"', "")
    assert "onething" not in visitor.cookies


async def test_the_cookie_is_nothing_for_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = (await visitor.sign_in("citizen")).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "expires" not in cookie
    assert "max-age" not in cookie


async def test_the_record_keeps_no_secret_of_a_session(visitor: Visitor) -> None:
    await visitor.sign_in("citizen")
    secret = visitor.cookies["onething"]
    rows = visitor.town.rows("select digest, token from page_sessions")
    assert rows
    assert all(secret.encode() not in bytes(digest) + bytes(token) for digest, token in rows)
    assert all(b"eyJ" not in bytes(token) for _, token in rows), "tokens are sealed"


async def test_nobody_but_its_browser_and_its_user_sees_a_session(later: Visitor) -> None:
    """Row-level security, whatever a query forgets to ask for, and whether or not a caller says what time it is."""
    town = later.town
    town.clock.move(timedelta(days=3650))  # ahead of the machine's, too
    await later.sign_in("citizen")
    everything = Query("everything", "select subject from page_sessions", ())
    strangers = [Actor.anybody(), Actor.with_certificate("X"), Actor.page_session(b"another", town.clock.now())]
    for actor in (*strangers, Actor.of(people.citizen("citizen2"))):
        async with town.context.database.transaction(actor) as tx:
            assert await tx.rows(everything) == []
    async with town.context.database.transaction(Actor.of(people.citizen())) as tx:
        assert len(await tx.rows(everything)) == 1


async def test_each_signing_in_has_a_secret_of_its_own(visitor: Visitor) -> None:
    await visitor.sign_in("citizen")
    first = visitor.cookies["onething"]
    await visitor.sign_in("citizen")
    assert visitor.cookies["onething"] != first


async def test_signing_out_ends_session_and_token_at_once(visitor: Visitor) -> None:
    await visitor.sign_in("citizen")
    secret = visitor.cookies["onething"]
    page = await visitor.get("/")
    answer = await visitor.send(page, "/sign-out", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert '"storage"' in answer.headers["clear-site-data"]
    visitor.cookies.set("onething", secret)
    assert "退出" not in (await visitor.get("/")).text.replace("退出长辈版", "")


@pytest.mark.parametrize("account", ["citizen", "citizen2"])
async def test_who_signs_in_in_the_same_browser_ends_the_session_that_was_there(visitor: Visitor, account: str) -> None:
    """Its secret may be kept somewhere, and nobody has a page any more to sign out of it."""
    town = visitor.town
    await visitor.sign_in("citizen")
    secret, locked_out = visitor.cookies["onething"], "select count(*) from lockouts where kind = 'token'"
    digest, ((before,),) = digest_of(secret), town.rows(locked_out)
    async with Visitor(town) as copy:
        copy.cookies.set("onething", secret)
        assert (await visitor.sign_in(account, password="wrong")).status_code == 401
        assert OUT in (await copy.get("/")).text
        await visitor.sign_in(account)
        assert OUT not in (await copy.get("/")).text
    assert OUT in (await visitor.get("/")).text
    assert town.rows("select subject from page_sessions where digest = %s", digest) == []
    assert town.rows(locked_out) == [(before + 1,)], "its token is of no use either"


@pytest.mark.parametrize(("account", "minutes"), [("citizen", 30), ("officer.amr", 30), ("counter", 60)])
async def test_a_session_that_nobody_uses_ends(later: Visitor, account: str, minutes: int) -> None:
    await later.sign_in(account)
    later.town.clock.move(timedelta(minutes=minutes - 1))
    assert "退出</button>" in (await later.get("/")).text, "being used, it goes on"
    later.town.clock.move(timedelta(minutes=minutes - 1))
    assert "退出</button>" in (await later.get("/")).text
    later.town.clock.move(timedelta(minutes=minutes + 2))
    assert "退出</button>" not in (await later.get("/")).text


async def test_a_session_at_a_public_computer_ends_after_five_minutes(later: Visitor) -> None:
    await later.sign_in("citizen", shared="1")
    later.town.clock.move(timedelta(minutes=4))
    assert "退出</button>" in (await later.get("/")).text
    later.town.clock.move(timedelta(minutes=7))
    assert "退出</button>" not in (await later.get("/")).text


async def test_a_session_ends_after_a_working_day_however_much_it_is_used(later: Visitor) -> None:
    await later.sign_in("citizen")
    for _ in range(24):
        later.town.clock.move(timedelta(minutes=21))
        last = await later.get("/")
    assert "退出</button>" not in last.text


@pytest.mark.parametrize("secret", ["", "x", "é", "a" * 5000, "%00"])
async def test_what_is_no_session_is_nobody(visitor: Visitor, secret: str) -> None:
    answer = await visitor.get("/", headers={"Cookie": f"onething={secret}".encode()})
    assert answer.status_code == 200
    assert "登录</a>" in answer.text


async def test_asking_how_long_it_goes_on_keeps_no_session_alive(later: Visitor) -> None:
    await later.sign_in("citizen")
    later.town.clock.move(timedelta(minutes=20))
    assert (await later.get("/session")).json() == {"seconds_left": 600}
    later.town.clock.move(timedelta(minutes=8))
    assert (await later.get("/session")).json() == {"seconds_left": 120}
    page = await later.get("/sign-in")
    assert 'data-seconds-left="1800"' in page.text, "to look at a page is to use it"
    later.town.clock.move(timedelta(minutes=40))
    assert (await later.get("/session")).json() == {"seconds_left": 0}


async def test_one_press_extends_it(later: Visitor) -> None:
    await later.sign_in("citizen")
    page = await later.get("/")
    later.town.clock.move(timedelta(minutes=28))
    fields = hidden(page, "/session")
    answer = await later.post("/session", fields, headers={"X-Script": "1"})
    assert answer.json() == {"seconds_left": 1800}


# -- forms ------------------------------------------------------------------------------------------------------------


def test_the_token_of_a_form_is_another_each_time_and_of_one_session() -> None:
    secret = new_secret()
    first, second = form_token(secret), form_token(secret)
    assert first != second
    assert is_form_token(secret, first)
    assert is_form_token(secret, second)
    assert not is_form_token(new_secret(), first)
    assert not any(is_form_token(secret, wrong) for wrong in ("", "zz", first[:-2], first + "00", first[:32] * 2))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_a_form_of_another_site_is_refused(visitor: Visitor, site: str) -> None:
    await visitor.sign_in("citizen")
    page = await visitor.get("/")
    answer = await visitor.post("/sign-out", hidden(page, "/sign-out"), headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "退出</button>" in (await visitor.get("/")).text


@pytest.mark.parametrize(
    ("origin", "status"), [("http://pages", 303), ("http://elsewhere.example", 403), ("null", 403), (None, 403)]
)
async def test_an_older_browser_says_it_by_origin(visitor: Visitor, origin: str | None, status: int) -> None:
    await visitor.sign_in("citizen")
    page = await visitor.get("/")
    client = visitor.plain()
    headers = {"Origin": origin} if origin else {}
    answer = await client.post("/large", data=hidden(page, "/large") | {"large": "1"}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("token", ["", "00" * 32, "no token"])
async def test_a_form_without_the_token_of_the_session_is_refused(visitor: Visitor, token: str) -> None:
    await visitor.sign_in("citizen")
    answer = await visitor.post("/sign-out", {"_token": token})
    assert answer.status_code == 403
    assert "没有生效" in answer.text


async def test_the_token_of_another_session_is_refused(visitor: Visitor, town: Town) -> None:
    async with Visitor(town) as other:
        await other.sign_in("citizen2")
        theirs = hidden(await other.get("/"), "/sign-out")
    await visitor.sign_in("citizen")
    assert (await visitor.post("/sign-out", theirs)).status_code == 403


async def test_a_form_that_is_none_is_refused(visitor: Visitor) -> None:
    client = visitor.plain()
    answer = await client.post("/sign-in", json={"username": "citizen"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 415


async def test_what_was_sent_after_the_session_had_ended_is_given_back(later: Visitor) -> None:
    await later.sign_in("citizen")
    page = await later.get("/")
    later.town.clock.move(timedelta(minutes=40))
    answer = await later.send(page, "/sign-out", {"/form/name": "<b>甲</b>", "_key": "the-key"})
    assert answer.headers["location"] == "/sign-in?return_to=%2Fkept"
    assert "您刚才填的内容还在" in (await later.get(answer.headers["location"])).text
    assert (await later.sign_in("citizen", return_to="/kept")).headers["location"] == "/kept"
    given_back = (await later.get("/kept")).text
    assert 'name="/form/name" value="&lt;b&gt;甲&lt;/b&gt;"' in given_back
    assert 'name="_key" value="the-key"' in given_back, "sent once more, it is still done once"
    assert len(set(re.findall(r'name="_token" value="([0-9a-f]+)"', given_back))) > 1, "the old session's token is gone"
    assert "甲".encode() not in b"".join(bytes(one) for (one,) in later.town.rows("select fields from kept_forms"))


async def test_to_another_account_it_is_not_given_nor_to_anybody_afterwards(later: Visitor) -> None:
    await later.sign_in("citizen")
    page = await later.get("/")
    later.town.clock.move(timedelta(minutes=40))
    await later.send(page, "/sign-out", {"/form/name": "甲"})
    for account in ("citizen2", "citizen"):
        await later.sign_in(account)
        assert "甲" not in (await later.get("/kept")).text.replace("演示市民甲", "")
    assert later.town.rows("select from kept_forms") == []


async def test_it_is_kept_for_half_an_hour(later: Visitor) -> None:
    await later.sign_in("citizen")
    page = await later.get("/")
    later.town.clock.move(timedelta(minutes=40))
    await later.send(page, "/sign-out", {"/form/name": "甲"})
    later.town.clock.move(timedelta(minutes=31))
    await later.sign_in("citizen")
    assert "没有留着的内容" in (await later.get("/kept")).text


async def test_nothing_is_kept_of_who_was_never_signed_in(later: Visitor) -> None:
    answer = await later.post("/sign-out", {"/form/name": "甲"})
    assert answer.headers["location"] == "/sign-in?return_to=%2F"
    assert later.town.rows("select from kept_forms") == []


# -- headers, files, failures -----------------------------------------------------------------------------------------


async def test_a_page_is_kept_by_nobody_and_takes_nothing_from_elsewhere(visitor: Visitor) -> None:
    answer = await visitor.get("/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_no_page_has_a_script_or_style_of_its_own_text(visitor: Visitor) -> None:
    await visitor.sign_in("citizen")
    for path in ("/", "/sign-in", "/nothing-here"):
        text = (await visitor.get(path)).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)


async def test_files_are_kept_for_good_and_named_by_their_content(visitor: Visitor) -> None:
    page = await visitor.get("/")
    paths = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert len(paths) >= 2
    for path in paths:
        answer = await visitor.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert (await visitor.get("/static/000000000000/public.css")).status_code == 404


async def test_pages_go_out_compressed_and_the_api_does_not(visitor: Visitor) -> None:
    accepting = {"Accept-Encoding": "gzip"}
    assert (await visitor.get("/", headers=accepting)).headers.get("content-encoding") == "gzip"
    assert "content-encoding" not in (await visitor.get("/api/bundles", headers=accepting)).headers


async def test_an_unknown_page_is_a_page_and_an_unknown_address_of_the_api_a_problem(visitor: Visitor) -> None:
    page = await visitor.get("/nothing-here")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有这个页面" in page.text
    assert (await visitor.get("/api/nothing")).headers["content-type"] == "application/problem+json"


async def test_who_is_signed_in_stays_so_on_a_page_that_there_is_not(town: Town) -> None:
    async with Visitor(town) as officer:
        await officer.sign_in("officer.amr")
        page = await officer.get("/nope")
        assert page.status_code == 404
        assert ">登录</a>" not in page.text
        assert ">退出</button>" in page.text
        assert "待办" in page.text, "with the navigation of who reads it"


async def test_a_page_for_the_signed_in_asks_others_to_sign_in(visitor: Visitor) -> None:
    client = visitor.plain()
    answer = await client.post("/sign-out", data={}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?return_to=")


async def test_a_query_that_no_page_has_is_refused(visitor: Visitor) -> None:
    answer = await visitor.get("/sign-in?return_to=%2F&return_to=%2Fmy")
    assert answer.status_code == 422


async def test_the_large_version_stays_until_it_is_left(visitor: Visitor) -> None:
    await visitor.post("/large", {"large": "1", "return_to": "/"})
    assert '<html lang="zh-CN" class="large">' in (await visitor.get("/")).text
    await visitor.post("/large", {"large": "", "return_to": "/"})
    assert '<html lang="zh-CN">' in (await visitor.get("/")).text


async def test_head_is_answered_as_get(visitor: Visitor) -> None:
    client: httpx.AsyncClient = visitor.plain()
    answer = await client.head("/")
    assert answer.status_code == 200
    assert answer.content == b""


def test_pages_are_no_part_of_the_description_of_the_api() -> None:
    assert all(not getattr(route, "include_in_schema", True) for router in ROUTERS for route in router.routes)
