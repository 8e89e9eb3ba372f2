"""Outside a trial nobody applies for what its place has not answered for; what was applied for before goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from onething.services.application.check import Applications
from onething.wiring.api import _tell_what_is_unpublished
from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town


@contextmanager
def in_earnest(town: Town, *published: str) -> Iterator[None]:
    """As where no trial is: with these published, by ref."""
    before, catalog = town.context.applications, replace(town.context.catalog, published=frozenset(published))
    object.__setattr__(town.context, "applications", Applications(catalog, trial=False))
    try:
        yield
    finally:
        object.__setattr__(town.context, "applications", before)


async def test_it_is_refused_by_the_command_that_publishes_it(town: Town) -> None:
    ref = town.context.catalog.latest["enterprise-opening"].ref
    drafted = await acts.draft(town)
    begun = await acts.accepted_case(town)
    with in_earnest(town):
        for body in (opening(), opening(submit=False)):
            refused = await town.post("citizen", "/api/cases", body)
            assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/bundle")
            assert "还没有公布" in refused.text
            assert "onething definitions publish enterprise-opening --place" in refused.text
        refused = await town.post("citizen", f"/api/cases/{drafted}/submit")
        assert (refused.status_code, "还没有公布" in refused.text) == (422, True)
        assert (await town.get("citizen", f"/api/cases/{drafted}")).status_code == 200
        guide = await town.get("citizen", "/api/bundles/enterprise-opening")
        assert (guide.status_code, "还没有公布" in guide.text) == (404, True)
        assert (await town.get("citizen", "/api/bundles")).json()["items"] == []
        await acts.approve(town, begun, "registration")
    with in_earnest(town, ref):
        assert [one["code"] for one in (await town.get("citizen", "/api/bundles")).json()["items"]] == [
            "enterprise-opening"
        ]
        assert (await town.post("citizen", "/api/cases", opening(submit=False))).status_code == 201


async def test_it_is_said_at_the_start(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    catalog = town.context.catalog
    ref = catalog.latest["enterprise-opening"].ref
    _tell_what_is_unpublished(replace(catalog, published=frozenset({ref})), town.context.region)
    told = {record.__dict__["bundle"]: record.__dict__["by"] for record in caplog.records}
    assert told.keys() == catalog.latest.keys() - {"enterprise-opening"}
    assert told["newborn"].startswith("onething definitions publish newborn --place ")
