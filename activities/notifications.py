"""Telling the applicant, through the notice gateway."""

from temporalio import activity

from activities.failures import try_again
from activities.ports import CommandGateway, Notices
from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.commands import idempotency_key
from onething.domain.lookups.answers import Done, Refused, SourceAnswerMalformed, SourceUnavailable

_CHANNEL = "sms"
_AGAIN_S = 5.0
_AGAIN_AT_MOST_S = 900.0


class NoticeActivities:
    def __init__(self, gateway: CommandGateway, notices: Notices) -> None:
        self._gateway = gateway
        self._notices = notices

    @activity.defn(name="send_notices")
    async def send_notices(self, assignment: Assignment) -> CaseSnapshot:
        """One attempt. The case goes on without it when the case writer's patience ends."""
        work = await self._gateway.notice_work(assignment)
        if isinstance(work, CaseSnapshot):
            return work
        slower = min(_AGAIN_S * activity.info().attempt, _AGAIN_AT_MOST_S)
        try:
            answer = await self._send(assignment, work.key)
        except (SourceUnavailable, SourceAnswerMalformed) as failure:
            raise try_again(failure, slower) from None
        if isinstance(answer, Refused):
            raise try_again(OneThingError(FailureCode.SOURCE_REFUSED, ""), _AGAIN_AT_MOST_S)
        return await self._gateway.notices_sent(assignment)

    async def try_once(self, assignment: Assignment) -> CaseSnapshot | None:
        """For who has just made the command; None if it didn't get through."""
        key = idempotency_key(assignment.case_no, assignment.epoch, assignment.command.id)
        try:
            answer = await self._send(assignment, key)
        except (SourceUnavailable, SourceAnswerMalformed):
            return None
        return None if isinstance(answer, Refused) else await self._gateway.notices_sent(assignment)

    async def _send(self, assignment: Assignment, key: str) -> Done | Refused:
        """The addressee is an opaque reference, resolved by the gateway."""
        case_no, template = assignment.case_no, assignment.command.target
        return await self._notices.send(_CHANNEL, template, f"applicant/{case_no}", case_no, key)
