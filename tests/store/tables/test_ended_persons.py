"""Whose death a case reports, as the database keeps it while the case is closed, reopened for it, and closed again."""

from typing import Any

from onething.domain.definition.items import OnRefusal
from onething.domain.events.items import CaseReopened
from onething.domain.events.outcomes import NoticesSent
from onething.domain.events.tasks import ItemDecided
from onething.store.tables import ended_persons
from tests.domain.builders import item, make_plan
from tests.store.stage import CITIZEN, PERSON, SUPERVISOR, Stage, officer

DECEASED = b"who is no more.."
HOUSEHOLD = item("household", refusal=OnRefusal.GO_ON).model_copy(update={"ends_person": "deceased_id"})
PLAN = make_plan(HOUSEHOLD, item("pension", refusal=OnRefusal.GO_ON))


async def _reported(stage: Stage) -> str:
    """Accepted, with a mandate that the deceased had given."""
    case_no = (await stage.submit(PLAN)).case_no
    async with stage.api.transaction(CITIZEN) as tx:
        await ended_persons.name(tx, case_no, PLAN.bundle, {"household": DECEASED}, stage.clock.now(), bears=False)
    await stage.give_mandate(giver=DECEASED)
    await stage.accept(case_no)
    return case_no


async def _decide(stage: Stage, case_no: str, code: str, outcome: str, round_no: int = 1) -> None:
    stage.clock.pass_time(hours=1)
    event = ItemDecided.model_validate({"item": code, "round": round_no, "outcome": outcome})
    await stage.say(case_no, event, officer(f"dep-{code}"))


async def _close(stage: Stage, case_no: str) -> None:
    while rows := await stage.look("select id, target from commands where case_no = $1 and status = 'open'", case_no):
        sent = NoticesSent(command=rows[0]["id"], template=rows[0]["target"])
        await stage.come_of(case_no, sent)
    assert await stage.look("select status from cases where case_no = $1", case_no) == [("closed",)]


async def _reopen(stage: Stage, case_no: str, code: str) -> None:
    stage.clock.pass_time(hours=1)
    await stage.say(case_no, CaseReopened(items=(code,), basis="令", reason="notice:9"), SUPERVISOR)


async def _row(stage: Stage) -> dict[str, Any]:
    """Which of its moments are now, or earlier."""
    (row,) = await stage.look("select reported_at, ended_at, lifted_at, dropped_at from ended_persons")
    now = stage.clock.now()
    return {name: "now" if at == now else "earlier" for name, at in row.items() if at is not None}


async def _told(stage: Stage) -> list[str]:
    rows = await stage.look(
        "select detail from access_log where act = 'end_person' and whose = $1 order by id", DECEASED
    )
    return [row["detail"] for row in rows]


async def test_reported_dropped_reported_once_more_and_registered(stage: Stage) -> None:
    case_no = await _reported(stage)
    await _decide(stage, case_no, "pension", "refuse")
    await _decide(stage, case_no, "household", "refuse")
    await _close(stage, case_no)
    assert await _row(stage) == {"reported_at": "earlier", "dropped_at": "now"}

    await _reopen(stage, case_no, "pension")
    await _decide(stage, case_no, "pension", "refuse", 2)
    await _close(stage, case_no)
    assert await _told(stage) == ["dropped"], "it was not what was decided anew"

    await _reopen(stage, case_no, "household")
    assert await _row(stage) == {"reported_at": "now"}
    await _decide(stage, case_no, "household", "refuse", 2)
    await _close(stage, case_no)
    assert await _row(stage) == {"reported_at": "earlier", "dropped_at": "now"}

    await _reopen(stage, case_no, "household")
    assert await stage.look("select revoked_at from mandates") == [(None,)]
    await _decide(stage, case_no, "household", "approve", 3)
    assert await _row(stage) == {"reported_at": "earlier", "ended_at": "now"}
    assert await stage.look("select revoked_at, ended_by from mandates") == [(stage.clock.now(), case_no)]
    async with stage.api.transaction(CITIZEN) as tx:
        assert await ended_persons.changed_since(tx, stage.clock.now()) == {DECEASED.hex(): True}
        assert not await ended_persons.has_ended(tx, PERSON)
    await _close(stage, case_no)
    assert await _told(stage) == ["dropped", "reported", "dropped", "reported", "ended"]
