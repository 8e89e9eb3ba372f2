"""The applicant of each case, and the counter: applies, supplies what is asked for, withdraws if the script says so."""

import asyncio
import random
from typing import Any

from chaos.applications import Application, Registry
from chaos.faults import CALLS_BACK_AFTER_S
from chaos.people import Person, Town
from chaos.scripts import Script, Story
from onething.domain.kernel.state import ENDED, ItemState

IMPATIENT_S = 3 * CALLS_BACK_AFTER_S  # a callback that has not come by now is lost
RETRIED_AGAIN_S = 605.0  # sooner the system refuses
_ENDED = frozenset(str(status) for status in ENDED)
_CORRECTED_FIELD = {"enterprise-opening": "company_name", "death-deregistration": "payee_account"}
_CORRECTED_PAPER = {"enterprise-opening": "articles", "death-deregistration": "relation-proof"}


class Case:
    """One script being lived through. Others meet it by its number."""

    def __init__(self, town: Town, registry: Registry, script: Script) -> None:
        self.town = town
        self.script = script
        self.case_no: str | None = None
        self.race = asyncio.Event()  # the officer is about to decide the item that is raced for
        self.ended = False
        self._awaited: dict[str, float] = {}  # look-up → since when its callback is awaited
        self._company = registry.company()
        self._chance = random.Random(script.seed)
        account = self._chance.choice(("citizen", "citizen2", "agent", "counter", "counter", "counter"))
        self.application: Application = registry.apply(script.bundle, account, script.example)
        self.secrets = set(self.application.secrets)
        self._citizen = Person(town, account, f"case-{script.name}")
        self._counter = Person(town, "counter", f"counter-{script.number:03d}")

    async def live(self) -> None:
        """From application to the end of the case. Raises `Unanswered`."""
        await self._apply()
        story = self.script.story
        if story is Story.WITHDRAWN_AT_ONCE:
            await self._pause(0.0, 2.5)
            await self._withdraw()
        elif story is Story.WITHDRAWN_BEFORE_CALLBACK:
            await self._until_a_source_calls_back()
            await self._pause(0.0, CALLS_BACK_AFTER_S + 1.0)
            await self._withdraw()
        else:
            await self._pause(0.5, 8.0)
            await self._at_the_counter()
        await self._until_ended()

    async def _apply(self) -> None:
        body = self.application.body
        if not self.script.as_draft:
            answer = await self._citizen.say("submitted", "/api/cases", body)
            self.case_no = _number(answer.body)
            return
        begun = await self._citizen.say("draft", "/api/cases", {**body, "submit": False})
        self.case_no = _number(begun.body)
        await self._pause(0.2, 3.0)
        await self._say("submitted", "submit")

    async def _at_the_counter(self) -> None:
        if self.script.story is Story.REJECTED:
            await self._by_counter("rejected", "reject", {"reason": "不属于本地受理范围。", "basis": "受理规定"})
            return
        await self._hand_in()
        if self.script.story is Story.CORRECTED:
            await self._corrections()
        await self._by_counter("accepted", "accept")

    async def _corrections(self) -> None:
        field, paper = _CORRECTED_FIELD[self.script.bundle], _CORRECTED_PAPER[self.script.bundle]
        wrong = [{"pointer": f"/form/{field}", "what": "请更正。"}, {"material": paper, "what": "请重新提供。"}]
        await self._by_counter("corrections_asked", "corrections", {"items": wrong})
        await self._pause(0.5, 5.0)
        value = self._company if field == "company_name" else "6200000000000000118"
        self.secrets.add(self._company)
        await self._say("supplemented", "supplement", {"form": {field: value}, "materials": [_paper(paper)]})
        await self._hand_in()

    async def _hand_in(self) -> None:
        """Papers are there when the counter says so."""
        case = await self._citizen.see(f"/api/cases/{self.case_no}")
        papers = [one["code"] for one in case.get("materials") or () if one["state"] == "to_hand_in"]
        if papers:
            await self._by_counter("papers_received", "papers", {"materials": papers})

    async def _until_a_source_calls_back(self) -> None:
        """Or for so long that it has, or never will."""
        until = self.town.now + 4 * CALLS_BACK_AFTER_S
        while self.town.now < until:
            case = await self._citizen.see(f"/api/cases/{self.case_no}")
            if any(one["calls_back"] for one in case.get("asked") or ()):
                return
            await self._pause(0.2, 0.6)

    async def _until_ended(self) -> None:
        """Supplies what sources did not give, withdraws if that is the story."""
        withdraws_after = self._chance.randrange(1, 3)
        racing = asyncio.create_task(self._race())
        try:
            while True:
                case = await self._citizen.see(f"/api/cases/{self.case_no}")
                if case["status"] in _ENDED:
                    self.ended = True
                    return
                if case.get("missing") and case["status"] in ("submitted", "accepted", "processing"):
                    await self._by_counter("papers_received", "papers", {"materials": case["missing"]})
                await self._have_asked_anew(list(case.get("asked") or ()))
                approved = sum(item["state"] == ItemState.APPROVED for item in case["items"])
                if self.script.story is Story.WITHDRAWN_LATER and approved >= withdraws_after:
                    withdraws_after = 1000
                    await self._pause(0.0, 2.0)
                    await self._withdraw()
                await self._pause(1.5, 3.0)
        finally:
            racing.cancel()
            await asyncio.gather(racing, return_exceptions=True)

    async def _have_asked_anew(self, demands: list[dict[str, Any]]) -> None:
        """A callback may be lost with whom it came from: the counter has the source asked again."""
        for one in demands:
            since = self._awaited.setdefault(one["key"], self.town.now)
            if one["calls_back"] and self.town.now - since > IMPATIENT_S:
                self._awaited[one["key"]] = self.town.now + RETRIED_AGAIN_S - IMPATIENT_S
                await self._by_counter("look_up_retried", f"data/{one['key']}/retry", about={"data": one["key"]})

    async def _race(self) -> None:
        if self.script.story is Story.WITHDRAWAL_RACE:
            await self.race.wait()
            await self._withdraw()

    async def _withdraw(self) -> None:
        await self._say("withdrawn", "withdraw")

    async def _say(self, act: str, call: str, body: object = None) -> None:
        await self._citizen.say(act, f"/api/cases/{self.case_no}/{call}", body, case_no=self.case_no)

    async def _by_counter(self, act: str, call: str, body: object = None, about: dict[str, Any] | None = None) -> None:
        path = f"/api/cases/{self.case_no}/{call}"
        await self._counter.say(act, path, body, case_no=self.case_no, about=about)

    async def _pause(self, least: float, most: float) -> None:
        await asyncio.sleep(self._chance.uniform(least, most))


def _paper(code: str) -> dict[str, str]:
    return {"code": code, "form": "paper"}


def _number(body: dict[str, object]) -> str:
    """KeyError when the application was refused: the example does not fit the bundle any more."""
    return str(body["case_no"])
