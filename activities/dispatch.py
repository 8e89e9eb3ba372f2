"""Items that departments' systems decide; and undoing, at the department or the source where something was done."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import try_again
from activities.ports import CommandGateway, DepartmentGateway, LeftToFetch, ReleaseWork, RevokeWork, Sources
from onething.domain.engine.snapshot import Assignment, CaseSnapshot
from onething.domain.errors import FailureCode, InvalidInput, NotAllowed, OneThingError
from onething.domain.lookups.answers import (
    Cause,
    Done,
    Refused,
    SourceAnswerMalformed,
    SourceUnavailable,
)

_REFUSED_AGAIN_S = 300.0
_UNAVAILABLE_AGAIN_S = 5.0
_CHASED_AGAIN_S = 600.0


class DepartmentActivities:
    def __init__(self, gateway: CommandGateway, sources: Sources, departments: DepartmentGateway) -> None:
        self._gateway = gateway
        self._sources = sources
        self._departments = departments

    @activity.defn(name="dispatch_item")
    async def dispatch_item(self, assignment: Assignment) -> CaseSnapshot:
        """One attempt to have the department's system decide. Who has accepted and does not call back is asked again,
        with the same key; patience then makes it a task of the department's people."""
        work = await self._gateway.dispatch_work(assignment)
        if isinstance(work, CaseSnapshot):
            return work
        if isinstance(work, LeftToFetch):
            raise _to_be_fetched(work)
        try:
            answer = await self._departments.decide(work.department, work.order, work.key)
        except (SourceUnavailable, SourceAnswerMalformed) as failure:
            raise try_again(failure, _dispatched_again_s(failure)) from None
        try:
            return await self._gateway.dispatched(assignment, answer)
        except (NotAllowed, InvalidInput) as unfit:
            if unfit.code is FailureCode.COMMAND_VOID:
                raise
            raise try_again(SourceAnswerMalformed(work.department, "decision"), _REFUSED_AGAIN_S) from None

    @activity.defn(name="undo_effect")
    async def undo_effect(self, assignment: Assignment) -> CaseSnapshot:
        """One attempt to undo one effect. A refusal is tried again too: patience then makes it a person's task."""
        work = await self._gateway.undo_work(assignment)
        if isinstance(work, CaseSnapshot):
            return work
        if isinstance(work, LeftToFetch):
            raise _to_be_fetched(work)
        try:
            answer = await self._undo(work, assignment)
        except (SourceUnavailable, SourceAnswerMalformed) as failure:
            wait = failure.retry_after if isinstance(failure, SourceUnavailable) else None
            slower = min(_UNAVAILABLE_AGAIN_S * activity.info().attempt, _REFUSED_AGAIN_S)
            raise try_again(failure, wait or slower) from None
        match answer:
            case Done():
                return await self._gateway.undone(assignment, work.effect)
            case Refused():
                raise try_again(OneThingError(FailureCode.SOURCE_REFUSED, ""), _REFUSED_AGAIN_S)

    async def _undo(self, work: ReleaseWork | RevokeWork, assignment: Assignment) -> Done | Refused:
        match work:
            case ReleaseWork():
                return await self._sources.release(work.source.code, work.of_key, work.key)
            case RevokeWork():
                return await self._departments.revoke(
                    work.department, assignment.case_no, work.item, work.undo_of, work.key
                )


def _to_be_fetched(work: LeftToFetch) -> ApplicationError:
    """Looked at again as seldom as a system that will call back is asked again."""
    return try_again(SourceUnavailable(work.department, Cause.IN_PROGRESS), _CHASED_AGAIN_S)


def _dispatched_again_s(failure: SourceUnavailable | SourceAnswerMalformed) -> float:
    """Who is at it is left alone for a while, unless it says when to ask; who can't be reached is tried soon."""
    if isinstance(failure, SourceUnavailable):
        if failure.retry_after is not None:
            return failure.retry_after
        if failure.cause is Cause.IN_PROGRESS:
            return _CHASED_AGAIN_S
    return min(_UNAVAILABLE_AGAIN_S * activity.info().attempt, _REFUSED_AGAIN_S)
