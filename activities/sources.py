"""Fetching a record from a data source."""

from temporalio import activity

from activities.failures import try_again
from activities.ports import Desk, Sources
from onething.domain.handover import Assignment, HandOver
from onething.domain.outside import Fetched, Refused, SourceAnswerMalformed, SourceUnavailable
from onething.domain.source import next_delay


class SourceActivities:
    def __init__(self, desk: Desk, sources: Sources) -> None:
        self._desk = desk
        self._sources = sources

    @activity.defn(name="fetch_record")
    async def fetch_record(self, assignment: Assignment) -> HandOver:
        """One attempt to get a record. The source decides how soon to ask again, patience is the door's business."""
        work = await self._desk.fetch_work(assignment)
        if isinstance(work, HandOver):
            return work
        try:
            answer = await self._sources.fetch(work.source.code, work.params, work.key)
        except (SourceUnavailable, SourceAnswerMalformed) as failure:
            wait = failure.retry_after if isinstance(failure, SourceUnavailable) else None
            raise try_again(failure, wait or next_delay(work.source, activity.info().attempt)) from None
        match answer:
            case Fetched():
                return await self._desk.fetched(assignment, answer)
            case Refused():
                return await self._desk.fetch_refused(assignment, answer)
