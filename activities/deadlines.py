"""Looking at a case when one of its moments has come: the door judges what is due, this sees to it that it looks."""

from temporalio import activity

from activities.ports import Desk
from onething.domain.engine.snapshot import HandOver


class ClockActivities:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @activity.defn(name="tick")
    async def tick(self, case_no: str) -> HandOver:
        return await self._desk.tick(case_no)
