"""What several cases share, as the database keeps it: one has it, also of many that ask at once; then the next."""

import asyncio
from collections.abc import Sequence

import pytest

from onething.domain.definition.bundle import ReservationKind, TakenAt, WhenFull
from onething.domain.errors import NotAllowed
from onething.domain.events.intake import Supplemented, Withdrawn
from onething.domain.kernel.state import Reserved
from onething.domain.plan.plan import Plan
from onething.store.record import reservations
from onething.store.record.case_writer import Recorded
from tests.domain.builders import item, make_plan, shared
from tests.store.stage import CITIZEN, OTHER_CITIZEN, OTHER_PERSON, Stage

ONE, OTHER = b"one and the same", b"something else.."
UNIQUE = make_plan(item("a"), reservations=[shared("one", "a")])


def quota(full: WhenFull = WhenFull.QUEUE, pool: int = 2) -> Plan:
    rule = shared("places", "a", taken=TakenAt.GRANT, full=full, kind=ReservationKind.QUOTA)
    return make_plan(item("a"), reservations=[rule.model_copy(update={"pool": pool})])


async def submit(stage: Stage, plan: Plan = UNIQUE, key: bytes = ONE) -> Recorded:
    return await stage.submit(plan, shares={plan.reservations[0].code: key})


def standings(cases: Sequence[Recorded]) -> list[Reserved]:
    return [one for case in cases for one in case.state.reservations.values()]


async def test_of_many_that_ask_at_once_one_has_it(stage: Stage) -> None:
    cases = await asyncio.gather(*(submit(stage) for _ in range(8)))
    assert sorted(standings(cases)) == [*[Reserved.FULL] * 7, Reserved.HELD]
    assert standings([await submit(stage, key=OTHER)]) == [Reserved.HELD]


async def test_whoever_comes_next_has_it_when_the_first_is_withdrawn(stage: Stage) -> None:
    first, second = await submit(stage), await submit(stage)
    with pytest.raises(NotAllowed, match="另有一件在办"):
        await stage.accept(second.case_no)
    assert await stage.look("select code from reservations where held_at is not null") == [("one",)]
    await stage.say(first.case_no, Withdrawn(), CITIZEN)
    assert standings([await stage.accept(second.case_no)]) == [Reserved.HELD]
    assert await stage.look("select case_no from reservations where held_at is not null") == [(second.case_no,)]


async def test_what_an_application_does_not_say_is_not_held_against_others(stage: Stage) -> None:
    nothing = await stage.submit(UNIQUE)
    assert standings([nothing]) == []
    await stage.accept(nothing.case_no)


async def test_an_application_about_something_else_lets_go_of_the_first(stage: Stage) -> None:
    first = await submit(stage)
    changed = await stage.say(first.case_no, Supplemented(fields=True), CITIZEN, shares={"one": OTHER})
    assert standings([changed, await submit(stage), await submit(stage, key=OTHER)]) == [
        Reserved.HELD,
        Reserved.HELD,
        Reserved.FULL,
    ]


async def test_of_a_number_of_places_first_come_is_first_served(stage: Stage) -> None:
    """Who asked before and was told to wait comes before who asks now, as soon as a place is free."""
    plan = quota()
    cases = [(await submit(stage, plan)).case_no for _ in range(4)]
    for case_no in cases:
        await stage.accept(case_no)
    for case_no in cases[:2]:
        await stage.decide(case_no, "a")
    with pytest.raises(NotAllowed, match="先后顺序"):
        await stage.decide(cases[2], "a")
    assert await stage.look("select count(*) from reservations where held_at is not null") == [(2,)]
    await stage.decide(cases[3], "a", outcome="refuse")


async def test_a_place_is_for_who_was_received_first(stage: Stage) -> None:
    rule = shared("places", "a", full=WhenFull.QUEUE, kind=ReservationKind.QUOTA)
    plan = make_plan(item("a"), reservations=[rule])
    first, second, third = [(await submit(stage, plan)).case_no for _ in range(3)]
    await stage.say(first, Withdrawn(), CITIZEN)
    with pytest.raises(NotAllowed, match="先后顺序"):
        await stage.accept(third)
    assert standings([await stage.accept(second)]) == [Reserved.HELD]


async def test_only_who_may_see_the_other_case_is_told_of_it(stage: Stage) -> None:
    first = await submit(stage)
    async with stage.api.transaction(CITIZEN) as tx:
        assert await reservations.seen(tx, "", [ONE, OTHER]) == first.case_no
        assert await reservations.seen(tx, first.case_no, [ONE]) is None, "it is not another than itself"
        assert await reservations.seen(tx, "", [OTHER]) is None
    async with stage.api.transaction(OTHER_CITIZEN) as tx:
        assert await reservations.seen(tx, "", [ONE]) is None, "nobody learns of it by trying"
    second = await stage.submit(UNIQUE, actor=OTHER_CITIZEN, identity_index=OTHER_PERSON, shares={"one": ONE})
    assert standings([second]) == [Reserved.FULL], "received all the same"
