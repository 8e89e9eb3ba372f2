"""A department's agent: it fetches what the department's own system is to do, hands it over, and calls back.

Only it calls, in both directions. It keeps nothing: whatever it drops, however it ends, is leased again later under the
same key, and the system gives its first answer again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import httpx
import orjson

from onething.connectors.departments import DepartmentClients
from onething.domain.calendar.time_source import TimeSource
from onething.domain.lookups.answers import (
    Cause,
    DepartmentDecision,
    Done,
    Refused,
    SourceAnswerMalformed,
    SourceUnavailable,
)
from onething.security.signed_calls import sign

_WAIT_S = 30
_ANSWER_S = 20.0  # beyond what the other side takes by agreement
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
_ENDING_S = 10.0  # for what is in hand when it is told to stop
_MARGIN_S = 5.0  # let go of before somebody else may have it

_CAUSES: Mapping[Cause, str] = {
    Cause.TIMEOUT: "超时",
    Cause.CONNECTION: "连不上",
    Cause.SERVER_ERROR: "出错（5xx）",
    Cause.THROTTLED: "要求慢一些",
    Cause.BREAKER_OPEN: "连续失败，歇一会儿",
    Cause.LIMIT_FULL: "同时办理的已满",
}


class NotLetIn(Exception):
    """The API will never give this agent anything, as it was started. The message says why."""


class Later(Exception):
    """Not now; the message says why."""


class Work(NamedTuple):
    """One order or revocation, ours until `until` by the loop's clock."""

    key: str
    order: Mapping[str, Any] | None
    revocation: Mapping[str, Any] | None
    until: float

    @property
    def name(self) -> str:
        told = self.order or self.revocation or {}
        return f"{told.get('case_no')} {told.get('item')}{'（撤销）' if self.order is None else ''}"


class Agent:
    """`token` gives a fresh one whenever it is asked; it may raise `Later`. `tell` gets one line at a time."""

    def __init__(
        self,
        department: str,
        api: httpx.AsyncClient,
        system: DepartmentClients,
        *,
        token: Callable[[], Awaitable[str]],
        secret: bytes,
        tell: Callable[[str], None],
        clock: TimeSource,
        at_once: int,
    ) -> None:
        self._department = department
        self._api = api
        self._system = system
        self._fresh_token = token
        self._secret = secret
        self._tell = tell
        self._clock = clock
        self._at_once = at_once
        self._token: str | None = None
        self._ending = asyncio.Event()
        self._in_hand: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is in hand then gets a little time. Raises NotLetIn, and what `token` raises."""
        taking, stopping = asyncio.create_task(self._take()), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([taking, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancelled(stopping, *([] if taking.done() else [taking]))
            self._ending.set()  # who would wait before trying again tries once more
            if self._in_hand:
                self._tell(f"正在收尾：手上还有 {len(self._in_hand)} 件")
                await asyncio.wait(self._in_hand, timeout=_ENDING_S)
            if self._in_hand:
                self._tell(f"{len(self._in_hand)} 件没有办完：租约到期后会重新取到，键不变")
            await _cancelled(*self._in_hand)
        if taking.done() and not taking.cancelled():
            taking.result()

    async def _take(self) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            if len(self._in_hand) >= self._at_once:
                await asyncio.wait(self._in_hand, return_when=asyncio.FIRST_COMPLETED)
                continue
            try:
                fetched = await self._fetch(self._at_once - len(self._in_hand))
            except Later as why:
                self._tell(f"取件不成：{why}；{pause:.0f} 秒后再试")
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
                continue
            pause = _FIRST_PAUSE_S
            for work in fetched:
                self._tell(f"取到 {work.name}")
                task = asyncio.create_task(self._see_through(work))
                self._in_hand.add(task)
                task.add_done_callback(self._put_down)

    def _put_down(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._tell(f"意外错误 {type(error).__name__}：这一件租约到期后会重新取到")

    async def _fetch(self, many: int) -> list[Work]:
        if self._token is None:
            self._token = await self._fresh_token()
        asked = asyncio.get_running_loop().time()
        try:
            answer = await self._api.get(
                f"/api/outbound/{self._department}",
                params={"wait": _WAIT_S, "limit": min(many, 20)},
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=_WAIT_S + _ANSWER_S,
            )
        except httpx.HTTPError as failure:
            raise Later(f"连不上 API（{type(failure).__name__}）") from None
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._token = None
            raise Later("令牌无效或已过期，换一个新的")
        if answer.status_code in (403, 404, 422):
            raise NotLetIn(_detail(answer))
        try:
            told = answer.raise_for_status().json()
            until = asked + told["lease_s"] - _MARGIN_S
            return [Work(one["key"], one.get("order"), one.get("revocation"), until) for one in told["items"]]
        except (httpx.HTTPStatusError, ValueError, KeyError, TypeError):
            raise Later(f"API 答复 {answer.status_code}") from None

    async def _see_through(self, work: Work) -> None:
        """Until the API has the answer, or the lease ends."""
        said = await self._until_lease_ends(work, lambda: self._hand_over(work))
        if said is not None:
            await self._until_lease_ends(work, lambda: self._call_back(work, said))

    async def _until_lease_ends(
        self, work: Work, attempt: Callable[[], Awaitable[dict[str, Any] | None]]
    ) -> dict[str, Any] | None:
        pause = _FIRST_PAUSE_S
        while True:
            try:
                return await attempt()
            except Later as why:
                if self._ending.is_set() or asyncio.get_running_loop().time() + pause >= work.until:
                    self._tell(f"放下 {work.name}：{why}；租约到期后会重新取到")
                    return None
                self._tell(f"{work.name}：{why}；{pause:.0f} 秒后再试")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _hand_over(self, work: Work) -> dict[str, Any] | None:
        """What to call back with; None if the system answers later, or not at all. Raises Later."""
        try:
            answer = await self._answer(work)
        except SourceAnswerMalformed as wrong:
            raise Later(f"本地系统的答复不合约定（{wrong.problem}）") from None
        except SourceUnavailable as failure:
            if failure.cause is Cause.IN_PROGRESS:
                self._tell(f"{work.name}：本地系统已收下，以后用同一个键再问")
                return None
            raise Later(f"本地系统{_CAUSES[failure.cause]}") from None
        match answer:
            case DepartmentDecision(outcome, opinion, outputs, despite):
                said = {"outcome": outcome, "opinion": opinion, "outputs": outputs, "despite": list(despite)}
                return {name: value for name, value in said.items() if value}
            case Done():
                return {"done": True}
            case Refused(reason) if work.order is not None:
                return {"refused": True, "reason": reason}
            case Refused(reason):
                self._tell(f"{work.name}：本地系统不予撤销（{reason}），以后再请它撤销，逾期转给部门人员")
                return None

    async def _answer(self, work: Work) -> DepartmentDecision | Done | Refused:
        if work.order is not None:
            return await self._system.decide(self._department, work.order, work.key)
        told = work.revocation or {}
        return await self._system.revoke(
            self._department, str(told.get("case_no")), str(told.get("item")), str(told.get("undo_of")), work.key
        )

    async def _call_back(self, work: Work, outcome: Mapping[str, Any]) -> None:
        """Signed anew at every attempt: a signature is good for five minutes. Raises Later."""
        body = orjson.dumps({"key": work.key, **outcome})
        signed = sign(self._secret, work.key, int(self._clock.now().timestamp()), body)
        path, headers = f"/api/callbacks/{self._department}", {"Content-Type": "application/json", **signed}
        try:
            answer = await self._api.post(path, content=body, headers=headers, timeout=_ANSWER_S)
        except httpx.HTTPError as failure:
            raise Later(f"回调时连不上 API（{type(failure).__name__}）") from None
        match answer.status_code:
            case 200:
                self._tell(f"{work.name}：已回调，登记完毕（{_said(work, outcome)}）")
            case 202:
                self._tell(f"{work.name}：早已登记，没有重复")
            case 409:
                self._tell(f"{work.name}：没有采用：{_detail(answer)}")
            case 401 | 429:
                raise Later(f"回调未被接受：{_detail(answer)}")
            case status if status >= 500:
                raise Later(f"回调时 API 答复 {status}")
            case _:
                self._tell(f"{work.name}：回调的内容不合约定：{_detail(answer)}")


def _said(work: Work, outcome: Mapping[str, Any]) -> str:
    if outcome.get("refused"):
        return "不予处理"
    ends = (work.order or {}).get("outcomes", ())
    return next((str(one["name"]) for one in ends if one["code"] == outcome.get("outcome")), "已撤销")


def _detail(answer: httpx.Response) -> str:
    """The problem's own words, with the places that are wrong."""
    try:
        told = answer.json()
        places = "；".join(f"{one.get('pointer', '')} {one['detail']}" for one in told.get("errors") or ())
        return f"{told['detail']}{places}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"API 答复 {answer.status_code}，请核对地址"


async def _cancelled(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
