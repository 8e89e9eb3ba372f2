"""The line as PostgreSQL stores it: its columns say what the line says, and nobody can make them say another thing."""

from datetime import UTC, datetime, timedelta

import asyncpg
import orjson
import pytest
import rfc8785

from onething.domain.events.outcomes import RecordFetched
from onething.store.record.hash_chain import BEGINNING, line_hash, line_text
from tests.domain.builders import item, make_plan, record
from tests.store.record.anchored import as_owner
from tests.store.stage import Stage

PLAN = make_plan(item("a"), item("b", needs=["a"]), data=[record("deed")])
COLUMNS = "seq, at, kind, event::text, actor::text, hash, line"


async def test_columns_say_what_the_line_says(stage: Stage) -> None:
    case = await stage.submit(PLAN)
    fetch = next(c.id for c in case.snapshot.commands if c.kind == "fetch_record")
    await stage.come_of(case.case_no, RecordFetched(command=fetch, data="deed", record="record:deed"))
    await stage.accept(case.case_no)
    before = BEGINNING
    rows = await stage.look(f"select {COLUMNS} from journal where case_no = $1 order by seq", case.case_no)
    assert len(rows) >= 3
    for expected, row in enumerate(rows, start=1):
        content = orjson.loads(row["line"])
        assert rfc8785.dumps(content) == row["line"].encode()
        assert content == {
            "v": 1,
            "prev": before.hex(),
            "case_no": case.case_no,
            "seq": expected,
            "at": row["at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "event": orjson.loads(row["event"]),
            "actor": row["actor"] and orjson.loads(row["actor"]),
            "values": [],
        }
        assert (row["seq"], row["kind"]) == (expected, content["event"]["kind"])
        assert row["hash"] == line_hash(row["line"])
        before = row["hash"]
    (head,) = await stage.look("select head_hash from cases where case_no = $1", case.case_no)
    assert head["head_hash"] == before


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
async def test_moments_and_hashes_depend_on_no_setting(stage: Stage, zone: str) -> None:
    moments = [datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(2000, 2, 29, 0, 0, 0, 1, tzinfo=UTC)]
    moments += [moments[0] + timedelta(days=n, microseconds=7919 * n) for n in range(200)]
    texts = [line_text(BEGINNING, "c", n, at, {"kind": "k", "w": "䶮"}, None) for n, at in enumerate(moments, start=1)]
    connection = await asyncpg.connect(stage.superuser_url)
    try:
        await connection.execute(f"set timezone = '{zone}'; set datestyle = 'SQL, DMY'")
        await connection.executemany("insert into journal (line) values ($1)", [(text,) for text in texts])
        rows = await connection.fetch("select at, hash from journal where case_no = 'c' order by seq")
    finally:
        await connection.close()
    assert [(row["at"], row["hash"]) for row in rows] == [
        (at, line_hash(text)) for at, text in zip(moments, texts, strict=True)
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "update journal set event = '{}'",
        "update journal set at = at + interval '1 second'",
        "update journal set hash = ''",
        "insert into journal (line, kind) select line, 'rejected' from journal",
    ],
)
async def test_nobody_writes_a_column_beside_the_line(stage: Stage, statement: str) -> None:
    await stage.submit(PLAN)
    with pytest.raises(asyncpg.GeneratedAlwaysError):
        await as_owner(stage, statement)


@pytest.mark.parametrize("at", ["2026-03-02T01:02:03.000004+08:00", "2026-03-02 01:02:03.000004Z", "2026-03-02"])
async def test_a_moment_in_another_form_is_no_line(stage: Stage, at: str) -> None:
    text = line_text(BEGINNING, "c", 1, datetime(2026, 3, 2, 1, 2, 3, 4, tzinfo=UTC), {"kind": "k"}, None)
    with pytest.raises(asyncpg.NotNullViolationError):
        await stage.look("insert into journal (line) values ($1)", text.replace("2026-03-02T01:02:03.000004Z", at))
