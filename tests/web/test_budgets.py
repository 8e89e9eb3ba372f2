"""What a page costs on a slow line: compressed bytes and requests, the first time and again. For people at most 60 kB
in 5 requests, then 15 kB; for staff 90 kB in 8, then 25 kB (assumed). Times are measured by the bench, not here."""

import gzip
import re
from pathlib import Path

import pytest

import onething.web
from onething.web.core.assets import SCRIPTS
from tests.api import acts
from tests.api.town import Town
from tests.web.visitor import Visitor

PEOPLE, STAFF = (60_000, 15_000, 5), (90_000, 25_000, 8)
PAGES = [
    (None, "/", PEOPLE),
    (None, "/guide/newborn", PEOPLE),
    ("citizen", "/my", PEOPLE),
    ("citizen", "/my/cases/{case_no}", PEOPLE),
    ("counter", "/counter", STAFF),
    ("counter", "/counter/cases/{case_no}", STAFF),
    ("counter", "/counter/new/newborn", STAFF),
    ("officer.amr", "/work", STAFF),
    ("officer.amr", "/work/tasks/{case_no}-registration-1", STAFF),
    ("supervisor", "/supervise", STAFF),
]
_FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.mark.parametrize(("account", "path", "budget"), PAGES, ids=lambda one: one if isinstance(one, str) else None)
async def test_a_page_keeps_within_its_bytes_and_requests(
    town: Town, account: str | None, path: str, budget: tuple[int, int, int]
) -> None:
    first, again, requests = budget
    case_no = await acts.accepted_case(town)
    async with Visitor(town) as visitor:
        if account is not None:
            await visitor.sign_in(account)
        page = await visitor.get(path.format(case_no=case_no))
        assert page.status_code == 200
        files = set(_FILES.findall(page.text))
        sizes = [len(gzip.compress((await visitor.get(file)).content)) for file in files]
        own = len(gzip.compress(page.content))
    assert own <= again
    assert own + sum(sizes) <= first, f"{own} and {sorted(sizes)}"
    assert 1 + len(files) <= requests, sorted(files)


@pytest.mark.parametrize("joined", [("public.js",), ("staff.js", "outbox.js"), ("work.js",)], ids="+".join)
def test_our_own_scripts_are_small(joined: tuple[str, ...]) -> None:
    """All that one audience loads of them; a counter has its outbox too."""
    folder = Path(onething.web.__file__).parent / "browser"
    files = sorted({name for one in joined for name in SCRIPTS[one]})
    assert len(files) > 4
    assert len(gzip.compress(b"".join((folder / name).read_bytes() for name in files))) <= 24_000
