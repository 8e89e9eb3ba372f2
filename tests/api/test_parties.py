"""By whose right records are looked up, over HTTP: every look-up of every bundle, asked for by who may and who may not;
and what those do who are asked."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from onething.domain.lookups.disclosure import subject_of
from onething.domain.plan.plan import PlanData
from tests.api.acts import hand_in
from tests.api.catalogue import CATALOG, Situation, situations
from tests.api.conftest import built
from tests.api.test_disclosure import BUNDLES, HELPER
from tests.api.town import Town
from tests.support import people
from tests.support.servers import PostgresServer
from tests.support.whole import sampled

ME, OTHER, STRANGER = people.ZHANG, people.LI, people.WANG
"""Whom `citizen` and `citizen2` have proved to be; and who has no account."""
BOTH = ("father_id", "woman_id")
"""Of whom there is another one in the case: a child has two parents, and nobody marries themselves."""


@pytest.fixture(scope="module")
async def town(postgres_server: PostgresServer, migrated: str) -> AsyncIterator[Town]:
    async with built(postgres_server, migrated) as town:
        await town.post("citizen", "/api/mandates", HELPER)
        yield town


def numbers_of(situation: Situation, person: people.Person, other: people.Person) -> dict[str, str]:
    return {name: (other if name in BOTH else person).id_number for name in situation.numbers}


async def submitted(town: Town, who: str, situation: Situation, numbers: Mapping[str, str], **more: Any) -> str:
    """In the name of ME."""
    answer = await town.post(who, "/api/cases", situation.application(ME, numbers, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_no"])


async def looked_up(town: Town, case_no: str) -> set[str]:
    """What a worker has been told to ask of a register."""
    return {one.target for one in (await town.commands(case_no, "fetch_record")).values()}


def seen(situation: Situation, *parties: str) -> list[dict[str, str]]:
    known = [one.id for one in situation.plan.parties if one.id in parties or not parties]
    return [{"party": one, "document": "resident_id", "presence": "in_person"} for one in ("applicant", *known)]


def about(situation: Situation, data: PlanData) -> Iterator[str]:
    """Form fields with the numbers that it asks with, told from the definition alone."""
    form = {one.id: one for one in situation.form}
    yield from subject_of(data.params, CATALOG.sources[data.source], form).numbers


def may_begin(
    situation: Situation, data: PlanData, known: set[str], numbers: Mapping[str, str], *, office: bool
) -> bool:
    """As the definition has it, and not by the rules that are tried. `known`: numbers that are known to be theirs."""
    lookup = next(one.lookup for one in situation.definition.lookups if one.code == data.key)
    assert lookup is not None
    if not subject_of(data.params, CATALOG.sources[data.source], {one.id: one for one in situation.form}).personal:
        return True
    asked = list(about(situation, data))
    theirs = bool(asked) and all(numbers.get(name) in known for name in asked)
    return theirs or (office and lookup.duty is not None)


@pytest.mark.parametrize("code", sampled(BUNDLES, 3))
async def test_every_look_up_of_every_bundle_begins_by_somebodys_right(town: Town, code: str) -> None:
    """Each caller, each kind of number in the form: a look-up is asked for where it may be, and else nobody asks."""
    speaks = {one.identity for one in CATALOG.latest[code].parties if one.speaks}
    for situation in situations(code):
        ways: list[tuple[str, people.Person, people.Person, dict[str, Any], set[str], bool]] = [
            ("citizen", ME, OTHER, {}, {ME.id_number}, False),
            ("citizen", STRANGER, OTHER, {}, set(), False),
            ("agent", ME, STRANGER, {}, {ME.id_number}, False),
            ("agent", STRANGER, OTHER, {}, set(), False),
            ("counter", ME, STRANGER, {"seen": people.SEEN}, {ME.id_number}, True),
            ("counter", STRANGER, OTHER, {"seen": people.SEEN}, set(), True),
            ("counter", STRANGER, OTHER, {"seen": seen(situation)}, {STRANGER.id_number, OTHER.id_number}, True),
        ]
        for who, person, other, more, known, office in ways:
            numbers = numbers_of(situation, person, other)
            case_no = await submitted(town, who, situation, numbers, **more)
            own = known if office else known - {n for f, n in numbers.items() if f not in speaks}
            expected = {
                data.key for data in situation.plan.data if may_begin(situation, data, own, numbers, office=office)
            }
            assert await looked_up(town, case_no) == expected, f"{who}, {person.name}, {more}"
            if not office:
                taken = await town.post("counter", f"/api/cases/{case_no}/take-in")
                assert taken.status_code == 200, taken.text
                by_law = {d.key for d in situation.plan.data if may_begin(situation, d, own, numbers, office=True)}
                assert await looked_up(town, case_no) == by_law | expected
            await town.post("counter", f"/api/cases/{case_no}/withdraw")  # the same death is under way once


def newborn() -> Situation:
    return next(
        one for one in situations("newborn") if {"marriage-record", "father-household"} <= {*one.plan.data_by_key}
    )


async def birth(town: Town, father: people.Person = OTHER, **more: Any) -> str:
    """The mother applies online; the child is registered with its father."""
    situation = newborn()
    return await submitted(town, "citizen", situation, numbers_of(situation, ME, father), **more)


def records(case: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {one["key"]: (one["state"], one.get("result")) for one in case["records"]}


async def read(town: Town, who: str, case_no: str) -> dict[str, Any]:
    answer = await town.get(who, f"/api/cases/{case_no}")
    assert answer.status_code == 200, answer.text
    case: dict[str, Any] = answer.json()
    return case


async def test_who_is_asked_reads_who_for_what_and_answers(town: Town) -> None:
    case_no = await birth(town)
    assert "father-household" not in await looked_up(town, case_no)
    assert records(await read(town, "citizen", case_no))["father-household"] == ("awaits", None)
    [row] = [one for one in (await town.get("citizen2", "/api/me/asked")).json()["items"] if one["case_no"] == case_no]
    assert (row["party"], row["party_name"], row["name"]) == ("father", "父亲", "新生儿出生")
    assert row["asker"] == f"{ME.name[0]}＊"
    assert (row["answer"], row["may"]) == ("asked", ["confirm", "decline"])
    by_name = {one["name"]: one for one in row["records"]}
    assert by_name["父亲户籍信息"]["state"] == "waiting"
    assert "第七条" in by_name["父亲户籍信息"]["duty"]
    told = (await town.get("citizen2", "/api/me/notices")).json()["items"]
    assert any(one["case_no"] == case_no and one["kind"] == "data_asked" for one in told)
    # it is theirs to answer, and nothing else of the case is theirs
    path = f"/api/cases/{case_no}/parties/father"
    assert (await town.get("citizen2", f"/api/cases/{case_no}")).status_code == 404
    for who in ("citizen", "agent", "counter"):
        assert (await town.post(who, f"{path}/confirm")).status_code in (403, 404), who
    assert (await town.post("citizen2", f"/api/cases/{case_no}/parties/mother/confirm")).status_code == 404
    answer = await town.post("citizen2", f"{path}/confirm")
    assert answer.status_code == 200, answer.text
    assert answer.json()["answer"] == "confirmed"
    assert {"father-household", "marriage-record"} <= await looked_up(town, case_no)
    again = await town.post("citizen2", f"{path}/confirm")
    assert again.status_code == 409
    back = await town.post("citizen2", f"{path}/decline")
    assert back.status_code == 200, back.text
    assert "father-household" not in await looked_up(town, case_no)
    lines = [one["text"] for one in (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]]
    assert {"父亲同意查询本人的信息", "父亲不同意查询本人的信息"} <= set(lines)


async def test_what_an_office_asks_by_duty(town: Town) -> None:
    """The applying side learns nothing of it before acceptance, the counter how it ended, the item's department all."""
    case_no = await birth(town, STRANGER)
    assert (await town.post("citizen", f"/api/cases/{case_no}/take-in")).status_code == 403
    assert (await town.post("counter", f"/api/cases/{case_no}/take-in")).status_code == 200
    assert (await town.post("counter", f"/api/cases/{case_no}/take-in")).status_code == 409
    assert "father-household" in await looked_up(town, case_no)
    await town.fetch_all(case_no)
    assert records(await read(town, "citizen", case_no))["father-household"] == ("awaits", None)
    clerk = {one["key"]: one for one in (await read(town, "counter", case_no))["records"]}
    assert clerk["father-household"]["state"] == "in_hand"
    assert "record" not in clerk["father-household"]
    lines = (await town.get("citizen", f"/api/cases/{case_no}/timeline")).json()["items"]
    assert not any("父亲户籍信息" in one["text"] for one in lines)
    progress = [one["name"] for one in (await read(town, "citizen", case_no)).get("asked") or ()]
    assert progress == []
    if newborn().papers:
        await hand_in(town, case_no, *newborn().papers)
    assert (await town.post("counter", f"/api/cases/{case_no}/accept")).status_code == 200
    state, result = records(await read(town, "citizen", case_no))["father-household"]
    assert (state, result is None) == ("in_hand", False)
    officer = {one["key"]: one for one in (await read(town, "officer.psb", case_no))["records"]}
    assert "record" in officer["father-household"]


async def test_another_number_is_asked_about_anew(town: Town) -> None:
    case_no = await birth(town)
    assert (await town.post("citizen2", f"/api/cases/{case_no}/parties/father/confirm")).status_code == 200
    changed = {"form": {"father_id": STRANGER.paper}}
    answer = await town.post("citizen", f"/api/cases/{case_no}/supplement", changed)
    assert answer.status_code == 200, answer.text
    assert "father-household" not in await looked_up(town, case_no)
    mine = [one["case_no"] for one in (await town.get("citizen2", "/api/me/asked")).json()["items"]]
    assert case_no not in mine
    assert (await town.post("citizen2", f"/api/cases/{case_no}/parties/father/decline")).status_code == 404


async def test_whom_a_counter_has_not_seen_by_name_is_nobody_it_knows(town: Town) -> None:
    situation = newborn()
    body = situation.application(
        ME, numbers_of(situation, ME, OTHER), seen=[*people.SEEN, {**people.SEEN[0], "party": "aunt"}]
    )
    answer = await town.post("counter", "/api/cases", body)
    assert answer.status_code == 422
    [problem] = answer.json()["errors"]
    assert problem["pointer"] == "/seen/1/party"
    assert "mother（母亲）" in problem["detail"]


async def test_who_says_nothing_holds_up_nobody(fresh_town: Town) -> None:
    situation = next(one for one in situations("newborn") if "father-household" in one.plan.data_by_key)
    case_no = await submitted(fresh_town, "citizen", situation, numbers_of(situation, ME, OTHER))
    fresh_town.clock.move(timedelta(days=9))
    late = await fresh_town.post("counter", f"/api/cases/{case_no}/take-in")
    assert late.status_code == 409, "whoever looks finds that time has gone on"
    case = await read(fresh_town, "citizen", case_no)
    assert case["status"] == "accepted", "by silence, five working days after it came in"
    assert records(case)["father-household"][0] != "awaits", "and then its office asks by law"
    [row] = (await fresh_town.get("citizen2", "/api/me/asked")).json()["items"]
    assert row.get("answer") != "asked"
