"""The simulated world in all its modes against each style of source, days of it, by one clock and over real HTTP.

Each combination (of each mode one at least, all in `make test-all`) has a source and a case of its own, all at the
same time: no effect twice by the world's own lists, and every case at its end, or first at its fallback, before its
deadline.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from onething.domain.definition.source import SourceEffect, SourceStyle
from onething.domain.events.deadlines import ClockOverdue, PatienceEnded
from onething.domain.events.outcomes import RecordFetched
from onething.domain.events.union import Event
from onething.store.schema.install import install
from tests.api.conftest import PASSWORD
from tests.support import people
from tests.support.servers import PostgresServer
from tests.support.whole import sampled
from tests.workflows.by_one_clock import Whole, whole

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATIENCE_H = 4
SAID, OTHER = "杭州市西湖区文三路1号", "杭州市西湖区文三路11号"


class Mode(StrEnum):
    TWO_HOURS = "two-hours"
    TIMED_OUT = "timed-out"  # done, and the answer never came
    TWICE = "twice"
    STALE = "stale"
    CONTRADICTS = "contradicts"
    DOWN = "down"  # for a day
    TOO_LATE = "too-late"  # the answer comes when patience has ended


ENDS_AT_FALLBACK = (Mode.DOWN, Mode.TOO_LATE)
ALL = sampled(
    [f"{style}-{mode}" for style, mode in product(SourceStyle, Mode)], 10, kind=lambda one: one.split("-", 1)[1]
)
HOLDING = [one for one in ALL if one.endswith((Mode.TIMED_OUT, Mode.TOO_LATE))]

_SOURCE = """
code: {code}
name: 住所登记
department: natres
path: /sources/{code}/records
params: [{{id: id_number, label: 公民身份号码, personal: true}}]
fields: [{{id: address, label: 住所, personal: true}}]
effect: {effect}
timeout_s: {timeout_s}
style: {style}
retry: {{fast: {{first_s: 1, factor: 2, attempts: 5}}, slow: {{every_s: 600}}}}
patience_minutes: {patience}
"""
_BUNDLE = """
schema: 2
code: {code}
version: 1
name: 一项数据
summary: 一项数据取到后，一个部门办理。
audience: person
basis: [{{title: 只供测试, assumed: true}}]
promised: {{amount: 5, unit: working_day, for: office, basis: assumed}}
statutory: {{amount: 20, unit: working_day, for: office, basis: assumed}}
departments: [transport]
form:
  - id: person
    name: 申请人
    fields:
      - {{id: name, label: 姓名, type: person_name}}
      - {{id: id_number, label: 公民身份号码, type: resident_id}}
      - {{id: address, label: 住所, type: text, max_length: 100}}
materials:
  - code: residence
    name: 住所
    lookup: {{source: {code}, params: {{id_number: id_number}}}}
    fallback: residence-copy
  - {{code: residence-copy, name: 住所证明}}
compare:
  - {{code: home, name: 住所, as: address, values: [form.address, data.residence.address]}}
items:
  - code: waiting
    name: 等数据的事项
    department: transport
    nature: licence
    limits:
      statutory: {{amount: 10, unit: working_day, for: office, basis: assumed}}
      promised: {{amount: 2, unit: working_day, for: office, basis: assumed}}
    basis: [{{title: 只供测试, assumed: true}}]
    reads: [person]
    materials: [residence, residence-copy]
    decision_form: [{{id: number_waiting, label: 文号, type: text, max_length: 40}}]
    outputs: [{{id: result, name: 结果, kind: result, fields: [number_waiting]}}]
    on_refusal: go_on
examples:
  - {{name: 等一项数据, answers: {{}}, expect: {{items: [waiting], materials: [], lookups: [residence]}}}}
"""


def definitions(folder: Path) -> Path:
    (folder / "sources").mkdir(parents=True)
    for code in ALL:
        style = code.split("-")[0]
        effect = SourceEffect.RELEASABLE if code in HOLDING else SourceEffect.NONE
        timeout_s = 3 if code.endswith(Mode.TIMED_OUT) else 50  # only who hangs is to be waited for so long
        text = _SOURCE.format(code=code, style=style, patience=PATIENCE_H * 60, effect=effect, timeout_s=timeout_s)
        if style != SourceStyle.ANSWERS:
            text += "ask_again_s: 600\n"
        (folder / "sources" / f"{code}.yaml").write_text(text, encoding="utf-8")
        (folder / "catalog" / code).mkdir(parents=True)
        (folder / "catalog" / code / "v1.yaml").write_text(_BUNDLE.format(code=code), encoding="utf-8")
    return folder


def behaviour(code: str) -> dict[str, Any]:
    style, mode = code.split("-", 1)
    at_once = style == SourceStyle.ANSWERS
    usual: dict[str, Any] = {"mode": "answer" if at_once else "accept_then_callback", "ready_after_s": 60}
    if style == SourceStyle.POLL and mode in (Mode.TWO_HOURS, Mode.TIMED_OUT):
        usual["status_monitor"] = True  # the answer is where the source has said it will be, and nowhere else
    changes: dict[Mode, dict[str, Any]] = {
        Mode.TWO_HOURS: {"mode": "accept_then_callback", "ready_after_s": 7200},
        Mode.TIMED_OUT: {"failure_rate": 1, "failures": ["hang"]},
        Mode.TWICE: {"duplicate": True, "failure_rate": 1, "failures": ["cut"]},
        Mode.STALE: {"stale_days": 400},
        Mode.CONTRADICTS: {"record": {"address": OTHER}},
        Mode.DOWN: {"mode": "down"},
        Mode.TOO_LATE: {"mode": "accept_then_callback", "ready_after_s": (PATIENCE_H + 1) * 3600},
    }
    return usual | {"record": {"address": SAID}} | changes[Mode(mode)]


@pytest.fixture(scope="module")
async def played(
    time_skipping_env: WorkflowEnvironment, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator["Played"]:
    template = postgres_server.template(
        "store", lambda url: install(url, api_password=PASSWORD, worker_password=PASSWORD)
    )
    folder = definitions(tmp_path_factory.mktemp("modes") / "definitions")
    with time_skipping_env.auto_time_skipping_disabled():
        async with whole(time_skipping_env, postgres_server, template, folder) as world:
            yield await play(world)


@dataclass
class Played:
    """What has become of it, two days later. `submitted`, `told`: by source, the case and its journal."""

    world: Whole
    began: datetime
    cases: dict[str, str]
    told: dict[str, list[tuple[datetime, Event]]]
    calls: list[dict[str, Any]]
    effects: list[dict[str, Any]]


async def play(world: Whole) -> Played:
    for code in ALL:
        await world.control(code, **behaviour(code))
    began = await world.clock.read()
    cases = {code: await submit(world, code) for code in ALL}
    await world.tell()
    losing = [code for code in ALL if behaviour(code).get("failure_rate")]
    while not set(losing) <= {effect["code"] for effect in await world.listed("effects")}:
        await world.let_pass(timedelta(seconds=10), timedelta(seconds=10))
    for code in losing:
        await world.control(code, failure_rate=0)
    while world.clock.now() < began + timedelta(hours=PATIENCE_H + 1.5):
        await world.let_pass(timedelta(minutes=30), timedelta(minutes=30))
        await officers_work(world, cases)
    await world.let_pass(began + timedelta(days=1) - world.clock.now(), timedelta(hours=6))
    for code in ALL:
        if code.endswith(Mode.DOWN):
            await world.control(code, mode="answer")
    for code in ALL:
        if Mode(code.split("-", 1)[1]) in ENDS_AT_FALLBACK:
            await supply(world, cases[code])
    await world.tell()
    for _ in range(3):
        await world.let_pass(timedelta(minutes=30), timedelta(minutes=30))
        await officers_work(world, cases)
    await world.let_pass(timedelta(minutes=30), timedelta(minutes=30))
    told = {code: await world.lines(case_no) for code, case_no in cases.items()}
    return Played(world, began, cases, told, await world.listed("calls"), await world.listed("effects"))


async def submit(world: Whole, code: str) -> str:
    body = {
        "bundle": code,
        "applicant": {**people.ZHAO.applicant, "phone": "13800000000"},
        "form": {**people.ZHAO.named, "address": SAID},
        "delivery": {"method": "electronic"},
        "accept": True,
    }
    answer = await world.town.post("counter", "/api/cases", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def supply(world: Whole, case_no: str) -> None:
    paper = {"materials": [{"code": "residence-copy", "form": "paper"}]}
    answer = await world.town.post("counter", f"/api/cases/{case_no}/supplement", paper)
    assert answer.status_code == 200, answer.text


async def officers_work(world: Whole, cases: dict[str, str]) -> None:
    """Everybody does what is in their queue."""
    town = world.town
    for who in ("officer.natres", "officer.transport"):
        for task in (await town.get(who, "/api/tasks?limit=200")).json()["items"]:
            if task["kind"] == "discrepancy":
                said, act = {"which": "form.address", "note": "以登记簿为准"}, "resolve"
            else:
                seen = (await town.get(who, f"/api/tasks/{task['task_id']}")).json().get("decides_on", {})
                said, act = {"outcome": "approve", "outputs": {"number_waiting": "文号1"}, "seen": seen}, "decide"
            answer = await town.post(who, f"/api/tasks/{task['task_id']}/{act}", said)
            assert answer.status_code == 200, answer.text
    await world.tell()


def of_kind(lines: list[tuple[datetime, Event]], kind: type) -> list[datetime]:
    return [at for at, event in lines if isinstance(event, kind)]


async def test_no_effect_happens_twice_by_the_worlds_own_lists(played: Played) -> None:
    assert {effect["effects"] for effect in played.effects} == {1}
    asked_for = Counter(effect["key"].split("/")[0] for effect in played.effects if effect["kind"] == "record")
    down = [case_no for code, case_no in played.cases.items() if code.endswith(Mode.DOWN)]
    assert asked_for == dict.fromkeys(set(played.cases.values()) - set(down), 1)
    done = Counter((call["endpoint"], call["key"]) for call in played.calls if call["effect"])
    assert set(done.values()) == {1}


async def test_every_case_comes_to_its_end_before_its_deadline(played: Played) -> None:
    for code, lines in played.told.items():
        [(status,)] = played.world.town.rows("select status from cases where case_no = %s", played.cases[code])
        assert status == "closed", (code, [event.kind for _, event in lines])
        assert of_kind(lines, ClockOverdue) == [], code
    await played.world.nothing_waits()


@pytest.mark.parametrize("code", ALL)
async def test_the_record_came_or_the_fallback_was_opened_in_time(played: Played, code: str) -> None:
    mode = code.split("-", 1)[1]
    lines, hour = played.told[code], timedelta(hours=1)
    came, ended = of_kind(lines, RecordFetched), of_kind(lines, PatienceEnded)
    if mode in ENDS_AT_FALLBACK:
        assert came == []
        assert [at - lines[0][0] for at in ended] == [PATIENCE_H * hour]
    else:
        assert ended == []
        [at] = came
        assert mode != Mode.TWO_HOURS or 2 * hour <= at - lines[0][0] <= 2.5 * hour


async def test_what_is_held_for_nobody_is_given_back(played: Played) -> None:
    undone = {effect["code"]: effect["undone"] for effect in played.effects if effect["kind"] == "record"}
    assert {code: undone[code] for code in HOLDING} == {code: code.endswith(Mode.TOO_LATE) for code in HOLDING}
