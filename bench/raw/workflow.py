"""The yardstick itself."""

import asyncio
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from bench.raw.activities import RawActivities
    from bench.raw.model import ITEMS, SOURCES, Decision, Issue, Lookup, Standing, Start

_ATTEMPT = timedelta(seconds=60)


@workflow.defn
class RawWorkflow:
    @workflow.init
    def __init__(self, start: Start) -> None:
        self._items: dict[str, str] = {}
        self._gathered = False

    @workflow.run
    async def run(self, start: Start) -> None:
        lookups = [
            workflow.execute_activity_method(
                RawActivities.fetch, Lookup(case_no=start.case_no, data=data), start_to_close_timeout=_ATTEMPT
            )
            for data in SOURCES
        ]
        await asyncio.gather(*lookups)
        self._gathered = True
        await workflow.wait_condition(lambda: len(self._items) == len(ITEMS))
        await workflow.execute_activity_method(
            RawActivities.issue, Issue(case_no=start.case_no, items=self._items), start_to_close_timeout=_ATTEMPT
        )

    @workflow.update
    async def gathered(self) -> None:
        """Who sends this with the start is answered when both records are in hand."""
        await workflow.wait_condition(lambda: self._gathered)

    @workflow.update
    def decide(self, decision: Decision) -> Standing:
        self._items[decision.item] = decision.outcome
        return Standing(items=self._items)

    @decide.validator
    def _undecided(self, decision: Decision) -> None:
        if decision.item not in ITEMS or decision.item in self._items:
            raise ValueError("not to be decided")
