"""Uploads: few in hand at once, none that never ends, and a file whose sender named no type is judged by its bytes."""

import asyncio
import tempfile
from contextlib import AsyncExitStack

import pytest
from starlette.requests import Request

from onething.domain.errors import FailureCode, OneThingError
from onething.edge.uploads import UploadGate, read_upload
from onething.services.materials.photos import UploadLimits
from tests.api import acts
from tests.api.town import Town
from tests.support import files
from tests.support.patience import PATIENCE_S

MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}


def part(content: bytes, *headers: bytes) -> bytes:
    head = b"\r\n".join((b'Content-Disposition: form-data; name="file"; filename="x"', *headers))
    return b"--b\r\n" + head + b"\r\n\r\n" + content + b"\r\n--b--\r\n"


async def test_a_type_that_is_not_declared_is_seen(town: Town) -> None:
    case_no = await acts.draft(town)
    path = f"/api/cases/{case_no}/materials/articles"
    client = town.client("citizen")
    kept = await client.put(path, content=part(files.pdf()), headers=MULTIPART)
    assert (kept.status_code, kept.json()["media_type"]) == (201, "application/pdf"), kept.text
    declared = await client.put(path, content=part(files.pdf("2"), b"Content-Type: image/png"), headers=MULTIPART)
    assert declared.status_code == 415
    unknown = await client.put(path, content=part(b"<html>"), headers=MULTIPART)
    assert unknown.status_code == 415


async def test_an_upload_leaves_no_file_behind(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is there one on its way: who is given it has it in memory, however large it is."""
    for maker in ("TemporaryFile", "NamedTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, maker, lambda *_, **__: pytest.fail("would be written"))
    case_no = await acts.draft(town)
    file = {"file": ("a.pdf", files.pdf(size=3_000_000), "application/pdf")}
    kept = await town.client("citizen").put(f"/api/cases/{case_no}/materials/articles", files=file)
    assert kept.status_code == 201, kept.text


async def test_uploads_wait_for_a_place(town: Town) -> None:
    most = 0

    async def upload(subject: str) -> None:
        nonlocal most, now
        async with gate.place(subject):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1

    for subjects, expected in ((["one"] * 20, 2), ([f"s{n}" for n in range(20)], 3)):
        gate, now, most = UploadGate(3, per_caller=2), 0, 0
        await asyncio.gather(*(upload(subject) for subject in subjects))
        assert most == expected


async def test_who_waits_too_long_is_sent_away_and_takes_no_place() -> None:
    gate = UploadGate(3, per_caller=2, patience_s=0.05)
    async with AsyncExitStack() as held:
        for _ in range(2):
            await held.enter_async_context(gate.place("hog"))
        with pytest.raises(OneThingError) as refused:
            await held.enter_async_context(gate.place("hog"))
        assert refused.value.code is FailureCode.BUSY
        await held.enter_async_context(gate.place("other"))
        with pytest.raises(OneThingError):
            await held.enter_async_context(gate.place("third"))
    async with gate.place("hog"), gate.place("hog"), gate.place("third"):
        pass


async def test_an_upload_that_never_ends_is_given_up() -> None:
    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"", "more_body": True}

    scope = {"type": "http", "method": "PUT", "headers": [(b"content-type", MULTIPART["Content-Type"].encode())]}
    with pytest.raises(OneThingError) as refused:
        await asyncio.wait_for(
            read_upload(Request(scope, receive), UploadLimits(100, 100, 1), "章程", within_s=0.1), PATIENCE_S
        )
    assert refused.value.code is FailureCode.REQUEST_TIMEOUT
