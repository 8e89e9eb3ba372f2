"""Fetching records from data sources."""

import asyncio

from temporalio import activity

from activities.failures import try_again
from activities.ports import Desk, Sources
from onething.domain.errors import OneThingError
from onething.domain.handover import Assignment, HandOver, JointAssignment, JointReply
from onething.domain.outside import Fetched, Refused, SourceAnswerMalformed, SourceUnavailable
from onething.domain.source import next_delay


class NotYet(Exception):
    """The source gave no answer. `failure` says why, `again_in_s` when to ask again."""

    def __init__(self, failure: OneThingError, again_in_s: float) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.again_in_s = again_in_s


class SourceActivities:
    def __init__(self, desk: Desk, sources: Sources) -> None:
        self._desk = desk
        self._sources = sources

    @activity.defn(name="fetch_record")
    async def fetch_record(self, assignment: Assignment) -> HandOver:
        """One attempt to get a record. The source decides how soon to ask again, patience is the door's business."""
        try:
            return await self._ask(assignment, activity.info().attempt)
        except NotYet as ended:
            raise try_again(ended.failure, ended.again_in_s) from None

    @activity.defn(name="fetch_records")
    async def fetch_records(self, joint: JointAssignment) -> JointReply:
        """The first attempt at several look-ups, side by side. Each outcome is recorded as it comes; those without one
        go on by themselves."""
        assignments = [
            Assignment(case_no=joint.case_no, epoch=joint.epoch, command=command) for command in joint.commands
        ]
        ends = await asyncio.gather(*(self._ask(one, 1) for one in assignments), return_exceptions=True)
        again: dict[str, float] = {}
        newest: HandOver | None = None
        for command, end in zip(joint.commands, ends, strict=True):
            if isinstance(end, NotYet):
                again[command.id] = end.again_in_s
            elif isinstance(end, BaseException):
                raise end  # the next attempt finds what was recorded
            elif newest is None or end.version > newest.version:
                newest = end
        return JointReply(news=newest, again_in_s=again)

    async def _ask(self, assignment: Assignment, attempt: int) -> HandOver:
        work = await self._desk.fetch_work(assignment)
        if isinstance(work, HandOver):
            return work
        try:
            answer = await self._sources.fetch(work.source.code, work.params, work.key)
        except (SourceUnavailable, SourceAnswerMalformed) as failure:
            wait = failure.retry_after if isinstance(failure, SourceUnavailable) else None
            raise NotYet(failure, wait or next_delay(work.source, attempt)) from None
        match answer:
            case Fetched():
                return await self._desk.fetched(assignment, answer)
            case Refused():
                return await self._desk.fetch_refused(assignment, answer)
