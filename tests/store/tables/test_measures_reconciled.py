"""Figures of a hand-made history, each added up once more in plain Python."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import asyncpg

from onething.domain.calendar.days import local_date
from onething.domain.deadlines.clock_kinds import item_clock, item_statutory
from onething.store.record.hash_chain import line_text
from onething.store.tables import measures
from onething.store.tables.measures import ItemFigures, ItemKey, ReportingPeriod
from tests.domain.builders import DAY, HOUR, MONDAY
from tests.store.stage import REGION, SUPERVISOR, Stage

FIRST, LAST = MONDAY.date() + 10 * DAY, MONDAY.date() + 39 * DAY
DEPARTMENTS = ("dep-a", "dep-b", "dep-c")
BROUGHT, ACCEPTED = {"kind": "supplemented", "materials": ["paper"]}, {"kind": "accepted"}


@dataclass(frozen=True)
class Decided:
    """One item of a case of its own."""

    case_no: str
    region: str
    department: str
    item: str
    state: str
    channel: str
    identity_only: bool | None
    brought: bool
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime
    pause: tuple[datetime, datetime | None] | None
    extended: bool


def history(random: Random, count: int) -> list[Decided]:
    made = []
    for n in range(count):
        opened = MONDAY + random.randrange(50 * 24) * HOUR
        closed = opened + random.randrange(1, 12 * 24) * HOUR
        pause = None
        if random.random() < 0.4:
            since = opened + random.random() * (closed - opened)
            pause = (since, since + random.random() * (closed - since) if random.random() < 0.7 else None)
        made.append(
            Decided(
                case_no=f"c{n}",
                region=random.choice((REGION, REGION, "440100")),
                department=random.choice(DEPARTMENTS),
                item=random.choice("ab"),
                state=random.choice(("done", "done", "done", "lapsed")),
                channel=random.choice(("online", "phone", "counter", "agent")),
                identity_only=random.choice((True, False, None)),
                brought=random.random() < 0.3,
                opened_at=opened,
                due_at=opened + random.randrange(1, 12) * DAY if random.random() < 0.9 else None,
                closed_at=closed,
                pause=pause,
                extended=random.random() < 0.2,
            )
        )
    return made


async def written(stage: Stage, made: list[Decided]) -> None:
    ledger = []
    for one in made:
        clock = item_clock(one.item)
        in_time = one.due_at is None or one.closed_at <= one.due_at
        lines = [(clock, "started", one.opened_at)]
        if one.extended:
            lines.append((item_statutory(one.item), "extended", one.opened_at))
        if one.pause:
            lines.append((clock, "suspended", one.pause[0]))
        if one.pause and one.pause[1]:
            lines.append((clock, "resumed", one.pause[1]))
        lines.append((clock, "met" if in_time else "missed", one.closed_at))
        ledger += [
            (one.case_no, seq, name, name.kind, name.subject, what, at, one.due_at)
            for seq, (name, what, at) in enumerate(lines, 1)
        ]
    connection = await asyncpg.connect(stage.superuser_url)
    try:
        await connection.executemany(
            "insert into cases (case_no, region, bundle, channel, status, created_by, created_at, departments,"
            " query_hash, identity_index, identity_only)"
            " values ($1, $2, 'test@1', $3, 'closed', 'c', $4, $5, '', '', $6)",
            [(o.case_no, o.region, o.channel, o.opened_at, [o.department], o.identity_only) for o in made],
        )
        await connection.executemany(
            "insert into tasks (task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at,"
            " opened_at, closed_at, result)"
            " values ($1, $1, 'decide', $2, $2, $3, $4, 'test@1', 1, $5, $6, $7, $8, 'approve')",
            [(o.case_no, o.item, o.department, o.region, o.state, o.due_at, o.opened_at, o.closed_at) for o in made],
        )
        await connection.executemany(
            "insert into clock_ledger (case_no, seq, clock, kind, subject, what, at, due_at)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8)",
            ledger,
        )
        await connection.executemany(
            "insert into journal (line, region) values ($1, $2)",
            [
                (line_text(b"", o.case_no, 1, o.opened_at, BROUGHT if o.brought else ACCEPTED, None), o.region)
                for o in made
            ],
        )
    finally:
        await connection.close()


def added_up(made: list[Decided]) -> dict[ItemKey, ItemFigures]:
    found: dict[ItemKey, ItemFigures] = {}
    for one in made:
        if one.region != REGION or one.state != "done" or not FIRST <= local_date(one.closed_at) <= LAST:
            continue
        figures = found.setdefault(ItemKey(one.department, "test", one.item), ItemFigures())
        figures.decided += 1
        figures.dated += one.due_at is not None
        figures.early += one.due_at is not None and local_date(one.closed_at) < local_date(one.due_at)
        in_time = one.due_at is None or one.closed_at <= one.due_at
        figures.met += in_time
        figures.missed += not in_time
        figures.extensions += one.extended
        figures.held += one.closed_at - one.opened_at
        if one.pause:
            figures.paused += (one.pause[1] or one.closed_at) - one.pause[0]
        figures.channels = dict(Counter(figures.channels) + Counter([one.channel]))
        figures.identity_only += bool(one.identity_only) and not one.brought
    return found


async def test_figures_are_what_the_history_adds_up_to(stage: Stage) -> None:
    made = history(Random(6), 400)
    await written(stage, made)
    async with stage.api.transaction(SUPERVISOR) as tx:
        found = await measures.measure(tx, ReportingPeriod(REGION, DEPARTMENTS, FIRST, LAST))
    expected = added_up(made)
    assert len(expected) == 6
    assert min(figures.decided for figures in expected.values()) > 5
    assert found.items == expected
    whole = ItemFigures()
    for figures in expected.values():
        whole.add(figures)
    assert whole.decided == sum(whole.channels.values()) == sum(one.decided for one in expected.values())
    assert whole.paused == sum((one.paused for one in expected.values()), timedelta())
