"""After the database was restored from a backup and the epoch was raised."""

from activities.ports import FetchWork, ReleaseWork
from onething.domain.engine.snapshot import Assignment, JointAssignment
from onething.domain.kernel.commands import Command, CommandKind
from tests.api import acts
from tests.api.town import Town


async def test_what_was_done_before_is_known_outside_by_the_key_of_then(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    (reserved,) = [name for name, one in (await town.commands(case_no)).items() if one.hold is not None]
    town.change("update installation set epoch = epoch + 1")

    asked = (await _assigned(town, case_no, CommandKind.FETCH_RECORD)).command
    work = (await town.gateway.joint_work(JointAssignment(case_no=case_no, epoch=2, commands=(asked,))))[asked.id]
    assert isinstance(work, FetchWork)
    assert work.key == f"{case_no}/1/{reserved}"

    answer = await town.post("citizen", f"/api/cases/{case_no}/withdraw")
    assert answer.status_code == 200, answer.text
    undo = await _assigned(town, case_no, CommandKind.UNDO_EFFECT)
    release = await town.gateway.undo_work(undo)
    assert isinstance(release, ReleaseWork)
    assert (release.key, release.of_key) == (f"{case_no}/2/{undo.command.id}", f"{case_no}/1/{reserved}")


async def _assigned(town: Town, case_no: str, kind: CommandKind) -> Assignment:
    """What a worker that starts after the restore gets."""
    found = (await town.commands(case_no)).items()
    name, command = next(one for one in found if one[1].kind == kind and (one[1].hold or kind != "fetch_record"))
    return Assignment(case_no=case_no, epoch=2, command=Command(id=name, kind=kind, target=command.target))
