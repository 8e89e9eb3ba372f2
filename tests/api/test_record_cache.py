"""Records used again, over real HTTP: instead of asking while they are fresh, in need while they are not too old."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from definitions.loader import FOLDER
from onething.domain.engine.snapshot import CaseSnapshot
from onething.relay.reconciler import Reconciler
from onething.services.lookups.cache import SealedRecordCache
from tests.api import acts
from tests.api.conftest import built
from tests.api.forms import opening
from tests.api.lawful import plain_opening, written
from tests.api.outside import KEEPING, Outside, outside_of
from tests.api.town import Town
from tests.support.servers import PostgresServer

DATA, SOURCE = "address-check", "standard-address"
OTHER_DATA = "representative-identity"
KEEPS = "fresh_for_minutes: 60\nstale_ok_minutes: 1440\n"
PLACE = {"standard_address": "文一西路1号", "address_code": "1", "usage": "商业", "disputed": False}


def with_addresses_kept(folder: Path) -> Path:
    """The plain opening; what the register of addresses says is fresh for an hour and better than nothing for a
    day."""
    written(folder, plain_opening())
    (folder / "sources").mkdir()
    for file in (FOLDER / "sources").glob("*.yaml"):
        kept = KEEPS if file.stem == SOURCE else ""
        text = KEEPING.sub("", file.read_text(encoding="utf-8"))
        (folder / "sources" / file.name).write_text(text + kept, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
async def outside(
    postgres_server: PostgresServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outside]:
    """One for all: each test asks about an address of its own."""
    definitions = with_addresses_kept(tmp_path_factory.mktemp("kept") / "definitions")
    async with built(postgres_server, migrated, definitions) as town, outside_of(town) as outside:
        yield outside


async def open_case(outside: Outside, address: str) -> tuple[str, str, str]:
    """Its number, the look-up of its address and the key of that."""
    case_no = await acts.received_case(outside.town, form=opening()["form"] | {"address": address})
    command = await outside.command(case_no, DATA)
    return case_no, command, f"{case_no}/1/{command}"


async def looked_up(outside: Outside, address: str, **behaviour: Any) -> str:
    """A case whose address was found at the source."""
    await outside.control(SOURCE, **{"mode": "answer", "record": PLACE, "stale_days": 0, **behaviour})
    case_no, command, key = await open_case(outside, address)
    assert isinstance(await outside.attempt(case_no, command, DATA), CaseSnapshot)
    assert len(await outside.listed("calls", key=key)) == 1
    return case_no


def event(town: Town, case_no: str) -> dict[str, Any]:
    found = town.rows("select event from journal where case_no = %s and kind = 'record_fetched'", case_no)
    [told] = [one for (one,) in found if one["data"] == DATA]
    return dict(told)


async def text(town: Town, case_no: str) -> str:
    lines = (await town.get("counter", f"/api/cases/{case_no}/timeline")).json()["items"]
    [line] = [line["text"] for line in lines if line["kind"] == "record_fetched"]
    return str(line)


async def record(town: Town, case_no: str) -> dict[str, Any]:
    """As the item reads it that needs it: what an office asked by duty is nobody else's."""
    await town.post("counter", f"/api/cases/{case_no}/accept")
    records = (await town.get("officer.amr", f"/api/cases/{case_no}")).json()["records"]
    return next(dict(one) for one in records if one["key"] == DATA)


def rows(town: Town) -> int:
    return int(town.rows("select count(*) from kept_records")[0][0])


async def test_a_fresh_one_is_used_without_asking(outside: Outside) -> None:
    town, address = outside.town, "杭州市西湖区文一西路2号"
    first, came = await looked_up(outside, address, stale_days=3), town.clock.now()
    assert "kept_at" not in event(town, first)
    assert "kept" not in await record(town, first)
    await outside.let_pass(minutes=59)
    case_no, command, key = await open_case(outside, address)
    assert isinstance(await outside.attempt(case_no, command, DATA), CaseSnapshot)
    assert await outside.listed("calls", key=key) == []
    assert datetime.fromisoformat(event(town, case_no)["kept_at"]) == came
    assert (await text(town, case_no)).endswith("，用的是不到 1 小时前取得的记录")
    assert "前取得" not in (await town.get("citizen", f"/api/cases/{case_no}/timeline")).text  # who asked is not told
    told, before = await record(town, case_no), await record(town, first)
    assert (told["kept"], told["state"], told["record"]) == (True, "in_hand", PLACE)
    assert datetime.fromisoformat(told["fetched_at"]) == came
    assert (told["as_of"], told["age_hours"]) == (before["as_of"], 72)


async def test_one_that_is_not_fresh_is_asked_for_anew_and_takes_its_place(outside: Outside) -> None:
    town, address = outside.town, "杭州市西湖区文一西路3号"
    await looked_up(outside, address)
    kept = rows(town)
    await outside.let_pass(minutes=60)
    case_no = await looked_up(outside, address, record=PLACE | {"usage": "住宅"})
    assert "kept_at" not in event(town, case_no)
    assert rows(town) == kept
    third, command, _ = await open_case(outside, address)
    await outside.attempt(third, command, DATA)
    assert (await record(town, third))["record"]["usage"] == "住宅"


async def test_another_question_is_asked(outside: Outside) -> None:
    await looked_up(outside, "杭州市西湖区文一西路4号")
    await looked_up(outside, "杭州市西湖区文一西路5号")


async def test_it_stands_in_at_the_last_attempt_of_a_source_that_is_down(outside: Outside) -> None:
    town, address = outside.town, "杭州市西湖区文一西路6号"
    await looked_up(outside, address)
    await outside.let_pass(hours=5)
    await outside.control(SOURCE, mode="down")
    case_no, command, _ = await open_case(outside, address)
    until = (await town.commands(case_no))[command].patience_at
    assert isinstance(await outside.attempt(case_no, command, DATA), float)
    await outside.let_pass(minutes=57)
    assert await outside.see_through(case_no, DATA, within=until - town.clock.now()) > 1
    assert town.clock.now() < until, "before the applicant is asked for the material"
    assert (await text(town, case_no)).endswith("，用的是 5 小时前取得的记录")
    told = await record(town, case_no)
    assert (told["kept"], told["state"]) == (True, "in_hand")


async def test_one_that_is_too_old_is_not_used(outside: Outside) -> None:
    town, address = outside.town, "杭州市西湖区文一西路7号"
    await outside.let_pass(hours=1)  # the breaker lets calls through again
    await looked_up(outside, address)
    await outside.let_pass(hours=24)
    await outside.control(SOURCE, mode="down")
    case_no, command, _ = await open_case(outside, address)
    await outside.let_pass(minutes=59, seconds=59)
    assert isinstance(await outside.attempt(case_no, command, DATA, 50), float)
    await outside.let_pass(minutes=1)
    await town.gateway.tick(case_no)
    assert (await record(town, case_no))["state"] == "asked"


async def test_a_refusal_takes_its_place(outside: Outside) -> None:
    town, address = outside.town, "杭州市西湖区文一西路8号"
    await outside.let_pass(hours=1)
    await looked_up(outside, address)
    kept = rows(town)
    await outside.let_pass(hours=2)
    await outside.control(SOURCE, mode="refuse")
    case_no, command, _ = await open_case(outside, address)
    assert isinstance(await outside.attempt(case_no, command, DATA), CaseSnapshot)
    assert ((await record(town, case_no))["state"], rows(town)) == ("asked", kept - 1)


async def test_who_is_asked_about_cannot_be_read(outside: Outside) -> None:
    town, address = outside.town, "杭州市西湖区文一西路9号"
    await looked_up(outside, address)
    for source, asked, body in town.rows("select source, asked, body from kept_records"):
        assert (source, len(asked)) == (SOURCE, 16)
        assert "文一西路".encode() not in bytes(body)


async def test_sources_that_do_not_say_so_are_asked_as_ever(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked for, and nothing kept."""
    for name in ("fresh", "last_good", "keep"):
        monkeypatch.delattr(SealedRecordCache, name)
    case_no, _, _ = await open_case(outside, "杭州市西湖区文一西路10号")
    command = await outside.command(case_no, OTHER_DATA)
    assert isinstance(await outside.attempt(case_no, command, OTHER_DATA), CaseSnapshot)


async def test_what_is_too_old_for_either_is_deleted(outside: Outside) -> None:
    town = outside.town
    await looked_up(outside, "杭州市西湖区文一西路11号")
    await outside.let_pass(hours=23)
    await looked_up(outside, "杭州市西湖区文一西路12号")
    assert rows(town) >= 2
    await outside.let_pass(hours=2)
    await tidy(town)
    assert rows(town) == 1
    await outside.let_pass(hours=24)
    await tidy(town)
    assert rows(town) == 0


async def tidy(town: Town) -> None:
    await Reconciler(town._worker, town.clock, lambda: None).tidy_now_and_then()  # type: ignore[arg-type, return-value]
