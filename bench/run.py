"""The protocol: warm up both, interleaved pairs, hand-offs between departments, histories; then the verdict."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from rich.console import Console
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench import handoff, histories
from bench.contestants import DEPARTMENTS, ByHttp, ByServices, Contestant, Raw, RawAtOnce
from bench.http import HttpClient
from bench.legs import Leg, run_leg
from bench.news import News
from bench.options import Options
from bench.progress import bar
from bench.report import TITLES, leg_line
from bench.servers import Servers
from bench.verdict import Findings, Pair
from onething.domain.calendar.time_source import SystemClock
from onething.relay.temporal_sender import workflow_id
from onething.wiring.api import build_office
from tests.support import people

_SETTLE_S = 2.0  # closed cases' workflows end, and Temporal's list of runs catches up


@dataclass(frozen=True)
class Field:
    """The contestants, ready to run."""

    raw: Raw
    raw_at_once: RawAtOnce
    services: ByServices
    http: ByHttp
    news: News
    temporal: Client

    def in_order(self, pair: int) -> list[Contestant]:
        """Every other pair runs the other way round, so that drift favours nobody."""
        order: list[Contestant] = [self.raw_at_once, self.raw, self.services, self.http]
        return order if pair % 2 == 0 else order[::-1]


@contextlib.asynccontextmanager
async def field_of(servers: Servers) -> AsyncIterator[Field]:
    temporal = await Client.connect(servers.temporal_address, data_converter=pydantic_data_converter)
    http = HttpClient(servers.api_url)
    accounts = ["citizen", "counter", *(f"officer.{code}" for code in (*DEPARTMENTS.values(), "water", "gas"))]
    password = servers.settings.demo_password.get_secret_value()
    async with build_office(servers.settings, SystemClock()) as context, News(servers.owner_url) as news:
        callers = {name: people.account(context, name) for name in accounts}
        tokens = {name: await http.sign_in(name, password) for name in accounts}
        services, over_http = ByServices(news, context, callers), ByHttp(news, http, tokens)
        yield Field(Raw(temporal), RawAtOnce(temporal), services, over_http, news, temporal)
        await http.close()


async def run(options: Options, servers: Servers, console: Console) -> Findings:
    async with field_of(servers) as field:
        for contestant in field.in_order(0):
            with bar(console, f"预热 {TITLES[contestant.name]}", options.warm_up) as ended:
                await run_leg(contestant, options.warm_up, options.in_flight, servers.pids, ended)
        pairs = [await _pair(number, field, options, servers.pids, console) for number in range(options.pairs)]
        if field.http.http.busy:
            console.print(f"经 HTTP 有 {field.http.http.busy} 次答复 503（系统繁忙），均已重试")
        with bar(console, "决定 → 下一部门", options.handoffs) as ended:
            seconds = await handoff.measure(field.http, field.news, options.handoffs, options.in_flight, ended)
        await asyncio.sleep(_SETTLE_S)
        ours = [workflow_id(case_no) for case_no in pairs[-1]["http"].tally.cases[-options.sample :]]
        return Findings(
            pairs=pairs,
            handoffs=seconds,
            raw_costs=await histories.costs(field.temporal, pairs[-1]["raw"].tally.cases[-options.sample :]),
            our_costs=await histories.costs(field.temporal, ours),
        )


async def _pair(number: int, field: Field, options: Options, groups: Mapping[str, int], console: Console) -> Pair:
    console.print(f"第 {number + 1} 轮")
    legs: dict[str, Leg] = {}
    for contestant in field.in_order(number):
        with bar(console, TITLES[contestant.name], options.cases) as ended:
            leg = await run_leg(contestant, options.cases, options.in_flight, groups, ended)
        console.print(leg_line(leg), highlight=False)
        legs[contestant.name] = leg
    return legs
