"""Signing out, and locking a subject out: at once, in every process, whatever tokens are in force."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import StringConstraints

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, OneThingError
from onething.domain.principal import Principal
from onething.security.identity.claims import SignedIn
from onething.security.policy import Act, require
from onething.services.application.base import RequestModel, ShortText
from onething.services.core.acts import ActRun, act_on_no_case
from onething.services.core.context import AppContext
from onething.services.summaries.responses import (
    CompleteResponseModel,
    LocalDateTime,
    ResponseModel,
    StoredResponse,
    answer,
)
from onething.store.record import access_log
from onething.store.tables import lockouts

Subject = Annotated[str, StringConstraints(min_length=1, max_length=280, pattern=r"^[\x21-\x7e]+$")]


class LockoutRequest(RequestModel):
    """Who is locked out, and why; the reason is for those who run the system."""

    subject: Subject
    reason: ShortText


class UnlockRequest(RequestModel):
    subject: Subject


class LockoutView(ResponseModel):
    subject: str
    at: LocalDateTime
    by: str
    reason: str


class LockoutList(CompleteResponseModel):
    items: list[LockoutView]


async def sign_out(context: AppContext, signed_in: SignedIn) -> None:
    """This token is of no use any more; others of the same person are."""
    principal = signed_in.principal
    async with context.transaction(principal, Act.SIGN_OUT) as tx:
        require(principal, Act.SIGN_OUT)
        now = context.clock.now()
        await lockouts.add(tx, "token", signed_in.token_id, now, reason="signed_out", until=signed_in.expires_at)
        access_log.add(tx, Act.SIGN_OUT, now)


@act_on_no_case(Act.LOCK_OUT)
async def lock_out(run: ActRun, request: LockoutRequest) -> StoredResponse:
    """Raises InvalidInput for oneself: somebody has to be left who can lift it."""
    if request.subject == run.principal.subject:
        detail = "不能停用自己；请由另一位管理员办理。"
        raise InvalidInput([FieldProblem("/subject", FailureCode.INVALID_VALUE, detail)])
    now = run.context.clock.now()
    await lockouts.add(run.tx, "subject", request.subject, now, reason=request.reason, until=None)
    access_log.add(run.tx, run.act, now, detail="locked_out")
    view = LockoutView(subject=request.subject, at=now, by=run.principal.subject, reason=request.reason)
    return answer(view, 201)


@act_on_no_case(Act.UNLOCK)
async def unlock(run: ActRun, request: UnlockRequest) -> StoredResponse:
    """Raises NOT_FOUND where nobody is locked out under that name."""
    now = run.context.clock.now()
    if not await lockouts.lift(run.tx, request.subject, now):
        raise OneThingError(FailureCode.NOT_FOUND, "这个账户没有被停用，请核对编号。")
    access_log.add(run.tx, run.act, now, detail="unlocked")
    return answer(await _listed(run))


async def everything(context: AppContext, principal: Principal) -> LockoutList:
    """The subjects that are locked out; tokens of who signed out are nobody's business."""
    async with context.transaction(principal, Act.VIEW_LOCKOUTS) as tx:
        require(principal, Act.VIEW_LOCKOUTS)
        return _views(await lockouts.subjects(tx))


async def _listed(run: ActRun) -> LockoutList:
    return _views(await lockouts.subjects(run.tx))


def _views(found: Sequence[lockouts.Lockout]) -> LockoutList:
    return LockoutList(
        items=[LockoutView(subject=one.value, at=one.at, by=one.by_subject, reason=one.reason) for one in found]
    )
