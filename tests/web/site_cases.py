"""Cases at the site, made by its API."""

from itertools import count
from typing import Any

import httpx

from tests.api.conftest import Live
from tests.api.forms import opening
from tests.support import people

_numbers = count()


async def call(site: Live, who: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What an act answers."""
    headers = people.bearer(site.token(who)) | {"Idempotency-Key": f"{who} {path}"}
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as client:
        answer = await client.post(path, json=body or {}, headers=headers)
    assert answer.is_success, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def submitted_case(site: Live, **changes: Any) -> str:
    """By its applicant, waiting for the counter."""
    headers = people.bearer(site.token("citizen"))
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as client:
        key = {"Idempotency-Key": f"open {next(_numbers)}"}
        answer = await client.post("/api/cases", json=opening(**changes), headers=headers | key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def accepted_case(site: Live) -> str:
    case_no = await submitted_case(site)
    await call(site, "counter", f"/api/cases/{case_no}/accept")
    return case_no
