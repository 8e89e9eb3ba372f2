"""竣工联合验收: two departments look at a building together; what is to be mended stands in one list, and that alone is
looked at again."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from onething.cli.demo.play import DemoDecision, Play, today
from onething.domain.kernel.state import CaseStatus, ItemState

TITLE = "竣工联合验收"
EXAMPLE = "completion-acceptance.yaml"
APPLICANT = "counter"
DEPARTMENTS = ("natres", "housing", "drainage", "urban", "urban-archives")
LEADS = "officer.housing"
BLOCKED = "雨水、污水的接驳井接反。"
CERTIFICATES = 4  # planning, fire filing, the filing of completion, the title


def play(on: Play) -> None:
    """Three days are offered, one is chosen; the drains are connected the wrong way round, and put right."""
    on.submit()
    on.accept()
    with ThreadPoolExecutor(1) as pool:
        inspecting = pool.submit(_inspected, on)
        case = on.decide(_decisions(), DEPARTMENTS)
        inspecting.result()
    on.expect("结果", case["status"], CaseStatus.CLOSED.value)
    approved = sum(item["state"] == ItemState.APPROVED for item in case["items"])
    on.expect("办成的事项", approved, 7)
    [inspection] = case["inspections"]
    on.expect("查验的轮次", inspection["round"], 2)
    on.expect("查验通过的部分", [part["state"] for part in inspection["parts"]], ["passed", "passed"])


def _inspected(on: Play) -> None:
    _on_a_day(on)
    _found(on, "officer.drainage", "drains", BLOCKED)
    _found(on, "officer.urban", "green")
    on.stage.of(LEADS).post(f"{_path(on)}/list")
    on.say("住建部门汇总：一张整改清单一次告知建设单位；整改期间承诺期限不计")
    [point] = _inspection(on.case())["points"]
    on.expect("清单上的问题", point["text"], BLOCKED)
    on.me.post(f"{_path(on)}/rectified", {"what": "接驳井已经改接，附照片。"})
    on.say("建设单位报告已经整改")
    _on_a_day(on)
    _found(on, "officer.drainage", "drains")
    on.say("只复验清单上的问题：通过，现场验收结束")


def _on_a_day(on: Play) -> None:
    """Of three days the applicant chooses the first: today, whatever day it is."""
    on.wait_until("等牵头部门提供日期", lambda case: _inspection(case)["state"] == "ready")
    days = [(date.fromisoformat(today()) + timedelta(days=n)).isoformat() for n in range(3)]
    on.stage.of(LEADS).post(f"{_path(on)}/days", {"days": days, "on_day_off": True})
    on.me.post(f"{_path(on)}/choice", {"on": days[0]})
    on.say(f"住建部门提供三个日期，建设单位选了 {days[0]}")


def _found(on: Play, officer: str, item: str, *points: str) -> None:
    body = {"officers": 2, "points": list(points)}
    on.stage.of(officer).post(f"/api/cases/{on.case_no}/items/{item}/inspection", body)
    name = next(part["name"] for part in _inspection(on.case())["parts"] if part["item"] == item)
    on.say(f"现场查验“{name}”：{'；'.join(points) or '通过'}")


def _inspection(case: Mapping[str, Any]) -> Mapping[str, Any]:
    [found] = case["inspections"]
    inspection: Mapping[str, Any] = found
    return inspection


def _path(on: Play) -> str:
    return f"/api/cases/{on.case_no}/inspections/site"


def _decisions() -> dict[str, DemoDecision]:
    return {
        "planning": DemoDecision(),
        "fire-filing": DemoDecision(outputs={"drawn": False}),
        "drains": DemoDecision(),
        "green": DemoDecision(),
        "filing": DemoDecision(),
        "archive": DemoDecision(),
        "title": DemoDecision(),
    }
