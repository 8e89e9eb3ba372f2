"""Deemed approval (视为准予): which items were approved by the end of the law's time alone, when, and by which article.

Nothing is kept of it: the statutory clock of such an item is missed, and the writer lets no decision be recorded after
its due moment, so what is approved all the same was approved by silence.
"""

from datetime import date, datetime
from typing import NamedTuple

from onething.domain.calendar.days import local_date
from onething.domain.deadlines.clock_kinds import item_statutory
from onething.domain.definition.time_rules import OverdueHow
from onething.domain.kernel.state import CaseState, ClockState, ItemState
from onething.domain.plan.plan import Plan

_STANDING = frozenset({ItemState.APPROVED, ItemState.UNDONE})


class Deemed(NamedTuple):
    at: datetime  # the due moment of the law's time, aware
    basis: str  # the article, as the plan cites it

    @property
    def on(self) -> date:
        return local_date(self.at)

    @property
    def text(self) -> str:
        """As certificates and readers of the case are told."""
        date = f"{self.on.year}年{self.on.month}月{self.on.day}日"
        return f"法定期限于{date}届满，未作出决定，依据{self.basis}视为准予。"


def deemed_approvals(plan: Plan, state: CaseState) -> dict[str, Deemed]:
    """By item code, in plan order; undone ones too."""
    found = {}
    for item in plan.items:
        clock = state.clocks.get(item_statutory(item.code)) if item.overdue is OverdueHow.DEEM_APPROVED else None
        if clock is None or clock.state is not ClockState.MISSED or clock.due_at is None:
            continue
        if state.items[item.code].state in _STANDING:
            found[item.code] = Deemed(clock.due_at, item.overdue_basis or "")
    return found
