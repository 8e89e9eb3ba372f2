"""The simulated outside world as the demo sees it: told how to behave, asked what it was asked and did."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx

from onething.cli.client.client import Client


@dataclass(frozen=True)
class Toll:
    """What one case cost the outside world."""

    calls: int
    failed: int
    effects: dict[str, int]  # kind → really done
    undone: int
    doubled: tuple[str, ...]  # keys with more than one effect: must be none


class Outside:
    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url
        self._client = Client(url, transport=transport)

    def source(self, code: str, **behaviour: Any) -> None:
        """Change how a data source behaves: mode, failure_rate, latency_s …"""
        self._client.put(f"/control/sources/{code}", behaviour)

    def calls(self, case_no: str) -> list[dict[str, Any]]:
        return self._of_case(self._client.get("/calls", limit=100_000), case_no)

    def effects(self, case_no: str) -> list[dict[str, Any]]:
        return self._of_case(self._client.get("/effects"), case_no)

    @staticmethod
    def _of_case(answer: dict[str, Any], case_no: str) -> list[dict[str, Any]]:
        """Every Idempotency-Key begins with the case's number: look-ups tell a source no other sign of the case."""
        return [one for one in answer["items"] if one["key"].startswith(f"{case_no}/")]

    def toll(self, case_no: str) -> Toll:
        calls, effects = self.calls(case_no), self.effects(case_no)
        return Toll(
            calls=len(calls),
            failed=sum(call["failure"] is not None for call in calls),
            effects=dict(Counter(effect["kind"] for effect in effects)),
            undone=sum(effect["undone"] for effect in effects),
            doubled=tuple(effect["key"] for effect in effects if effect["effects"] != 1),
        )
