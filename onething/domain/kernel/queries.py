"""Whom an item waits for beside its own department, and what was granted: asked of a state, by what allows and by what
follows."""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet

from onething.domain.definition.items import OutputKind, UndoHow
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.definition.periods import InspectionState
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.reducer import Reducer
from onething.domain.kernel.state import (
    DECIDED,
    SETTLED,
    CaseState,
    ConsultAnswer,
    CountersignRule,
    Effect,
    EffectKind,
    Inspection,
    ItemProgress,
    ItemState,
    OpenCommand,
    PlannedProgress,
    Reopening,
)
from onething.domain.plan.plan import Plan, PlanItem, PlanOutcome


def unsigned(state: CaseState, item: str) -> tuple[str, ...]:
    """The departments without whose agreement the item is not approved now. Asked again, a department's last answer
    counts: else one that did not agree could never be heard once more."""
    countersigns = [consult for consult in state.consults.get(item, ()) if consult.rule is not None]
    agreed = {consult.department: consult.answer is ConsultAnswer.AGREED for consult in countersigns}
    missing: list[str] = []
    for consult in countersigns:
        together = [other.department for other in countersigns if other.ask == consult.ask]
        enough = consult.rule is CountersignRule.ANY and any(agreed[department] for department in together)
        if not agreed[consult.department] and not enough:
            missing.append(consult.department)
    return tuple(dict.fromkeys(missing))


def open_demands(state: CaseState) -> int:
    """How many fields and materials the applicant was asked for that have not come yet."""
    if state.ended:
        return 0
    return len(state.fields_asked) + len(state.materials_asked) + sum(map(len, state.asked.values()))


def inspection_of(inspections: Mapping[int, Inspection], item: str) -> int | None:
    """Number of the appointed inspection that waits for a conclusion on the item."""
    return next((n for n, inspection in inspections.items() if item in inspection.waiting), None)


def are_closed(planned: Mapping[str, PlannedProgress], inspections: Iterable[str]) -> bool:
    """Whether these inspections of the plan are."""
    return all(code in planned and planned[code].state is InspectionState.CLOSED for code in inspections)


def ended_with(item: PlanItem, progress: ItemProgress) -> PlanOutcome | None:
    """With which outcome the item has ended, while it is decided."""
    if progress.state not in DECIDED:
        return None
    return item.outcome(progress.outcome) or item.usual(_EFFECTS[progress.state])


def has_ended_so(plan: Plan, items: Mapping[str, ItemProgress], code: str, outcome: str) -> bool:
    """Whether the item has ended with that outcome. What was granted and revoked since had been granted: whoever comes
    after it sees to that, as ever."""
    item, progress = plan.item_by_code[code], items[code]
    if progress.state is ItemState.UNDONE:
        return item.effect(outcome) is OutcomeEffect.WELL
    ended = ended_with(item, progress)
    return ended is not None and ended.id == outcome


def comes_otherwise(plan: Plan, items: Mapping[str, ItemProgress], needs: Mapping[str, str]) -> bool:
    """Whether an item has ended with another outcome than something that comes after it needs, or with none."""
    return any(
        items[code].state in SETTLED and not has_ended_so(plan, items, code, outcome) for code, outcome in needs.items()
    )


_EFFECTS = {
    ItemState.APPROVED: OutcomeEffect.WELL,
    ItemState.REFUSED: OutcomeEffect.REFUSED,
    ItemState.NEUTRAL: OutcomeEffect.NEUTRAL,
}


def order_of(commands: Mapping[str, OpenCommand], item: str) -> str | None:
    """Id of the open command by which a department's system has the item."""
    for command_id, command in commands.items():
        if command.kind == CommandKind.DISPATCH_ITEM and command.target == item:
            return command_id
    return None


def is_with_system(reducer: Reducer, code: str) -> bool:
    return order_of(reducer.open_commands, code) is not None


def granted(effects: Iterable[Effect]) -> set[str]:
    """Items whose approval stands, whatever has become of the case."""
    return {one.target for one in effects if one.kind is EffectKind.APPROVAL}


def owed(plan: Plan, effects: Iterable[Effect], materials: Collection[str]) -> set[str]:
    """What is to be handed in now, since what looks at it was granted. `materials`: in hand."""
    stands = granted(effects)
    return {
        one.code for one in plan.after_decision if one.code not in materials and not stands.isdisjoint(one.needed_by)
    }


def granted_for_good(effects: Iterable[Effect], reopening: Reopening | None) -> set[str]:
    """Items that were granted when the case was closed, before it was reopened for others: what becomes of those does
    not touch them."""
    if reopening is None:
        return set()
    approvals = (one for one in effects if one.kind is EffectKind.APPROVAL)
    return {one.target for one in approvals if int(one.id.partition(".")[0]) < reopening.line}


def falling(plan: Plan, approved: AbstractSet[str], for_good: AbstractSet[str] = frozenset()) -> set[str]:
    """Of the approved items those that an early end takes along: what was only reserved, unless something that stands
    needs it, and what a law lets fall; but for those that were granted `for_good`."""
    hows = {code: plan.item_by_code[code].undo for code in approved - for_good}
    stands = {code for code, how in hows.items() if how in {UndoHow.STANDS, UndoHow.ON_APPLICATION}} | for_good
    needed = {need for code in stands for need in plan.item_by_code[code].needs_items}
    reserved = {code for code, how in hows.items() if how is UndoHow.RELEASE} - needed
    return reserved | {code for code, how in hows.items() if how is UndoHow.BY_LAW}


def is_issuing(reducer: Reducer) -> bool:
    """Whether certificates are being made out."""
    return any(command.kind == CommandKind.ISSUE_CERTIFICATES for command in reducer.open_commands.values())


def gives_certificate(plan: Plan, effects: Iterable[Effect]) -> bool:
    """Whether one of what was granted is shown by a certificate."""
    outputs = (output for code in granted(effects) for output in plan.item_by_code[code].outputs)
    return any(output.kind is OutputKind.CERTIFICATE for output in outputs)
