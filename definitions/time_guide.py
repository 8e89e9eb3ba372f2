"""办理时限, told before anybody applies: promised and statutory limits, what may stand still, what silence means.

Sources of the limits that no definition sets: 行政许可法 Art. 32, 42, 44 (`clock_kinds.py`, `guards.py` of deadlines).
"""

from collections.abc import Mapping, Sequence

from definitions.terms import basis_text, limit_text
from onething.domain.base import Strict
from onething.domain.calendar.countdown import PauseBasis
from onething.domain.calendar.limits import Limit, Unit, plain
from onething.domain.deadlines.clock_kinds import BY_LAW, DELIVERY_CLOCK, NOTICE_CLOCK
from onething.domain.deadlines.extensions import OF_A_JOINT_CASE, OF_A_LICENCE
from onething.domain.deadlines.wording import BASIS_NAMES
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.items import AllowedPause, Item, Nature
from onething.domain.definition.periods import InspectionKind, Period, PeriodKind, PlannedInspection
from onething.domain.definition.time_rules import (
    Card,
    ClockRules,
    LegalEffect,
    OverdueHow,
    Recipient,
    Rung,
    SupplementSilence,
)
from onething.domain.plan.critical_path import critical, longest_chain
from onething.domain.plan.plan import Plan

SILENCE_MEANS = {
    OverdueHow.ESCALATE: "到期未决定的，逐级提醒督办，直到作出决定；不等于准予，也不等于不予",
    OverdueHow.DEEM_APPROVED: "到期未决定的，视为准予",
    OverdueHow.REFUSE: "到期未决定的，视为不予",
    OverdueHow.LAPSE: "到期未决定的，不再决定，需要它的事项也不再办理",
    OverdueHow.PROCEED_WITHOUT: "到期未决定的，不再等待，后续事项继续办理",
}
_NOT_SUPPLIED = {
    SupplementSilence.NOT_ACCEPTED: "逾期未补正的，提醒后出具不予受理通知书",
    SupplementSilence.WITHDRAWN: "逾期未补正的，依法视为撤回申请",
    SupplementSilence.GO_ON: "逾期未补正的，由窗口按现有材料处理",
}
_TOLD = {Recipient.HANDLER: "经办人", Recipient.LEADER: "负责人", Recipient.SUPERVISOR: "督办员"}
_CARDS = {Card.YELLOW: "黄牌", Card.RED: "红牌"}
_EFFECTS = {LegalEffect.PROMISE: "承诺", LegalEffect.STATUTORY: "法定", LegalEffect.NONE: "约定"}


class MayPause(Strict):
    """`at_most` and the text that `requires` it: none for force majeure. `stops_law`: the statutory time too, and not
    the promise alone."""

    basis: PauseBasis
    name: str
    at_most: Limit | None = None
    requires: str | None = None
    stops_law: bool = True


class ItemTimes(Strict):
    code: str
    name: str
    promised: Limit
    statutory: Limit | None = None  # none: no law sets one
    may_be_extended: Limit | None = None  # once; none: no law allows it
    critical: bool  # on a longest chain: while it stands still, so does the time of the whole
    may_pause: tuple[MayPause, ...]  # procedures whose time is not counted
    on_silence: OverdueHow
    on_silence_means: str
    on_silence_basis: str | None = None


class PeriodTime(Strict):
    """A time in which no authority decides, on the way. `counted`: in the promise for the whole. `text`: all of it for
    people."""

    code: str
    name: str
    kind: PeriodKind
    length: Limit
    counted: bool
    basis: tuple[str, ...]
    text: str


class InspectionTime(Strict):
    """An inspection that several departments make together, on the way. `text`: all of it for people."""

    code: str
    name: str
    kind: InspectionKind
    lead: str
    items: tuple[str, ...]
    basis: tuple[str, ...]
    text: str


class CriticalPath(Strict):
    """The chain of items whose promises take longest, one after the other. `length`: one limit for each unit."""

    items: tuple[str, ...]
    length: tuple[Limit, ...]


class Step(Strict):
    """A rung of the ladder, in words."""

    code: str
    of: LegalEffect
    when: str
    tells: tuple[Recipient, ...]
    card: Card | None = None
    text: str


class TimeGuide(Strict):
    """`by_law`: the clocks of the law run; without them only promises are counted, and nothing stands still."""

    by_law: bool
    joint: bool
    promised: Limit
    statutory: Limit
    critical_path: CriticalPath
    notice: Limit | None = None  # to be told what is missing, else deemed accepted
    delivery: Limit | None = None
    supplement: Limit | None = None  # the applicant's
    not_supplied_means: str | None = None
    may_be_extended: Limit | None = None  # once, the whole
    ladder: tuple[Step, ...]
    items: tuple[ItemTimes, ...]
    periods: tuple[PeriodTime, ...] = ()
    inspections: tuple[InspectionTime, ...] = ()


def _period(period: Period) -> PeriodTime:
    length, basis = limit_text(period.length), tuple(map(basis_text, period.length.basis))
    how = {
        PeriodKind.FIXED: f"{length}，期满才继续",
        PeriodKind.NOTICE: f"{length}，期间有异议即止",
        PeriodKind.OUTSIDE: f"至多等{length}，完成后由部门登记",
    }[period.kind]
    counted = period.counts == "case"
    return PeriodTime(
        code=period.code,
        name=period.name,
        kind=period.kind,
        length=plain(period.length),
        counted=counted,
        basis=basis,
        text=f"{period.name}：{how}{'' if counted else '，不计入承诺'}（{'；'.join(basis)}）",
    )


def _inspection(planned: PlannedInspection, items: Mapping[str, str]) -> InspectionTime:
    basis = tuple(map(basis_text, planned.basis))
    times = planned.rectify.rechecks
    mending = f"整改{limit_text(planned.rectify.within)}，不计入承诺，至多复验{times}次、只看没有通过的问题"
    who = "、".join(name for code, name in items.items() if code in planned.items)
    text = f"{planned.name}（{who}）：一次到场，从{planned.slots.offered}个日期中选一个；问题一次告知；{mending}"
    return InspectionTime(
        code=planned.code,
        name=planned.name,
        kind=planned.kind,
        lead=planned.lead,
        items=tuple(code for code in planned.items if code in items),
        basis=basis,
        text=f"{text}（{'；'.join(basis)}）",
    )


def time_guide(definition: BundleDefinition, plan: Plan | None = None) -> TimeGuide:
    """Of the items of one case with its limits, or of all there are, each with its longest: then the critical path is
    the longest that any case can have."""
    items = [item for item in definition.items if plan is None or item.code in plan.item_by_code]
    promised = {
        item.code: plain(item.promised if plan is None else plan.item_by_code[item.code].promised) for item in items
    }
    needs = {item.code: [code for code in definition.givers(item) if code in promised] for item in items}
    chain, holding_up = longest_chain(promised, needs), critical(promised, needs)
    rules, by_law = definition.clocks or ClockRules(), definition.clocks is not None
    return TimeGuide(
        by_law=by_law,
        joint=rules.joint,
        promised=plain(definition.promised),
        statutory=plain(definition.statutory),
        critical_path=CriticalPath(items=chain, length=_sum(promised, chain)),
        notice=BY_LAW[NOTICE_CLOCK] if by_law else None,
        delivery=BY_LAW[DELIVERY_CLOCK] if by_law else None,
        supplement=rules.supplement,
        not_supplied_means=_NOT_SUPPLIED[rules.supplement_silence] if rules.supplement else None,
        may_be_extended=Limit(amount=(OF_A_JOINT_CASE if rules.joint else OF_A_LICENCE).amount) if by_law else None,
        ladder=tuple(_step(rung) for rung in rules.ladder),
        items=tuple(
            _item(item, of_law(item, plan), promised[item.code], holds_up=item.code in holding_up, by_law=by_law)
            for item in items
        ),
        inspections=tuple(
            _inspection(one, {item.code: item.name for item in items})
            for one in definition.inspections
            if plan is None or one.code in plan.inspection_by_code
        ),
        periods=tuple(_period(one) for one in definition.periods if plan is None or one.code in plan.period_by_code),
    )


def length_text(path: CriticalPath) -> str:
    return "加".join(limit_text(limit) for limit in path.length) or "当场办结"


def _sum(promised: Mapping[str, Limit], chain: Sequence[str]) -> tuple[Limit, ...]:
    amounts = {unit: sum(promised[code].amount for code in chain if promised[code].unit is unit) for unit in Unit}
    return tuple(Limit(amount=amount, unit=unit) for unit, amount in amounts.items() if amount)


def of_law(item: Item, plan: Plan | None) -> Limit | None:
    """The item's limit by law: in a case, or the longest that any case can have."""
    if plan is not None:
        return plan.item_by_code[item.code].statutory
    return plain(item.statutory) if item.statutory else None


def _item(item: Item, statutory: Limit | None, promised: Limit, *, holds_up: bool, by_law: bool) -> ItemTimes:
    overdue = item.overdue.how if item.overdue else OverdueHow.ESCALATE
    basis = item.overdue.basis if item.overdue else None
    return ItemTimes(
        code=item.code,
        name=item.name,
        promised=promised,
        statutory=statutory,
        may_be_extended=_more(item) if by_law and statutory else None,
        critical=holds_up,
        may_pause=(*map(_may_pause, item.pauses), _FORCE_MAJEURE) if by_law else (),
        on_silence=overdue,
        on_silence_means=SILENCE_MEANS[overdue],
        on_silence_basis=basis_text(basis) if basis else None,
    )


def _more(item: Item) -> Limit | None:
    """The most that an article allows any case."""
    cited = [(one.extension.amount, one.unit) for one in item.limits.of_law if one.extension]
    if cited:
        amount, unit = max(cited)
        return Limit(amount=amount, unit=unit)
    return Limit(amount=OF_A_LICENCE.amount) if item.nature is Nature.LICENCE else None


def _may_pause(rule: AllowedPause) -> MayPause:
    return MayPause(
        basis=rule.procedure,
        name=BASIS_NAMES[rule.procedure],
        at_most=rule.at_most,
        requires=basis_text(rule.basis),
        stops_law=rule.stops_law,
    )


_FORCE_MAJEURE = MayPause(basis=PauseBasis.FORCE_MAJEURE, name=BASIS_NAMES[PauseBasis.FORCE_MAJEURE])


def _step(rung: Rung) -> Step:
    when = _when(rung)
    card = f"，{_CARDS[rung.card]}" if rung.card else ""
    text = f"{_EFFECTS[rung.of]}时限{when}：告知{'、'.join(_TOLD[one] for one in rung.tells)}{card}"
    return Step(code=rung.code, of=rung.of, when=when, tells=rung.tells, card=rung.card, text=text)


def _when(rung: Rung) -> str:
    if rung.share_percent is not None:
        return f"用去 {rung.share_percent}%"
    if rung.days_after is not None:
        return f"到期后 {rung.days_after} 个工作日"
    return f"到期前 {rung.days_left} 天" if rung.days_left else "到期"
