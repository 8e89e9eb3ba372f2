"""Look-ups that began together, as a worker records what comes of them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from activities.ports import FetchWork
from onething.domain.engine.snapshot import JointAssignment
from onething.domain.kernel.commands import Command
from onething.domain.lookups.answers import Fetched, Refused
from tests.api import acts
from tests.api.town import Town

YESTERDAY = datetime(2026, 3, 1, tzinfo=UTC)


async def _joint(town: Town, case_no: str) -> JointAssignment:
    wanted = [
        Command(id=name, kind=one.kind, target=one.target)
        for name, one in (await town.commands(case_no)).items()
        if one.kind == "fetch_record"
    ]
    assert len(wanted) > 1
    return JointAssignment(case_no=case_no, epoch=1, commands=tuple(wanted))


def _answers(joint: JointAssignment) -> Mapping[str, Fetched | Refused]:
    """A record for each but the last, which is refused."""
    *given, last = joint.commands
    found = {one.id: Fetched({"found": f"record of {one.target}"}, YESTERDAY) for one in given}
    return {**found, last.id: Refused("no_record")}


def _transactions(town: Town, case_no: str, kind: str) -> tuple[int, int]:
    """How many lines of that kind there are, and in how many transactions they were written."""
    lines = "select count(*), count(distinct xmin::text) from journal where case_no = %s and kind = %s"
    ((count, transactions),) = town.rows(lines, case_no, kind)
    return count, transactions


async def test_what_comes_together_is_recorded_together(town: Town) -> None:
    case_no = await acts.open_case(town)
    joint = await _joint(town, case_no)
    assert all(isinstance(work, FetchWork) for work in (await town.gateway.joint_work(joint)).values())
    snapshot = await town.gateway.answered(joint, _answers(joint))
    assert [command.kind for command in snapshot.commands if command.kind == "fetch_record"] == []
    assert _transactions(town, case_no, "record_fetched") == (len(joint.commands) - 1, 1)
    assert _transactions(town, case_no, "record_refused") == (1, 1)
    kept = town.rows("select name from sealed_values where case_no = %s and name like 'record:%%'", case_no)
    assert len(kept) == len(joint.commands) - 1
    again = await town.gateway.answered(joint, _answers(joint))
    assert again.seq == snapshot.seq
    work = (await town.gateway.joint_work(joint)).values()
    assert [one.seq for one in work if not isinstance(one, FetchWork)] == [snapshot.seq] * len(joint.commands)


async def test_what_was_called_off_is_recorded_late_each_by_itself(town: Town) -> None:
    case_no = await acts.open_case(town)
    joint = await _joint(town, case_no)
    withdrawn = await town.post("citizen", f"/api/cases/{case_no}/withdraw")
    assert withdrawn.status_code == 200, withdrawn.text
    await town.gateway.answered(joint, _answers(joint))
    count = len(joint.commands)
    assert _transactions(town, case_no, "came_too_late") == (count, count)


async def test_some_may_come_and_others_be_asked_again(town: Town) -> None:
    case_no = await acts.open_case(town)
    joint = await _joint(town, case_no)
    first, *others = joint.commands
    snapshot = await town.gateway.answered(joint, {first.id: Refused("no_record")})
    open_still = {command.id for command in snapshot.commands}
    assert first.id not in open_still
    assert {one.id for one in others} <= open_still
