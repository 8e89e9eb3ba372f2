"""What `bench.deadlines` says of fired clocks would not be said of one that is lost, fires twice, early or astray."""

from datetime import datetime, timedelta

import pytest

from bench.deadlines.looking import Heard, Record
from bench.deadlines.seeding import Seeder
from tests.relay.test_due_case_poller import poller
from tests.store.stage import REGION, Stage

SECOND = timedelta(seconds=1)
_COPY = "select (jsonb_populate_record(r, jsonb_build_object('{key}', '9'))).* from {table} r where case_no = $1"
_SAYS = "jsonb_set(line::jsonb, '{{{key}}}', '{value}')::text"
_ANOTHER_MOMENT = _SAYS.format(key="at", value='"2026-03-02T00:00:00.000000Z"')
_OVERDUE = "from journal where case_no = $1 and kind = 'clock_overdue'"


async def fired(stage: Stage) -> dict[str, datetime]:
    """Three promises of an hour, a second apart, that the due-case poller rang. Case → due moment."""
    first = stage.clock.at + timedelta(hours=3)
    due = [first + number * SECOND for number in range(3)]
    cases = await Seeder(stage.api, REGION).spread(due, lambda: None)
    assert sorted(cases.values()) == due
    stage.clock.at = due[0] - SECOND
    await poller(stage).look_once()
    assert await Record(stage.superuser_url).fired(cases) == 0
    stage.clock.at = due[-1]
    await poller(stage).look_once()
    assert await Record(stage.superuser_url).fired(cases) == 3
    return cases


def on_time(stage: Stage, cases: dict[str, datetime]) -> Heard:
    return Heard(stage.superuser_url, dict(cases))


async def test_all_is_well(stage: Stage) -> None:
    cases = await fired(stage)
    found = await Record(stage.superuser_url).found(cases, on_time(stage, cases))
    assert found.all_once
    assert found.lateness_s == (0, 0, 0)


@pytest.mark.parametrize(
    "tampered",
    [
        "delete from rungs where case_no = $1",
        "delete from journal where case_no = $1 and kind = 'clock_overdue'",
        f"insert into rungs {_COPY.format(key='rung', table='rungs')}",
        f"insert into journal (line) select {_SAYS.format(key='seq', value='9')} {_OVERDUE}",
        "update rungs set at = at - interval '1 second' where case_no = $1",
        f"update journal set line = {_ANOTHER_MOMENT} where case_no = $1 and kind = 'clock_overdue'",
    ],
    ids=["card lost", "promise lost", "card twice", "promise twice", "card astray", "promise astray"],
)
async def test_one_that_did_not_fire_as_it_should_is_noticed(stage: Stage, tampered: str) -> None:
    cases = await fired(stage)
    await stage.look("alter table journal disable trigger user")
    await stage.look(tampered, next(iter(cases)))
    found = await Record(stage.superuser_url).found(cases, on_time(stage, cases))
    assert not found.all_once


async def test_one_that_is_heard_of_before_its_moment_is_noticed(stage: Stage) -> None:
    cases = await fired(stage)
    heard = on_time(stage, cases)
    heard.at[next(iter(cases))] -= SECOND
    found = await Record(stage.superuser_url).found(cases, heard)
    assert (found.early, found.all_once) == (1, False)


async def test_one_that_nobody_looked_at_is_behind(stage: Stage) -> None:
    cases = await fired(stage)
    record = Record(stage.superuser_url)
    soon = {case_no: datetime.now(tz=due.tzinfo) for case_no, due in cases.items()}
    await stage.look("update cases set next_wake_at = $1", min(cases.values()))
    with pytest.raises(TimeoutError):
        await record.until_none_behind(soon, within_s=0.1)
    await stage.look("update cases set next_wake_at = null")
    assert await record.until_none_behind(soon, within_s=5) >= 0
