"""Whose record it is: every look-up of every bundle, read by everybody who may come near it.

The registers answer with canaries, values that stand nowhere else. Each reader's answers together (case, timeline,
letters and their PDF, lists, stream, problems) are searched for them, and exactly those are found that are theirs.
"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from onething.domain.definition.form_fields import FormFieldType
from onething.domain.engine import publication
from onething.domain.engine.snapshot import JointAssignment
from onething.domain.errors import OneThingError
from onething.domain.kernel.commands import Command
from onething.domain.lookups.answers import Fetched, Refused
from onething.domain.plan.plan import PlanData, key_of
from onething.domain.sources.source import SourceFieldType
from onething.services.cases import stream
from tests.api.acts import hand_in
from tests.api.catalogue import CATALOG, Situation, situations
from tests.api.conftest import built
from tests.api.town import Town
from tests.documents.reading import text_of
from tests.support import people
from tests.support.servers import PostgresServer
from tests.support.whole import sampled

ME, STRANGER = people.ZHANG, people.WANG
"""Whom the account `citizen` has proved to be, and somebody whose number anybody may type."""
BUNDLES = [one.code for one in CATALOG.latest.values() if one.lookups]
each_bundle = pytest.mark.parametrize("code", sampled(BUNDLES, 1))
NO_VALUE = {"key", "name", "state", "result", "source", "department"}
HELPER = {"giver": ME.named, "agent": "agent", "agent_name": "王帮办", "kind": "helper", "expires_on": "2026-03-31"}


@pytest.fixture(scope="module")
async def town(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Town]:
    async with built(postgres_server, migrated) as town:
        yield town


# -- canaries -----------------------------------------------------------------------------------------------------


@dataclass
class Canaries:
    """`of`: what stands for a value, as it is written in answers → data key and field of the record."""

    of: dict[str, tuple[str, str]] = field(default_factory=dict)

    def record(self, data: PlanData) -> Fetched:
        values = {one.id: self._value(data.key, one.id, one.type) for one in CATALOG.sources[data.source].fields}
        as_of = datetime(2011, 1, 1, 4, tzinfo=UTC) + timedelta(days=len(self.of))
        self.of[f"{as_of:%Y-%m-%d}"] = data.key, "as_of"
        return Fetched(values, as_of)

    def _value(self, key: str, name: str, kind: SourceFieldType | None) -> Any:
        number = len(self.of)
        value: Any
        match kind:
            case SourceFieldType.BOOLEAN:
                return True  # of two values none is told from others
            case SourceFieldType.INTEGER | SourceFieldType.NUMBER:
                value = 7_310_050_000 + number
            case SourceFieldType.DATE:
                value = f"{datetime(1907, 1, 1, tzinfo=UTC) + timedelta(days=number):%Y-%m-%d}"
            case _:
                value = f"金丝雀{number:05}号"
        self.of[str(value)] = key, name
        return value

    def all_of(self, keys: Iterable[str]) -> set[tuple[str, str]]:
        wanted = set(keys)
        return {place for place in self.of.values() if place[0] in wanted}

    def seen_in(self, texts: Iterable[str]) -> set[tuple[str, str]]:
        """Dates are looked for as a whole, for a moment begins with one."""
        whole = "\n".join(texts)
        return {place for canary, place in self.of.items() if re.search(rf"(?<![0-9]){canary}(?![0-9])", whole)}


# -- readers ------------------------------------------------------------------------------------------------------


@dataclass
class Reader:
    """All that one caller is answered, as text."""

    town: Town
    who: str
    proves: bool = True

    async def lists(self) -> list[str]:
        """About no case in particular."""
        texts = [await self._text("GET", path) for path in self._paths() if "{" not in path]
        for id_number in (ME.id_number, STRANGER.id_number):
            holder = {"id_type": "resident_id", "id_number": id_number}
            why = {} if self.who in ("citizen", "citizen2", "agent") else {"reason": "核对办件"}
            texts.append(await self._text("POST", "/api/cases/search", {"id_number": id_number, **why}))
            texts.append(await self._text("POST", "/api/licences/search", holder))
        return texts

    async def answers(self, case_no: str, code: str) -> list[str]:
        """About one case."""
        paths = [path.replace("{case_no}", case_no) for path in self._paths() if "{case_no}" in path]
        texts = [await self._text("GET", path) for path in paths if "{" not in path]
        texts.append(await self._text("GET", f"/api/progress/{case_no}?code={code}"))
        # refused, each with a problem of its own
        wrong = {"form": {"wrong": 1}}
        texts += [await self._text("POST", f"/api/cases/{case_no}/{act}", wrong) for act in ("supplement", "submit")]
        texts.append(await self._text("POST", f"/api/cases/{case_no}/urge", {"text": "请尽快办理"}))
        listed = await self._get(f"/api/cases/{case_no}/documents")
        for letter in listed.json()["letters"] if listed.status_code == 200 else ():
            texts.append(await self._text("GET", f"/api/cases/{case_no}/documents/{letter['id']}"))
            printed = await self._get(f"/api/cases/{case_no}/documents/{letter['id']}.pdf")
            assert printed.status_code == 200, printed.text
            texts.append(text_of(printed.content))
        return [*texts, *[one async for one in self._stream(case_no)]]

    async def case(self, case_no: str) -> dict[str, Any]:
        answer = await self._get(f"/api/cases/{case_no}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def _paths(self) -> Iterable[str]:
        """Every GET of the API, whatever there may be by now, but for the stream and what is asked with a code."""
        for path, acts in self.town.app.openapi()["paths"].items():
            if "get" in acts and path.startswith("/api/") and not path.endswith("/events") and "/progress/" not in path:
                yield path

    async def _stream(self, case_no: str) -> AsyncIterator[str]:
        context = self.town.context
        signed_in = await context.tokens.read(self._token())
        with suppress(OneThingError):  # whose business it is not gets no news
            async for news in stream.watch(context, signed_in, case_no, 0):
                if news is None:
                    return
                yield news.model_dump_json()

    async def _text(self, method: str, path: str, body: Any = None) -> str:
        headers = {"Idempotency-Key": f"read-{path}", **people.bearer(self._token())}
        answer = await self.town.client().request(method, path, json=body, headers=headers)
        assert answer.status_code not in (429, 500, 503), answer.text
        return answer.text

    async def _get(self, path: str) -> httpx.Response:
        return await self.town.client().get(path, headers=people.bearer(self._token()))

    def _token(self) -> str:
        return people.token(self.town.context, self.who, **({} if self.proves else {"identity": None}))


# -- cases --------------------------------------------------------------------------------------------------------


@dataclass
class Prepared:
    """A case of which every register has answered. `numbers`: form field → identity number."""

    situation: Situation
    case_no: str
    code: str
    numbers: Mapping[str, str]
    canaries: Canaries

    def records_for(self, *own: str) -> set[str]:
        """Data keys of which the side that applies gets the record, told from the definition alone. `own`: numbers of
        the caller, or of whom they represent."""
        return {data.key for data in self.situation.plan.data if self._is_record(data, set(own))}

    def _is_record(self, data: PlanData, own: set[str]) -> bool:
        types = {one.id: one.type for one in self.situation.form}
        personal = {param.id for param in CATALOG.sources[data.source].params if param.personal}
        people_asked = [self.numbers[f] for f in data.params.values() if types.get(f) is FormFieldType.IDENTITY]
        return not personal & data.params.keys() or (bool(people_asked) and set(people_asked) <= own)


async def prepare(
    town: Town,
    situation: Situation,
    who: str,
    numbers: Mapping[str, str],
    *,
    accepted: bool = True,
) -> Prepared:
    """In the name of ME."""
    nobody_else_has_it(town)
    answer = await town.post(who, "/api/cases", situation.application(ME, numbers))
    assert answer.status_code == 201, answer.text
    case_no, canaries = answer.json()["case_no"], Canaries()
    if who != "counter":  # of strangers an office asks by duty, once it has the application
        await town.post("counter", f"/api/cases/{case_no}/take-in")
    await fetch(town, situation, case_no, canaries)
    if situation.papers:
        await hand_in(town, case_no, *situation.papers)
    if accepted:
        taken = await town.post("counter", f"/api/cases/{case_no}/accept")
        assert taken.status_code == 200, taken.text
    return Prepared(situation, case_no, answer.json()["query_code"], numbers, canaries)


def nobody_else_has_it(town: Town) -> None:
    """What only one case may have at a time is free: here several cases are about the same people."""
    town.change("update reservations set held_at = null, asked_at = null")


async def fetch(town: Town, situation: Situation, case_no: str, canaries: Canaries) -> None:
    """Every open look-up gets a record, as a worker would record it."""
    pending = await town.commands(case_no, "fetch_record")
    commands = tuple(Command(id=id_, kind=one.kind, target=one.target) for id_, one in pending.items())
    answers = {one.id: canaries.record(situation.plan.data_by_key[one.target]) for one in commands}
    await town.gateway.answered(JointAssignment(case_no=case_no, epoch=1, commands=commands), answers)


def every(situation: Situation, person: people.Person) -> dict[str, str]:
    """Of whom there is one in a case: a child has two parents, and nobody marries themselves."""
    numbers = dict.fromkeys(situation.numbers, person.id_number)
    return numbers | {name: people.SHEN.id_number for name in ("father_id", "woman_id") if name in numbers}


# -- the matrix ---------------------------------------------------------------------------------------------------


async def check(reader: Reader, case: Prepared, records: set[str]) -> None:
    """Of these look-ups the reader finds the whole record, of the others no value, but how they ended."""
    found = case.canaries.seen_in(await reader.answers(case.case_no, case.code))
    assert found == case.canaries.all_of(records), f"{reader.who}: {found ^ case.canaries.all_of(records)}"
    for one in (await reader.case(case.case_no))["records"]:
        assert one["result"] in ("matches", "differs", "found")
        assert ("record" in one) is (one["key"] in records)
        assert one["key"] in records or one.keys() <= NO_VALUE


def test_every_look_up_of_the_catalogue_is_in_the_matrix() -> None:
    covered = {
        (one.definition.code, key) for code in BUNDLES for one in situations(code) for key in one.plan.data_by_key
    }
    never = {("transport-business", "investor-licence")}  # its owners are people, as it answers for the shared item
    assert covered == {(one.code, record.code) for one in CATALOG.latest.values() for record in one.lookups} - never


@each_bundle
async def test_who_applies_reads_their_own_and_of_others_the_result(town: Town, code: str) -> None:
    for situation in situations(code):
        citizen, others = Reader(town, "citizen"), [Reader(town, "citizen", proves=False), Reader(town, "citizen2")]
        ways = [every(situation, STRANGER), every(situation, ME)]
        if len(situation.numbers) > 1:
            ways += [every(situation, STRANGER) | {name: ME.id_number} for name in situation.numbers]
        for numbers in ways:
            case = await prepare(town, situation, "citizen", numbers)
            await check(citizen, case, case.records_for(ME.id_number))
            assert (await town.get("citizen", f"/api/cases/{case.case_no}/documents")).json()["letters"]
            for other in others:  # the same account without its proof, and somebody else with one
                assert case.canaries.seen_in(await other.answers(case.case_no, case.code)) == set()
        for other in others:
            assert case.canaries.seen_in(await other.lists()) == set()
        assert case.canaries.seen_in(await citizen.lists()) == set()


@each_bundle
async def test_who_acts_for_the_applicant_reads_the_applicants_under_a_mandate(town: Town, code: str) -> None:
    for situation in situations(code):
        agent, citizen = Reader(town, "agent"), Reader(town, "citizen")
        without = await town.post("agent", "/api/cases", situation.application(ME, every(situation, ME)))
        assert without.status_code == 403, without.text
        own = await prepare(town, situation, "citizen", every(situation, ME))
        assert own.canaries.seen_in(await agent.answers(own.case_no, own.code)) == set()
        mandate = (await town.post("citizen", "/api/mandates", HELPER)).json()["id"]
        strangers = await prepare(town, situation, "agent", every(situation, STRANGER))
        for case in (own, strangers, await prepare(town, situation, "agent", every(situation, ME))):
            await check(agent, case, case.records_for(ME.id_number))
            await check(citizen, case, case.records_for(ME.id_number))
        assert own.canaries.seen_in(await agent.lists()) == set()
        # it ends, and with it all that was seen under it
        assert (await town.post("citizen", f"/api/mandates/{mandate}/revoke")).status_code == 200
        for case in (own, strangers):
            assert case.canaries.seen_in(await agent.answers(case.case_no, case.code)) == set()


@each_bundle
async def test_in_office_records_are_read_where_they_are_needed_and_not_before_acceptance(
    town: Town, code: str
) -> None:
    for situation in situations(code):
        case = await prepare(town, situation, "citizen", every(situation, STRANGER), accepted=False)
        plan, path = situation.plan, f"/api/cases/{case.case_no}"
        kin = {party.id for party in plan.parties if set(party.related_by) & {*situation.papers}}  # shown by a paper
        by_duty = {data.key for data in plan.data if data.personal and not (data.about and kin >= {*data.about})}
        await check(Reader(town, "counter"), case, plan.data_by_key.keys() - by_duty)
        departments = {*plan.departments, *(data.department for data in plan.data)}
        differing = (await town.get("counter", path)).json().get("discrepancies", [])
        for accepted in (False, True):
            for department in sorted(departments):
                expected = compared_by(case, department, differing, accepted=accepted)
                if accepted:
                    own = {key for item in plan.items if item.department == department for key in item.needs_data}
                    expected |= case.canaries.all_of(own)
                found = await department_sees(town, case, department)
                assert found == expected, f"{department}, accepted: {accepted}"
            if not accepted:
                assert (await town.post("counter", f"{path}/accept")).status_code == 200
        supervisor = Reader(town, "supervisor")
        answers = await supervisor.answers(case.case_no, case.code)
        for who in ("supervisor", "counter", *(f"officer.{department}" for department in departments)):
            answers += await Reader(town, who).lists()
        assert case.canaries.seen_in(answers) == set()
        # moments are no secret of the journal's; its readers are told of none
        assert {name for _, name in case.canaries.seen_in(journal(town, case.case_no))} <= {"as_of"}
        assert case.canaries.seen_in(published(town, case.case_no)) == set()


async def department_sees(town: Town, case: Prepared, department: str) -> set[tuple[str, str]]:
    """In the case, its letters, and every task of the department's in this case."""
    officer = Reader(town, f"officer.{department}")
    found = case.canaries.seen_in(await officer.answers(case.case_no, case.code))
    tasks = town.rows("select task_id from tasks where case_no = %s and department = %s", case.case_no, department)
    for (task_id,) in tasks:
        answer = await town.get(f"officer.{department}", f"/api/tasks/{task_id}")
        assert answer.status_code == 200, answer.text
        found |= case.canaries.seen_in([answer.text])
    return found


def compared_by(
    case: Prepared, department: str, differing: list[dict[str, Any]], *, accepted: bool
) -> set[tuple[str, str]]:
    """Values that do not agree are seen by their owner, who looks into it, and then by who relies on them."""
    found = set()
    for one in differing:
        comparison = case.situation.plan.comparison_by_code[one["code"]]
        concerned = case.situation.plan.concerned_by(comparison) if accepted else (one["department"],)
        if department in concerned:
            sides = [side for side in one["values"] if key_of(side["value"])]
            found |= {(str(key_of(side["value"])), side["value"].rpartition(".")[2]) for side in sides}
            found |= {(str(key_of(side["value"])), "as_of") for side in sides}
    return found


def journal(town: Town, case_no: str) -> list[str]:
    return [line for (line,) in town.rows("select line from journal where case_no = %s", case_no)]


def published(town: Town, case_no: str) -> list[str]:
    """What subscribers are told of its lines."""
    rows = town.rows("select event from journal where case_no = %s", case_no)
    return [str(publication.public_fields(event)) for (event,) in rows]


# -- what goes by others than numbers -----------------------------------------------------------------------------

OFFICE = {"medical-death-certificate": "nhc", "household-register": "psb"}


async def results(town: Town, case_no: str, who: str = "citizen") -> dict[str, str | None]:
    return {one["key"]: one.get("result") for one in (await Reader(town, who).case(case_no))["records"]}


async def test_a_mother_and_the_father_whom_she_names(town: Town) -> None:
    """As people would say it, beside what the matrix finds by itself: what is hers she reads, what is his, or theirs
    together, she does not."""
    newborn = next(one for one in situations("newborn") if "father-household" in one.plan.data_by_key)
    case = await prepare(town, newborn, "citizen", {"mother_id": ME.id_number, "father_id": STRANGER.id_number})
    records = {one["key"]: "record" in one for one in (await Reader(town, "citizen").case(case.case_no))["records"]}
    assert records == {"birth-record": True, "marriage-record": False, "father-household": False}


async def test_a_stranger_learns_only_whether_it_is_as_they_say(town: Town) -> None:
    """Matches, differs, nothing there, not known yet; what a register says stays out of the comparison too."""
    [death] = situations("death-deregistration")
    said = death.application(ME, every(death, STRANGER))
    case_no = (await town.post("citizen", "/api/cases", said)).json()["case_no"]
    await town.post("counter", f"/api/cases/{case_no}/take-in")
    assert set((await results(town, case_no)).values()) == {None}
    pending = await town.commands(case_no, "fetch_record")
    commands = {one.target: Command(id=id_, kind=one.kind, target=one.target) for id_, one in pending.items()}
    form = said["form"]
    certificate = {"certificate_no": "1", "name": form["deceased_name"], "died_on": form["died_on"]}
    household = {"name": "另外一人", "address": form["deceased_address"], "household_no": "秘密"}
    answers = {
        "death-certificate": Fetched(certificate, datetime(2026, 3, 1, tzinfo=UTC)),
        "household-record": Fetched(household, datetime(2026, 3, 1, tzinfo=UTC)),
        "pension-record": Refused("no_record"),
        "housing-fund-account": Refused("not_now"),
    }
    joint = JointAssignment(case_no=case_no, epoch=1, commands=tuple(commands.values()))
    await town.gateway.answered(joint, {commands[key].id: answer for key, answer in answers.items()})
    assert set((await results(town, case_no)).values()) == {None}, "what an office asks by duty is its own until then"
    await hand_in(town, case_no, *death.papers)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    told = await results(town, case_no)
    assert told == {
        "death-certificate": "matches",
        "household-record": "differs",
        "pension-record": "not_found",
        "housing-fund-account": None,
    }
    (differs,) = (await Reader(town, "citizen").case(case_no))["discrepancies"]
    sides = {side["value"]: side.get("said") for side in differs["values"]}
    assert sides == {
        "form.deceased_name": form["deceased_name"],
        "data.death-certificate.name": None,
        "data.household-record.name": None,
    }
    # the owner looks, and writes what the register says: that is not for who asked about a stranger
    owner, task = differs["department"], f"/api/tasks/{case_no}-deceased-name.differs-{differs['round']}"
    found = {"which": "data.household-record.name", "note": "登记的是另外一人"}
    resolved = await town.post(f"officer.{owner}", f"{task}/resolve", found)
    assert resolved.status_code == 200, resolved.text
    for who, notes in (("citizen", [None]), ("counter", [found["note"]])):
        seen = (await Reader(town, who).case(case_no))["discrepancies"]
        assert [one.get("note") for one in seen] == notes
        assert seen[0]["which"] == found["which"]


async def test_a_number_that_is_changed_takes_the_record_with_it(town: Town) -> None:
    """Not a moment is the record of the one number shown under the other, whichever answer comes last."""
    [situation] = situations("death-deregistration")
    case = await prepare(town, situation, "citizen", every(situation, STRANGER), accepted=False)
    citizen = Reader(town, "citizen")
    before = case.canaries
    change = {"form": every(situation, ME)}
    asked = await town.post("citizen", f"/api/cases/{case.case_no}/supplement", change)
    assert asked.status_code == 200, asked.text
    for answered in (False, True):
        if answered:
            case.canaries = Canaries(dict(before.of))
            await fetch(town, situation, case.case_no, case.canaries)
        answers = await citizen.answers(case.case_no, case.code)
        assert before.seen_in(answers) == set()
    assert case.canaries.seen_in(answers) == set(), "an office asked by duty: nothing before acceptance"
    [last] = town.rows("select max(seq) from journal where case_no = %s and kind = 'supplemented'", case.case_no)
    seen = {"seen": last[0]}
    assert (await town.post("counter", f"/api/cases/{case.case_no}/accept", seen)).status_code == 200
    new = case.canaries.seen_in(await citizen.answers(case.case_no, case.code))
    assert new == case.canaries.all_of(case.situation.plan.data_by_key)


async def test_what_came_late_for_a_number_is_shown_to_nobody_who_applies(town: Town) -> None:
    """Patience ends, the applicant brings the paper, and changes the number; then the first answer comes after all."""
    [situation] = situations("death-deregistration")
    nobody_else_has_it(town)
    answer = await town.post("citizen", "/api/cases", situation.application(ME, every(situation, STRANGER)))
    case_no, code, canaries = answer.json()["case_no"], answer.json()["query_code"], Canaries()
    first = {one.target: Command(id=id_, kind=one.kind, target=one.target)
             for id_, one in (await town.commands(case_no, "fetch_record")).items()}  # fmt: skip
    changed = await town.post("citizen", f"/api/cases/{case_no}/supplement", {"form": every(situation, ME)})
    assert changed.status_code == 200, changed.text
    for data in situation.plan.data:
        await town.refuse_fetch(case_no, data.key)
    for command in first.values():
        one = JointAssignment(case_no=case_no, epoch=1, commands=(command,))
        await town.gateway.answered(one, {command.id: canaries.record(situation.plan.data_by_key[command.target])})
    assert canaries.seen_in(await Reader(town, "counter").answers(case_no, code)) <= canaries.all_of(first)
    assert canaries.seen_in(await Reader(town, "citizen").answers(case_no, code)) == set()
