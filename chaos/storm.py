"""The storm itself: people live through their scripts while faults strike; then calm, then the evidence."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import psycopg

from chaos import faults, gather, logbook
from chaos.applications import Registry
from chaos.citizens import Case
from chaos.evidence import Evidence, Played
from chaos.faults import API, POSTGRES, SIMULATOR, TEMPORAL, WORKER_NAMES, Fault, Group, Kind
from chaos.officers import Department
from chaos.people import Person, Town, Unanswered
from chaos.scripts import Script, cast
from chaos.stack import StormStack, TargetMissing
from definitions.loader import load_catalog
from tests.support import people

# The reconciler comes back to a case that does not move after 1, 5, then 25 minutes: a workflow that is lost late in a
# long storm may be missed only then.
CALM_PATIENCE_S = 900.0
LONG_STORM_MINUTES, LONG_CALM_PATIENCE_S = 6.0, 2400.0
LOOK_EVERY_S = 3.0
KEPT_BACK_S, HALT_PATIENCE_S = 30.0, 25.0
FIRST_DECISIONS = 5  # cases that wait for the decision with which the rest opens
THOROUGH_CASES = 60
_PAYLOAD = b'"case_no"'  # is in every payload: who finds it can read them
_LOG_LINE = b'"logger"'


@dataclass(frozen=True)
class Options:
    cases: int
    seed: int
    minutes: float
    groups: frozenset[Group]


class Says(Protocol):
    def __call__(self, line: str) -> None: ...


class Storm:
    """One run against one stack."""

    def __init__(self, stack: StormStack, options: Options, logs: Path, say: Says) -> None:
        self._stack = stack
        self._options = options
        self._logs = logs
        self._say = say
        self._town = Town(stack.api_url, logs / "clients", options.seed)
        self._registry = Registry(options.seed)
        self._cases: list[Case] = []
        self._failures: dict[int, str] = {}
        self._kills: Counter[str] = Counter()
        self._calls: Counter[str] = Counter()
        self._windows: list[gather.Window] = []
        self._leaks: set[str] = set()
        self._seen_in_temporal = False

    async def rage(self) -> Evidence:
        """Everything, to the evidence."""
        seconds = self._options.minutes * 60
        scripts = cast(self._options.cases, self._options.seed)
        plan = faults.schedule(self._options.seed, seconds, self._options.groups)
        await self._give_mandate()
        living = [asyncio.create_task(self._live(script, seconds)) for script in scripts]
        offices = [asyncio.create_task(one.office_hours()) for one in self._departments(scripts)]
        telling = asyncio.create_task(self._tell())
        try:
            await asyncio.gather(*(self._strike(fault) for fault in plan))
            await self._until(seconds)
            await self._calm()
            await self._until_over(living)
        finally:
            for task in (*living, *offices, telling):
                task.cancel()
            await asyncio.gather(*living, *offices, telling, return_exceptions=True)
            await self._town.close()
        return await self._evidence(plan)

    async def _give_mandate(self) -> None:
        """Whom the agent acts for lets them."""
        until = datetime.now(UTC).date() + timedelta(days=30)
        mandate = {
            "giver": people.ZHANG.named, "agent": "agent", "agent_name": "帮办员", "kind": "helper",
            "acts": ["apply", "supply", "withdraw", "urge", "rate"], "expires_on": until.isoformat(),
        }  # fmt: skip
        await Person(self._town, "citizen", "mandate").say("mandate_given", "/api/mandates", mandate)

    def _departments(self, scripts: list[Script]) -> list[Department]:
        bundles = load_catalog().bundles.values()
        mine = {script.bundle for script in scripts}
        codes = sorted({item.department for bundle in bundles if bundle.code in mine for item in bundle.items})
        return [Department(self._town, code, self._case) for code in codes]

    def _case(self, case_no: str) -> Case | None:
        return next((case for case in self._cases if case.case_no == case_no), None)

    async def _live(self, script: Script, seconds: float) -> None:
        case = Case(self._town, self._registry, script)
        self._cases.append(case)
        await asyncio.sleep(seconds * script.arrives_at)
        try:
            await case.live()
        except Unanswered as unanswered:
            self._failures[script.number] = f"等不到答复：{unanswered}"
        except Exception as failure:  # what went wrong for one client is a finding, and the others go on
            self._failures[script.number] = f"{type(failure).__name__}：{failure}"

    async def _tell(self) -> None:
        said = ""
        while True:
            await asyncio.sleep(15)
            ended = sum(case.ended for case in self._cases)
            applied = sum(case.case_no is not None for case in self._cases)
            killed = "、".join(f"{name}×{count}" for name, count in sorted(self._kills.items()))
            line = f"已提交 {applied}，已结束 {ended}，共 {self._options.cases}；已杀 {killed or '无'}"
            if line != said:
                self._say(line)
            said = line

    async def _strike(self, fault: Fault) -> None:
        if fault.kind is Kind.HALT:
            await self._until(fault.at - KEPT_BACK_S)
            self._town.first_decisions.clear()
        await self._until(fault.at)
        try:
            await self._do(fault)
        except TargetMissing as missing:
            self._say(f"！{missing} 在时限内没有回来")

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - self._town.now))

    async def _do(self, fault: Fault) -> None:
        named = "、".join(fault.targets)
        match fault.kind:
            case Kind.KILL:
                if SIMULATOR in fault.targets:
                    self._calls += await gather.calls(self._stack.simulator_url)
                await self._stack.kill(*fault.targets)
                self._kills.update(fault.targets)
                self._say(f"kill -9 {named}")
            case Kind.HALT:
                await self._halt(fault)
            case Kind.LOSE:
                self._say("停掉 Temporal，删除它的全部数据，重新启动")
                await self._search_temporal()
                await self._stack.lose_temporal()
            case Kind.BEHAVE:
                for code in fault.targets:
                    await self._stack.behave(fault.side, code, fault.behaviour)

    async def _halt(self, fault: Fault) -> None:
        """When there is work at hand whose decision opens more: to see that people can go on."""
        until = self._town.now + HALT_PATIENCE_S
        while self._town.now < until and not await self._work_at_hand():  # noqa: ASYNC110
            await asyncio.sleep(0.3)
        self._town.first_decisions.set()
        named = "、".join(fault.targets)
        self._say(f"停掉 {named}")
        begin, began = self._town.now, datetime.now(UTC)
        await self._stack.halt(*fault.targets)
        await asyncio.sleep(fault.lasts)
        self._windows.append(gather.Window(named, begin, self._town.now, began, datetime.now(UTC)))
        await self._stack.resume(*fault.targets)
        self._say(f"恢复 {named}")

    async def _work_at_hand(self) -> bool:
        try:
            return await asyncio.to_thread(gather.first_decisions, self._stack.database_url) >= FIRST_DECISIONS
        except psycopg.OperationalError:
            return False

    async def _calm(self) -> None:
        """All is well outside from now on."""
        self._say("风暴结束，等待全部办件了结")
        usual = {"mode": "answer", "latency_s": 0, "failure_rate": 0}
        for fault in faults.schedule(self._options.seed, 1.0, frozenset({Group.SOURCES})):
            for code in fault.targets:
                await self._stack.behave(fault.side, code, usual)

    async def _until_over(self, living: list[asyncio.Task[None]]) -> None:
        long = self._options.minutes > LONG_STORM_MINUTES
        until = time.monotonic() + (LONG_CALM_PATIENCE_S if long else CALM_PATIENCE_S)
        left = -1
        while time.monotonic() < until:
            with contextlib.suppress(psycopg.OperationalError):
                now_left = await asyncio.to_thread(gather.unfinished, self._stack.database_url)
                if now_left != left:
                    self._say(f"还有 {now_left} 件有未了的事")
                left = now_left
                if left == 0 and all(task.done() for task in living):
                    return
            await asyncio.sleep(LOOK_EVERY_S)
        for line in await asyncio.to_thread(gather.still_open, self._stack.database_url):
            self._say(f"未了 {line}")

    async def _search_temporal(self) -> None:
        seen = await self._search(self._stack.folder.temporal.glob("temporal.db*"), _PAYLOAD)
        self._seen_in_temporal = self._seen_in_temporal or seen

    async def _search(self, files: Iterable[Path], landmark: bytes) -> bool:
        """Notes leaks; whether the landmark was seen."""
        secrets = {secret for case in self._cases for secret in case.secrets}
        leaks, seen = await asyncio.to_thread(gather.spilled, files, secrets, landmark)
        self._leaks.update(leaks)
        return seen

    async def _evidence(self, plan: list[Fault]) -> Evidence:
        stack = self._stack
        workflows = await gather.workflows(stack.temporal_address)
        holds = await asyncio.to_thread(gather.written, stack.database_url)
        self._calls += await gather.calls(stack.simulator_url)
        await self._search_temporal()
        logs_seen = await self._search(stack.folder.logs.glob("*.log*"), _LOG_LINE)
        numbers = [one.number for record in holds.records.values() for one in record.certificates]
        genuine = await gather.genuine(stack.api_url, numbers)
        intents = logbook.read(self._logs / "clients")
        thorough = self._options.cases >= THOROUGH_CASES and self._options.groups == frozenset(Group)
        return Evidence(
            played=[self._played(case) for case in self._cases],
            intents=intents,
            records={
                no: replace(
                    record,
                    certificates=tuple(replace(one, verified=one.number in genuine) for one in record.certificates),
                )
                for no, record in holds.records.items()
            },
            plans=holds.plans,
            calendars=holds.calendars,
            kept_keys=holds.kept_keys,
            doubled_keys=holds.doubled_keys,
            effects=await gather.effects(stack.simulator_url),
            called_keys=dict(self._calls),
            workflows=workflows,
            stops=[gather.stop_of(window, intents, holds) for window in self._windows],
            leaks=sorted(self._leaks),
            blind=[place for place, seen in (("Temporal", self._seen_in_temporal), ("日志", logs_seen)) if not seen],
            kills=dict(self._kills),
            demanded_kills=_demanded(self._options.groups),
            thorough=thorough,
        )

    def _played(self, case: Case) -> Played:
        failure = self._failures.get(case.script.number)
        if failure is None and not case.ended:
            failure = "没有在时限内结束"
        return Played(case.script.name, case.case_no, case.script.endings, failure)


def _demanded(groups: frozenset[Group]) -> dict[str, int]:
    if Group.KILL not in groups:
        return {}
    return dict.fromkeys((POSTGRES, TEMPORAL, SIMULATOR, API, *WORKER_NAMES), faults.KILLED_EACH)
