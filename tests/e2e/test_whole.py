"""Cases from application to certificate, through HTTP, PostgreSQL, Temporal and the outside world."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from chaos.gather import spilled
from onething.embedded.temporal import EmbeddedTemporal
from onething.relay.temporal_sender import workflow_id
from tests.api.acts import approve, open_case
from tests.api.forms import APPLICANT, OFFICERS
from tests.e2e.whole import Whole

pytestmark = pytest.mark.slow

PERSONAL = (APPLICANT["name"], APPLICANT["id_number"], APPLICANT["phone"], "䶮𠮷商贸", "文一西路")


async def accept(whole: Whole, case_no: str) -> None:
    answer = await whole.town.post("counter", f"/api/cases/{case_no}/accept")
    assert answer.status_code == 200, answer.text


async def test_a_case_runs_from_application_to_certificate(
    whole: Whole, temporal_server: EmbeddedTemporal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And nothing personal is left in Temporal, by its history or by any byte of its database, nor in the log."""
    town = whole.town
    caplog.set_level(logging.DEBUG)
    async with whole.working():
        case_no = await open_case(town)
        await town.post("counter", f"/api/cases/{case_no}/take-in")
        await whole.gathered(case_no)
        await accept(whole, case_no)
        for item in OFFICERS:
            await approve(town, case_no, item)
        await whole.until(case_no, "closed")

    documents = (await town.get("citizen", f"/api/cases/{case_no}/documents")).json()
    assert documents["items"]
    for document in documents["items"]:
        verified = (await town.get(None, f"/api/certificates/{document['number']}/verify")).json()
        assert verified["genuine"], verified
    assert whole.once_each(case_no)

    handle = (await whole.temporal()).get_workflow_handle(workflow_id(case_no))
    history, logged = tmp_path / "history", tmp_path / "log"
    history.write_bytes(b"\n".join([event.SerializeToString() for event in (await handle.fetch_history()).events]))
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]  # the test's own
    logged.write_text("\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours))
    for places in ([history], list(temporal_server.directory.glob("temporal.db*")), [logged]):
        assert spilled(places, PERSONAL, case_no.encode()) == ([], True), places


@pytest.mark.sampled(1)
async def test_people_go_on_without_workers_and_nothing_is_lost(whole: Whole) -> None:
    """Worker cut off while it asks a source; decisions are taken meanwhile; another worker ends the case."""
    town = whole.town
    whole.simulator.control("identity-check", latency_s=600)
    async with whole.working():
        case_no = await open_case(town)
        await accept(whole, case_no)
    whole.simulator.control("identity-check", latency_s=0.0)
    assert await whole.status(case_no) == "accepted"
    other = await open_case(town)  # taken in with no worker at all
    async with whole.working():
        await whole.gathered(case_no)
        await whole.gathered(other)
    for item in OFFICERS:  # each decision opens what it unlocks, with no worker
        await approve(town, case_no, item)
    assert await whole.status(case_no) == "decided"
    async with whole.working():
        await whole.until(case_no, "closed")
    assert whole.once_each(case_no)


@pytest.mark.sampled(1)
async def test_a_lost_workflow_is_started_anew(whole: Whole) -> None:
    """Temporal forgets the case while a source is down; the reconciler hands over again from PostgreSQL alone."""
    town = whole.town
    for source in ("identity-check", "name-reservation", "standard-address"):
        whole.simulator.control(source, mode="down")
    async with whole.working() as process:
        case_no = await open_case(town)
        client = await whole.temporal()
        handle = client.get_workflow_handle(workflow_id(case_no))

        async def asked() -> bool:
            return bool(town.rows("select 1 from handovers where case_no = %s", case_no)) is False

        await whole.wait(asked)
        await handle.terminate("lost")
        whole.simulator.calm()
        assert await process.reconciler.mend_once() == 0  # not forgotten yet: it moved less than a minute ago
        whole.clock.move(timedelta(minutes=2))
        await process.reconciler.mend_once()  # unless its own turn, every few seconds, came first
        assert await process.reconciler.mend_once() == 0
        await whole.gathered(case_no)
    assert whole.once_each(case_no)


@pytest.mark.sampled(1)
async def test_withdrawn_while_a_source_is_asked(whole: Whole) -> None:
    """The late answer is journalled, and what the look-up holds is released."""
    town = whole.town
    whole.simulator.control("name-reservation", latency_s=600)
    async with whole.working():
        case_no = await open_case(town)

        async def at_the_source() -> bool:
            calls = whole.simulator.http.get(f"{whole.simulator.url}/calls").json()["items"]
            return any(call["code"] == "name-reservation" and call["key"].startswith(case_no) for call in calls)

        await whole.wait(at_the_source)
        answer = await town.post("citizen", f"/api/cases/{case_no}/withdraw")
        assert answer.status_code == 200, answer.text
        whole.simulator.control("name-reservation", latency_s=0)  # it answers now
        await whole.gathered(case_no)

        async def late() -> bool:
            rows = town.rows("select 1 from journal where case_no = %s and kind = 'came_too_late'", case_no)
            return bool(rows)

        await whole.wait(late)
        await whole.gathered(case_no)
    held = [effect for effect in whole.effects(case_no) if effect["code"] == "name-reservation"]
    assert all(effect["undone"] for effect in held if effect["kind"] == "record"), held
