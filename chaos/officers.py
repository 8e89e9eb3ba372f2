"""Departments' people: each watches its queue and decides what comes, as the case's script says."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from chaos import decisions
from chaos.citizens import Case
from chaos.people import Answer, Person, Town, Unanswered
from chaos.scripts import Story
from onething.domain.kernel.task_ref import (
    TaskRef,
    discrepancy_task,
)

LOOK_EVERY_S = 1.0
KNOWING = 0.3  # share of refusals for data that disagree after which the officer approves all the same


class Department:
    """An officer and a leader who share one queue."""

    def __init__(self, town: Town, code: str, case_of: Callable[[str], Case | None]) -> None:
        self.officer = Person(town, f"officer.{code}", f"officer.{code}")
        self.leader = Person(town, f"leader.{code}", f"leader.{code}")
        self._case_of = case_of
        self._chance = random.Random(f"{code}/{town.chance.random()}")
        self._at_hand: dict[str, asyncio.Task[None]] = {}

    async def office_hours(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(LOOK_EVERY_S * self._chance.uniform(0.6, 1.4))
        finally:
            for task in self._at_hand.values():
                task.cancel()
            await asyncio.gather(*self._at_hand.values(), return_exceptions=True)

    async def _look(self) -> None:
        try:
            page = await self.officer.see("/api/tasks", state="open", limit=200)
        except Unanswered:
            return
        for task in page["items"]:
            known = self._at_hand.get(task["task_id"])
            case = self._case_of(task["case_no"])
            if case is not None and (known is None or known.done()):
                handling = self._handle(task, case, again=known is not None)
                self._at_hand[task["task_id"]] = asyncio.create_task(handling)

    async def _handle(self, task: dict[str, Any], case: Case, *, again: bool) -> None:
        await asyncio.sleep(self._chance.uniform(0.5, 9.0))
        if task["kind"] == "undo":
            await self._decide(self.officer, task, {"outcome": "undone"})
            return
        if task["kind"] == "revoke":  # its system has approved what had been called off: that stands
            body, about = {"revoke": False, "opinion": "系统已经依法准予。"}, {"item": task["item"], "revoke": False}
            path, case_no = f"/api/tasks/{task['task_id']}/revoke", task["case_no"]
            await self.officer.say("revocation_decided", path, body, case_no=case_no, about=about)
            return
        if task["kind"] == "discrepancy":
            await self._look_into(task)
            return
        if task["kind"] == "manual_check":
            about = {"data": task["item"], "round": task["round"]}
            found, path = (
                decisions.found_by_hand(case.script.bundle, task["item"], self._chance),
                f"/api/tasks/{task['task_id']}/look-up",
            )
            await self.officer.say("looked_by_hand", path, found, case_no=task["case_no"], about=about)
            return
        if task["kind"] == "check":
            material = TaskRef.parse(task["task_id"]).name.subject
            promise = {"material": material, "kept": True}
            path = f"/api/cases/{task['case_no']}/commitments/{material}/check"
            body = {"kept": True, "finding": "与登记的一致。"}
            await self.officer.say("commitment_checked", path, body, case_no=task["case_no"], about=promise)
            return
        if task["item"] in decisions.FIRST:
            await case.town.first_decisions.wait()
        script = case.script
        mine = script.item == task["item"]
        approval = decisions.approve(script.bundle, task["item"], task["case_no"])
        if mine and script.story is Story.TWO_OFFICERS:
            await asyncio.gather(
                self._decide(self.officer, task, approval), self._decide(self.leader, task, decisions.refuse())
            )
            return
        if mine and script.story is Story.WITHDRAWAL_RACE:
            case.race.set()
            await asyncio.sleep(self._chance.uniform(0.0, 0.02))
        elif not again and self._chance.random() < 0.25:
            await self._claim(task)
        refused = mine and script.story is Story.REFUSED
        answer = await self._decide(self.officer, task, decisions.refuse() if refused else approval)
        if answer.body.get("code") == "discrepancy" and self._chance.random() < KNOWING:
            codes = [one["code"] for one in await self._disagreeing(task)]
            await self._decide(self.officer, task, decisions.approve_despite(approval, codes))

    async def _look_into(self, task: dict[str, Any]) -> None:
        """The department owns some of what disagrees: it says who is right."""
        for one in await self._disagreeing(task):
            if task["task_id"] == f"{task['case_no']}-{discrepancy_task(one['code'])}-{one['round']}":
                which = self._chance.choice(one["values"])["value"]
                body, about = {"which": which, "note": "已与原始档案核对。"}, {"code": one["code"], "which": which}
                path, case_no = f"/api/tasks/{task['task_id']}/resolve", task["case_no"]
                await self.officer.say("discrepancy_resolved", path, body, case_no=case_no, about=about)

    async def _disagreeing(self, task: dict[str, Any]) -> list[dict[str, Any]]:
        detail = await self.officer.see(f"/api/tasks/{task['task_id']}")
        return [one for one in detail["case"].get("discrepancies") or () if one["state"] == "open"]

    async def _claim(self, task: dict[str, Any]) -> None:
        about = {"item": task["item"], "round": task["round"]}
        path, case_no = f"/api/tasks/{task['task_id']}", task["case_no"]
        await self.officer.say("task_claimed", f"{path}/claim", case_no=case_no, about=about)
        await asyncio.sleep(self._chance.uniform(0.1, 2.0))

    async def _decide(self, person: Person, task: dict[str, Any], decision: dict[str, Any]) -> Answer:
        undo = "effect" not in decision
        read = {} if undo else await self.officer.see(f"/api/tasks/{task['task_id']}")
        decision = decisions.worded(decision, read)
        effect = task["task_id"].removeprefix(f"{task['case_no']}-").rpartition("-")[0]
        decides = {"item": task["item"], "round": task["round"], "outcome": decision["outcome"]}
        about = {"effect": effect} if undo else decides
        act = "undone_by_hand" if undo else "item_decided"
        path = f"/api/tasks/{task['task_id']}/decide"
        return await person.say(act, path, decision, case_no=task["case_no"], about=about)
