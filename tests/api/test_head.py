"""HEAD where there is a GET, and what `Allow` says."""

import asyncio

import httpx
import pytest

from api.app import _ROUTERS
from tests.api.acts import accepted_case
from tests.api.conftest import Live
from tests.api.town import Town
from tests.support.patience import PATIENCE_S

SAME = ("content-type", "content-length", "etag", "cache-control", "content-disposition")


def gets() -> list[str]:
    routes = [route for router in _ROUTERS for route in router.routes]
    return sorted(route.path for route in routes if "GET" in getattr(route, "methods", ()))  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["citizen", "counter", None])
async def test_it_answers_as_a_get_does_without_content(town: Town, who: str | None) -> None:
    case_no = await accepted_case(town)
    for path in gets():
        if path.endswith("/events") or path == "/metrics":
            continue  # one does not end, the other is longer each time
        url = path.replace("{case_no}", case_no).replace("{ref}", "enterprise-opening").replace("{code}", "amr")
        get = await town.client(who).get(url)
        head = await town.client(who).head(url)
        assert (head.status_code, head.content) == (get.status_code, b""), url
        assert [head.headers.get(name) for name in SAME] == [get.headers.get(name) for name in SAME], url


async def test_a_view_by_head_is_audited_as_one_by_get(town: Town) -> None:
    case_no = await accepted_case(town)
    counted = "select count(*) from access_log where case_no = %s"
    before = town.rows(counted, case_no)[0][0]
    assert (await town.client("counter").head(f"/api/cases/{case_no}")).status_code == 200
    assert town.rows(counted, case_no)[0][0] == before + 1


async def test_a_stream_tells_its_headers_and_is_left(town: Town) -> None:
    case_no = await accepted_case(town)
    path = f"/api/cases/{case_no}/events"
    async with asyncio.timeout(PATIENCE_S):
        answer = await town.client("citizen").head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (await town.client("citizen2").head(path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/cases", "GET, HEAD, POST"),
        ("HEAD", "/api/cases/9/submit", "POST"),
        ("PUT", "/api/bundles/newborn", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
    ],
)
async def test_allow_names_every_method_of_the_path(town: Town, method: str, path: str, allowed: str) -> None:
    answer = await town.client("citizen").request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    if method != "HEAD":
        assert allowed in answer.json()["detail"]


def test_over_a_real_connection(live: Live) -> None:
    """The server keeps to the length of what is not sent, and the connection serves on."""
    with httpx.Client(base_url=live.url) as client:
        get = client.get("/api/bundles")
        head = client.head("/api/bundles")
        assert head.headers["content-length"] == str(len(get.content))
        assert client.get("/api/bundles").content == get.content
