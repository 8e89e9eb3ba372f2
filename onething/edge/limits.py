"""Counts the calls of a request, by who is signed in or else by address, and refuses what is too much."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Role
from onething.edge.origin import of_request
from onething.edge.route_limits import AtOnce, Limited, RouteLimit
from onething.security.addresses import counted_as
from onething.security.limits import Allowance, Counted, LimitReached, Limits
from onething.services.core.context import AppContext
from onething.services.summaries.responses import StoredResponse

log = logging.getLogger("onething.api")

_AGAIN_S = 5  # who has as many calls in hand as one may may try again after so long
_COUNTERPART = re.compile(r"[a-z][a-z0-9-]{0,59}")


@dataclass
class _Call:
    """By whom the calls of a request are counted: who is signed in, or else the address."""

    limits: Limits
    request: Request
    key: str = field(init=False)
    role: Role | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        signed_in = getattr(self.request.state, "signed_in", None)
        if signed_in is None:
            self.key = f"address/{counted_as(of_request(self.request).address)}"
        else:
            self.key, self.role = f"principal/{signed_in.principal.subject}", signed_in.principal.role

    def take(self, allowance: Allowance) -> Counted:
        counted = self.limits.take(allowance, self.key, self.role)
        if counted is Counted.ALARM:
            self._tell(allowance)
        return counted

    def give_back(self, allowance: Allowance) -> None:
        self.limits.give_back(allowance, self.key, self.role)

    def _tell(self, allowance: Allowance) -> None:
        """A clerk goes on working; somebody should look at what for."""
        context, principal = self.request.app.state.context, self.request.state.signed_in.principal
        log.warning("more than is usual at a counter", extra={"limit": allowance, "subject": principal.subject})
        self.request.app.state.requests.over(allowance, "alarm")
        context.refusals.add("limit", "alarm", by=principal, detail=allowance)


def _call(request: Request) -> _Call:
    context: AppContext = request.app.state.context
    return _Call(context.limits, request)


def note_refusal(request: Request, error: OneThingError) -> None:
    """For the access log, what is refused before anything is done: summed, for there may be floods."""
    context: AppContext = request.app.state.context
    signed_in = getattr(request.state, "signed_in", None)
    by = signed_in.principal if signed_in else None
    match error:
        case LimitReached(allowance=allowance):
            request.app.state.requests.over(allowance, "refused")
            context.refusals.add("limit", error.code, by=by, detail=allowance)
        case OneThingError(code=FailureCode.NOT_SIGNED_IN | FailureCode.INSUFFICIENT_AUTHENTICATION):
            context.refusals.add("authenticate", error.code, by=by)
        case OneThingError(code=FailureCode.BAD_SIGNATURE):
            codes = [code for code in request.path_params.values() if _COUNTERPART.fullmatch(code)]
            context.refusals.add("signed_call", error.code, detail="".join(codes) or None)


def take(request: Request, allowance: Allowance) -> None:
    """Counts what only the body of a call makes it. Raises LimitReached."""
    _call(request).take(allowance)


class CountedAct:
    """Whether what was counted took place now, for the first time."""

    def __init__(self) -> None:
        self.took_place = False

    def of(self, answer: StoredResponse) -> StoredResponse:
        self.took_place = not answer.repeated
        return answer


@contextmanager
def counting(request: Request, allowance: Allowance) -> Iterator[CountedAct]:
    """Around an act that counts only when it is done: refused, or a repetition, it costs nothing. Raises
    LimitReached."""
    call, act = _call(request), CountedAct()
    counted = call.take(allowance)
    try:
        yield act
    finally:
        if counted is Counted.WITHIN and not act.took_place:
            call.give_back(allowance)


class Places:
    """Who has how many calls in hand at once, of one kind, in this process."""

    def __init__(self) -> None:
        self._callers: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def enter(self, key: str, most: int, patience_s: float) -> Callable[[], None]:
        """What gives the place back. Raises TimeoutError where there is none in time."""
        own = self._callers.setdefault(key, asyncio.Semaphore(most))
        if patience_s == 0 and own.locked():
            raise TimeoutError
        async with asyncio.timeout(patience_s or None):
            await own.acquire()
        return own.release


async def within_limits(
    limit: RouteLimit | None, request: Request, handle: Callable[[Request], Awaitable[Response]]
) -> Response:
    """What the handler answers, if the caller may have it now. Raises LimitReached."""
    if isinstance(limit, Limited):
        _call(request).take(limit.allowance)
    if not isinstance(limit, AtOnce):
        return await handle(request)
    call = _call(request)
    places: Places = request.app.state.places
    try:
        most = call.limits.at_once[limit.allowance]
        leave = await places.enter(f"{limit.allowance}/{call.key}", most, limit.patience_s)
    except TimeoutError:
        raise LimitReached(limit.allowance, _AGAIN_S) from None
    async with AsyncExitStack() as held:
        held.callback(leave)
        answer = await handle(request)
        return _Held(answer, held.pop_all())


class _Held(Response):
    """An answer that keeps its place until it is sent: a slow reader has it in our memory for so long."""

    def __init__(self, answer: Response, held: AsyncExitStack) -> None:
        self._answer, self._held = answer, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._held:
            await self._answer(scope, receive, send)
