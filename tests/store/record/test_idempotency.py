"""One request, one effect, one answer, however often and at once it comes."""

import asyncio

import pytest

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.events.intake import Submitted
from onething.security.policy import Act
from onething.store.connection.actor import Actor
from onething.store.record import idempotency
from onething.store.record.idempotency import IdempotencyScope, StoredAnswer
from onething.store.tables import cases
from tests.domain.builders import CALENDAR, item, make_plan
from tests.store.stage import CITIZEN, OTHER_CITIZEN, WORKER, Stage

PLAN = make_plan(item("a"))
SCOPE = IdempotencyScope(Act.CREATE_CASE)


async def _submit_once(stage: Stage, key: str, digest: bytes = b"d", actor: Actor = CITIZEN) -> StoredAnswer:
    """As `execute_once` does it: the second to commit looks up what the first was answered."""
    try:
        async with stage.api.transaction(actor) as tx:
            before = await idempotency.answered(tx, SCOPE, key, digest)
            if before is not None:
                return before
            new = await stage.new_case(tx, PLAN, actor)
            event = Submitted(plan=PLAN.digest, calendar=CALENDAR.digest, channel="online")
            await stage.writer.open_case(tx, new, PLAN, event)
            answer = StoredAnswer(201, new.case_no.encode())
            idempotency.keep(tx, SCOPE, key, digest, answer, stage.clock.now())
            return answer
    except OneThingError as refusal:
        if refusal.code is not FailureCode.CONCURRENT_CHANGE:
            raise
        async with stage.api.transaction(actor) as tx:
            meanwhile = await idempotency.answered(tx, SCOPE, key, digest)
        assert meanwhile is not None
        return meanwhile


async def test_a_hundred_at_once_are_one_case(stage: Stage) -> None:
    answers = await asyncio.gather(*(_submit_once(stage, "k") for _ in range(100)))
    assert len(set(answers)) == 1
    async with stage.api.transaction(CITIZEN) as tx:
        assert [h.case_no.encode() for h in await cases.of_applying(tx, CITIZEN.subject, CITIZEN.identity)] == [
            answers[0].response
        ]


async def test_keys_are_each_caller_s_own(stage: Stage) -> None:
    mine, theirs = await _submit_once(stage, "k"), await _submit_once(stage, "k", actor=OTHER_CITIZEN)
    assert mine != theirs


async def test_another_body_under_the_same_key_is_refused(stage: Stage) -> None:
    await _submit_once(stage, "k")
    with pytest.raises(OneThingError) as refusal:
        await _submit_once(stage, "k", b"other")
    assert refusal.value.code is FailureCode.IDEMPOTENCY_KEY_REUSED


async def test_a_refused_request_leaves_no_answer(stage: Stage) -> None:
    async def refused() -> None:
        async with stage.api.transaction(CITIZEN) as tx:
            idempotency.keep(tx, SCOPE, "k", b"d", StoredAnswer(201, b""), stage.clock.now())
            raise OneThingError(FailureCode.INVALID_VALUE, "x")

    for _ in range(2):
        with pytest.raises(OneThingError):
            await refused()
    assert (await _submit_once(stage, "k")).status == 201


async def test_answers_are_kept_thirty_days(stage: Stage) -> None:
    await _submit_once(stage, "k")
    for days, dropped in ((29, 0), (2, 1)):
        stage.clock.pass_time(days=days)
        async with stage.worker.transaction(WORKER) as tx:
            assert await idempotency.forget_old(tx, stage.clock.now()) == dropped
