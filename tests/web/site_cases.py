"""Cases at the site, made by its API."""

from datetime import date
from itertools import count
from typing import Any

import httpx

from tests.api.conftest import Live
from tests.api.forms import opening
from tests.api.test_birth_registration import birth
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


async def decided_birth(site: Live) -> str:
    """A birth that the police has registered; nobody had to be asked for a record."""
    headers = people.bearer(site.token("counter")) | {"Idempotency-Key": f"birth {next(_numbers)}"}
    body = birth(seen=people.SEEN, accept=True)
    async with httpx.AsyncClient(base_url=site.url, trust_env=False) as client:
        opened = await client.post("/api/cases", json=body, headers=headers)
        assert opened.status_code == 201, opened.text
        case_no = str(opened.json()["case_no"])
        task = f"/api/tasks/{case_no}-household-1"
        seen = (await client.get(task, headers=people.bearer(site.token("officer.psb")))).json()["decides_on"]
    number = people.resident_id("330106", date(2026, 2, 20), int(case_no[-3:]) | 1)
    outputs = {"child_id_number": number, "registered_on": "2026-03-02"}
    await call(site, "officer.psb", f"{task}/decide", {"outcome": "approve", "outputs": outputs, "seen": seen})
    return case_no
