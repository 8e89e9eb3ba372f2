"""Telling the applicant, through the notice gateway."""

import asyncio

from temporalio import activity

from activities.failures import AnswerNotReady, try_again
from activities.ports import CommandGateway, FetchWork, Notices, NoticeWork
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
        """One attempt. The case goes on without it when the case writer's patience ends.
        Raises TypeError for a command that is no notice."""
        work = (await self._gateway.joint_work(assignment.alone))[assignment.command.id]
        if isinstance(work, CaseSnapshot):
            return work
        if isinstance(work, FetchWork):
            raise TypeError("no notice")
        try:
            answer = await self.tell(assignment.case_no, work, activity.info().attempt)
        except AnswerNotReady as ended:
            raise try_again(ended.failure, ended.again_in_s) from None
        return await self._sent(assignment, answer)

    async def try_once(self, assignment: Assignment, limit_s: float | None = None) -> CaseSnapshot | None:
        """For who has just made the command, or learnt of it first; None if nothing came back, or not in time: whether
        it got through the next attempt, with the same key, finds out."""
        key = idempotency_key(assignment.case_no, assignment.epoch, assignment.command.id)
        try:
            async with asyncio.timeout(limit_s):
                answer = await self.tell(assignment.case_no, NoticeWork(key, assignment.command.target), 1)
        except (AnswerNotReady, TimeoutError):
            return None
        return await self._sent(assignment, answer)

    async def _sent(self, assignment: Assignment, answer: Done) -> CaseSnapshot:
        return await self._gateway.answered(assignment.alone, {assignment.command.id: answer})

    async def tell(self, case_no: str, work: NoticeWork, attempt: int) -> Done:
        """The addressee is an opaque reference, resolved by the gateway. Raises AnswerNotReady."""
        try:
            answer = await self._notices.send(_CHANNEL, work.template, f"applicant/{case_no}", case_no, work.key)
        except (SourceUnavailable, SourceAnswerMalformed) as failure:
            raise AnswerNotReady(failure, min(_AGAIN_S * attempt, _AGAIN_AT_MOST_S)) from None
        if isinstance(answer, Refused):
            raise AnswerNotReady(OneThingError(FailureCode.SOURCE_REFUSED, ""), _AGAIN_AT_MOST_S)
        return answer
