"""The first attempt at commands of a case that begin together, side by side."""

import asyncio
from collections.abc import Mapping

from temporalio import activity

from activities.failures import AnswerNotReady
from activities.lookups import SourceActivities
from activities.notifications import NoticeActivities
from activities.ports import CommandGateway, FetchWork, NoticeWork
from onething.domain.engine.snapshot import CaseSnapshot, JointAssignment, JointReply
from onething.domain.lookups.answers import Done, Fetched, Refused

_TOGETHER_S = 0.02
"""Answers that come so soon after one another are recorded together: each recording costs as much as two do."""

_Answer = Fetched | Refused | Done
_Asking = asyncio.Task[_Answer]


class JointActivities:
    """Look-ups and the notice of a moment are one activity: a round trip by way of the workflow for each would cost a
    case a tenth of its throughput."""

    def __init__(self, gateway: CommandGateway, look_ups: SourceActivities, notices: NoticeActivities) -> None:
        self._gateway = gateway
        self._look_ups = look_ups
        self._notices = notices

    @activity.defn(name="begin_together")
    async def begin_together(self, joint: JointAssignment) -> JointReply:
        """Outcomes are recorded as they come; commands without one go on by themselves."""
        work = await self._gateway.joint_work(joint)
        newest = max((one for one in work.values() if isinstance(one, CaseSnapshot)), key=_version, default=None)
        again: dict[str, float] = {}
        asking = {
            asyncio.create_task(self._attempt(joint.case_no, one)): command
            for command, one in work.items()
            if not isinstance(one, CaseSnapshot)
        }
        try:
            while asking:
                ended = await _next_ended(asking)
                answers: dict[str, _Answer] = {}
                for task, command in ended.items():
                    try:
                        answers[command] = task.result()
                    except AnswerNotReady as failure:
                        again[command] = failure.again_in_s
                    del asking[task]
                if answers:
                    newest = await self._gateway.answered(joint, answers)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        return JointReply(news=newest, again_in_s=again)

    async def _attempt(self, case_no: str, work: FetchWork | NoticeWork) -> _Answer:
        """Raises AnswerNotReady."""
        if isinstance(work, NoticeWork):
            return await self._notices.tell(case_no, work, 1)
        return await self._look_ups.ask(work, 1)


async def _next_ended(asking: Mapping[_Asking, str]) -> dict[_Asking, str]:
    """Those that have ended, soon after the first of them."""
    _, others = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    if others:
        await asyncio.wait(others, timeout=_TOGETHER_S)
    return {task: command for task, command in asking.items() if task.done()}


def _version(snapshot: CaseSnapshot) -> tuple[int, int]:
    return snapshot.version
