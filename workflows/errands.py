"""Open commands under way: each an activity of its own, all in parallel."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.certificates import CertificateActivities
    from activities.departments import DepartmentActivities
    from activities.notices import NoticeActivities
    from activities.sources import SourceActivities
    from onething.domain.commands import CommandKind
    from onething.domain.handover import Assignment, HandOver
    from workflows.options import ACTIVITY, ATTEMPT


class UnknownCommandKind(RuntimeError):
    """Fails the workflow task, not the workflow: visible, and taken up again by a newer worker."""


_KINDS = tuple(CommandKind)


class Errands:
    """Sets out for commands, brings home hand-overs. A command that ended without an outcome is forgotten, so that the
    next hand-over sets out for it again."""

    def __init__(self, bring_home: Callable[[HandOver], None]) -> None:
        self._bring_home = bring_home
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._began: dict[str, datetime] = {}

    @property
    def any_under_way(self) -> bool:
        return bool(self._under_way)

    def set_out(self, news: HandOver) -> None:
        """Start what is outstanding and not under way; idempotent by command id."""
        for command in news.commands:
            if command.kind not in _KINDS:
                raise UnknownCommandKind(command.kind)
            if command.id not in self._under_way:
                assignment = Assignment(case_no=news.case_no, epoch=news.epoch, command=command)
                task = asyncio.create_task(self._run(assignment), name=command.id)
                self._under_way[command.id] = task
                self._began[command.id] = workflow.now()
                # not in the task's own `finally`: one that is cancelled before it begins has none
                task.add_done_callback(self._is_home)

    def call_off_missing(self, newest: HandOver) -> None:
        """Cancel what the newest hand-over no longer has and what by its age waits for another attempt.

        A younger one is let be: its outcome may just have been recorded and be on its way here, and if not, its next
        attempt finds that it is not wanted any more.
        """
        outstanding = {command.id: True for command in newest.commands}
        for command_id, task in tuple(self._under_way.items()):
            if command_id not in outstanding and workflow.now() - self._began[command_id] > ATTEMPT:
                task.cancel()

    async def come_home(self) -> None:
        """Cancel everything and wait until no attempt is in flight."""
        for task in tuple(self._under_way.values()):
            task.cancel()
        await workflow.wait_condition(lambda: not self._under_way)

    def _is_home(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task.get_name()]
        del self._began[task.get_name()]

    async def _run(self, assignment: Assignment) -> None:
        try:
            self._bring_home(await self._perform(assignment))
        except ActivityError as ended:
            workflow.logger.info("command ended without an outcome", extra={"cause": type(ended.cause).__name__})

    async def _perform(self, assignment: Assignment) -> HandOver:
        match assignment.command.kind:
            case CommandKind.FETCH_RECORD:
                return await workflow.execute_activity_method(SourceActivities.fetch_record, assignment, **ACTIVITY)
            case CommandKind.ISSUE_CERTIFICATES:
                return await workflow.execute_activity_method(
                    CertificateActivities.issue_certificates, assignment, **ACTIVITY
                )
            case CommandKind.SEND_NOTICES:
                return await workflow.execute_activity_method(NoticeActivities.send_notices, assignment, **ACTIVITY)
            case CommandKind.UNDO_EFFECT:
                return await workflow.execute_activity_method(DepartmentActivities.undo_effect, assignment, **ACTIVITY)
        raise UnknownCommandKind(assignment.command.kind)
