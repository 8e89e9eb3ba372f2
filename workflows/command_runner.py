"""Open commands under way, all in parallel: each an activity of its own, but for the first attempt at look-ups and
notices that begin together."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.dispatch import DepartmentActivities
    from activities.documents import CertificateActivities
    from activities.lookups import SourceActivities
    from activities.notifications import NoticeActivities
    from activities.together import JointActivities
    from onething.domain.engine.snapshot import Assignment, CaseSnapshot, JointAssignment
    from onething.domain.kernel.commands import Command, CommandKind
    from workflows.options import ACTIVITY, ATTEMPT


class UnknownCommandKind(RuntimeError):
    """Fails the workflow task, not the workflow: visible, and taken up again by a newer worker."""


_KINDS = tuple(CommandKind)
_TOGETHER = (CommandKind.FETCH_RECORD, CommandKind.SEND_NOTICES)


@dataclass(frozen=True)
class _UnderWay:
    """What is under way for one command, or for several that set out together."""

    commands: tuple[str, ...]
    began: datetime
    task: asyncio.Task[None]


class CommandRunner:
    """Sets out for commands, brings home snapshots. A command that ended without an outcome is forgotten, so that the
    next snapshot sets out for it again."""

    def __init__(self, bring_home: Callable[[CaseSnapshot], None]) -> None:
        self._bring_home = bring_home
        self._under_way: dict[str, _UnderWay] = {}

    @property
    def any_under_way(self) -> bool:
        return bool(self._under_way)

    def set_out(self, snapshot: CaseSnapshot) -> None:
        """Start what is outstanding and not under way; idempotent by command id. Raises UnknownCommandKind for what
        only newer code carries out: nothing is started then."""
        new = [command for command in snapshot.commands if command.id not in self._under_way]
        for command in new:
            if command.kind not in _KINDS:
                raise UnknownCommandKind(command.kind)
        together = tuple(command for command in new if command.kind in _TOGETHER)
        if len(together) > 1:
            joint = JointAssignment(case_no=snapshot.case_no, epoch=snapshot.epoch, commands=together)
            self._start([command.id for command in together], self._run_jointly(joint))
        for command in new:
            if command.id not in self._under_way:
                self._start([command.id], self._run(_assignment(snapshot.case_no, snapshot.epoch, command)))

    def call_off_missing(self, newest: CaseSnapshot) -> None:
        """Cancel what the newest snapshot no longer has and what by its age waits for another attempt.

        A younger one is let be: its outcome may just have been recorded and be on its way here, and if not, its next
        attempt finds that it is not wanted any more.
        """
        outstanding = {command.id: True for command in newest.commands}
        for command_id, running in tuple(self._under_way.items()):
            wanted = any(one in outstanding for one in running.commands)
            if command_id == running.commands[0] and not wanted and workflow.now() - running.began > ATTEMPT:
                running.task.cancel()

    async def come_home(self) -> None:
        """Cancel everything and wait until no attempt is in flight."""
        for running in tuple(self._under_way.values()):
            running.task.cancel()
        await workflow.wait_condition(lambda: not self._under_way)

    def _start(self, commands: Sequence[str], story: Coroutine[Any, Any, None]) -> None:
        running = _UnderWay(tuple(commands), workflow.now(), asyncio.create_task(story))
        self._under_way.update(dict.fromkeys(commands, running))
        # not in the task's own `finally`: one that is cancelled before it begins has none
        running.task.add_done_callback(lambda _: self._is_home(running))

    def _is_home(self, running: _UnderWay) -> None:
        for command_id in running.commands:
            if self._under_way.get(command_id) is running:
                del self._under_way[command_id]

    async def _run_jointly(self, joint: JointAssignment) -> None:
        """What had no answer at the first attempt goes on by itself."""
        try:
            reply = await workflow.execute_activity_method(JointActivities.begin_together, joint, **ACTIVITY)
        except ActivityError as ended:
            _log(ended)
            return
        for command in joint.commands:
            if command.id in reply.again_in_s:
                assignment = _assignment(joint.case_no, joint.epoch, command)
                self._start([command.id], self._run(assignment, reply.again_in_s[command.id]))
        if reply.news is not None:
            self._bring_home(reply.news)

    async def _run(self, assignment: Assignment, wait_s: float | None = None) -> None:
        if wait_s is not None:
            await workflow.sleep(wait_s)
        try:
            self._bring_home(await self._perform(assignment))
        except ActivityError as ended:
            _log(ended)

    async def _perform(self, assignment: Assignment) -> CaseSnapshot:
        match assignment.command.kind:
            case CommandKind.FETCH_RECORD:
                return await workflow.execute_activity_method(SourceActivities.fetch_record, assignment, **ACTIVITY)
            case CommandKind.DISPATCH_ITEM:
                return await workflow.execute_activity_method(
                    DepartmentActivities.dispatch_item, assignment, **ACTIVITY
                )
            case CommandKind.ISSUE_CERTIFICATES:
                return await workflow.execute_activity_method(
                    CertificateActivities.issue_certificates, assignment, **ACTIVITY
                )
            case CommandKind.SEND_NOTICES:
                return await workflow.execute_activity_method(NoticeActivities.send_notices, assignment, **ACTIVITY)
            case CommandKind.UNDO_EFFECT:
                return await workflow.execute_activity_method(DepartmentActivities.undo_effect, assignment, **ACTIVITY)
        raise UnknownCommandKind(assignment.command.kind)


def _assignment(case_no: str, epoch: int, command: Command) -> Assignment:
    return Assignment(case_no=case_no, epoch=epoch, command=command)


def _log(ended: ActivityError) -> None:
    workflow.logger.info("command ended without an outcome", extra={"cause": type(ended.cause).__name__})
