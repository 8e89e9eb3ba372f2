"""Nothing personal stands in the record in clear, in any form: nor in logs, metrics or the bodies of refusals."""

import base64
import logging
from pathlib import Path

import psycopg
import pytest

from chaos.gather import forms, spilled
from tests.api import acts
from tests.api.forms import opening
from tests.api.town import Town
from tests.support import people

COMPANY, ADDRESS, PHONE = "杭州䶮𠮷金丝雀有限公司", "浙江省杭州市西湖区金丝雀路８号", "13911122233"
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
    town = fresh_town
    caplog.set_level(logging.DEBUG)
    form = opening()["form"] | {"company_name": COMPANY, "address": ADDRESS, "liaison_phone": PHONE}
    case_no = await acts.accepted_case(town, form=form)
    await acts.approve(town, case_no, "registration")
    refusals = [
        await town.post("citizen2", "/api/cases", opening(form=form)),
        await town.post("citizen", "/api/cases", opening(form=form | {"representative_id": PHONE})),
        await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": {"company_name": COMPANY}}),
        await town.get("citizen2", f"/api/cases/{case_no}"),
        await town.get(None, f"/api/progress/{case_no}?code={PHONE}"),
        await town.post("counter", "/api/cases/search", {"id_number": people.LI.id_number}),
    ]
    assert all(answer.status_code >= 400 for answer in refusals)
    said = tmp_path / "refusals"
    said.write_text("\n".join(answer.text for answer in refusals))
    logged, measured = tmp_path / "log", tmp_path / "metrics"
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]  # the test's own
    logged.write_text("\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours))
    measured.write_text((await town.get(None, "/metrics")).text)
    leaks, seen = spilled([*dumped(town, tmp_path), said, logged, measured], SECRETS, case_no.encode())
    assert seen
    assert leaks == []


def dumped(town: Town, folder: Path) -> list[Path]:
    """Every table as PostgreSQL writes it out: bytes in hex."""
    files = []
    with psycopg.connect(town._owner_url) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in tables.fetchall():
            with connection.cursor().copy(f'copy "{table}" to stdout') as rows:  # type: ignore[arg-type]
                file = folder / f"table-{table}"
                file.write_bytes(b"".join(map(bytes, rows)))
            files.append(file)
    return files
