"""Plans and calendars in memory: they never change, so what was read once stays read."""

from cachetools import LRUCache

from onething.domain.calendar.days import Calendar
from onething.domain.kernel.custody import with_custodians
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/case_writer")


class PlanCache:
    """Keeps the plans used last, and every calendar."""

    def __init__(self, plans: int = 500) -> None:
        self._plans: LRUCache[str, Plan] = LRUCache(plans)
        self._calendars: dict[str, Calendar] = {}

    async def plan(self, transaction: Transaction, digest: str) -> Plan:
        """LookupError if there is none: a digest always comes from the record, so the record would be broken."""
        plan = self._plans.get(digest)
        if plan is None:
            row = await transaction.inside(_sql.plan, digest=digest)
            if row is None:
                raise LookupError(f"plan {digest} is not in the record")
            plan = self._plans[digest] = Plan.model_validate_json(row["body"])
        return plan

    async def plan_of(self, transaction: Transaction, state: CaseState) -> Plan:
        """The state's plan as it is to be read: with the departments that hold its items now. Raises as `plan`."""
        return with_custodians(await self.plan(transaction, state.plan), state.holders)

    async def calendar(self, transaction: Transaction, digest: str) -> Calendar:
        """LookupError if there is none."""
        calendar = self._calendars.get(digest)
        if calendar is None:
            row = await transaction.inside(_sql.calendar, digest=digest)
            if row is None:
                raise LookupError(f"calendar {digest} is not in the record")
            calendar = self._calendars[digest] = Calendar.model_validate_json(row["body"])
        return calendar

    def keep(self, digest: str, plan: Plan) -> None:
        self._plans[digest] = plan
