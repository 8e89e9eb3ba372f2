"""Who subscribes to a version of a bundle hears of its cases in every place."""

from datetime import UTC, datetime

import pytest

from onething.relay.webhook_dispatcher import _concerns
from onething.store.tables.subscriptions import NewsLine, Subscription

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("bundle", "hears"), [(None, True), ("shop", True), ("shop@1", True), ("shop@2", False), ("shops", False)]
)
def test_a_version_is_heard_of_in_every_place(bundle: str | None, hears: bool) -> None:
    subscription = Subscription(
        *("s", "https://a.example", ("onething.case.*",), bundle, None, b"", NOON, None, None),
        *(0, "", 0, None, 0, None, None, None, 0, None),
    )  # fmt: skip
    for ref in ("shop@1", "shop@1.620200"):
        line = NewsLine(1, "6202002026030200001", 1, NOON, "accepted", {}, ref, "620200")
        assert _concerns(subscription, line, "onething.case.accepted") is hears
