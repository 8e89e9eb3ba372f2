"""Fetching records from data sources."""

from temporalio import activity

from activities.failures import AnswerNotReady, try_again
from activities.ports import AttemptCounter, CommandGateway, FetchWork, NoticeWork, RecordCache, Sources
from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.lookups.answers import (
    Cause,
    Fetched,
    Refused,
    SourceAnswerMalformed,
    SourceUnavailable,
)
from onething.domain.sources.source import SourceDefinition, delay_of_accepted, next_delay


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
        """One attempt to get a record. The source decides how soon to ask again, patience is the writer's business.
        Raises TypeError for a command that is no look-up."""
        command = assignment.command.id
        work = (await self._gateway.joint_work(assignment.alone))[command]
        if isinstance(work, CaseSnapshot):
            return work
        if isinstance(work, NoticeWork):
            raise TypeError("no look-up")
        try:
            answer = await self.ask(work, activity.info().attempt)
        except AnswerNotReady as ended:
            raise try_again(ended.failure, ended.again_in_s) from None
        return await self._gateway.answered(assignment.alone, {command: answer})

    async def ask(self, work: FetchWork, attempt: int) -> Fetched | Refused:
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
