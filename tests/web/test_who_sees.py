"""Pages judge as the API does: a reviewed table of who sees what, and forms that change nothing without their token."""

import re
from collections.abc import Iterator

import pytest

from tests.api.forms import opening
from tests.api.town import Town
from tests.web import who_sees
from tests.web.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.mark.timeout(900)
async def test_who_sees_what_is_as_the_table_says(town: Town) -> None:
    found = who_sees.answered(town)
    changed = who_sees.differences(who_sees.read(who_sees.FILE.read_text(encoding="utf-8")), await found)
    assert changed == [], "if it is meant so: python -m tests.record pages, and review who_sees.txt"


def test_nobody_sees_anything_but_public_pages() -> None:
    table = who_sees.read(who_sees.FILE.read_text(encoding="utf-8"))
    public = ("/", "/guide", "/progress", "/verify", "/rate", "/sign-in", "/session", "/keys")
    open_to_all = [path for path, statuses in table.items() if statuses[0] == 200]
    assert all(path == "/" or path.startswith(public[1:]) for path in open_to_all), open_to_all


@pytest.mark.timeout(900)
async def test_no_page_has_a_word_of_whom_its_reader_has_nothing_to_do_with(town: Town) -> None:
    """Numbers, phones, addresses and names of the case at hand, on every page that others may look at."""
    names = await who_sees.prepared(town)
    canaries = sorted(
        {value for value in _texts(opening()["form"]) if len(value) > 5 and not re.fullmatch("[a-z_]+", value)}
    )
    assert len(canaries) >= 8
    for actor in ("citizen2", "agent", "supervisor", "admin", "auditor", None):
        async with Visitor(town) as visitor:
            if actor is not None:
                await visitor.sign_in(actor)
            for path in who_sees.pages():
                text = (await visitor.get(who_sees.address(path, names))).text
                assert [one for one in canaries if one in text] == [], f"{actor}: {path}"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


async def test_no_form_does_anything_for_nobody_or_without_the_token_of_the_session(town: Town) -> None:
    names = await who_sees.prepared(town)
    heads = town.rows("select case_no, max(seq) from journal group by case_no order by case_no")
    for actor, status in ((None, 303), ("citizen", 403), ("officer.amr", 403), ("counter", 403), ("supervisor", 403)):
        async with Visitor(town) as visitor:
            if actor is not None:
                await visitor.sign_in(actor)
            for path in who_sees.forms():
                answer = await visitor.post(who_sees.address(path, names), {"_key": "k", "_token": "00" * 32})
                assert answer.status_code in (status, 401, 404, 415), f"{actor} {path}: {answer.status_code}"
    assert town.rows("select case_no, max(seq) from journal group by case_no order by case_no") == heads
