"""What is done in one short attempt before a case is handed over to its workflow: certificates, which are made inside
PostgreSQL, and the first attempt of a notice. The same work under the same keys as the activities'; what does not get
through is theirs. Why: docs/adr/0044."""

from activities.notifications import NoticeActivities
from activities.ports import CommandGateway
from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.kernel.commands import Command, CommandKind


class QuickEffects:
    def __init__(self, gateway: CommandGateway, notices: NoticeActivities, *, limit_s: float = 0.2) -> None:
        """`limit_s`: how long the gateway of notices may take to answer."""
        self._gateway = gateway
        self._notices = notices
        self._limit_s = limit_s

    def any_in(self, snapshot: CaseSnapshot, told_seq: int) -> bool:
        """Whether there is something to try: the workflow may know of commands up to line `told_seq`.

        Nothing while it is at others: an attempt of its own may bring the same command home at any moment, and two
        would be under way. A notice beside look-ups is tried with them, by an activity that there is in any case.
        """
        kinds = {command.kind for command in snapshot.commands}
        if CommandKind.FETCH_RECORD in kinds or any(command.seq <= told_seq for command in snapshot.commands):
            return False
        return not kinds.isdisjoint((CommandKind.ISSUE_CERTIFICATES, CommandKind.SEND_NOTICES))

    async def attempt(self, snapshot: CaseSnapshot) -> CaseSnapshot:
        """The case after what got through; everything else is still outstanding in it. Raises what the gateway does."""
        newest = snapshot
        for command in _of_kind(snapshot, CommandKind.ISSUE_CERTIFICATES):
            newest = await self._gateway.issue_certificates(_assignment(snapshot, command))
        for command in _of_kind(newest, CommandKind.SEND_NOTICES):
            newest = await self._notices.try_once(_assignment(newest, command), self._limit_s) or newest
        return newest


def _of_kind(snapshot: CaseSnapshot, kind: CommandKind) -> list[Command]:
    return [command for command in snapshot.commands if command.kind == kind]


def _assignment(snapshot: CaseSnapshot, command: Command) -> Assignment:
    return Assignment(case_no=snapshot.case_no, epoch=snapshot.epoch, command=command)
