"""What workers tell of data sources: added up, forgotten, and read at a cost that does not grow with the cases."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from onething.connectors.tally import AttemptTally
from onething.domain.calendar.histogram import bucket_of, quantile_s
from onething.domain.kernel.case_no import CaseNo
from onething.domain.lookups.answers import Cause, SourceAnswerMalformed, SourceUnavailable
from onething.domain.sources.source import Seen
from onething.relay.figures_flusher import FiguresFlusher
from onething.store.connection.actor import Actor
from onething.store.connection.database import Database
from onething.store.sources import figures
from tests.domain.builders import MONDAY, item, make_plan, record
from tests.store.stage import CITIZEN, COUNTER, REGION, SUPERVISOR, Stage, leader

CODE = "src-deed"


def _worker(stage: Stage, breakers: Mapping[str, str] | None = None) -> tuple[AttemptTally, FiguresFlusher]:
    tally = AttemptTally(stage.clock)
    return tally, FiguresFlusher(stage.worker, stage.clock, tally, lambda: breakers or {})


async def _seen(stage: Stage, actor: Actor = SUPERVISOR, hours: int = 24) -> figures.SourceFigures:
    async with stage.api.transaction(actor) as tx:
        since = stage.clock.now() - timedelta(hours=hours)
        return (await figures.seen(tx, [CODE], since)).get(CODE, figures.SourceFigures())


@pytest.mark.parametrize("seconds", [0, 0.0005, 0.001, 0.3, 1, 60, 7200, 5_184_000])
def test_a_percentile_is_at_most_a_fifth_too_high(seconds: float) -> None:
    told = quantile_s({bucket_of(seconds): 3}, 50)
    assert told is not None
    assert max(seconds, 0.001) <= told * 1.0001 <= max(seconds, 0.001) * 1.2 + 0.0005


def test_percentiles_are_of_what_was_counted() -> None:
    counts = {bucket_of(1): 89, bucket_of(3600): 11}
    assert (quantile_s(counts, 50), quantile_s(counts, 89)) == (1.0, 1.0)
    assert 3600 <= (quantile_s(counts, 90) or 0) <= 3600 * 1.2
    assert quantile_s({}, 50) is None


async def test_workers_and_hours_are_added_up_and_forgotten_after_a_week(stage: Stage) -> None:
    for _ in range(2):
        for tally, reporter in (_worker(stage), _worker(stage)):
            tally.answered(CODE, stage.clock.now() - timedelta(seconds=4), stage.clock.now() - timedelta(days=1))
            tally.refused(CODE, None)
            tally.unavailable(CODE, SourceUnavailable(CODE, Cause.TIMEOUT))
            tally.unavailable(CODE, SourceAnswerMalformed(CODE, "record"))
            tally.unavailable(CODE, SourceUnavailable(CODE, Cause.IN_PROGRESS))
            tally.unavailable(CODE, SourceUnavailable(CODE, Cause.BREAKER_OPEN))
            await reporter.tell()
            await reporter.tell()
        stage.clock.pass_time(hours=1)
    found = await _seen(stage)
    assert {seen: found.times(seen) for seen in (Seen.ANSWERED, Seen.REFUSED, Seen.FAILED, Seen.NOT_YET)} == {
        Seen.ANSWERED: 4,
        Seen.REFUSED: 4,
        Seen.FAILED: 8,
        Seen.NOT_YET: 4,
    }
    assert (dict(found.spread(Seen.WAITED)), quantile_s(found.spread(Seen.AGE), 90)) == ({bucket_of(4): 4}, 92681.9)
    assert (await _seen(stage, hours=1)).times(Seen.ANSWERED) == 2
    for actor in (CITIZEN, COUNTER, Actor.anybody(), Actor.source("other", CaseNo.parse("1" * 20))):
        assert (await _seen(stage, actor)).seen == {}, actor
    stage.clock.pass_time(days=8)
    tally, reporter = _worker(stage)
    tally.refused(CODE, None)
    await reporter.tell()
    assert [row["n"] for row in await stage.look("select count(*) as n from source_figures")] == [1]


async def test_the_worst_breaker_is_told_until_its_worker_is_gone(stage: Stage) -> None:
    breakers = {CODE: "half_open"}
    _, one = _worker(stage, breakers)
    _, other = _worker(stage, {CODE: "open"})
    await one.tell()
    stage.clock.pass_time(seconds=30)
    await other.tell()
    began = stage.clock.now()
    stage.clock.pass_time(seconds=20)
    await other.tell()

    async def told() -> figures.BreakerSeen | None:
        async with stage.api.transaction(leader("dep-a")) as tx:
            return (await figures.not_closed(tx, [CODE], stage.clock.now())).get(CODE)

    assert await told() == figures.BreakerSeen("open", began, 2)
    stage.clock.pass_time(seconds=50)
    await one.tell()
    assert await told() == figures.BreakerSeen("open", began, 2)
    stage.clock.pass_time(seconds=30)
    assert await told() == figures.BreakerSeen("half_open", MONDAY, 1)  # the other is gone
    breakers.clear()
    await one.tell()
    assert await told() is None


async def test_what_cannot_be_told_is_told_later(stage: Stage) -> None:
    tally = AttemptTally(stage.clock)
    closed = Database(stage.worker_url, pool_size=1)
    tally.refused(CODE, None)
    await FiguresFlusher(closed, stage.clock, tally, dict).tell()
    await FiguresFlusher(stage.worker, stage.clock, tally, dict).tell()
    assert (await _seen(stage)).times(Seen.REFUSED) == 1


async def test_what_waits_is_counted_among_the_oldest_only(stage: Stage) -> None:
    plan = make_plan(item("a"), data=[record("deed")])
    await stage.submit(plan)
    await stage.look(
        "insert into commands (case_no, id, kind, target, status, created_seq, created_at, epoch)"
        " select c.case_no, 'x' || n, 'fetch_record', 'deed', 'open', 1, c.created_at + n * interval '1 second', 1"
        " from cases c, generate_series(1, 12000) n"
    )
    await stage.look("analyze commands")
    async with stage.api.transaction(SUPERVISOR) as tx:
        found, more = await figures.pending(tx, REGION)
        read = await tx._connection.fetch(
            "select coalesce(seq_tup_read, 0) as by_scan, idx_tup_fetch as by_index"
            " from pg_stat_xact_user_tables where relname = 'commands'"
        )
        assert await figures.pending(tx, "440100") == ([], False)
    assert [(one.bundle, one.data, one.pending, one.oldest) for one in found] == [
        (plan.bundle, "deed", figures.OPEN_AT_MOST, MONDAY)
    ]
    assert more
    assert read[0]["by_scan"] == 0
    assert read[0]["by_index"] <= figures.OPEN_AT_MOST
    async with stage.api.transaction(CITIZEN) as tx:
        assert await figures.pending(tx, REGION) == ([], False)
