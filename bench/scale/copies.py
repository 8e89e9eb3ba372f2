"""Many cases of one: the rows that the writer left, with another number, other days, another person, other seals.

Rows travel as COPY writes them. What differs from one copy to the next are holes in that text; days are moved once for
all copies that began in the same week.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import psycopg

from onething.domain.calendar.days import LOCAL
from onething.domain.kernel.case_no import CaseNo
from onething.security.sealing import Sealer
from onething.store.record.hash_chain import BEGINNING, line_hash, line_text

TABLES = (
    "cases",
    "case_state",
    "tasks",
    "clock_ledger",
    "rungs",
    "reminders",
    "unread_letters",
    "commands",
    "sealed_values",
    "figured_cases",
)
JOURNAL = "journal"
_COLUMNS = """
select column_name from information_schema.columns
where table_schema = 'public' and table_name = %s and is_generated = 'NEVER' order by ordinal_position
"""
_DAY = re.compile(r"\b20\d\d-[01]\d-[0-3]\d(?=[T \"\\\t\n]|$)", re.MULTILINE)
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True)
class Person:
    """By the blind index of a number."""

    identity_index: bytes
    query_hash: bytes


@dataclass(frozen=True)
class Original:
    """A case as its rows are. `texts`: table → rows as COPY writes them; `values`: hex of a sealed body → its name and
    what it says; `lines` of its journal, none where nobody reads them."""

    case_no: str
    story: str
    region: str
    began: datetime
    ended: bool
    weight: int
    head_hash: bytes
    person: Person
    texts: Mapping[str, str]
    values: Mapping[str, tuple[str, bytes]]
    lines: Sequence[Mapping[str, Any]]
    added: Sequence[Mapping[str, Any]]  # to the figures
    departments: tuple[str, ...]


def columns(connection: psycopg.Connection[Any], table: str) -> str:
    if table == JOURNAL:
        return "line, region"
    return ", ".join(row[0] for row in connection.execute(_COLUMNS, (table,)).fetchall())


def read(
    connection: psycopg.Connection[Any],
    case_no: str,
    sealer: Sealer,
    *,
    story: str,
    ended: bool,
    with_journal: bool,
    weight: int,
) -> Original:
    """Raises LookupError where there is no such case."""
    row = connection.execute(
        "select region, created_at, head_hash, identity_index, query_hash, departments from cases where case_no = %s",
        (case_no,),
    ).fetchone()
    if row is None:
        raise LookupError(case_no)
    region, began, head_hash, identity_index, query_hash, departments = row
    values = {
        body.hex(): (name, sealer.open(body, context=f"{case_no}/{name}"))
        for name, body in connection.execute("select name, body from sealed_values where case_no = %s", (case_no,))
    }
    lines = connection.execute("select line from journal where case_no = %s order by seq", (case_no,)).fetchall()
    added = connection.execute("select added from figured_cases where case_no = %s", (case_no,)).fetchone()
    return Original(
        case_no=case_no,
        story=story,
        region=region,
        began=began,
        ended=ended,
        weight=weight,
        head_hash=head_hash,
        person=Person(identity_index, query_hash),
        texts={table: _rows(connection, table, case_no) for table in TABLES},
        values=values,
        lines=[orjson.loads(line) for (line,) in lines] if with_journal else (),
        added=added[0] if added else (),
        departments=tuple(departments),
    )


def _rows(connection: psycopg.Connection[Any], table: str, case_no: str) -> str:
    query = f"copy (select {columns(connection, table)} from {table} where case_no = '{case_no}') to stdout"
    with connection.cursor() as cursor, cursor.copy(query.encode()) as copy:
        return b"".join(bytes(block) for block in copy).decode()


@dataclass
class Moved:
    """An original, some weeks before. Its copies differ by what fills the holes."""

    original: Original
    weeks: int
    sealer: Sealer
    _pieces: dict[str, list[str]] = field(init=False, repr=False)
    _lines: list[tuple[datetime, Any, Any]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        one = self.original
        tokens = [one.case_no, one.head_hash.hex(), one.person.identity_index.hex(), one.person.query_hash.hex()]
        hole = re.compile("(" + "|".join(map(re.escape, [*tokens, *one.values])) + ")")
        self._pieces = {table: hole.split(self._days_moved(text)) for table, text in one.texts.items() if text}
        self._lines = [
            (
                datetime.fromisoformat(line["at"]) - self.by,
                orjson.loads(self._days_moved(orjson.dumps(line["event"]).decode())),
                line["actor"],
            )
            for line in one.lines
        ]

    @property
    def by(self) -> timedelta:
        return timedelta(weeks=self.weeks)

    @property
    def day(self) -> date:
        """On which it began."""
        return (self.original.began - self.by).astimezone(LOCAL).date()

    def case_no(self, serial: int) -> str:
        return CaseNo.of(self.original.region, self.day, serial)

    def added(self) -> Iterator[Mapping[str, Any]]:
        """What each copy adds to the figures."""
        for line in self.original.added:
            yield orjson.loads(self._days_moved(orjson.dumps(line).decode()))

    def copied(self, case_no: str, person: Person) -> Iterator[tuple[str, str]]:
        """Table and rows."""
        one = self.original
        lines, head_hash = self._chained(case_no)
        filled = {
            one.case_no: case_no,
            one.head_hash.hex(): head_hash.hex(),
            one.person.identity_index.hex(): person.identity_index.hex(),
            one.person.query_hash.hex(): person.query_hash.hex(),
            **{
                body: self.sealer.seal(said, context=f"{case_no}/{name}").hex()
                for body, (name, said) in one.values.items()
            },
        }
        for table, pieces in self._pieces.items():
            # text and holes take turns
            yield table, "".join(filled[piece] if nth % 2 else piece for nth, piece in enumerate(pieces))
        if lines:
            yield JOURNAL, "".join(f"{line.translate(_ESCAPED)}\t{one.region}\n" for line in lines)

    def _chained(self, case_no: str) -> tuple[list[str], bytes]:
        before, lines = BEGINNING, list[str]()
        for seq, (at, event, actor) in enumerate(self._lines, 1):
            lines.append(line_text(before, case_no, seq, at, event, actor))
            before = line_hash(lines[-1])
        return lines, before if lines else self.original.head_hash

    def _days_moved(self, text: str) -> str:
        if not self.weeks:
            return text
        return _DAY.sub(lambda found: (date.fromisoformat(found[0]) - self.by).isoformat(), text)
