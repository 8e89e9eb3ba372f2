"""Values as SQL literals arrive at PostgreSQL as they left."""

from datetime import UTC, datetime

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onething.domain.errors import OneThingError
from onething.store.connection.sql_files import Query, literal
from tests.store.stage import Stage

_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
_MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
_ODD = "'; drop table cases; --\\' \\\\ $1 :name E'x' 䶮𠮷\n"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.tuples(_TEXTS, st.binary(), st.integers(-(2**31), 2**31 - 1), _MOMENTS), max_size=30))
async def test_all_come_back(stage: Stage, rows: list[tuple[str, bytes, int, datetime]]) -> None:
    connection = await asyncpg.connect(stage.superuser_url)
    try:
        for text, raw, number, moment in [*rows, (_ODD, _ODD.encode(), 0, datetime(2026, 1, 1, tzinfo=UTC))]:
            query = Query(
                "q", "select $1::text, $2::bytea, $3::int, $4::timestamptz, $5::text", ("a", "b", "c", "d", "e")
            )
            spelled = query.spelled_out({"a": text, "b": raw, "c": number, "d": moment, "e": None})
            assert tuple(await connection.fetchrow(spelled)) == (text, raw, number, moment, None)
    finally:
        await connection.close()


def test_a_value_that_looks_like_a_parameter_is_none() -> None:
    assert Query("q", "select $1, $2", ("a", "b")).spelled_out({"a": "$2", "b": "x"}) == "select E'$2', E'x'"


def test_what_postgresql_cannot_hold_is_refused() -> None:
    with pytest.raises(OneThingError):
        literal("a\0b")
