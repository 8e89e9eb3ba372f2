"""Issuing the certificates of a decided case: inside PostgreSQL, so its effect and its outcome are one transaction."""

from temporalio import activity

from activities.notifications import NoticeActivities
from activities.ports import CommandGateway
from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.kernel.commands import CommandKind


class CertificateActivities:
    def __init__(self, gateway: CommandGateway, notices: NoticeActivities) -> None:
        self._gateway = gateway
        self._notices = notices

    @activity.defn(name="issue_certificates")
    async def issue_certificates(self, assignment: Assignment) -> CaseSnapshot:
        """Issues, and while at it sends the notice that this lets out, once: a round trip by way of the workflow would
        cost a case a fifth of its throughput. A notice that doesn't get through stays outstanding in the reply, so the
        workflow sends it with patience."""
        snapshot = await self._gateway.issue_certificates(assignment)
        for command in snapshot.commands:
            if command.kind == CommandKind.SEND_NOTICES:
                notice = Assignment(case_no=snapshot.case_no, epoch=snapshot.epoch, command=command)
                return await self._notices.try_once(notice) or snapshot
        return snapshot
