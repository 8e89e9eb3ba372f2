"""Undoing, at the department or the source where something was done."""

from temporalio import activity

from activities.failures import try_again
from activities.ports import Departments, Desk, ReleaseWork, RevokeWork, Sources
from onething.domain.errors import FailureCode, OneThingError
from onething.domain.handover import Assignment, HandOver
from onething.domain.outside import Done, Refused, SourceAnswerMalformed, SourceUnavailable

_REFUSED_AGAIN_S = 300.0
_UNAVAILABLE_AGAIN_S = 5.0


class DepartmentActivities:
    def __init__(self, desk: Desk, sources: Sources, departments: Departments) -> None:
        self._desk = desk
        self._sources = sources
        self._departments = departments

    @activity.defn(name="undo_effect")
    async def undo_effect(self, assignment: Assignment) -> HandOver:
        """One attempt to undo one effect. A refusal is tried again too: patience then makes it a person's task."""
        work = await self._desk.undo_work(assignment)
        if isinstance(work, HandOver):
            return work
        try:
            answer = await self._undo(work, assignment)
        except (SourceUnavailable, SourceAnswerMalformed) as failure:
            wait = failure.retry_after if isinstance(failure, SourceUnavailable) else None
            slower = min(_UNAVAILABLE_AGAIN_S * activity.info().attempt, _REFUSED_AGAIN_S)
            raise try_again(failure, wait or slower) from None
        match answer:
            case Done():
                return await self._desk.undone(assignment, work.effect)
            case Refused():
                raise try_again(OneThingError(FailureCode.SOURCE_REFUSED, ""), _REFUSED_AGAIN_S)

    async def _undo(self, work: ReleaseWork | RevokeWork, assignment: Assignment) -> Done | Refused:
        match work:
            case ReleaseWork():
                return await self._sources.release(work.source.code, work.of_key, work.key)
            case RevokeWork():
                return await self._departments.revoke(
                    work.department, assignment.case_no, work.item, work.effect, work.key
                )
