"""When opinions may be asked for and given, and whether an approval has the agreement that it needs."""

from dataclasses import dataclass
from datetime import datetime

from onething.domain.calendar import countdown
from onething.domain.calendar.days import Calendar
from onething.domain.calendar.limits import Limit
from onething.domain.deadlines.clock_kinds import item_clock, item_statutory
from onething.domain.deadlines.guards import guard_limit
from onething.domain.errors import FailureCode, NotAllowed, Refusal
from onething.domain.events.consults import ConsultAnswered, ConsultAsked, ConsultTakenBack
from onething.domain.events.tasks import ItemDecided
from onething.domain.kernel.queries import unsigned
from onething.domain.kernel.state import CaseState, ItemState
from onething.domain.plan.plan import Plan

MOST_CONSULTS = 99
"""Of one item, each department asked counted by itself: more than there are, so that nobody is left out (assumed)."""
CONSULT_DAYS = 5
"""Working days, if nobody says otherwise (assumed)."""


class NotSigned(NotAllowed):
    """Not approved without the agreement of `departments` (codes)."""

    def __init__(self, detail: str, departments: tuple[str, ...]) -> None:
        super().__init__(FailureCode.NOT_ALLOWED_NOW, detail)
        self.departments = departments


@dataclass(frozen=True, slots=True)
class Unsigned(Refusal):
    """Refused until `departments` (codes) agree."""

    departments: tuple[str, ...]

    def as_error(self) -> NotSigned:
        return NotSigned(self.detail, self.departments)


def guard_signed(state: CaseState, event: ItemDecided) -> Refusal | None:
    """Why an approval is not, if so. A refusal needs nobody's agreement."""
    missing = unsigned(state, event.item)
    if not missing:
        return None
    return Unsigned(FailureCode.NOT_ALLOWED_NOW, f"会签尚未完成，还缺 {'、'.join(missing)} 的同意。", missing)


def guard_consult(
    plan: Plan, state: CaseState, event: ConsultAsked | ConsultAnswered | ConsultTakenBack
) -> Refusal | None:
    """Why not, if so. The case's status is judged by engine/guards.py, the time by `guard_time`."""
    if event.item not in state.items:
        return Refusal(FailureCode.NOT_FOUND, "没有这个事项。")
    if isinstance(event, ConsultAsked):
        return _guard_asked(plan, state, event)
    if isinstance(event, ConsultTakenBack):
        waiting = {one.n for one in state.consults.get(event.item, ()) if one.answer is None}
        if not waiting.issuperset(event.numbers):
            return _no(
                "只能撤回还没有答复的征求：其中有已经答复、已经撤回或没有发出的。会签不同意的，须由该部门改变意见。"
            )
        return None
    return _guard_answered(state, event)


def _guard_asked(plan: Plan, state: CaseState, event: ConsultAsked) -> Refusal | None:
    if state.items[event.item].state is not ItemState.OPEN:
        return _no("该事项不在办理中，不能征求意见。")
    before = state.consults.get(event.item, ())
    if event.n != state.consulted.get(event.item, 0) + 1:
        return _no("刚刚有人就该事项征求了意见，请重新读取后再发。")
    if event.n - 1 + len(event.departments) > MOST_CONSULTS:
        return _no(f"一个事项至多向部门征求 {MOST_CONSULTS} 次意见，已有 {event.n - 1} 次。")
    if plan.item_by_code[event.item].department in event.departments:
        return Refusal(FailureCode.INVALID_VALUE, "不能向承办部门自己征求意见。")
    if len(set(event.departments)) < len(event.departments):
        return Refusal(FailureCode.INVALID_VALUE, "同一部门只能写一次。")
    asked = {consult.department for consult in before if consult.answer is None}
    if not asked.isdisjoint(event.departments):
        return _no("其中有部门尚未答复上一次征求，请等它答复。")
    return guard_limit(event.limit)


def _guard_answered(state: CaseState, event: ConsultAnswered) -> Refusal | None:
    known = {consult.n: consult for consult in state.consults.get(event.item, ())}
    consult = known.get(event.n)
    if consult is None or consult.round != event.round:
        return _no("该事项已经作出决定或不再办理，不需要意见了。")
    if consult.answer is not None:
        return Refusal(FailureCode.ALREADY_DECIDED, "已经答复过了。")
    if (event.agrees is None) is not (consult.rule is None):
        words = "这是会签，请写明是否同意。" if consult.rule else "只征求意见，不写是否同意。"
        return Refusal(FailureCode.INVALID_VALUE, words)
    return None


def guard_time(plan: Plan, calendar: Calendar, state: CaseState, event: ConsultAsked, at: datetime) -> Refusal | None:
    """INVALID_VALUE with how many days fit, unless the time to answer ends before the item's time by law."""
    most = days_that_fit(plan, calendar, state, event.item, at, event.limit.amount)
    if most == 0:
        return Refusal(FailureCode.INVALID_VALUE, "该事项的法定期限只剩 0 个工作日，来不及征求意见。")
    if most < event.limit.amount:
        detail = f"该事项的法定期限只剩 {most} 个工作日，答复时限请不超过 {most} 个工作日。"
        return Refusal(FailureCode.INVALID_VALUE, detail)
    return None


def days_that_fit(plan: Plan, calendar: Calendar, state: CaseState, item: str, at: datetime, requested: int) -> int:
    """The most working days, `requested` at most, that begin now and end before the item's time by law; all of them
    where no law sets one."""
    until = _law_due(plan, calendar, state, item)
    if until is None:
        return requested
    return next(
        (days for days in range(requested, 0, -1) if countdown.end(calendar, at, Limit(amount=days)).at <= until), 0
    )


def _law_due(plan: Plan, calendar: Calendar, state: CaseState, item: str) -> datetime | None:
    """When the item's statutory time ends, also in a plan that does not keep a clock of it; None where no law sets
    one."""
    clock = state.clocks.get(item_statutory(item))
    if clock is not None and clock.due_at is not None:
        return clock.due_at
    promise, limit = state.clocks[item_clock(item)], plan.item_by_code[item].statutory
    return countdown.end(calendar, promise.started_at, limit).at if limit else None


def _no(detail: str) -> Refusal:
    return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
