"""Brings a database to a number of cases: some told to the writer, the others copied from these into the tables."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

import psycopg

from bench.scale.copies import JOURNAL, TABLES, Moved, Original, Person, columns, read
from bench.scale.stories import QUERY_CODE, STORIES, Told
from onething.domain.identity import IdType
from onething.security.blind_index import BlindIndex
from onething.security.codes import QueryCodes
from onething.security.sealing import Sealer
from tests.support import people

_ENDED_SHARE = 0.98
_WEEKS, _LATELY = 104, 3
_FULL, _STORIES = 60, len(STORIES)
"""So many of each story lately at least, of few cases three quarters: more than a page holds. What is full on the
larger side is compared with a full one."""
_AT_ONCE = 2_000
_CASES_OF_A_PERSON = 2
_INDEXES = """
select i.indexname, i.indexdef from pg_indexes i
where i.schemaname = 'public' and i.tablename = any (%s)
  and not exists (select from pg_constraint c where c.conindid = format('public.%%I', i.indexname)::regclass)
"""
_FIGURES = {
    "decided", "dated", "early", "met", "missed", "extensions", "held_us", "paused_us", "law_paused_us", "yellow",
    "red", "returned", "identity_only", "by_online", "by_phone", "by_counter", "by_agent", "by_event",
    "first_visits", "first_accepted", "prechecked_visits", "prechecked_accepted", "rated", "badly_rated",
}  # fmt: skip

_OF_THE_JOURNAL = {
    *("first_visits", "first_accepted", "prechecked_visits", "prechecked_accepted", "rated", "badly_rated"),
}
"""Counted by lines of the journal, which copies that have ended come without."""

Key = tuple[str, str, str, str, str]  # region, department, day, bundle, item


@dataclass(frozen=True)
class Loaded:
    """`people`: how many persons the copies are of."""

    under_way: Sequence[str]
    ended: Sequence[str]
    open_tasks: int
    people: int

    @property
    def cases(self) -> int:
        return len(self.under_way) + len(self.ended)


def person_number(nth: int) -> str:
    """The identity number of a person whose cases are copies."""
    born = date(1950, 1, 1) + timedelta(days=nth % 20_000)
    return people.resident_id("330106", born, nth // 20_000 % 1_000)


class Loader:
    """As the superuser, past triggers and foreign keys."""

    def __init__(self, url: str, sealer: Sealer, index: BlindIndex) -> None:
        self._url = url
        self._sealer = sealer
        self._index = index
        self._codes = QueryCodes(index)

    def load(self, told: Sequence[Told], total: int, loaded: Callable[[int], None]) -> Loaded:
        """Until there are `total`; `loaded` is told how many more there are each time."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("set session_replication_role = replica")
            connection.execute("set synchronous_commit = off")
            connection.execute("set maintenance_work_mem = '512MB'")
            _take_up(connection, [one.case_no for one in told])
            originals = [self._read(connection, one) for one in told]
            indexes = connection.execute(_INDEXES, ([*TABLES, JOURNAL],)).fetchall()
            for name, _ in indexes:
                connection.execute(f"drop index {name}".encode())
            made = self._copy(connection, originals, max(total - len(told), 0), loaded)
            for _, definition in indexes:
                connection.execute(definition.encode())
            _settle(connection)
            (open_tasks,) = connection.execute("select count(*) from tasks where state = 'open'").fetchone() or (0,)
        everything = [*((one.case_no, one.ended) for one in told), *made]
        return Loaded(
            under_way=[number for number, ended in everything if not ended],
            ended=[number for number, ended in everything if ended],
            open_tasks=open_tasks,
            people=-(-len(made) // _CASES_OF_A_PERSON),
        )

    def _read(self, connection: psycopg.Connection[Any], one: Told) -> Original:
        return read(
            connection,
            one.case_no,
            self._sealer,
            story=one.story,
            ended=one.ended,
            with_journal=one.with_journal,
            weight=one.weight,
        )

    def _copy(
        self,
        connection: psycopg.Connection[Any],
        originals: Sequence[Original],
        many: int,
        loaded: Callable[[int], None],
    ) -> list[tuple[str, bool]]:
        """Numbers of the copies, and whether they have ended."""
        named = {table: columns(connection, table) for table in (*TABLES, JOURNAL)}
        (serial,) = connection.execute("select last_value + 1 from case_serials").fetchone() or (1,)
        made: list[tuple[str, bool]] = []
        sums = Sums()
        rows: dict[str, list[str]] = defaultdict(list)
        for moved, times in _how_often(originals, many, self._sealer):
            sums.add(moved, times)
            for _ in range(times):
                case_no = moved.case_no(serial + len(made))
                for table, text in moved.copied(case_no, self._person(case_no, len(made))):
                    rows[table].append(text)
                made.append((case_no, moved.original.ended))
                if len(made) % _AT_ONCE == 0:
                    _write(connection, named, rows)
                    loaded(_AT_ONCE)
        _write(connection, named, rows)
        loaded(many % _AT_ONCE)
        sums.write(connection)
        connection.execute("select setval('case_serials', %s)", (serial + many,))
        return made

    def _person(self, case_no: str, nth: int) -> Person:
        number = person_number(nth // _CASES_OF_A_PERSON)
        return Person(self._index.of_identity(IdType.RESIDENT_ID, number), self._codes.hash(case_no, QUERY_CODE))


class Sums:
    """What the copies add to the figures, without counting them one by one: each adds what its original does."""

    def __init__(self) -> None:
        self._by_day: dict[Key, Counter[str]] = defaultdict(Counter)
        self._demands: Counter[tuple[Key, str, str]] = Counter()

    def add(self, moved: Moved, times: int) -> None:
        for line in moved.added():
            key = (moved.original.region, line["department"], line["day"], line["bundle"], line["item"])
            for figure, amount in line["amounts"].items():
                if figure in _OF_THE_JOURNAL and not moved.original.lines:
                    continue
                if figure in _FIGURES:
                    self._by_day[key][figure] += amount * times
                else:
                    self._demands[key, line.get("previous", "-infinity"), figure] += amount * times

    def write(self, connection: psycopg.Connection[Any]) -> None:
        names = sorted(_FIGURES)
        key = "region, department, day, bundle, item"
        more = ", ".join(f"{name} = d.{name} + excluded.{name}" for name in names)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"insert into daily_figures as d ({key}, {', '.join(names)}) values ({_places(5 + len(names))})"
                f" on conflict ({key}) do update set {more}".encode(),
                [(*of, *(amounts[name] for name in names)) for of, amounts in self._by_day.items()],
            )
            cursor.executemany(
                f"insert into daily_demands as d ({key}, previous, demand, times) values ({_places(8)})"
                f" on conflict ({key}, previous, demand) do update set times = d.times + excluded.times".encode(),
                [(*of, previous, demand, times) for (of, previous, demand), times in self._demands.items()],
            )


def _places(many: int) -> str:
    return ", ".join(["%s"] * many)


def _how_often(originals: Sequence[Original], many: int, sealer: Sealer) -> Iterator[tuple[Moved, int]]:
    """Each original and week with how many copies there are of it: some of every story lately, however few there are
    in all, and the rest as years bring them. Who is under way began lately."""
    chance = Random("scale")
    drawn: Counter[tuple[int, int]] = Counter()
    for of_story in _by_story(originals):
        for nth, _ in zip(cycle(of_story), range(min(_FULL, many * 3 // (4 * _STORIES))), strict=False):
            drawn[nth, chance.randrange(_LATELY) if originals[nth].ended else 0] += 1
    ended = [nth for nth, one in enumerate(originals) if one.ended]
    under_way = [nth for nth, one in enumerate(originals) if not one.ended]
    rest = many - drawn.total()
    of_ended = round(rest * _ENDED_SHARE)
    weights = [one.weight for one in originals]
    for nth in chance.choices(ended, [weights[one] for one in ended], k=of_ended):
        drawn[nth, chance.randrange(_WEEKS)] += 1
    for nth in chance.choices(under_way, [weights[one] for one in under_way], k=rest - of_ended):
        drawn[nth, 0] += 1
    for (nth, weeks), times in sorted(drawn.items()):
        yield Moved(originals[nth], weeks, sealer), times


def _by_story(originals: Sequence[Original]) -> Iterator[list[int]]:
    """Places of the originals of each."""
    found: dict[str, list[int]] = defaultdict(list)
    for nth, one in enumerate(originals):
        found[one.story].append(nth)
    yield from found.values()


def _write(connection: psycopg.Connection[Any], named: dict[str, str], rows: dict[str, list[str]]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        for table, texts in rows.items():
            with cursor.copy(f"copy {table} ({named[table]}) from stdin".encode()) as copy:
                copy.write("".join(texts))
    rows.clear()


def _take_up(connection: psycopg.Connection[Any], numbers: Sequence[str]) -> None:
    """What was told to the writer is in the sums."""
    connection.execute("select take_up_figures(%s)", (list(numbers),))
    connection.execute("update figures_position set landed = landed_for_good()")


def _settle(connection: psycopg.Connection[Any]) -> None:
    """As a database stands that has been there for some time."""
    connection.execute("update figures_position set landed = landed_for_good()")
    connection.execute("vacuum (analyze, parallel 0)")
    connection.execute("select brin_summarize_new_values('journal_landed')")
    connection.execute("checkpoint")
