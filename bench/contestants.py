"""Who runs against whom: the yardstick, and OneThing entered by its services or over HTTP.

Each drives one case to its end."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol

import orjson
from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from bench.http import HttpClient
from bench.news import News
from bench.raw.model import ITEMS, Decision, Start
from bench.raw.workflow import RawWorkflow
from bench.servers import RAW_QUEUE
from onething.domain.principal import Principal
from onething.services.application.schemas import NewApplication
from onething.services.core.context import AppContext
from onething.services.decisions import decide
from onething.services.decisions.schemas import DecisionRequest as OfficersDecision
from onething.services.intake import submit
from tests.support import people

DEPARTMENTS = {"one": "amr", "two": "psb", "three": "tax", "four": "hrss", "five": "hpf"}
FORMS = {
    "bench-parallel": ["name", "id_number", "address"],
    "bench-sequence": ["name"],
    "bench-source": ["name", "id_number"],
    "bench-system": ["name"],
}
READY_SEQ = 5  # submitted, accepted, that told, two records fetched: the tasks are open
CLOSED_SEQ = 12  # … five decisions, certificates, notices

_numbers = count(1)


def application(bundle: str) -> dict[str, Any]:
    full = {**people.ZHAO.named, "address": "杭州市西湖区文三路1号"}
    form = {field: full[field] for field in FORMS[bundle]}
    delivery = {"method": "electronic"}
    return {"bundle": bundle, "applicant": people.ZHAO.applicant, "form": form, "delivery": delivery}


def approval(item: str) -> dict[str, Any]:
    return {"outcome": "approve", "outputs": {f"number_{item}": f"文号{next(_numbers)}"}}


def new_key() -> str:
    return f"bench-{next(_numbers)}"


@dataclass
class Tally:
    """What one leg's cases were and how long each of their decisions took, in seconds."""

    cases: list[str] = field(default_factory=list)
    decisions: list[float] = field(default_factory=list)

    async def timed(self, call: Awaitable[object]) -> None:
        began = time.perf_counter()
        await call
        self.decisions.append(time.perf_counter() - began)


class Contestant(Protocol):
    name: str

    async def one_case(self, tally: Tally) -> None:
        """From the application to the end of the case."""
        ...

    async def check(self, tally: Tally) -> None:
        """Raise RuntimeError unless all cases of the leg have ended as they should."""
        ...


class Raw:
    """Its departments decide when both records are in hand, as OneThing's do: that is what the records are for."""

    name = "raw"

    def __init__(self, client: Client) -> None:
        self._client = client

    async def one_case(self, tally: Tally) -> None:
        case_no = f"{self.name}-{next(_numbers)}"
        handle = await self._apply(case_no)
        decisions = [
            handle.execute_update(
                RawWorkflow.decide, Decision(item=item, outcome="approve", number=f"文号{next(_numbers)}")
            )
            for item in ITEMS
        ]
        await asyncio.gather(*(tally.timed(decision) for decision in decisions))
        await handle.result()
        tally.cases.append(case_no)

    async def check(self, tally: Tally) -> None:
        """The results were awaited."""

    async def _apply(self, case_no: str) -> WorkflowHandle[RawWorkflow, None]:
        """Start and wait for the records in one call."""
        start = WithStartWorkflowOperation(
            RawWorkflow.run,
            Start(case_no=case_no),
            id=case_no,
            task_queue=RAW_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        )
        await self._client.execute_update_with_start_workflow(RawWorkflow.gathered, start_workflow_operation=start)
        return await start.workflow_handle()


class RawAtOnce(Raw):
    """For comparison only: decides before the records are there, all five with the start. Nobody could."""

    name = "raw-at-once"

    async def _apply(self, case_no: str) -> WorkflowHandle[RawWorkflow, None]:
        return await self._client.start_workflow(
            RawWorkflow.run, Start(case_no=case_no), id=case_no, task_queue=RAW_QUEUE
        )


class OneThing(ABC):
    """What both ways in share."""

    name: str

    def __init__(self, news: News) -> None:
        self._news = news

    async def one_case(self, tally: Tally) -> None:
        case_no = await self._apply()
        await self._news.reached(case_no, READY_SEQ)
        await asyncio.gather(*(tally.timed(self._decide(case_no, item)) for item in DEPARTMENTS))
        await self._news.reached(case_no, CLOSED_SEQ)
        tally.cases.append(case_no)

    async def check(self, tally: Tally) -> None:
        closed = await self._news.closed(tally.cases)
        if closed != len(tally.cases):
            raise RuntimeError(f"{len(tally.cases) - closed} cases are not closed")

    @abstractmethod
    async def _apply(self) -> str:
        """At the counter, which accepts it on the spot."""
        ...

    @abstractmethod
    async def _decide(self, case_no: str, item: str) -> None: ...


class ByServices(OneThing):
    """Without HTTP: the acts called in the driver's process."""

    name = "services"

    def __init__(self, news: News, context: AppContext, callers: dict[str, Principal]) -> None:
        super().__init__(news)
        self._context = context
        self._callers = callers

    async def _apply(self) -> str:
        request = NewApplication.model_validate(application("bench-parallel") | {"accept": True, "seen": people.SEEN})
        answer = await submit.apply(self._context, self._callers["counter"], new_key(), request)
        return str(orjson.loads(answer.body)["case_no"])

    async def _decide(self, case_no: str, item: str) -> None:
        officer = self._callers[f"officer.{DEPARTMENTS[item]}"]
        request = OfficersDecision.model_validate(approval(item))
        await decide.decide(self._context, officer, new_key(), f"{case_no}-{item}-1", request)


class ByHttp(OneThing):
    """As people's programs do it: real HTTP to the API process."""

    name = "http"

    def __init__(self, news: News, http: HttpClient, tokens: dict[str, str]) -> None:
        super().__init__(news)
        self.http = http
        self.tokens = tokens

    async def apply(self, bundle: str) -> str:
        answer = await self.http.post("/api/cases", self.tokens["citizen"], new_key(), application(bundle))
        return str(answer["case_no"])

    async def decide(self, case_no: str, item: str, department: str) -> None:
        token = self.tokens[f"officer.{department}"]
        await self.http.post(f"/api/tasks/{case_no}-{item}-1/decide", token, new_key(), approval(item))

    async def accept(self, case_no: str) -> None:
        await self.http.post(f"/api/cases/{case_no}/accept", self.tokens["counter"], new_key())

    async def apply_at_counter(self, bundle: str) -> str:
        """Submitted and accepted in one act."""
        sent = application(bundle) | {"accept": True, "seen": people.SEEN}
        answer = await self.http.post("/api/cases", self.tokens["counter"], new_key(), sent)
        return str(answer["case_no"])

    async def _apply(self) -> str:
        return await self.apply_at_counter("bench-parallel")

    async def _decide(self, case_no: str, item: str) -> None:
        await self.decide(case_no, item, DEPARTMENTS[item])
