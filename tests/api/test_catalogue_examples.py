"""Every example of every bundle that is shipped is lived through over the API, to its end: what it says happens, and
nothing else. Some are refused on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from definitions.compile import compile_plan
from onething.connectors.simulator.records import make_record
from onething.domain.definition.bundle import BundleDefinition, Example
from onething.domain.definition.items import OutputKind
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.periods import PeriodState
from onething.domain.events.outcomes import DispatchRefused
from onething.domain.plan.plan import Plan, key_of
from tests.api.catalogue import CATALOG, application_of, outputs_of
from tests.api.test_places import staff
from tests.api.town import MORNING, Town
from tests.support import people
from tests.support.whole import sampled

TODAY = MORNING.date()


@dataclass(frozen=True)
class Ending:
    """`refused`: items that are not granted; `decided`: what is decided before the end; `status`: of the case;
    `objected`: whether somebody objects to a public notice; `unmended`: what a department finds in an inspection that
    is not mended, of the first item that is refused."""

    refused: tuple[str, ...] = ()
    decided: tuple[str, ...] | None = None
    status: str = "closed"
    objected: bool = False
    unmended: str | None = None


@dataclass(frozen=True)
class Life:
    bundle: BundleDefinition
    example: Example
    ending: Ending = field(default_factory=Ending)

    @property
    def name(self) -> str:
        refused = f"-refused-{'-'.join(self.ending.refused)}" if self.ending.refused else ""
        objected = "-objected" if self.ending.objected else ""
        return f"{self.bundle.code}-{self.bundle.examples.index(self.example)}{refused}{objected}"


REFUSED: dict[tuple[str, int], Ending] = {
    # taxes are owed: nothing is deregistered
    ("enterprise-closing", 5): Ending(("tax-clearance",), ("tax-clearance",), "terminated"),
    # a creditor objects to the simple way while it is announced: what was cleared stands, nothing is deregistered
    ("enterprise-closing", 4): Ending(decided=("tax-clearance",), objected=True),
    # an objection had been made to what was announced before: refused
    ("enterprise-closing", 0): Ending(("registration",), ("tax-clearance", "registration"), "terminated"),
    # the files do not show that they are kin: no proof, and the other one comes all the same
    ("certificate-express", 2): Ending(("kinship",), ("identity", "household", "kinship"), "closed"),
    # whoever asks was not authorised: nobody looks anything up
    ("certificate-express", 3): Ending(("identity",), ("identity",), "terminated"),
    # one of them did not come: nobody is married, and nothing follows
    ("marriage-household", 3): Ending(("registration",), ("registration",), "terminated"),
    # an injury at work is not paid for by this insurance: refused, with remedies; what was asked is answered
    ("medical-elsewhere", 3): Ending(("reimbursement",), ("settlement-query", "reimbursement"), "closed"),
    # insured no more
    ("medical-elsewhere", 1): Ending(("settlement-query",), ("settlement-query",), "terminated"),
    # somebody objects to what was announced, and is wrong: registered after all
    ("public-rental", 2): Ending(objected=True),
    # the household has too much: refused with reasons, and nothing is announced
    ("public-rental", 0): Ending(("review",), ("means", "review"), "terminated"),
    # the trade is not in the register: nobody retires early
    # what was found is not mended: the fire acceptance is refused, nothing is filed; what else was accepted stands
    ("completion-acceptance", 3): Ending(
        ("fire",), ("planning", "fire", "drains", "green"), "closed", unmended="堆放物占用消防车通道"
    ),
    ("retirement", 1): Ending(("special-trade",), ("deemed-years", "special-trade"), "terminated"),
}
"""Examples, by their number, and how they end where an office says no."""


def lives() -> Iterator[Life]:
    for bundle in CATALOG.latest.values():
        for number, example in enumerate(bundle.examples):
            yield Life(bundle, example)
            if (bundle.code, number) in REFUSED:
                yield Life(bundle, example, REFUSED[bundle.code, number])


def has_periods(life: Life) -> bool:
    plan = compile_plan(life.bundle, CATALOG.sources, life.example.answers)
    return bool(plan.periods or plan.inspections)


AT_ONCE, WITH_PERIODS = ([one for one in lives() if has_periods(one) is waits] for waits in (False, True))


@pytest.mark.parametrize("life", sampled(AT_ONCE, 24, kind=lambda one: one.bundle.code), ids=lambda one: one.name)
async def test_an_example_is_lived_through(town: Town, life: Life) -> None:
    await live_through(town, life)


@pytest.mark.parametrize("life", WITH_PERIODS, ids=lambda one: one.name)
async def test_one_in_which_a_time_passes(fresh_town: Town, life: Life) -> None:
    await live_through(fresh_town, life)


async def live_through(town: Town, life: Life) -> None:
    plan = compile_plan(life.bundle, CATALOG.sources, life.example.answers)
    body = application_of(life.bundle, life.example) | {"seen": people.SEEN}
    counter = staff(town, "counter", people.REGION)
    answer = await town.post(None, "/api/cases", body, headers=counter)
    assert answer.status_code == 201, answer.text
    case_no = str(answer.json()["case_no"])
    for command in (await town.commands(case_no, "fetch_record")).values():
        await town.record(case_no, command.target, found(plan, command.target, body))
    answer = await town.post(None, f"/api/cases/{case_no}/accept", headers=counter)
    assert answer.status_code == 200, answer.text
    decided: list[str] = []
    while (items := await open_items(town, case_no)) or await periods_over(town, life, case_no):
        await inspected(town, life, plan, case_no, items)
        for item in items:
            await decide(town, life, case_no, item)
        decided += items
    assert sorted(decided) == sorted(life.ending.decided or reached(plan, life))
    await town.finish(case_no)
    ((status,),) = town.rows("select status from cases where case_no = %s", case_no)
    assert status == life.ending.status
    issued = town.rows("select item from certificates where case_no = %s", case_no)
    assert {one for (one,) in issued} == certified(plan) & set(decided) - set(life.ending.refused)


def test_every_bundle_shows_three_situations_at_least() -> None:
    assert [one.code for one in CATALOG.latest.values() if len(one.examples) < 3] == []


def reached(plan: Plan, life: Life) -> list[str]:
    """Items that come after how its periods end."""
    return [one.code for one in plan.items if all(map(partial(_ends_so, life), one.needs_periods.values()))]


def _ends_so(life: Life, how: PeriodState) -> bool:
    return (how is PeriodState.OBJECTED) is life.ending.objected


async def inspected(town: Town, life: Life, plan: Plan, case_no: str, items: list[str]) -> None:
    """Those of these items that take part in an inspection: a day is chosen, each department records its part; what
    the life leaves unmended is in the one list, and its time passes."""
    counter = staff(town, "counter", people.REGION)
    for one in plan.inspections:
        if not set(items) & set(one.items):
            continue
        case, lead = f"/api/cases/{case_no}", staff(town, f"officer.{one.department}", people.REGION)
        days = working_days(town, one.offered)
        await _said(town, f"{case}/inspections/{one.code}/days", {"days": days}, lead)
        await _said(town, f"{case}/inspections/{one.code}/choice", {"on": days[0]}, counter)
        for item in one.items:
            officer = staff(town, f"officer.{plan.item_by_code[item].department}", people.REGION)
            fails = life.ending.unmended is not None and item in life.ending.refused
            points = [life.ending.unmended] if fails else []
            await _said(town, f"{case}/items/{item}/inspection", {"officers": one.officers, "points": points}, officer)
        if life.ending.unmended is not None:
            await _said(town, f"{case}/inspections/{one.code}/list", {}, lead)
            view = (await town.get(None, case, headers=lead)).json()["inspections"][0]
            assert [point["text"] for point in view["points"]] == [life.ending.unmended]
            town.clock.move(datetime.fromisoformat(view["until"]) - town.clock.now())
            await town.gateway.tick(case_no)


def working_days(town: Town, number: int) -> list[str]:
    """From today on; the day on which these tests begin is a Monday."""
    days = (town.clock.now().date() + timedelta(days=n) for n in range(2 * number + 2))
    return [one.isoformat() for one in days if one.weekday() < 5][:number]


async def _said(town: Town, path: str, body: Any, headers: dict[str, str]) -> None:
    answer = await town.post(None, path, body, headers=headers)
    assert answer.status_code == 200, (path, answer.text)


async def periods_over(town: Town, life: Life, case_no: str) -> bool:
    """End what is announced, by time or by an objection. Whether there was something."""
    ended = False
    for period in life.bundle.periods:
        officer = staff(town, f"officer.{period.department}", people.REGION)
        case = (await town.get(None, f"/api/cases/{case_no}", headers=officer)).json()
        running = [one for one in case.get("periods") or () if one["code"] == period.code and one["state"] == "running"]
        if not running:
            continue
        if life.ending.objected:
            path = f"/api/cases/{case_no}/periods/{period.code}"
            answer = await town.post(None, path, {"what": "异议"}, headers=officer)
            assert answer.status_code == 200, answer.text
        else:
            town.clock.move(datetime.fromisoformat(running[0]["until"]) - town.clock.now())
            await town.gateway.tick(case_no)
        ended = True
    return ended


def certified(plan: Plan) -> set[str]:
    """Items that give a certificate."""
    return {one.code for one in plan.items if any(given.kind is OutputKind.CERTIFICATE for given in one.outputs)}


def found(plan: Plan, key: str, body: dict[str, Any]) -> dict[str, Any]:
    """A record of the simulated world that says the same as the application."""
    data = plan.data_by_key[key]
    record = make_record(
        data.source, {name: text_of(body["form"].get(value)) for name, value in data.params.items()}, TODAY
    )
    for compared in plan.compare:
        [*said] = [one for one in compared.values if one.startswith("form.")]
        for one in compared.values:
            if key_of(one) == key and said:
                record[one.rpartition(".")[2]] = text_of(body["form"][said[0].removeprefix("form.")])
    return {"record": record, "as_of": MORNING.isoformat()}


def text_of(value: Any) -> Any:
    return value["number"] if isinstance(value, dict) else value


async def open_items(town: Town, case_no: str) -> list[str]:
    """That wait for a decision. Where a department's system would decide and does not answer, its people do."""
    for command_id, command in (await town.commands(case_no, "dispatch_item")).items():
        await town.outcome(case_no, DispatchRefused(command=command_id, item=command.target, reason="unavailable"))
    query = "select item from tasks where case_no = %s and kind = 'decide' and state = 'open' order by item"
    return [one for (one,) in town.rows(query, case_no)]


async def decide(town: Town, life: Life, case_no: str, code: str) -> None:
    [item] = [one for one in life.bundle.items if one.code == code]
    officer, task = staff(town, f"officer.{item.department}", people.REGION), f"{case_no}-{code}-1"
    seen = (await town.get(None, f"/api/tasks/{task}", headers=officer)).json().get("decides_on", {})
    outputs = outputs_of(life.bundle.code, item, TODAY, case_no)
    ends = {effect: next((one.id for one in item.ends_with if one.effect is effect), "") for effect in OutcomeEffect}
    refused = {"outcome": ends[OutcomeEffect.REFUSED], "opinion": "不符合规定的条件。", "seen": seen}
    approved = {"outcome": ends[OutcomeEffect.WELL], "opinion": "符合条件。", "outputs": outputs, "seen": seen}
    body = refused if code in life.ending.refused else approved
    answer = await town.post(None, f"/api/tasks/{task}/decide", body, headers=officer)
    assert answer.status_code == 200, answer.text
