"""When an item may be worked on, decided, accepted without all its materials, sent back, passed on, decided anew."""

from collections.abc import Iterable
from datetime import datetime

from onething.domain.calendar.days import local_date
from onething.domain.deadlines.clock_kinds import demand_clock
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.intake import Accepted, PapersReceived, Supplemented
from onething.domain.events.items import CaseReopened, ItemReassigned, ItemReturned
from onething.domain.events.tasks import ItemDecided, TaskClaimed, TaskReleased, TaskTransferred
from onething.domain.events.undo import UndoneByHand
from onething.domain.events.union import Event
from onething.domain.items.deferral import deferrable
from onething.domain.items.rules import missing_materials, undeferrable_materials
from onething.domain.kernel.custody import custodian
from onething.domain.kernel.lifecycle import ITEM, ITEM_STATE_NAMES, STATUS_NAMES
from onething.domain.kernel.queries import granted_for_good, order_of, owed
from onething.domain.kernel.state import (
    AT_ITS_END,
    DECIDED,
    SETTLED,
    CaseState,
    CaseStatus,
    Effect,
    EffectKind,
    ItemState,
)
from onething.domain.materials import named
from onething.domain.plan.plan import Plan
from onething.domain.principal import Role
from onething.domain.reissue.rules import awaited

MOST_ROUNDS = 9
"""So often an item may come to its department (assumed: no rule names a number)."""
_RELIED = DECIDED | {ItemState.LAPSED}


def guard_reassigned(plan: Plan, state: CaseState, event: ItemReassigned) -> Refusal | None:
    """Why not, unless the department that it is to be taken from holds it."""
    if event.consult is None:
        standing = custodian(plan, state, event.item)
    else:
        waiting = (one for one in state.consults.get(event.item, ()) if one.answer is None)
        standing = next((one.department for one in waiting if one.n == event.consult), None)
    if standing != event.before or event.department == event.before:
        detail = "该事项现在不由这个部门负责，可能已经移交，请重新读取后再移交。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    return None


def guard_returned(plan: Plan, state: CaseState, event: ItemReturned, at: datetime) -> Refusal | None:
    """Why not, if so. That the item is open at its department is judged by `guard_item`. Step by step (逐级退回):
    where something was decided on the earlier item, that is sent back first."""
    needed = plan.item_by_code[event.item].needs_items
    if event.earlier not in needed:
        names = "、".join(f"“{plan.item_by_code[code].name}”（{code}）" for code in needed)
        detail = f"只能退回本事项直接需要的前一事项：{names}。" if needed else "本事项没有前一事项，不能退回。"
        return Refusal(FailureCode.INVALID_VALUE, detail)
    earlier, progress = plan.item_by_code[event.earlier], state.items[event.earlier]
    name, well = earlier.name, earlier.ended_well(progress.outcome)
    if progress.state is not ItemState.APPROVED:
        return _no(f"“{name}”没有{well}的结果可以退回，或已经退回；请按现状作出决定，或征求其部门意见。")
    revocation = state.revocations.get(event.earlier)
    if revocation is not None and revocation.revoked is None:
        return _no(f"正在决定“{name}”的{well}是否撤销，请等其部门作出决定。")
    if event.earlier in granted_for_good(state.effects, state.reopening):
        detail = f"“{name}”在办件归档前已经{well}，重新办理不触及它，不能退回；有误的，请其部门复核（review）。"
        return _no(detail)
    if progress.round >= MOST_ROUNDS:
        return _no(f"“{name}”已经办理 {progress.round} 轮，不能再退回；请联系督办人员协调，或按现状作出决定。")
    relying = [code for code in plan.dependants[event.earlier] if state.items[code].state in _RELIED]
    if relying:
        names = "、".join(f"“{plan.item_by_code[code].name}”" for code in relying)
        detail = (
            f"{names}已依据“{name}”作出决定，不能越过它退回：请先由需要它的事项逐级退回；不能逐级退回的，"
            f"请“{name}”的部门复核（review），由其依法更正或撤销，并告知依据它作出决定的部门。"
        )
        return _no(detail)
    if not state.submitted_at <= event.since <= at:
        return _no("前一事项的决定时间与记录不符，请重新读取后再退回。")
    return None


def guard_item(
    plan: Plan, state: CaseState, event: TaskClaimed | TaskReleased | TaskTransferred | ItemDecided | ItemReturned
) -> Refusal | None:
    """Why not, unless the item is open at its department, in that round, and with people."""
    progress = state.items.get(event.item)
    if progress is None or event.round > progress.round:
        return Refusal(FailureCode.NOT_FOUND, "没有这个待办。")
    if event.round < progress.round:
        detail = "这件待办已经结束：有事项被退回，现在是新一轮办理，请办理新的待办。"
        return Refusal(FailureCode.ALREADY_DECIDED, detail)
    if progress.state in DECIDED or progress.state is ITEM.UNDONE:
        return Refusal(FailureCode.ALREADY_DECIDED, "该事项已经作出决定。")
    if progress.state is ITEM.SUSPENDED:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "该事项已中止计时，请先恢复再办理。")
    if progress.state is ITEM.CORRECTION and isinstance(event, ItemDecided):
        return _guard_without_what_was_asked(plan, state, event)
    if progress.state is not ITEM.OPEN:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, f"该事项当前为“{ITEM_STATE_NAMES[progress.state]}”，不能办理。")
    answers = isinstance(event, ItemDecided) and event.command is not None
    if not answers and order_of(state.commands, event.item):
        detail = "该事项在部门业务系统办理，还没有转给人员；到期没有答复或系统不予处理的，会成为待办。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    return None


def guard_outcome(plan: Plan, event: ItemDecided) -> Refusal | None:
    """Why not, unless it is one of those that the item may end with."""
    item = plan.item_by_code[event.item]
    if item.outcome(event.outcome) is not None:
        return None
    known = "、".join(f"{one.name}（{one.id}）" for one in item.ends_with)
    return Refusal(FailureCode.INVALID_VALUE, f"“{item.name}”没有结果“{event.outcome}”，可以写的有：{known}。")


def guard_conditions(plan: Plan, event: ItemDecided) -> Refusal | None:
    """Why not, unless the decision says of each condition whether it is met, and follows from that: an approval needs
    all of them, a refusal names one at least that is not, unless an outcome of the item's own says why. A
    department's system need not say; who finds nothing has nothing to hold them against."""
    item = plan.item_by_code[event.item]
    effect, says = item.effect(event.outcome), {one.id: one.says for one in item.conditions}
    if unknown := [code for code in event.conditions if code not in says]:
        return Refusal(FailureCode.INVALID_VALUE, f"“{item.name}”没有条件“{'、'.join(unknown)}”，请删去。")
    if effect is OutcomeEffect.NEUTRAL or (event.command is not None and not event.conditions):
        return None
    if left := [text for code, text in says.items() if code not in event.conditions]:
        return Refusal(FailureCode.INVALID_VALUE, f"请逐条写明是否符合条件，还缺：{'；'.join(left)}")
    unmet = [says[code] for code, met in event.conditions.items() if not met]
    if effect is OutcomeEffect.WELL and unmet:
        return Refusal(FailureCode.INVALID_VALUE, f"条件都符合才能办成，不符合的有：{'；'.join(unmet)}")
    if effect is OutcomeEffect.REFUSED and says and not unmet and not item.outcomes:
        return Refusal(FailureCode.INVALID_VALUE, "条件都符合的，应当准予；不予的，请写明哪一条不符合。")
    return None


def _guard_without_what_was_asked(plan: Plan, state: CaseState, event: ItemDecided) -> Refusal | None:
    """An approval needs what was asked for no more; a refusal waits for the time that the applicant was given."""
    if plan.item_by_code[event.item].effect(event.outcome) is not OutcomeEffect.REFUSED:
        return None
    clock = state.clocks.get(demand_clock(event.item))
    until = f"（{local_date(clock.due_at)}）" if clock and clock.due_at else ""
    detail = f"该事项当前为“待补正”：补正期限{until}届满以前不能因此不予；不再需要的，请先撤回补正要求，再作决定。"
    return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)


def guard_closed(status: CaseStatus) -> Refusal | None:
    """Why a case that has ended is not reopened, whatever of it is named."""
    if status not in _ENDED_OTHERWISE:
        return None
    return _no(f"办件{_ENDED_OTHERWISE[status]}，不能重新办理；请申请人重新申请。")


_ENDED_OTHERWISE = {
    CaseStatus.REJECTED: "没有受理",
    CaseStatus.WITHDRAWN: "已由申请人撤回",
    CaseStatus.TERMINATED: "已终止办理",
}


def guard_reopened(plan: Plan, state: CaseState, event: CaseReopened) -> Refusal | None:
    """Why not, unless a decision ended each of the items, and nothing of that is still under way."""
    if len(set(event.items)) < len(event.items):
        return Refusal(FailureCode.INVALID_VALUE, "同一事项只能写一次，请删去重复的事项。")
    return next(filter(None, (guard_set_aside(plan, state, code) for code in event.items)), None)


def guard_set_aside(plan: Plan, state: CaseState, code: str) -> Refusal | None:
    """Why the item of a closed case is not decided anew."""
    item = plan.item_by_code.get(code)
    if item is None:
        return Refusal(FailureCode.NOT_FOUND, f"本办件没有事项“{code}”，请核对事项代码。")
    name, well = f"“{item.name}”（{code}）", item.ended_well(state.items[code].outcome)
    match state.items[code].state:
        case ItemState.APPROVED:
            detail = f"的{well}有效，重新办理不触及已经办成的事项；有误的，先请其部门复核（review）并依法撤销。"
            return _no(name + detail)
        case ItemState.SKIPPED:
            return _no(f"{name}没有作出过决定：请写明使它不再办理的前一事项，该事项重新办理的，它随之恢复。")
    revocation = state.revocations.get(code)
    if revocation is not None and revocation.revoked is None:
        return _no(f"正在决定{name}的{well}是否撤销，请等其部门作出决定。")
    if any(_is_of(one, code) for one in (*state.undo_queue, *state.undo_tasks)):
        return _no(f"{name}先前的办理还在撤销，请等撤销完毕；转由人员撤销的，请其部门先办理该待办。")
    if any(_is_of(one, code) and one.kind is EffectKind.ORDER for one in state.effects):
        return _no(f"{name}的部门业务系统另有办理结果，请等其部门决定是否有效。")
    return None


def _is_of(effect: Effect, item: str) -> bool:
    return effect.kind is not EffectKind.LOOKUP and effect.target == item


def guard_claim(event: Event, subject: str, role: str | None, claimed_by: str | None) -> Refusal | None:
    """Why not, where somebody else works on the task. A leader may take a claim off somebody, or give it to somebody.
    `subject`, `role`: of who says it."""
    if not isinstance(event, TaskClaimed | TaskReleased | TaskTransferred | ItemDecided | ItemReturned | UndoneByHand):
        return None
    moved_by_leader = isinstance(event, TaskReleased | TaskTransferred) and role == Role.LEADER
    if claimed_by not in (None, subject) and not moved_by_leader:
        return Refusal(FailureCode.CLAIMED_BY_ANOTHER, "该待办已由其他人员认领，请先由其放回。")
    if isinstance(event, TaskReleased) and claimed_by is None:
        return _no("待办没有人认领，不需要放回。")
    if isinstance(event, TaskTransferred) and claimed_by is None and role != Role.LEADER:
        return _no("待办还没有认领，请先认领再转交；部门负责人可以直接转交。")
    return None


def guard_deferred(plan: Plan, state: CaseState, event: Accepted) -> Refusal | None:
    """Whatever may be deferred and is missing is either deferred now or asked for before: nothing is forgotten."""
    there = {*state.materials, *state.commitments}
    lacking = [code for code in undeferrable_materials(plan) if code not in there]
    if lacking:
        detail = "收到以后才能受理。请一次告知补正；不予受理的，出具书面凭证（行政许可法第三十二条）。"
        return _no(f"还缺{_names(plan, lacking)}：{detail}")
    may_wait = deferrable(plan, state)
    wrong = [code for code in event.deferred if code not in may_wait]
    if wrong:
        return Refusal(FailureCode.UNKNOWN_MATERIAL, f"这些材料不能容缺，或已经收到：{'、'.join(wrong)}，请删去。")
    forgotten = [code for code in may_wait if code not in event.deferred]
    if forgotten:
        detail = f"还缺{_names(plan, forgotten)}：可以容缺受理的请列入 deferred，否则请先告知补正。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    return None


def guard_supplied(plan: Plan, state: CaseState, event: ItemDecided) -> Refusal | None:
    """Why no approval yet: materials that were allowed to come later have not come."""
    lacking = [code for code in plan.item_by_code[event.item].needs_materials if code in state.deferred]
    if lacking:
        well = plan.item_by_code[event.item].ended_well(event.outcome)
        detail = f"容缺的{_names(plan, lacking)}还没有补交，不能{well}；请等申请人补交后再决定。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    return None


def guard_wanted(plan: Plan, state: CaseState, event: Supplemented | PapersReceived) -> Refusal | None:
    """Why not: from acceptance on nobody replaces what others work on, or have decided on, unless it is asked for. Once
    all is decided, it is what certificates wait for, or what is owed since."""
    over = state.status in AT_ITS_END
    if state.accepted_at is None and not over:
        return None
    wanted = {*missing_materials(plan, state), *state.deferred}
    if over:
        wanted = awaited(plan, state.effects, state.materials) | owed(plan, state.effects, state.materials)
    for code in named(event):
        material = plan.material_by_code.get(code)
        if material is None or code in wanted:
            continue  # what the case does not have is told as that
        if over:
            return _no(f"办件当前为“{STATUS_NAMES[state.status]}”，不再等候“{material.name}”（{code}）。")
        if code in state.materials:
            detail = f"“{material.name}”（{code}）已经收到，办件受理后没有要求重新提交，不能替换。"
            return Refusal(FailureCode.NOT_ASKED_FOR, detail)
        decided = [plan.item_by_code[one].name for one in material.needed_by if _is_decided(state, one)]
        if decided:
            detail = f"“{'、'.join(decided)}”已经作出决定，没有要求“{material.name}”（{code}），请不要再提交。"
            return Refusal(FailureCode.NOT_ASKED_FOR, detail)
    return None


def _is_decided(state: CaseState, item: str) -> bool:
    return item in state.items and state.items[item].state in SETTLED


def _names(plan: Plan, codes: Iterable[str]) -> str:
    return "、".join(f"“{plan.material_by_code[code].name}”（{code}）" for code in codes)


def _no(detail: str) -> Refusal:
    return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
