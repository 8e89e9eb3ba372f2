"""One case being played: who does what, in which order; what was seen on the way; what turned out differently."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from onething.cli.client.client import Client
from onething.cli.client.problem import ApiRefused
from onething.cli.commands import application_file
from onething.cli.demo.stage import LOOK_EVERY_S, Stage
from onething.cli.terminal import labels
from onething.cli.terminal.failures import CommandFailed
from onething.cli.terminal.output import BEIJING
from onething.cli.terminal.vocabulary import Vocabulary
from onething.connectors.simulator.numbers import issued_outputs
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.kernel.lifecycle import STATUS_NAMES
from onething.domain.kernel.state import CaseStatus


@dataclass(frozen=True)
class DemoDecision:
    """What a department's person will decide about an item. Numbers that it gives out are the case's own."""

    outcome: str = ""  # none: as well as it may end
    outputs: Mapping[str, Any] = field(default_factory=dict)
    opinion: str | None = None


def _refused(call: Callable[[], object]) -> int | None:
    """The status of the refusal; None if there was none."""
    try:
        call()
    except ApiRefused as refused:
        return refused.problem.status
    return None


@dataclass
class Play:
    """The state of a story; filled as it goes, printed afterwards."""

    stage: Stage
    title: str
    example: str
    applicant: str  # account
    case_no: str = ""
    query_code: str = ""
    seconds: float = 0.0
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)  # item → its task as first seen
    differences: list[str] = field(default_factory=list)

    @property
    def me(self) -> Client:
        return self.stage.of(self.applicant)

    def say(self, line: str) -> None:
        self.stage.say(self.title, line)

    def expect(self, what: str, found: object, expected: object) -> None:
        """Note a difference; the story goes on."""
        if found != expected:
            self.differences.append(f"{what}：应为 {expected}，实为 {found}")

    def submit(self, **form: str) -> None:
        """The example, with these values in its form."""
        body = application_file.read(self.stage.examples / self.example).body
        if self.applicant == "counter":
            body = {**body, "seen": [{"party": "applicant", "document": "resident_id", "presence": "in_person"}]}
        opened = self.me.post("/api/cases", {**body, "form": {**body["form"], **form}})
        self.case_no, self.query_code = opened["case_no"], opened["query_code"]
        self.say(f"{self._by(self.applicant)}提交，办件编号 {self.case_no}")
        self.hand_in()

    def submit_by_helper(self, helper: str) -> None:
        """Who only knows the applicant's number gets nowhere with it; what they wrote the applicant confirms."""
        body = application_file.read(self.stage.examples / self.example).body
        other = self.stage.of(helper)
        self.expect("没有委托的人替人提交", _refused(lambda: other.post("/api/cases", body)), 403)
        self.say("邻居知道申请人的证件号码，想替人提交：被拒绝，只能填成草稿由本人确认")
        drafted = other.post("/api/cases", {**body, "submit": False})
        self.case_no, self.query_code = drafted["case_no"], drafted["query_code"]
        waiting = [one["case_no"] for one in self.me.get("/api/cases", to_confirm="true")["items"]]
        self.expect("待我确认", self.case_no in waiting, True)
        self.me.post_as_read(f"/api/cases/{self.case_no}/submit", int(self.case()["version"]))
        self.say(f"申请人在“待我确认”里看过全文，确认提交，办件编号 {self.case_no}")
        self.expect("提交后帮忙的人再看", _refused(lambda: other.get(f"/api/cases/{self.case_no}")), 404)
        self.expect("帮忙的人的查询码", _refused(self._progress), 404)
        self.query_code = self.me.post(f"/api/cases/{self.case_no}/query-code")["query_code"]
        self.say("帮忙的人此后看不到这件事，手里的查询码也打不开；申请人换了新的查询码")
        self.hand_in()

    def _progress(self) -> Any:
        return self.stage.anybody.get(f"/api/progress/{self.case_no}", code=self.query_code)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return self.stage.anybody.vocabulary(self.case()["bundle"])

    @property
    def departments(self) -> Mapping[str, str]:
        """Code → name."""
        return self.vocabulary.departments

    def case(self) -> dict[str, Any]:
        found: dict[str, Any] = self.me.get(f"/api/cases/{self.case_no}")
        return found

    def timeline(self) -> list[dict[str, Any]]:
        return list(self.me.pages(f"/api/cases/{self.case_no}/timeline"))

    def accept(self, later: tuple[str, ...] = ()) -> None:
        """`later`: materials that are missing and may come later (容缺受理)."""
        self.stage.of("counter").post(f"/api/cases/{self.case_no}/accept", {"deferred": list(later)})
        names = "、".join(self.vocabulary.materials.get(code, code) for code in later)
        self.say(f"综合窗口容缺受理，以后补交：{names}" if later else "综合窗口受理")

    def ask_corrections(self, items: list[dict[str, str]]) -> None:
        self.stage.of("counter").post(f"/api/cases/{self.case_no}/corrections", {"items": items})
        self.say(f"综合窗口一次性告知，需要补正 {len(items)} 处")

    def supplement(self, materials: tuple[str, ...] = (), form: Mapping[str, Any] | None = None) -> None:
        body = {"materials": [{"code": code, "form": "paper"} for code in materials], "form": dict(form or {})}
        self.me.post(f"/api/cases/{self.case_no}/supplement", body)
        names = [self.vocabulary.materials.get(code, code) for code in materials]
        names += [self.vocabulary.place(f"/form/{one}") for one in form or ()]
        self.say(f"申请人补充：{'、'.join(names)}")
        self.hand_in(*materials)

    def hand_in(self, *materials: str) -> None:
        """What was said to be handed in (of these, or all) is there when the counter says so; the counter's own word is
        that already."""
        waiting = [one["code"] for one in self.case()["materials"] if one["state"] == "to_hand_in"]
        if papers := [code for code in waiting if not materials or code in materials]:
            self.stage.of("counter").post(f"/api/cases/{self.case_no}/papers", {"materials": papers})
            names = "、".join(self.vocabulary.materials.get(code, code) for code in papers)
            self.say(f"申请人把纸质件交到综合窗口，窗口收取：{names}")

    def wait_until(self, what: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The case as soon as this holds."""

        def look() -> dict[str, Any] | None:
            case = self.case()
            return case if holds(case) else None

        return self.stage.wait_for(f"{self.title}：{what}", look)

    def decide(self, decisions: Mapping[str, DemoDecision], departments: tuple[str, ...]) -> dict[str, Any]:
        """Every department's person works on the queue, all at once, until the case has ended."""
        ended = threading.Event()
        with ThreadPoolExecutor(len(departments)) as pool:
            people = [pool.submit(self._office_hours, one, decisions, ended) for one in departments]
            try:
                case = self.wait_until("办结", lambda case: case["status"] in labels.ENDED or _failed(people))
            finally:
                ended.set()
        for person in people:
            person.result()
        self.say(f"结束：{STATUS_NAMES[CaseStatus(case['status'])]}")
        return case

    def _office_hours(self, department: str, decisions: Mapping[str, DemoDecision], ended: threading.Event) -> None:
        officer = self.stage.of(f"officer.{department}")
        while not ended.is_set():
            for task in officer.pages("/api/tasks", state="open"):
                waits = task["case_no"] != self.case_no or task["kind"] != "decide" or self._is_inspected(task["item"])
                if not waits:
                    self.tasks.setdefault(task["item"], task)
                    self._decide(officer, task, decisions[task["item"]])
            self.stage.pause(LOOK_EVERY_S)

    def _is_inspected(self, item: str) -> bool:
        """Whether its department has still to record what it found in an inspection."""
        parts = (part for one in self.case().get("inspections") or () for part in one["parts"])
        return any(part["item"] == item and part["state"] in {"due", "points"} for part in parts)

    def _decide(self, officer: Client, task: dict[str, Any], decision: DemoDecision) -> None:
        detail = officer.get(f"/api/tasks/{task['task_id']}")
        item = next(item["name"] for item in detail["case"]["items"] if item["code"] == task["item"])
        ends = {one["code"]: one for one in detail["outcomes"]}
        well = next(code for code, one in ends.items() if one["effect"] == OutcomeEffect.WELL)
        outcome = decision.outcome or well
        body: dict[str, Any] = {"outcome": outcome, "outputs": dict(decision.outputs)}
        body["seen"] = detail.get("decides_on", {})
        if outcome == well:
            body["outputs"] |= issued_outputs(detail["decision_form"], self.case_no)
        if decision.opinion:
            body["opinion"] = decision.opinion
        officer.post(f"/api/tasks/{task['task_id']}/decide", body)
        holder = self.departments.get(department := task["department"], department)
        self.say(f"{holder}{ends[outcome]['name']}：{item}")

    def run(self, story: Callable[["Play"], None]) -> None:
        """Play the story to its end. What the system refuses or fails to do in time is a difference, too."""
        started = time.monotonic()
        try:
            story(self)
        except CommandFailed as failure:
            self.differences.append(failure.message)
            self.say(f"没有照预期进行：{failure.message}")
        self.seconds = time.monotonic() - started

    def _by(self, account: str) -> str:
        return {"citizen": "市民甲网上", "citizen2": "市民乙网上", "counter": "综合窗口代为"}.get(account, account)


def today() -> str:
    return datetime.now(BEIJING).date().isoformat()


def state_of(case: dict[str, Any], item: str) -> str:
    """An item's state; `KeyError` when the case has no such item."""
    return str({one["code"]: one["state"] for one in case["items"]}[item])


def _failed(people: list[Any]) -> bool:
    return any(person.done() and person.exception() is not None for person in people)
