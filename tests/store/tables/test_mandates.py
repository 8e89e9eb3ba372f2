"""委托, as the database sees it: who may record one, see it, take it back, and open a case under it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from onething.store.connection.actor import Actor
from onething.store.tables import cases, mandates
from onething.store.tables.mandates import Mandate
from tests.domain.builders import item, make_plan
from tests.store.stage import ADMIN, AGENT, CITIZEN, COUNTER, OTHER_CITIZEN, PERSON, REGION, SUPERVISOR, Stage, officer

PLAN = make_plan(item("a"))


def _mandate(stage: Stage, id_: str = "m1", **changes: Any) -> Mandate:
    now = stage.clock.now()
    return Mandate(
        **{
            "id": id_,
            "giver_index": PERSON,
            "agent": "agent",
            "kind": "helper",
            "bundles": (),
            "acts": ("apply",),
            "region": REGION,
            "recorded_by": "citizen",
            "paper": False,
            "given_at": now,
            "expires_at": now + timedelta(days=1),
            "body": b"sealed",
            **changes,
        }
    )


async def _add(stage: Stage, actor: Actor, mandate: Mandate, proved: bytes = PERSON) -> None:
    async with stage.api.transaction(replace(actor, identity=proved.hex())) as tx:
        await mandates.add(tx, mandate)


async def test_nobody_gives_what_is_not_theirs(stage: Stage) -> None:
    at_counter = {"recorded_by": "counter", "paper": True}
    refused: list[tuple[Actor, dict[str, Any], bytes]] = [
        (CITIZEN, {}, b"f" * 16),  # an identity that the caller has not proved
        (CITIZEN, {"paper": True}, PERSON),
        (OTHER_CITIZEN, {}, PERSON),  # recorded by another
        (AGENT, {"recorded_by": "agent"}, PERSON),
        (COUNTER, at_counter | {"agent": "counter"}, PERSON),  # to themselves
        (COUNTER, at_counter | {"paper": False}, PERSON),
        (COUNTER, at_counter | {"region": "440100"}, PERSON),
        (officer("dep-a"), at_counter, PERSON),
    ]
    for actor, changes, proved in refused:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _add(stage, actor, _mandate(stage, **changes), proved)
    await _add(stage, CITIZEN, _mandate(stage))
    await _add(stage, COUNTER, _mandate(stage, "m2", **at_counter))


async def test_who_sees_one_and_who_takes_it_back(stage: Stage) -> None:
    await _add(stage, CITIZEN, _mandate(stage))
    seeing = [(CITIZEN, True, True), (AGENT, True, False), (COUNTER, True, True), (OTHER_CITIZEN, False, False)]
    seeing += [(actor, False, False) for actor in (SUPERVISOR, ADMIN, officer("dep-a"), Actor.anybody())]
    for actor, sees, _ in seeing:
        async with stage.api.transaction(actor) as tx:
            assert (await mandates.seen(tx, "m1") is not None) == sees
    for actor, _, revokes in [*seeing[3:], seeing[1], seeing[0]]:
        async with stage.api.transaction(actor) as tx:
            assert await mandates.revoke(tx, "m1", stage.clock.now()) == revokes
    async with stage.api.transaction(CITIZEN) as tx:
        assert not await mandates.revoke(tx, "m1", stage.clock.now())


async def test_a_case_is_opened_under_one_that_the_opener_holds(stage: Stage) -> None:
    await _add(stage, CITIZEN, _mandate(stage))
    under = {"mandate": "m1"}
    refused: list[tuple[Actor, dict[str, Any]]] = [
        (OTHER_CITIZEN, under),
        (AGENT, under | {"identity_index": b"f" * 16}),
    ]
    for actor, head in refused:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await stage.submit(PLAN, actor=actor, **head)
    case = await stage.submit(PLAN, actor=AGENT, **under)
    for actor, sees in ((CITIZEN, True), (AGENT, True), (OTHER_CITIZEN, False)):
        async with stage.api.transaction(actor) as tx:
            assert bool(await cases.of_region(tx, REGION)) == sees
    async with stage.api.transaction(CITIZEN) as tx:
        assert await mandates.cases(tx, "m1", 5) == [case.case_no]
