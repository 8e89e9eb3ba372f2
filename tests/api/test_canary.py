"""Nothing personal stands in the record in clear, in any form: nor in logs, metrics or the bodies of refusals. What
Temporal holds is searched where there is one: `tests/e2e/test_whole.py`, and after each storm."""

import base64
import gzip
import logging
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from chaos.gather import forms, spilled
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.forms import OFFICERS, approval, opening
from tests.api.lawful import task, with_a_lease_that_may_be_promised
from tests.api.test_commitments import FOUND
from tests.api.test_prechecks import answered, photographed
from tests.api.test_revocation import broken
from tests.api.town import Town
from tests.support import people
from tests.support.files import pdf

COMPANY, ADDRESS, PHONE = "杭州䶮𠮷金丝雀有限公司", "浙江省杭州市西湖区金丝雀路８号", "13911122233"
APPROVES = {"outcome": "approve", "opinion": ...}
SECRETS = (COMPANY, ADDRESS, PHONE, people.ZHANG.id_number, people.LI.id_number)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("shift", range(3))
def test_each_form_of_a_secret_is_found(tmp_path: Path, secret: str, shift: int) -> None:
    raw = b"x" * shift + secret.encode() + b"yz"
    for number, text in enumerate((raw, base64.b64encode(raw), base64.urlsafe_b64encode(raw), raw.hex().encode())):
        file = tmp_path / str(number)
        file.write_bytes(b"before " + text + b" after")
        assert spilled([file], SECRETS, b"before")[0], (number, list(forms(secret)))
    harmless = tmp_path / "harmless"
    harmless.write_bytes(base64.b64encode(b"nothing of anybody" * 99))
    assert spilled([harmless], SECRETS, b"bm90") == ([], True)


async def test_a_case_leaves_no_word_of_anybody(
    fresh_town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A whole case with its certificates, a file whose text is compressed, and requests that are refused."""
    town = fresh_town
    caplog.set_level(logging.DEBUG)
    form = opening()["form"] | {"company_name": COMPANY, "address": ADDRESS, "liaison_phone": PHONE}
    case_no = await acts.accepted_case(town, form=form)
    for item in OFFICERS:
        await acts.approve(town, case_no, item)
    await town.finish(case_no)
    draft = (await town.post("citizen", "/api/cases", opening(form=form, submit=False))).json()["case_no"]
    file = {"file": (f"{COMPANY}.pdf", pdf(packed=COMPANY), "application/pdf")}
    kept = await town.client("citizen").put(f"/api/cases/{draft}/materials/articles", files=file)
    assert kept.status_code == 201, kept.text
    refusals = [
        await town.post("citizen2", "/api/cases", opening(form=form)),
        await town.post("citizen", "/api/cases", opening(form=form | {"representative_id": PHONE})),
        await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": {"company_name": COMPANY}}),
        await town.get("citizen2", f"/api/cases/{case_no}"),
        await town.get(None, f"/api/progress/{case_no}?code={PHONE}"),
        await town.post("counter", "/api/cases/search", {"id_number": people.LI.id_number}),
    ]
    assert all(answer.status_code >= 400 for answer in refusals)
    places = left(town, tmp_path, caplog, refusals, await town.get(None, "/metrics"))
    assert town.rows("select count(*) from certificates where case_no = %s", case_no) != [(0,)]
    leaks, seen = spilled(places, SECRETS, case_no.encode())
    assert seen
    assert leaks == []


async def test_what_people_write_is_kept_sealed(lawful: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Reasons, opinions, questions, conclusions, ratings: each text once, and none of them in clear anywhere."""
    town, written = lawful, Written(lawful)
    caplog.set_level(logging.DEBUG)
    case_no = await acts.accepted_case(town)
    case, registration, seal = f"/api/cases/{case_no}", task(case_no), task(case_no, "seal")
    await written.say("citizen", f"{case}/urge", text=...)
    await written.say("officer.amr", f"{case}/urge/answer", text=...)
    await written.say("supervisor", f"{case}/supervise", text=...)
    await written.say("officer.amr", f"{case}/supervise/answer", text=...)
    await written.say("officer.amr", f"{registration}/suspend", basis="hearing", days=1, reason=...)
    await town.post("officer.amr", f"{registration}/resume")
    await written.say("leader.amr", f"{registration}/extend", days=1, reason=...)
    await written.say("supervisor", f"{case}/extend", days=1, reason=...)
    await written.say("officer.amr", f"{registration}/consult", departments=["fire"], question=..., days=1)
    await written.say("officer.fire", f"/api/tasks/{case_no}-registration.c1-1/answer", opinion=...)
    await written.say("officer.amr", f"{registration}/inspect", on="2026-03-02")
    await written.say("officer.amr", f"{registration}/conclude", passed=True, conclusion=...)
    await written.say("officer.amr", f"{registration}/decide", **APPROVES, outputs=approval("registration", case_no))
    await written.say("officer.psb", f"{seal}/return", to="registration", reason=...)
    again = f"/api/tasks/{case_no}-registration-2/decide"
    await written.say("officer.amr", again, **APPROVES, outputs=approval("registration", case_no))
    again = f"/api/tasks/{case_no}-seal-2/decide"
    await written.say("officer.psb", again, **APPROVES | {"outcome": "filed"}, outputs={"seal_filing_no": ...})
    await acts.approve(town, case_no, "tax", 2)
    await town.finish(case_no)
    await written.say("citizen", f"{case}/rating", grade=1, comment=...)
    await written.say("counter", f"{case}/rating/contact", text=...)
    await written.say("counter", f"{case}/rating/rectify", text=...)
    other = f"/api/cases/{await acts.open_case(town)}"
    wrong = [{"pointer": "/form/liaison_phone", "what": written.text()}]
    assert (await town.post("counter", f"{other}/corrections", {"items": wrong})).status_code == 200
    await written.say("counter", f"{other}/reject", reason=..., basis=...)
    await written.say("counter", "/api/cases/search", id_number=people.LI.id_number, reason=...)
    mandate = {"giver": people.ZHANG.named, "agent": "agent", "kind": "helper", "expires_on": "2026-03-31"}
    await written.say("citizen", "/api/mandates", **mandate, agent_name=...)
    places = left(town, tmp_path, caplog, [], await town.get(None, "/metrics"))
    assert len(written.texts) == 23
    assert spilled(places, written.texts, case_no.encode()) == ([], True)


async def test_what_a_clerk_says_of_a_draft_is_kept_sealed(
    fresh_town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """来前请窗口看一眼: what is wrong with a photo, and the sentence; and the code that is shown at the window."""
    town, written = fresh_town, Written(fresh_town)
    caplog.set_level(logging.DEBUG)
    draft = await photographed(town)
    assert (await town.post("citizen", f"/api/cases/{draft}/precheck")).status_code == 201
    body = answered((await town.get("counter", f"/api/prechecks/{draft}")).json())
    body["materials"][0] |= {"verdict": "replace", "what": written.text()}
    await written.say("counter", f"/api/prechecks/{draft}/answer", **body, note=...)
    code = (await town.get("citizen", f"/api/cases/{draft}/precheck")).json()["code"]
    wrong = [await town.post("counter", f"/api/prechecks/{draft}/take-over", {"code": code[::-1]})]
    assert (await town.post("counter", f"/api/prechecks/{draft}/take-over", {"code": code})).status_code == 200
    places = left(town, tmp_path, caplog, wrong, await town.get(None, "/metrics"))
    secrets = [*written.texts, code, people.ZHANG.id_number]
    assert spilled(places, secrets, draft.encode()) == ([], True)


async def test_what_is_found_of_a_promise_is_kept_sealed(town_by: TownBy, tmp_path: Path) -> None:
    async with town_by(with_a_lease_that_may_be_promised) as town:
        for number, decided in enumerate(({"revoke": True, "opinion": PHONE}, {"revoke": False, "opinion": COMPANY})):
            case_no = await broken(town)
            answer = await town.post("officer.amr", f"/api/tasks/{case_no}-registration.revoke-1/revoke", decided)
            assert answer.status_code == 200, answer.text
            assert len(town.rows("select from sealed_values where name like 'revocation:%%'")) == number + 1
        assert spilled(dumped(town, tmp_path), (PHONE, COMPANY, FOUND["finding"]), case_no.encode()) == ([], True)


async def test_what_leaks_packed_is_found_in_each_place(
    fresh_town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Database, log, metrics and bodies: the search above would have told."""
    caplog.set_level(logging.DEBUG)
    with psycopg.connect(fresh_town._owner_url) as connection:
        connection.execute("create table planted (body bytea)")
        connection.execute("insert into planted values (%s)", [pdf(packed=COMPANY)])
    sent = base64.b64encode(gzip.compress(PHONE.encode())).decode()
    logging.getLogger("onething").info("sent", extra={"payload": sent})
    measured = httpx.Response(200, text=f'onething_planted{{of="{zlib.compress(ADDRESS.encode()).hex()}"}} 1.0')
    refused = base64.urlsafe_b64encode(zlib.compress(people.LI.id_number.encode())).decode()
    places = left(fresh_town, tmp_path, caplog, [httpx.Response(500, json={"detail": refused})], measured)
    assert spilled(places, SECRETS, b"")[0] == [
        f"log: {PHONE!r}",
        f"metrics: {ADDRESS!r}",
        f"refusals: {people.LI.id_number!r}",
        f"table-planted: {COMPANY!r}",
    ]


class Written:
    """Texts that stand nowhere else, as people write them."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.texts: list[str] = []

    def text(self) -> str:
        self.texts.append(f"金丝雀{len(self.texts):03}号䶮说的话")
        return self.texts[-1]

    async def say(self, who: str, path: str, **body: Any) -> None:
        """Where it says `...` stands a text of its own."""
        told = {
            name: {key: self.text() if one is ... else one for key, one in value.items()}
            if isinstance(value, dict)
            else self.text()
            if value is ...
            else value
            for name, value in body.items()
        }
        answer = await self._town.post(who, path, told)
        assert answer.status_code in (200, 201), f"{path}: {answer.text}"


def left(
    town: Town,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    refusals: Sequence[httpx.Response],
    metrics: httpx.Response,
) -> list[Path]:
    """Files of all that the case left: the database, the log, the metrics, the bodies of refusals."""
    said, logged, measured = folder / "refusals", folder / "log", folder / "metrics"
    said.write_text("\n".join(answer.text for answer in refusals))
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]  # the test's own
    logged.write_text("\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours))
    measured.write_text(metrics.text)
    return [*dumped(town, folder), said, logged, measured]


def dumped(town: Town, folder: Path) -> list[Path]:
    """Every table as PostgreSQL writes it out: bytes in hex, what it compressed itself as it was before."""
    files = []
    with psycopg.connect(town._owner_url) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in tables.fetchall():
            with connection.cursor().copy(f'copy "{table}" to stdout') as rows:  # type: ignore[arg-type]
                file = folder / f"table-{table}"
                file.write_bytes(b"".join(map(bytes, rows)))
            files.append(file)
    return files
