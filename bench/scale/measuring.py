"""How long pages take, one at a time, and how large processes are."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg

from bench.http import HttpClient, Refused
from bench.scale.loading import Loaded
from bench.scale.pages import Page, pages
from bench.scale.stack import ReadingStack
from bench.statistics import percentile
from onething.security.demo_accounts import DEFAULT_PASSWORD

_WARM = 5
_TASKS = """
select task_id from tasks where state = 'open' and department = 'amr' and kind = 'decide' and case_no = any ($1)
order by case_no limit 4000
"""


@dataclass(frozen=True)
class Side:
    """One size: page → seconds of each answer, sorted; group of processes → resident bytes. `rows`: page → how many a
    list had at most; of pages that are no lists none. `goes_on`: lists that had another page."""

    loaded: Loaded
    seconds: Mapping[str, Sequence[float]]
    memory: Mapping[str, int]
    rows: Mapping[str, int] = field(default_factory=dict)
    goes_on: frozenset[str] = frozenset()

    def p(self, page: str, share: float) -> float:
        return percentile(self.seconds[page], share)


class Reader:
    """Reads one side's pages. Close it."""

    def __init__(self, stack: ReadingStack, loaded: Loaded) -> None:
        self._stack = stack
        self._loaded = loaded
        self._http = HttpClient(stack.api_url)
        self._tokens: dict[str, str] = {}
        self.pages: Sequence[Page] = ()
        self.seconds: dict[str, list[float]] = {}
        self._rows: dict[str, int] = {}
        self._goes_on: set[str] = set()

    async def ready(self, today: date) -> None:
        self.pages = pages(self._loaded, await _tasks(self._stack, self._loaded), today)
        for who in sorted({page.who for page in self.pages if page.who}):
            self._tokens[who] = await self._http.sign_in(who, DEFAULT_PASSWORD)
        self.seconds = {page.name: [] for page in self.pages}

    async def read(self, page: Page, *, counts: bool) -> None:
        """Raises `Refused` for a page that doesn't answer."""
        began = time.perf_counter()
        answer = await self._ask(page)
        if counts:
            self.seconds[page.name].append(time.perf_counter() - began)
        if isinstance(answer, dict) and isinstance(answer.get("items"), list):
            self._rows[page.name] = max(self._rows.get(page.name, 0), len(answer["items"]))
            if answer.get("next") is not None:
                self._goes_on.add(page.name)

    def found(self) -> Side:
        seconds = {name: sorted(each) for name, each in self.seconds.items()}
        memory = {"API": resident(self._stack.pids["API"])}
        return Side(self._loaded, seconds, memory, self._rows, frozenset(self._goes_on))

    async def close(self) -> None:
        await self._http.close()

    async def _ask(self, page: Page) -> Any:
        token = self._tokens[page.who] if page.who else None
        try:
            if page.body is not None and token is not None:
                return await self._http.post(page.path(), token, "", page.body())
            return await self._http.get(page.path(), token)
        except Refused as refused:
            if page.missing and refused.status == 404:
                return None
            raise


async def measure(
    sides: Sequence[tuple[ReadingStack, Loaded]], requests: int, today: date, asked: Callable[[], None]
) -> list[Side]:
    """Each page of all sides right after another, and all pages in turns, so that whatever else happens on the machine
    meets all alike. `asked` after each turn. Raises `Refused`."""
    readers = [Reader(stack, loaded) for stack, loaded in sides]
    try:
        for reader in readers:
            await reader.ready(today)
        for turn in range(-_WARM, requests):
            for same in zip(*(reader.pages for reader in readers), strict=True):
                for reader, page in zip(readers, same, strict=True):
                    await reader.read(page, counts=turn >= 0)
            asked()
        return [reader.found() for reader in readers]
    finally:
        for reader in readers:
            await reader.close()


async def _tasks(stack: ReadingStack, loaded: Loaded) -> list[str]:
    connection = await asyncpg.connect(stack.database_url)
    try:
        return [str(row["task_id"]) for row in await connection.fetch(_TASKS, list(loaded.under_way))]
    finally:
        await connection.close()


def resident(pid: int) -> int:
    """Bytes that the process and all below it hold in memory; 0 where there is no /proc."""
    proc = Path("/proc")
    if not (proc / str(pid)).exists():
        return 0
    children = [int(one) for file in proc.glob(f"{pid}/task/*/children") for one in file.read_text().split()]
    lines = (proc / str(pid) / "status").read_text().splitlines()
    own = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)
    return own + sum(resident(child) for child in children)
