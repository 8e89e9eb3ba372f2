"""The simulated world does as it is told, over real HTTP, with one effect per key."""

import asyncio
import json
import os
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.connectors.simulator.behaviour import Behaviour, Failure, fate
from tests.connectors.support import RunningSimulator, shipped_sources
from tests.support import people
from tests.support.patience import PATIENCE_S


def ask(
    simulator: RunningSimulator, code: str, key: str, body: dict[str, Any] | None = None, within_s: float = PATIENCE_S
) -> httpx.Response:
    url = f"{simulator.url}/sources/{code}/records"
    asked = {"name": "䶮𠮷"} if body is None else body
    patience = httpx.Timeout(PATIENCE_S, read=within_s)
    return simulator.http.post(url, headers={"Idempotency-Key": key}, json=asked, timeout=patience)


async def ask_all(
    simulator: RunningSimulator, code: str, keys: list[str], at_once: int = 100
) -> list[httpx.Response | Exception]:
    """One answer or connection error for each of `keys`, in their order."""
    # each on a connection of its own: on one that the server is closing, a request may never arrive
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=simulator.url, timeout=PATIENCE_S, limits=limits) as client:

        async def once(key: str) -> httpx.Response | Exception:
            try:
                return await client.post(
                    f"/sources/{code}/records", headers={"Idempotency-Key": key}, json={"name": "王小明"}
                )
            except httpx.TransportError as error:
                return error

        return await asyncio.gather(*map(once, keys))


def test_a_plain_answer_is_listed_with_its_effect(simulator: RunningSimulator) -> None:
    answer = ask(simulator, "plain-a", "plain/1", {"case_no": "20261121000001", "uscc": "x"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"record", "as_of"}
    [call] = simulator.calls(key="plain/1")
    assert (call["code"], call["attempt"], call["status"], call["effect"]) == ("plain-a", 1, 200, True)
    assert call["case_no"] == "20261121000001"
    [effect] = simulator.effects(key="plain/1")
    assert (effect["kind"], effect["code"], effect["effects"], effect["undone"]) == ("record", "plain-a", 1, False)
    assert simulator.effects(case_no="20261121000001") == [effect]


def test_shipped_sources_answer_every_field_they_promise(simulator: RunningSimulator) -> None:
    for source in shipped_sources().values():
        params = {param.id: f"值-{param.id}" for param in source.params}
        record = ask(simulator, source.code, f"shipped/{source.code}", params).json()["record"]
        assert list(record) == [field.id for field in source.fields], source.code


def test_the_same_number_is_the_same_person_in_every_register(simulator: RunningSimulator) -> None:
    number = {"mother_id_number": people.WU.id_number, "certificate_no": "X330000001"}
    birth = ask(simulator, "medical-birth-certificate", "person/1", number).json()["record"]
    mother = {"id_number": number["mother_id_number"]}
    household = ask(simulator, "household-register", "person/2", mother).json()["record"]
    assert birth["mother_name"] == household["name"]


def test_what_is_only_accepted_says_when_to_ask_again(simulator: RunningSimulator) -> None:
    simulator.control("later", mode="accept_then_callback", ready_after_s=600, retry_after_s=15)
    accepted = ask(simulator, "later", "later/1")
    assert (accepted.status_code, accepted.headers["Retry-After"]) == (202, "15")


def test_the_same_question_gets_the_same_record(simulator: RunningSimulator) -> None:
    one, two, other = (
        ask(simulator, "household-register", f"same/{number}", {"id_number": who}).json()["record"]
        for number, who in enumerate(("a", "a", "b"))
    )
    assert one == two
    assert one != other


def test_a_record_can_be_overridden_for_one_question_only(simulator: RunningSimulator) -> None:
    simulator.control("standard-address", record={"usage": "住宅"}, record_for={"address": "文三路1号"})
    here, there = (
        ask(simulator, "standard-address", f"for/{number}", {"address": f"文三路{number}号"}).json()["record"]
        for number in (1, 2)
    )
    assert (here["usage"], there["usage"]) == ("住宅", "商业服务")


def test_a_record_can_be_overridden_and_old(simulator: RunningSimulator) -> None:
    simulator.control("old-a", record={"status": "注销", "rare": "䶮𠮷"}, stale_days=400)
    fresh = ask(simulator, "old-b", "old/1").json()["as_of"]
    old = ask(simulator, "old-a", "old/2").json()
    assert old["record"]["status"] == "注销"
    assert old["record"]["rare"] == "䶮𠮷"
    assert int(fresh[:4]) - int(old["as_of"][:4]) in (1, 2)


def test_refusing_has_no_effect_and_does_not_stick(simulator: RunningSimulator) -> None:
    simulator.control("refuse-a", mode="refuse")
    refused = ask(simulator, "refuse-a", "refuse/1")
    assert (refused.status_code, refused.json()) == (404, {"refused": True, "reason": "no_record"})
    assert simulator.effects(key="refuse/1") == []
    simulator.control("refuse-a", mode="answer")
    assert ask(simulator, "refuse-a", "refuse/1").status_code == 200


def test_down_fails_every_attempt(simulator: RunningSimulator) -> None:
    simulator.control("down-a", mode="down")
    assert [ask(simulator, "down-a", "down/1").status_code for _ in range(3)] == [503, 503, 503]
    assert simulator.effects(key="down/1") == []
    assert [call["attempt"] for call in simulator.calls(key="down/1")] == [1, 2, 3]


async def test_who_waits_is_answered_when_there_is_nothing_to_wait_for_any_more(simulator: RunningSimulator) -> None:
    simulator.control("slow-b", latency_s=600)
    asked = asyncio.create_task(ask_all(simulator, "slow-b", ["slow/2"]))
    while not simulator.calls(key="slow/2"):  # noqa: ASYNC110 (another process takes it)
        await asyncio.sleep(0.02)
    assert not asked.done()
    simulator.control("slow-b", latency_s=0)
    [answer] = await asked
    assert isinstance(answer, httpx.Response)
    assert answer.status_code == 200


def test_latency_is_kept(simulator: RunningSimulator) -> None:
    simulator.control("slow-a", latency_s=0.3)
    assert ask(simulator, "slow-a", "slow/1").elapsed.total_seconds() >= 0.3


@pytest.mark.parametrize(
    ("failure", "expected"), [("cut", httpx.RemoteProtocolError), ("hang", httpx.ReadTimeout), ("error", None)]
)
def test_each_way_to_fail(simulator: RunningSimulator, failure: str, expected: type[Exception] | None) -> None:
    simulator.control(f"fail-{failure}", failure_rate=1, failures=[failure])
    if expected is None:
        assert ask(simulator, f"fail-{failure}", f"fail/{failure}").status_code == 503
    else:
        with pytest.raises(expected):
            ask(simulator, f"fail-{failure}", f"fail/{failure}", within_s=1 if failure == "hang" else PATIENCE_S)
    while not (calls := simulator.calls(key=f"fail/{failure}")):
        time.sleep(0.05)  # it gets there after whoever asked has given up
    assert [call["failure"] for call in calls] == [failure]


@pytest.mark.parametrize("duplicate", [False, True])
async def test_a_hundred_repeats_at_once_have_one_effect(simulator: RunningSimulator, duplicate: bool) -> None:
    code, key = f"repeat-{duplicate}".lower(), f"repeat/{duplicate}"
    simulator.control(code, latency_s=0.02, duplicate=duplicate)
    answers = await ask_all(simulator, code, [key] * 100)
    assert {answer.status_code for answer in answers if isinstance(answer, httpx.Response)} == {200}
    assert len(answers) == 100
    different = {answer.text for answer in answers if isinstance(answer, httpx.Response)}
    assert (len(different) > 1) is duplicate
    calls = simulator.calls(key=key)
    assert sorted(call["attempt"] for call in calls) == list(range(1, 101))
    assert sum(call["effect"] for call in calls) == 1
    assert [effect["effects"] for effect in simulator.effects(key=key)] == [1]


async def test_failing_repeats_have_one_effect_and_some_were_done_without_the_caller_knowing(
    simulator: RunningSimulator,
) -> None:
    simulator.control("flaky-a", failure_rate=0.4, failures=["error", "cut"])
    keys = [f"flaky/{number}" for number in range(60)]
    await ask_all(simulator, "flaky-a", keys * 5)
    done_unseen, failed, total = 0, 0, 0
    for key in keys:
        calls = simulator.calls(key=key)
        total += len(calls)
        failed += sum(call["failure"] is not None for call in calls)
        done_unseen += sum(call["effect"] and call["failure"] is not None for call in calls)
        assert sum(call["effect"] for call in calls) <= 1
        if any(call["status"] == 200 for call in calls):
            assert [effect["effects"] for effect in simulator.effects(key=key)] == [1]
    assert total == 300
    assert 0.25 < failed / total < 0.55
    assert done_unseen > 0


def test_a_key_used_for_another_request_is_told(simulator: RunningSimulator) -> None:
    assert ask(simulator, "reuse-a", "reuse/1", {"id_number": "1"}).status_code == 200
    again = ask(simulator, "reuse-a", "reuse/1", {"id_number": "2"})
    assert (again.status_code, again.json()) == (422, {"error": "key_reused"})


def release(simulator: RunningSimulator, code: str, of_key: str, key: str) -> httpx.Response:
    escaped = of_key.replace("/", "%2F")
    url = f"{simulator.url}/sources/{code}/records/{escaped}/release"
    return simulator.http.post(url, headers={"Idempotency-Key": key})


def test_a_release_undoes_once(simulator: RunningSimulator) -> None:
    ask(simulator, "name-reservation", "2026/1/1/fetch/0")
    for _ in range(2):
        assert release(simulator, "name-reservation", "2026/1/1/fetch/0", "2026/1/2/undo/0").status_code == 200
    [held] = simulator.effects(key="2026/1/1/fetch/0")
    [released] = simulator.effects(key="2026/1/2/undo/0")
    assert held["undone"] is True
    assert (released["kind"], released["of_key"], released["effects"]) == ("release", "2026/1/1/fetch/0", 1)


def test_what_was_released_before_it_came_never_comes(simulator: RunningSimulator) -> None:
    release(simulator, "name-reservation", "late/1", "late/2")
    late = ask(simulator, "name-reservation", "late/1")
    assert (late.status_code, late.json()["reason"]) == (404, "released")
    assert simulator.effects(key="late/1") == []


def test_revocations_and_notices_are_effects_too(simulator: RunningSimulator) -> None:
    revocation = {"case_no": "1", "item": "tax-registration", "undo_of": "1/1/1/decide/0"}
    notice = {"channel": "sms", "template": "closed", "to_ref": "applicant", "case_no": "1"}
    for path, key, body in (("/departments/tax/revocations", "rv/1", revocation), ("/notices", "nt/1", notice)):
        for _ in range(2):
            answer = simulator.http.post(simulator.url + path, headers={"Idempotency-Key": key}, json=body)
            assert (answer.status_code, answer.json()) == (200, {"done": True})
    assert [(effect["kind"], effect["code"]) for effect in simulator.effects(key="rv/1")] == [("revocation", "tax")]
    assert [(effect["kind"], effect["code"]) for effect in simulator.effects(key="nt/1")] == [
        ("notice", "notice-gateway")
    ]
    simulator.control("tax", side="departments", mode="refuse")
    refused = simulator.http.post(
        f"{simulator.url}/departments/tax/revocations", headers={"Idempotency-Key": "rv/2"}, json=revocation
    )
    assert (refused.status_code, refused.json()["reason"]) == (409, "not_revocable")
    simulator.control("tax", side="departments", mode="refuse_new")
    order = {"case_no": "1", "item": "tax"}
    refused, undone = (
        simulator.http.post(f"{simulator.url}/departments/tax/{what}", headers={"Idempotency-Key": key}, json=body)
        for what, key, body in (("items", "it/3", order), ("revocations", "rv/3", revocation))
    )
    assert (refused.status_code, undone.status_code) == (409, 200)


@pytest.mark.parametrize(
    ("path", "headers", "content", "status"),
    [
        ("/sources/x/records", {}, b"{}", 400),
        ("/sources/x/records", {"Idempotency-Key": "bad/1"}, b"{", 400),
        ("/sources/x/records", {"Idempotency-Key": "bad/2"}, b"[]", 422),
        ("/sources/x/records", {"Idempotency-Key": "bad/3"}, b'{"case_no": 7}', 422),
        ("/departments/tax/revocations", {"Idempotency-Key": "bad/4"}, b'{"case_no": "1"}', 422),
        ("/notices", {"Idempotency-Key": "bad/5"}, b'{"name": "x"}', 422),
    ],
)
def test_malformed_requests_do_nothing(
    simulator: RunningSimulator, path: str, headers: dict[str, str], content: bytes, status: int
) -> None:
    assert simulator.http.post(simulator.url + path, headers=headers, content=content).status_code == status
    assert [effect for effect in simulator.effects() if effect["key"].startswith("bad/")] == []


@pytest.mark.parametrize(
    "change",
    [
        {"moode": "answer"},
        {"mode": "sulk"},
        {"callbacks": -1},
        {"failure_rate": 1.1},
        {"failures": []},
        {"latency_s": -1},
        {"record": None},
    ],
)
def test_a_wrong_control_is_refused_and_changes_nothing(simulator: RunningSimulator, change: dict[str, Any]) -> None:
    simulator.control("control-a", latency_s=0.01)
    assert simulator.control("control-a", **change).status_code == 422
    assert simulator.http.get(f"{simulator.url}/control").json()["sources"]["control-a"]["latency_s"] == 0.01


def test_unmentioned_fields_keep_their_value(simulator: RunningSimulator) -> None:
    simulator.control("control-b", mode="down", stale_days=3)
    answer = simulator.control("control-b", seed=9).json()
    assert (answer["mode"], answer["stale_days"], answer["seed"]) == ("down", 3, 9)


def test_calls_are_paged_and_cleared() -> None:
    simulator = RunningSimulator()
    try:
        for number in range(5):
            ask(simulator, "page-a", f"page/{number}")
        first = simulator.http.get(f"{simulator.url}/calls?limit=3").json()
        rest = simulator.http.get(f"{simulator.url}/calls?since={first['next']}&limit=3").json()
        assert [call["key"] for call in first["items"] + rest["items"]] == [f"page/{number}" for number in range(5)]
        assert rest["next"] is None
        assert simulator.http.delete(f"{simulator.url}/calls").status_code == 204
        assert simulator.calls() == []
        assert len(simulator.effects()) == 5
    finally:
        simulator.kill()


async def test_effects_and_behaviours_outlive_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state"
    simulator = RunningSimulator(state)
    told: dict[str, str] = {}
    unanswered: set[str] = set()
    numbers = count()

    async def ask_until_nobody_is_there(client: httpx.AsyncClient) -> None:
        while True:
            key = f"kill/{next(numbers)}"
            unanswered.add(key)
            try:
                answer = await client.post(
                    "/sources/kill-a/records", headers={"Idempotency-Key": key}, json={"name": "王小明"}
                )
            except httpx.TransportError:
                return
            told[key] = answer.text
            unanswered.remove(key)

    try:
        simulator.control("kill-a", stale_days=2, seed=4, latency_s=0.01)
        async with (
            httpx.AsyncClient(base_url=simulator.url, timeout=PATIENCE_S) as client,
            asyncio.TaskGroup() as storm,
        ):
            for _ in range(5):
                storm.create_task(ask_until_nobody_is_there(client))
            while len(told) < 15:  # noqa: ASYNC110 (the tasks tell by counting)
                await asyncio.sleep(0.005)
            simulator.kill()
        assert len(unanswered) == 5, "the kill comes in the middle, whenever it comes"
        with state.open("ab") as torn:
            torn.write(b'{"type":"effect","key":"torn')
        simulator.start()
        asked = [*told, *unanswered]
        again = {key: ask(simulator, "kill-a", key, {"name": "王小明"}).text for key in asked}
        assert {key: again[key] for key in told} == told, "what somebody was told is forgotten"
        assert [effect["effects"] for effect in simulator.effects()] == [1] * len(asked)
        behaviour = simulator.control("kill-a").json()
        assert (behaviour["stale_days"], behaviour["seed"]) == (2, 4)
    finally:
        simulator.kill()
    written = [line["key"] for line in map(json.loads, state.read_text().splitlines()) if line["type"] == "effect"]
    assert sorted(written) == sorted(asked)


@given(
    seed=st.integers(),
    code=st.text(min_size=1),
    key=st.text(min_size=1),
    attempt=st.integers(1, 100),
    rate=st.floats(0, 1),
)
def test_fate_depends_on_nothing_but_its_arguments(seed: int, code: str, key: str, attempt: int, rate: float) -> None:
    behaviour = Behaviour(seed=seed, failure_rate=rate, failures=(Failure.CUT,))
    first = fate(behaviour, code, key, attempt)
    assert fate(behaviour, code, key, attempt) == first
    assert first.failure in (None, Failure.CUT)
    if rate in (0, 1):
        assert (first.failure is not None) is (rate == 1)


@pytest.mark.parametrize("trial", [None, "", "false", "0"])
def test_outside_a_trial_it_does_not_play(trial: str | None) -> None:
    """Whoever reaches /control says what every data source answers."""
    command = [sys.executable, "-m", "onething.connectors.simulator", "--port", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "ONETHING_TRIAL"}
    if trial is not None:
        environment["ONETHING_TRIAL"] = trial
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "ONETHING_TRIAL" in ended.stderr
    assert "Traceback" not in ended.stderr
