"""What others have said on an item, as its department reads it, and the one that was asked its own part."""

from collections.abc import Sequence
from datetime import date

from onething.domain.kernel.task_ref import (
    TaskKind,
)
from onething.services.application.sealed_values import SealedValues
from onething.services.consults.schemas import ConsultView
from onething.services.core.context import AppContext
from onething.services.inspections.schemas import InspectionView
from onething.store.connection.database import Transaction
from onething.store.record import journal, sealed_values
from onething.store.record.hash_chain import Line
from onething.store.tables import tasks

_CONSULTS = ("consult_asked", "consult_answered", "consult_taken_back")
_MOST_LINES = 2000
_INSPECTIONS = ("inspection_appointed", "inspection_moved", "inspection_concluded")


async def said_on(
    context: AppContext, tx: Transaction, task: tasks.Task
) -> tuple[Sequence[ConsultView], Sequence[InspectionView]]:
    """Opinions asked for and joint inspections of the task's item, in order; of a task to answer, its opinion alone."""
    if task.kind == TaskKind.UNDO:
        return (), ()
    found = await journal.of_kinds(tx, task.case_no, [*_CONSULTS, *_INSPECTIONS], limit=_MOST_LINES)
    lines = [line for line in reversed(found) if task.item in (line.event.get("item"), *line.event.get("items", ()))]
    if not lines:
        return (), ()
    texts = ("question", "opinion", "conclusion", "reason")
    names = [line.event[part] for line in lines for part in texts if part in line.event]
    values = context.values(task.case_no, await sealed_values.get_many(tx, task.case_no, names))
    consults = _consults(context, [line for line in lines if line.kind in _CONSULTS], values)
    if task.kind == TaskKind.CONSULT:
        return [consults[task.name.number]], ()
    inspections = _inspections([line for line in lines if line.kind in _INSPECTIONS], values)
    return list(consults.values()), list(inspections.values())


def _consults(context: AppContext, lines: Sequence[Line], stored: SealedValues) -> dict[int, ConsultView]:
    shown: dict[int, ConsultView] = {}
    for line in lines:
        event = line.event
        if line.kind == "consult_answered":
            told = {"answered_at": line.at, "agrees": event.get("agrees"), "opinion": _text(stored, event, "opinion")}
            shown[event["n"]] = shown[event["n"]].model_copy(update=told)
            continue
        if line.kind == "consult_taken_back":
            why = {"taken_back_at": line.at, "reason": _text(stored, event, "reason")}
            shown |= {n: shown[n].model_copy(update=why) for n in event["numbers"]}
            continue
        asked_by = (line.actor or {}).get("department")
        for n, department in enumerate(event["departments"], event["n"]):
            shown[n] = ConsultView(
                n=n,
                department=department,
                department_name=context.department(department),
                asked_by=asked_by,
                asked_by_name=context.department(asked_by) if asked_by else None,
                mode="countersign" if "rule" in event else "consult",
                rule=event.get("rule"),
                asked_at=line.at,
                question=_text(stored, event, "question"),
            )
    return shown


def _inspections(lines: Sequence[Line], stored: SealedValues) -> dict[int, InspectionView]:
    shown: dict[int, InspectionView] = {}
    for line in lines:
        event = line.event
        if line.kind == "inspection_appointed":
            shown[event["n"]] = InspectionView(n=event["n"], on=event["on"], items=event["items"])
        elif line.kind == "inspection_moved":
            shown[event["n"]] = shown[event["n"]].model_copy(update={"on": date.fromisoformat(event["on"])})
        else:
            told = {"passed": event["passed"], "conclusion": _text(stored, event, "conclusion")}
            shown[event["n"]] = shown[event["n"]].model_copy(update=told)
    return shown


def _text(stored: SealedValues, event: dict[str, str], part: str) -> str | None:
    """None: not for the reader."""
    found = stored.get(event[part])
    return None if found is None else str(found[part])
