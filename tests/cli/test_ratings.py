"""好差评 on the command line: the code for whoever came, rating by it without an account, and the follow-up."""

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import Live, migrated, serving
from tests.api.forms import opening
from tests.cli.in_process import run
from tests.support import people
from tests.support.servers import PostgresServer

__all__ = ["migrated"]
TEXT = ("--text", "已向窗口核实")


@pytest.fixture(scope="module")
def site(postgres_server: PostgresServer, migrated: str) -> Iterator[Live]:
    with serving(postgres_server, migrated) as site:
        yield site


def told(site: Live, *arguments: str) -> str:
    ended = run("rating", *arguments, "--url", site.url)
    assert ended.exit_code == 0, ended.output
    return ended.output


def test_a_visit_is_rated_by_its_code_answered_and_put_right(site: Live) -> None:
    headers = people.bearer(site.token("counter")) | {"Idempotency-Key": uuid4().hex}
    body = opening(seen=people.SEEN)
    opened = httpx.post(f"{site.url}/api/cases", json=body, headers=headers, trust_env=False)
    assert opened.status_code == 201, opened.text
    case_no = opened.json()["case_no"]
    shown = re.search(r"评价码 ([0-9A-Z]{12})（窗口", told(site, "code", case_no, "--as", "counter"))
    assert shown is not None
    assert "谢谢" in told(site, "visit", shown[1], "1", "--tag", "unkind")
    again = run("rating", "visit", shown[1], "5", "--url", site.url)
    assert again.exit_code != 0
    assert "评价码不正确、已经用过，或者过了期限" in str(again.exception)
    supervisor = ("--as", "supervisor")
    listed = re.search(r"到窗口 ?([0-9]+)", " ".join(told(site, "list", "--bad", *supervisor).split()))
    assert listed is not None
    visit = listed[1]
    assert "1 分 unkind" in told(site, "visit-show", visit, *supervisor)
    assert "已登记回访" in told(site, "visit-contact", visit, *TEXT, *supervisor)
    assert "已登记整改" in told(site, "visit-rectify", visit, *TEXT, *supervisor)
    assert told(site, "visit-show", visit, *supervisor).count("已向窗口核实") == 2
    refused = run("rating", "visit-show", visit, "--as", "counter", "--url", site.url)
    assert refused.exit_code != 0
