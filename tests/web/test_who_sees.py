"""Pages judge as the API does: a reviewed table of who sees what, and forms that change nothing without their token."""

import pytest

from tests.api.town import Town
from tests.web import who_sees
from tests.web.visitor import Visitor


@pytest.mark.timeout(900)
async def test_who_sees_what_is_as_the_table_says(town: Town) -> None:
    found = who_sees.answered(town)
    changed = who_sees.differences(who_sees.read(who_sees.FILE.read_text(encoding="utf-8")), await found)
    assert changed == [], "if it is meant so: python -m tests.record pages, and review who_sees.txt"


def test_nobody_sees_anything_but_public_pages() -> None:
    table = who_sees.read(who_sees.FILE.read_text(encoding="utf-8"))
    public = ("/", "/guide", "/progress", "/verify", "/sign-in", "/session")
    open_to_all = [path for path, statuses in table.items() if statuses[0] == 200]
    assert all(path == "/" or path.startswith(public[1:]) for path in open_to_all), open_to_all


async def test_no_form_does_anything_for_nobody_or_without_the_token_of_the_session(town: Town) -> None:
    names = await who_sees.prepared(town)
    heads = town.rows("select case_no, max(seq) from journal group by case_no order by case_no")
    for actor, status in ((None, 303), ("citizen", 403), ("officer.amr", 403), ("counter", 403), ("supervisor", 403)):
        async with Visitor(town) as visitor:
            if actor is not None:
                await visitor.sign_in(actor)
            for path in who_sees.forms():
                answer = await visitor.post(who_sees.address(path, names), {"_key": "k", "_token": "00" * 32})
                assert answer.status_code in (status, 415), f"{actor} {path}: {answer.status_code}"
    assert town.rows("select case_no, max(seq) from journal group by case_no order by case_no") == heads
