"""Looking at a case when one of its moments has come: the writer judges what is due, this sees to it that it looks."""

from temporalio import activity

from activities.ports import CommandGateway
from onething.domain.engine.snapshot import CaseSnapshot


class ClockActivities:
    def __init__(self, gateway: CommandGateway) -> None:
        self._gateway = gateway

    @activity.defn(name="tick")
    async def tick(self, case_no: str) -> CaseSnapshot:
        return await self._gateway.tick(case_no)
