"""Fetching records from data sources."""

import asyncio
from collections.abc import Mapping

from temporalio import activity

from activities.failures import try_again
from activities.ports import AttemptCounter, CommandGateway, FetchWork, RecordCache, Sources
from onething.domain.definition.source import SourceDefinition, delay_of_accepted, next_delay
from onething.domain.engine.snapshot import Assignment, CaseSnapshot, JointAssignment, JointReply
from onething.domain.errors import OneThingError
from onething.domain.lookups.answers import (
    Cause,
    Fetched,
    Refused,
    SourceAnswerMalformed,
    SourceUnavailable,
)

_TOGETHER_S = 0.02
"""Answers that come so soon after one another are recorded together: each recording costs as much as two do."""

_Asking = asyncio.Task[Fetched | Refused]


class AnswerNotReady(Exception):
    """The source gave no answer. `failure` says why, `again_in_s` when to ask again."""

    def __init__(self, failure: OneThingError, again_in_s: float) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.again_in_s = again_in_s


class SourceActivities:
    def __init__(
        self,
        gateway: CommandGateway,
        sources: Sources,
        tally: AttemptCounter | None = None,
        cache: RecordCache | None = None,
    ) -> None:
        self._gateway = gateway
        self._sources = sources
        self._tally = tally
        self._kept = cache

    @activity.defn(name="fetch_record")
    async def fetch_record(self, assignment: Assignment) -> CaseSnapshot:
        """One attempt to get a record. The source decides how soon to ask again, patience is the writer's business."""
        command = assignment.command
        joint = JointAssignment(case_no=assignment.case_no, epoch=assignment.epoch, commands=(command,))
        work = (await self._gateway.fetch_work(joint))[command.id]
        if isinstance(work, CaseSnapshot):
            return work
        try:
            answer = await self._ask(work, activity.info().attempt)
        except AnswerNotReady as ended:
            raise try_again(ended.failure, ended.again_in_s) from None
        return await self._gateway.fetched(joint, {command.id: answer})

    @activity.defn(name="fetch_records")
    async def fetch_records(self, joint: JointAssignment) -> JointReply:
        """The first attempt at several look-ups, side by side. Outcomes are recorded as they come; look-ups without one
        go on by themselves."""
        work = await self._gateway.fetch_work(joint)
        newest = max((one for one in work.values() if isinstance(one, CaseSnapshot)), key=_version, default=None)
        again: dict[str, float] = {}
        asking = {
            asyncio.create_task(self._ask(one, 1)): command
            for command, one in work.items()
            if isinstance(one, FetchWork)
        }
        try:
            while asking:
                ended = await _next_ended(asking)
                answers: dict[str, Fetched | Refused] = {}
                for task, command in ended.items():
                    try:
                        answers[command] = task.result()
                    except AnswerNotReady as failure:
                        again[command] = failure.again_in_s
                    del asking[task]
                if answers:
                    newest = await self._gateway.fetched(joint, answers)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        return JointReply(news=newest, again_in_s=again)

    async def _ask(self, work: FetchWork, attempt: int) -> Fetched | Refused:
        """Raises AnswerNotReady."""
        kept = self._kept if work.source.kept_minutes else None
        if kept is None:
            return await self._ask_source(work, attempt)
        if (fresh := await kept.fresh(work)) is not None:
            return fresh
        try:
            answer = await self._ask_source(work, attempt)
        except AnswerNotReady as ended:
            if (last_good := await kept.last_good(work, ended.again_in_s)) is not None:
                return last_good
            raise
        await kept.keep(work, answer)
        return answer

    async def _ask_source(self, work: FetchWork, attempt: int) -> Fetched | Refused:
        """Raises AnswerNotReady."""
        source, tally = work.source.code, self._tally
        try:
            answer = await self._sources.fetch(source, work.params, work.key)
        except (SourceUnavailable, SourceAnswerMalformed) as failure:
            if tally is not None:
                tally.unavailable(source, failure)
            raise AnswerNotReady(failure, _again_in_s(work.source, failure, attempt)) from None
        if tally is not None and isinstance(answer, Fetched):
            tally.answered(source, work.asked_at, answer.as_of)
        elif tally is not None:
            tally.refused(source, work.asked_at)
        return answer


def _again_in_s(source: SourceDefinition, failure: SourceUnavailable | SourceAnswerMalformed, attempt: int) -> float:
    told = failure.retry_after if isinstance(failure, SourceUnavailable) else None
    if isinstance(failure, SourceUnavailable) and failure.cause is Cause.IN_PROGRESS:
        return delay_of_accepted(source, attempt, told)
    return told or next_delay(source, attempt)


async def _next_ended(asking: Mapping[_Asking, str]) -> dict[_Asking, str]:
    """Those that have ended, soon after the first of them."""
    _, others = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    if others:
        await asyncio.wait(others, timeout=_TOGETHER_S)
    return {task: command for task, command in asking.items() if task.done()}


def _version(snapshot: CaseSnapshot) -> tuple[int, int]:
    return snapshot.version
