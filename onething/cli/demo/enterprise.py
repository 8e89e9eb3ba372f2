"""企业开办: six items of six departments, while data sources fail 40 % of the time, one takes its time and one says
something else than the applicant. The bank's own system decides its item, people the others."""

import contextlib
import secrets
import time
from collections import Counter
from typing import Any

from onething.cli.client.client import Client
from onething.cli.client.problem import ApiRefused
from onething.cli.demo.play import DemoDecision, Play, state_of, today
from onething.domain.kernel.state import CaseStatus, ItemState

TITLE = "企业开办"
EXAMPLE = "enterprise-opening.yaml"
APPLICANT = "citizen"
DEPARTMENTS = ("amr", "psb", "tax", "hrss", "hpf")
BY_SYSTEM = "bank"
ADDRESSES, LOOKS_INTO_IT = "standard-address", "natres"
OTHER_ADDRESS = "浙江省杭州市西湖区文三路999号3幢806室"
SLOW, SLOW_S = "business-licence", 5.0
FAILING = ("business-licence", "standard-address", "identity-check", "name-reservation")
FAILURE_RATE = 0.4
ENOUGH = 5  # failures of one look-up after which the demo lets the sources be: the next pause would be minutes
IMPATIENT_S = 20.0
CERTIFICATES = 3  # licence, seal filing, social insurance


def play(on: Play) -> None:
    """Submitted online, accepted, registered; then four departments and the bank's system at once."""
    _sources(on, FAILURE_RATE)
    on.say(f"电子营业执照等 {len(FAILING)} 个数据源此时每次有 {FAILURE_RATE:.0%} 的可能失败")
    on.stage.outside.source(SLOW, mode="accept_then_callback", ready_after_s=SLOW_S)
    # a room of its own in every demo: of the last one's the register has spoken, and is not asked again so soon
    address = f"浙江省杭州市西湖区文三路 999 号 3 幢 {100 + secrets.randbelow(700)} 室"
    on.stage.outside.source(ADDRESSES, record={"standard_address": OTHER_ADDRESS}, record_for={"address": address})
    on.submit(address=address)
    on.accept()
    case = on.wait_until("等候电子营业执照", lambda case: _waits_for_callback(case) or _gathered(on, case))
    on.expect("看得到在等谁回调", _waits_for_callback(case), True)
    on.say(f"出资人的电子营业执照要过 {SLOW_S:.0f} 秒才回调，申请人看得到在等谁、等到几时")
    _wait_for_the_data(on)
    on.say("数据已全部取到，市场监管部门开始办理")
    _settle_the_address(on)
    case = on.decide(_decisions(), DEPARTMENTS)
    _sources(on, 0)
    on.stage.outside.source(ADDRESSES, record={}, record_for={})
    on.stage.outside.source(SLOW, mode="answer")
    on.expect("结果", case["status"], CaseStatus.CLOSED.value)
    on.expect("准予的事项", _approved(case), len(DEPARTMENTS) + 1)
    on.expect("登记之后四个部门同时有待办", _side_by_side(on), True)
    on.expect("没有待办、由银行系统作决定的事项", BY_SYSTEM not in on.tasks, True)


def _wait_for_the_data(on: Play) -> None:
    """As a counter would: what takes too long is asked anew."""
    since, asked = time.monotonic(), set[str]()

    def gathered(case: dict[str, Any]) -> bool:
        waited = time.monotonic() - since
        for one in case.get("asked") or () if waited > IMPATIENT_S else ():
            if one["key"] not in asked:
                asked.add(one["key"])
                with contextlib.suppress(ApiRefused):  # it has come meanwhile
                    on.stage.of("counter").post(f"/api/cases/{on.case_no}/data/{one['key']}/retry")
                    on.say(f"综合窗口请数据源再查一次：{one['name']}")
        return _gathered(on, case)

    on.wait_until("数据取齐", gathered)


def _settle_the_address(on: Play) -> None:
    """Nobody picks one silently: the owner of the register is asked which is right."""
    owner = on.stage.of(f"officer.{LOOKS_INTO_IT}")
    task = on.stage.wait_for(f"{on.title}：住所不一致的待办", lambda: _task_of(owner, on.case_no))
    (differs,) = owner.get(f"/api/tasks/{task['task_id']}")["case"]["discrepancies"]
    said = [side["said"] for side in differs["values"]]
    on.say(f"住所的各方数据不一致：{'；'.join(said)}")
    right = differs["values"][0]["value"]
    owner.post(f"/api/tasks/{task['task_id']}/resolve", {"which": right, "note": "门牌登记有误，已更正。"})
    on.say(f"{differs['department_name']}核实：以申请人填写的为准")
    on.expect("住所的各方数据", len(set(said)), 2)


def _task_of(owner: Client, case_no: str) -> dict[str, Any] | None:
    found = (task for task in owner.pages("/api/tasks", state="open") if task["case_no"] == case_no)
    return next(found, None)


def _decisions() -> dict[str, DemoDecision]:
    return {
        "registration": DemoDecision(outputs={"established_on": today()}),
        "seal": DemoDecision(),
        "tax": DemoDecision(outputs={"taxpayer_kind": "small_scale", "tax_office": "示例区税务局第一税务所"}),
        "social-insurance": DemoDecision(),
        "housing-fund": DemoDecision(),
    }


def _sources(on: Play, failure_rate: float) -> None:
    for source in FAILING:
        # another seed in every demo: keys repeat from day to day, and so would what fails
        on.stage.outside.source(source, failure_rate=failure_rate, seed=secrets.randbelow(1_000_000))


def _gathered(on: Play, case: dict[str, Any]) -> bool:
    failures = Counter(call["key"] for call in on.stage.outside.calls(on.case_no) if call["failure"] is not None)
    if failures and max(failures.values()) == ENOUGH:
        on.say(f"有一个数据源已连续失败 {ENOUGH} 次，演示不再为难它")
        _sources(on, 0)
    return state_of(case, "registration") not in (ItemState.WAITING, ItemState.GATHERING)


def _waits_for_callback(case: dict[str, Any]) -> bool:
    return any(one["calls_back"] for one in case.get("asked") or ())


def _approved(case: dict[str, Any]) -> int:
    return sum(item["state"] == ItemState.APPROVED for item in case["items"])


def _side_by_side(on: Play) -> bool:
    """Whether the tasks opened at the same moment."""
    opened = {task["opened_at"] for item, task in on.tasks.items() if item != "registration"}
    return len(on.tasks) == len(DEPARTMENTS) and len(opened) == 1
