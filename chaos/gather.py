"""Collects the evidence: PostgreSQL as superuser, the simulator's and Temporal's lists, every byte of its files."""

import asyncio
import base64
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote

import httpx
import psycopg
from psycopg.rows import dict_row
from temporalio.client import Client

from chaos.evidence import Certificate, Command, Effect, Record, Stop, Task, Workflow
from chaos.logbook import Intent
from chaos.unpacking import TooMuchError, layers
from onething.domain.calendar.days import Calendar
from onething.domain.plan.plan import Plan
from onething.store.record.hash_chain import WrittenLine

_BEGINNING = 4  # bytes
_SHORTEST = 8  # bytes: shorter ones stand in any long text by chance
_UNFINISHED = """
select count(*) from cases c where
    c.status not in ('draft', 'closed', 'withdrawn', 'rejected', 'terminated')
    or exists (select from commands m where m.case_no = c.case_no and m.status = 'open')
    or exists (select from tasks t where t.case_no = c.case_no and t.state = 'open')
    or exists (select from handovers h where h.case_no = c.case_no)
"""
_FIRST_DECISIONS = """
select count(distinct t.case_no) from tasks t where t.state = 'open' and t.kind = 'decide'
    and not exists (select from tasks d where d.case_no = t.case_no and d.state <> 'open')
"""
_OPEN = """
select c.case_no, c.status, array(
    select m.kind || ' ' || m.id from commands m where m.case_no = c.case_no and m.status = 'open'
) as commands, array(
    select t.kind || ' ' || t.item from tasks t where t.case_no = c.case_no and t.state = 'open'
) as tasks
from cases c where c.status <> 'draft' order by c.case_no
"""


@dataclass(frozen=True)
class Written:
    """What PostgreSQL holds."""

    records: dict[str, Record]
    plans: dict[str, Plan]
    calendars: dict[str, Calendar]
    kept_keys: dict[str, int]
    doubled_keys: tuple[str, ...]


def unfinished(url: str) -> int:
    """How many cases still have something to do. Raises psycopg.OperationalError while the server is away."""
    return _count(url, _UNFINISHED)


def first_decisions(url: str) -> int:
    """How many cases wait for their first decision. Raises as `unfinished`."""
    return _count(url, _FIRST_DECISIONS)


def _count(url: str, query: LiteralString) -> int:
    with psycopg.connect(url, connect_timeout=3) as connection:
        row = connection.execute(query).fetchone()
        return int(row[0]) if row else 0


def still_open(url: str) -> list[str]:
    """A line for each unfinished case, for people."""
    with psycopg.connect(url, connect_timeout=3, row_factory=dict_row) as connection:
        rows = connection.execute(_OPEN).fetchall()
    ended = ("closed", "withdrawn", "rejected", "terminated")
    return [
        f"{row['case_no']} {row['status']}：指令 {row['commands']}，待办 {row['tasks']}"
        for row in rows
        if row["commands"] or row["tasks"] or row["status"] not in ended
    ]


def written(url: str) -> Written:
    """One consistent snapshot."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return Written(
            _records(connection),
            {row["digest"]: Plan.model_validate_json(row["body"]) for row in connection.execute("select * from plans")},
            {
                row["digest"]: Calendar.model_validate_json(row["body"])
                for row in connection.execute("select digest, body from calendars")
            },
            {row["key"]: row["status"] for row in connection.execute("select key, status from idempotency")},
            tuple(
                row["key"] for row in connection.execute("select key from idempotency group by key having count(*) > 1")
            ),
        )


def _records(connection: psycopg.Connection[dict[str, Any]]) -> dict[str, Record]:
    lines = _by_case(connection, "select * from journal order by case_no, seq")
    commands = _by_case(connection, "select * from commands order by case_no, created_seq, id")
    tasks = _by_case(connection, "select * from tasks order by case_no, opened_at, task_id")
    certificates = _by_case(connection, "select case_no, number, item, output from certificates order by number")
    heads = connection.execute(
        "select c.*, s.body as state, i.epoch, h.case_no is not null as handover_waits from cases c "
        "join case_state s using (case_no) cross join installation i left join handovers h using (case_no)"
    )
    return {
        head["case_no"]: Record(
            case_no=head["case_no"],
            status=head["status"],
            epoch=head["epoch"],
            head_seq=head["head_seq"],
            head_hash=bytes(head["head_hash"]),
            next_wake_at=head["next_wake_at"],
            state=head["state"],
            lines=tuple(_line(row) for row in lines[head["case_no"]]),
            commands=tuple(_only(Command, row) for row in commands[head["case_no"]]),
            tasks=tuple(_only(Task, row) for row in tasks[head["case_no"]]),
            certificates=tuple(_only(Certificate, row) for row in certificates[head["case_no"]]),
            handover_waits=head["handover_waits"],
        )
        for head in heads
    }


def _by_case(connection: psycopg.Connection[dict[str, Any]], query: Any) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row["case_no"]].append(row)
    return found


def _only(kind: Any, row: dict[str, Any]) -> Any:
    return kind(**{name: row[name] for name in kind.__dataclass_fields__ if name in row})


def _line(row: dict[str, Any]) -> WrittenLine:
    return WrittenLine(row["seq"], row["at"], row["kind"], row["event"], row["actor"], row["line"])


async def effects(simulator: str) -> list[Effect]:
    async with httpx.AsyncClient(base_url=simulator, timeout=30, trust_env=False) as client:
        items = (await client.get("/effects")).raise_for_status().json()["items"]
    return [_only(Effect, item) for item in items]


async def calls(simulator: str) -> Counter[str]:
    """Key → how often it came since the simulator's last start; nothing when it does not answer."""
    counted: Counter[str] = Counter()
    since: int | None = 0
    async with httpx.AsyncClient(base_url=simulator, timeout=10, trust_env=False) as client:
        while since is not None:
            try:
                page = (await client.get("/calls", params={"since": since, "limit": 50_000})).raise_for_status().json()
            except httpx.HTTPError:
                return counted
            counted.update(item["key"] for item in page["items"])
            since = page["next"]
    return counted


async def workflows(address: str, patience_s: float = 60.0) -> list[Workflow]:
    """All that Temporal lists. Those that are about to end are given time for it."""
    client = await Client.connect(address)
    until = asyncio.get_running_loop().time() + patience_s
    while True:
        listed = [
            Workflow(one.id, one.status.name if one.status else "UNKNOWN") async for one in client.list_workflows()
        ]
        if not any(one.status == "RUNNING" for one in listed) or asyncio.get_running_loop().time() > until:
            return listed
        await asyncio.sleep(1)


async def genuine(api: str, numbers: Iterable[str]) -> set[str]:
    """Those certificates that the API calls genuine and valid."""
    async with httpx.AsyncClient(base_url=api, timeout=15, trust_env=False) as client:
        good = set()
        for number in numbers:
            answer = await client.get(f"/api/certificates/{number}/verify")
            if answer.status_code == 200 and answer.json()["genuine"] and answer.json()["valid"]:
                good.add(number)
    return good


@dataclass(frozen=True)
class Window:
    """A time without workers or without Temporal, in seconds of the storm and by the wall clock."""

    what: str
    begin: float
    end: float
    began: datetime
    ended: datetime


def stop_of(window: Window, intents: list[Intent], holds: Written) -> Stop:
    """What people got done meanwhile."""

    def acknowledged(act: str) -> int:
        told = (one.acknowledgement for one in intents if one.act == act and one.at >= window.begin)
        return sum(heard is not None and heard.at <= window.end for heard in told)

    opened = sum(
        window.began <= task.opened_at <= window.ended
        and task.kind == "decide"
        and bool(holds.plans[record.final.plan].item_by_code[task.item].needs_items)
        for record in holds.records.values()
        for task in record.tasks
    )
    return Stop(window.what, window.begin, window.end, acknowledged("submitted"), acknowledged("item_decided"), opened)


def forms(secret: str) -> Iterator[bytes]:
    """How a text may stand in a file."""
    raw = secret.encode()
    yield raw
    yield json.dumps(secret)[1:-1].encode()
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield repr(raw)[2:-1].encode()
    yield quote(secret).encode()
    yield quote(secret).lower().encode()
    for encoding in ("gb18030", "utf-16-be", "utf-16-le"):
        other = secret.encode(encoding)
        for form in (other, other.hex().encode(), other.hex().upper().encode()):
            if len(form) >= _SHORTEST:
                yield form
    for before in range(3):  # bytes before it in its group of three: what they share with it is cut off
        encoded = base64.b64encode(b"\0" * before + raw).rstrip(b"=")
        whole = encoded[(0, 2, 3)[before] : len(encoded) - ((before + len(raw)) % 3 > 0)]
        if len(whole) >= _SHORTEST:
            yield whole
            yield whole.replace(b"+", b"-").replace(b"/", b"_")


def spilled(files: Iterable[Path], secrets: Iterable[str], landmark: bytes) -> tuple[list[str], bool]:
    """Files that hold a secret: plain, escaped, in hex, in base64 wherever it begins, and so again in whatever they
    unpack to; files with more behind them than is searched; and whether `landmark` was seen in any of them."""
    needles = {form: one for one in secrets for form in forms(one)}
    # one pass for all of them: files are large and secrets many
    lengths: dict[bytes, set[int]] = defaultdict(set)
    for needle in needles:
        lengths[needle[:_BEGINNING]].add(len(needle))
    beginnings = re.compile(b"(?=(" + b"|".join(map(re.escape, lengths)) + b"))")
    leaks: set[str] = set()
    seen = False
    for file in files:
        content = file.read_bytes()
        seen = seen or landmark in content
        try:
            for layer in layers(content):
                for match in beginnings.finditer(layer):
                    at = match.start()
                    found = (needles.get(layer[at : at + length]) for length in lengths[match.group(1)])
                    leaks.update(f"{file.name}: {secret!r}" for secret in found if secret is not None)
        except TooMuchError:
            leaks.add(f"{file.name}：解开的内容过多，没有搜完")
    return sorted(leaks), seen
