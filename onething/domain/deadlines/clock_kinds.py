"""The kinds of clocks that a case may have, a row each: how long, with what effect in law, what its end brings.

Sources: 行政许可法 Art. 32 (5 working days to say what is missing), 42 (20; jointly handled 45), 44 (10 to deliver).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from onething.domain.calendar.countdown import Countdown
from onething.domain.calendar.limits import Limit
from onething.domain.definition.time_rules import LegalEffect
from onething.domain.events.deadlines import (
    ClockOverdue,
    DeemedAccepted,
    DeferredTimeEnded,
    DemandTimeEnded,
    ManualTimeEnded,
    MendingTimeEnded,
    Moment,
    OwedTimeEnded,
    PeriodEnded,
    RectifyTimeEnded,
    SupplementTimeEnded,
)
from onething.domain.kernel.clock_id import ClockId, ClockKind
from onething.domain.kernel.state import Reply, RunningClock
from onething.domain.kernel.task_ref import (
    TaskKind,
)
from onething.domain.plan.plan import Plan

CASE_CLOCK = ClockId.of(ClockKind.CASE)
CASE_STATUTORY = ClockId.of(ClockKind.CASE_STATUTORY)
NOTICE_CLOCK = ClockId.of(ClockKind.NOTICE)
SUPPLEMENT_CLOCK = ClockId.of(ClockKind.SUPPLEMENT)
DELIVERY_CLOCK = ClockId.of(ClockKind.DELIVERY)
RATING_CONTACT = ClockId.of(ClockKind.RATING_CONTACT)
RATING_RECTIFY = ClockId.of(ClockKind.RATING_RECTIFY)
DEMAND = Limit(amount=10)
"""For what a department asks for after acceptance, where the definition says nothing (assumed)."""
BY_LAW = {NOTICE_CLOCK: Limit(amount=5), DELIVERY_CLOCK: Limit(amount=10)}


class About(StrEnum):
    """What the code of a clock is one of."""

    CASE = "case"  # it has no code
    ITEM = "item"
    APPROVAL = "approval"  # of an item that is decided
    MATERIAL = "material"
    DATA = "data"
    COMPARISON = "comparison"
    PERIOD = "period"
    INSPECTION = "inspection"


@dataclass(frozen=True, slots=True)
class ClockRow:
    """`title`: with `{}` for the name of what it is about. `limit`: None where the plan sets none, and it is agreed as
    the clock starts. `task`: whose due date it is. `for_applicant`: its date is the applicant's business, not what
    offices owe each other, nor when they have to answer."""

    title: str
    about: About
    effect: LegalEffect
    limit: Callable[[Plan, ClockId], Limit | None]
    end: Callable[[ClockId], Moment] = lambda clock: ClockOverdue(clock=clock)
    task: TaskKind | None = None
    for_applicant: bool = False


def _days(amount: int | None) -> Limit | None:
    """Working days."""
    return None if amount is None else Limit(amount=amount)


def _set(amount: int) -> Callable[[Plan, ClockId], Limit | None]:
    """By a rule of the place, or assumed: in every plan the same. Working days."""
    limit = Limit(amount=amount)
    return lambda plan, clock: limit


def _deferred(plan: Plan, clock: ClockId) -> Limit | None:
    due = plan.material_by_code[clock.code].due
    return due.within if due else None


def _checked(plan: Plan, clock: ClockId) -> Limit | None:
    material = plan.material_by_code[clock.code]
    return material.commitment.within if material.commitment else None


def _rectified(plan: Plan, clock: ClockId) -> Limit | None:
    material = plan.material_by_code[clock.code]
    return material.commitment.rectify if material.commitment else None


def _by_law(plan: Plan, clock: ClockId) -> Limit | None:
    return BY_LAW[clock]


def _agreed(plan: Plan, clock: ClockId) -> Limit | None:
    return None


_STATUTORY, _PROMISE, _NONE = LegalEffect.STATUTORY, LegalEffect.PROMISE, LegalEffect.NONE

CLOCKS: dict[ClockKind, ClockRow] = {
    ClockKind.CASE: ClockRow("{}", About.CASE, _PROMISE, lambda plan, clock: plan.promised, for_applicant=True),
    ClockKind.CASE_STATUTORY: ClockRow(
        "{}", About.CASE, _STATUTORY, lambda plan, clock: plan.statutory, for_applicant=True
    ),
    ClockKind.NOTICE: ClockRow(
        "一次性告知",
        About.CASE,
        _STATUTORY,
        _by_law,
        lambda clock: DeemedAccepted(),
        for_applicant=True,
    ),
    ClockKind.SUPPLEMENT: ClockRow(
        "补正",
        About.CASE,
        _NONE,
        lambda plan, clock: plan.clocks.supplement if plan.clocks else None,
        lambda clock: SupplementTimeEnded(),
        for_applicant=True,
    ),
    ClockKind.DELIVERY: ClockRow("送达", About.CASE, _STATUTORY, _by_law, for_applicant=True),
    # what follows a bad rating is set locally
    ClockKind.RATING_CONTACT: ClockRow("差评回访", About.CASE, _NONE, _set(1)),
    ClockKind.RATING_RECTIFY: ClockRow("差评整改", About.CASE, _NONE, _set(5)),
    ClockKind.ITEM: ClockRow(
        "{}",
        About.ITEM,
        _PROMISE,
        lambda plan, clock: plan.item_by_code[clock.code].promised,
        task=TaskKind.DECIDE,
        for_applicant=True,
    ),
    ClockKind.ITEM_STATUTORY: ClockRow(
        "{}", About.ITEM, _STATUTORY, lambda plan, clock: plan.item_by_code[clock.code].statutory, for_applicant=True
    ),
    ClockKind.DEFERRED: ClockRow(
        "补交{}",
        About.MATERIAL,
        _NONE,
        _deferred,
        lambda clock: DeferredTimeEnded(material=clock.code),
        for_applicant=True,
    ),
    ClockKind.OWED: ClockRow(
        "办成后补交{}",
        About.MATERIAL,
        _NONE,
        _deferred,
        lambda clock: OwedTimeEnded(material=clock.code),
        for_applicant=True,
    ),
    ClockKind.DEMAND: ClockRow(
        "补正（{}）",
        About.ITEM,
        _NONE,
        lambda plan, clock: plan.correction.limit if plan.correction else DEMAND,
        lambda clock: DemandTimeEnded(item=clock.code),
        for_applicant=True,
    ),
    ClockKind.PERIOD: ClockRow(
        "{}",
        About.PERIOD,
        _NONE,
        lambda plan, clock: plan.period_by_code[clock.code].length,
        lambda clock: PeriodEnded(period=clock.code),
        for_applicant=True,
    ),
    ClockKind.CHECK: ClockRow(
        "核查承诺（{}）", About.MATERIAL, _NONE, _checked, task=TaskKind.CHECK, for_applicant=True
    ),
    ClockKind.RECTIFY: ClockRow(
        "改正（{}）",
        About.MATERIAL,
        _NONE,
        _rectified,
        lambda clock: RectifyTimeEnded(material=clock.code),
        for_applicant=True,
    ),
    ClockKind.BY_HAND: ClockRow(
        "人工核查{}",
        About.DATA,
        _NONE,
        lambda plan, clock: _days(plan.data_by_key[clock.code].check_days),
        lambda clock: ManualTimeEnded(data=clock.code),
        TaskKind.MANUAL_CHECK,
    ),
    # assumed: no rule of law sets these two
    ClockKind.DISCREPANCY: ClockRow("核实{}", About.COMPARISON, _NONE, _set(3), task=TaskKind.DISCREPANCY),
    ClockKind.REVOCATION: ClockRow("决定是否撤销{}", About.APPROVAL, _NONE, _set(10), task=TaskKind.REVOKE),
    ClockKind.URGE: ClockRow("答复催办", About.CASE, _NONE, _agreed),
    ClockKind.SUPERVISION: ClockRow("答复督办", About.CASE, _NONE, _agreed),
    ClockKind.INSPECTION: ClockRow("联合踏勘", About.CASE, _NONE, _agreed),
    ClockKind.JOINT: ClockRow(
        "{}", About.INSPECTION, _NONE, lambda plan, clock: plan.inspection_by_code[clock.code].limit
    ),
    ClockKind.MEND: ClockRow(
        "整改（{}）",
        About.INSPECTION,
        _NONE,
        lambda plan, clock: plan.inspection_by_code[clock.code].rectify_within,
        lambda clock: MendingTimeEnded(inspection=clock.code),
        for_applicant=True,
    ),
    ClockKind.CONSULT: ClockRow("{}·征求意见", About.ITEM, _NONE, _agreed, task=TaskKind.CONSULT),
    ClockKind.WAIT: ClockRow("等候{}", About.DATA, _NONE, _agreed),
}


def item_clock(code: str) -> ClockId:
    return ClockId.of(ClockKind.ITEM, code)


def item_statutory(code: str) -> ClockId:
    return ClockId.of(ClockKind.ITEM_STATUTORY, code)


def deferred_clock(material: str) -> ClockId:
    return ClockId.of(ClockKind.DEFERRED, material)


def owed_clock(material: str) -> ClockId:
    """Of what is to be handed in after a decision."""
    return ClockId.of(ClockKind.OWED, material)


def demand_clock(item: str) -> ClockId:
    """Of what the item's department has asked the applicant for."""
    return ClockId.of(ClockKind.DEMAND, item)


def period_clock(period: str) -> ClockId:
    return ClockId.of(ClockKind.PERIOD, period)


def joint_clock(inspection: str) -> ClockId:
    return ClockId.of(ClockKind.JOINT, inspection)


def mend_clock(inspection: str) -> ClockId:
    return ClockId.of(ClockKind.MEND, inspection)


def check_clock(material: str) -> ClockId:
    """Of the check of what was promised in place of the material."""
    return ClockId.of(ClockKind.CHECK, material)


def rectify_clock(material: str) -> ClockId:
    """Of putting right what was promised in place of the material."""
    return ClockId.of(ClockKind.RECTIFY, material)


def by_hand_clock(data: str) -> ClockId:
    return ClockId.of(ClockKind.BY_HAND, data)


def discrepancy_clock(comparison: str) -> ClockId:
    return ClockId.of(ClockKind.DISCREPANCY, comparison)


def revocation_clock(item: str) -> ClockId:
    return ClockId.of(ClockKind.REVOCATION, item)


def urge_clock(seq: int) -> ClockId:
    """Of the urge that is line `seq`."""
    return ClockId.of(ClockKind.URGE, number=seq)


def supervision_clock(seq: int) -> ClockId:
    """Of the supervision that is line `seq`."""
    return ClockId.of(ClockKind.SUPERVISION, number=seq)


def inspection_clock(n: int) -> ClockId:
    return ClockId.of(ClockKind.INSPECTION, number=n)


def consult_clock(item: str, n: int) -> ClockId:
    """Of the nth opinion that was asked for on an item."""
    return ClockId.of(ClockKind.CONSULT, item, n)


def wait_reminder(data: str, line: int) -> ClockId:
    """Of a source that is asked on, since that line."""
    return ClockId.of(ClockKind.WAIT, data, line)


def item_of(clock: ClockId) -> str | None:
    """The item at its department that a clock is about, if it is about one."""
    return clock.code if CLOCKS[clock.kind].about is About.ITEM else None


def about(clock: ClockId, running: RunningClock) -> str | None:
    """The item that a clock is about, or whose answer it waits for."""
    return item_of(clock) if running.reply is None else running.reply.item


def concerns_applicant(clock: ClockId) -> bool:
    return CLOCKS[clock.kind].for_applicant


def legal_effect(clock: ClockId) -> LegalEffect:
    return CLOCKS[clock.kind].effect


def limit_of(plan: Plan, clock: ClockId, reply: Reply | None = None) -> Limit:
    """The budget of the clock: what the `reply` that it waits for was given, else what law or plan give. Raise
    `KeyError` when they give it none."""
    limit = Limit(amount=reply.days) if reply is not None else CLOCKS[clock.kind].limit(plan, clock)
    if limit is None:
        raise KeyError(clock)
    return limit


def clock_of(plan: Plan, clock: ClockId, running: RunningClock) -> Countdown:
    """The clock by itself, to be asked what is left, when it is due and why."""
    limit = running.limit or limit_of(plan, clock, running.reply)
    return Countdown(limit, running.started_at, running.pauses, running.extended)
