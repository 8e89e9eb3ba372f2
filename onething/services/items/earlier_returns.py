"""What was sent back before, as the departments read it that it concerns: why, and what had been decided."""

from collections.abc import Sequence

from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.kernel.task_ref import TaskKind
from onething.domain.plan.plan import Plan, PlanItem
from onething.services.application.sealed_values import SealedValues
from onething.services.core.context import AppContext
from onething.services.core.wording import item_name
from onething.services.items.schemas import EarlierDecision, ReturnView
from onething.store.connection.database import Transaction
from onething.store.record import journal, sealed_values
from onething.store.record.hash_chain import Line
from onething.store.tables import tasks

_KINDS = ("item_returned", "item_decided", "decided_by_silence")
_MOST_LINES = 2000


async def returns_of(context: AppContext, tx: Transaction, task: tasks.Task, plan: Plan) -> tuple[ReturnView, ...]:
    """Of a task in its second round or later; oldest first. Who may not open the reason learns
    nothing of the return here."""
    if task.kind != TaskKind.DECIDE or task.round == 1:
        return ()
    lines = list(reversed(await journal.of_kinds(tx, task.case_no, _KINDS, limit=_MOST_LINES)))
    wanted = [line.event[part] for line in lines for part in ("reason", "opinion", "outputs") if part in line.event]
    item = plan.item_by_code[task.item]
    values = context.values(task.case_no, await sealed_values.get_many(tx, task.case_no, wanted))
    shown = []
    for place, line in enumerate(lines):
        reason = values.get(line.event["reason"]) if line.kind == "item_returned" else None
        if reason is None:
            continue
        event, by = line.event, (line.actor or {}).get("department", "")
        own = event["earlier"] == task.item
        shown.append(
            ReturnView(
                item=event["item"],
                item_name=item_name(plan, event["item"]),
                earlier=event["earlier"],
                earlier_name=item_name(plan, event["earlier"]),
                department=by,
                department_name=context.department(by),
                at=line.at,
                reason=reason["reason"],
                decision=_decision(lines[:place], item, values) if own else None,
            )
        )
    return tuple(shown)


def _decision(before: Sequence[Line], item: PlanItem, stored: SealedValues) -> EarlierDecision | None:
    """The last on the item. What goes back had ended well, if by silence."""
    for line in reversed(before):
        if line.kind != "item_returned" and line.event["item"] == item.code:
            opinion = stored.get(line.event.get("opinion", ""))
            outcome = item.outcome(line.event.get("outcome")) or item.usual(OutcomeEffect.WELL)
            return EarlierDecision(
                outcome=outcome.id,
                outcome_name=outcome.name,
                at=line.at,
                opinion=opinion and opinion["opinion"],
                outputs=stored.get(line.event.get("outputs", "")),
            )
    return None
