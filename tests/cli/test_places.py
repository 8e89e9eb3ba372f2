"""A bundle as one division has it, on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from onething.cli.client import session
from tests.cli.in_process import run

ANSWER: dict[str, Any] = {
    "code": "shop-opening",
    "version": 1,
    "name": "开办餐饮店",
    "summary": "一次申请。",
    "departments": [],
    "items": [],
    "materials": [],
    "questions": [],
    "form": [],
}


class _Client:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def get(self, path: str, region: str | None) -> dict[str, Any]:
        self.asked.append((path, region))
        return ANSWER | ({"place": {"code": region, "name": "嘉峪关市"}} if region else {})


def test_whose_rules_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _Client()

    @contextmanager
    def anybody(_: str) -> Iterator[_Client]:
        yield client

    monkeypatch.setattr(session, "anybody", anybody)
    there = run("bundle", "show", "shop-opening", "--region", "620200", "--url", "http://a.example")
    assert (there.exit_code, "（shop-opening@1），按嘉峪关市的规定" in there.output) == (0, True), there.output
    assert "的规定" not in run("bundle", "show", "shop-opening", "--url", "http://a.example").output
    assert client.asked == [("/api/bundles/shop-opening", "620200"), ("/api/bundles/shop-opening", None)]
