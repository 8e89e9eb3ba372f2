"""Keyed digests of what a plan compares: they say which values are the same, and nothing in another case."""

from collections.abc import Mapping
from typing import Any

from onething.domain.discrepancies.guards import disagreeing, left
from onething.domain.events.intake import Supplemented
from onething.domain.events.outcomes import Compared
from onething.domain.form.field_values import paper_in
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan, key_of
from onething.domain.sources.compare_as import normal
from onething.security.blind_index import BlindIndex
from onething.services.application.schemas import Application

_DIGITS = 16  # of 64: two values of one case meet by chance once in 10^19


def application_digests(index: BlindIndex, case_no: str, plan: Plan, application: Application) -> Compared | None:
    """Of the application; None where the plan compares nothing."""
    if not plan.compare:
        return None
    values = {f"form.{name}": value for name, value in application.form.items()}
    values |= {"applicant.name": application.applicant.name, "applicant.id_number": application.applicant.id_number}
    return _digests(index, case_no, plan, values)


def recorded(index: BlindIndex, case_no: str, plan: Plan, data: str, record: Mapping[str, Any]) -> Compared:
    """Of a record; empty where the plan compares nothing of it."""
    return _digests(index, case_no, plan, {f"data.{data}.{name}": value for name, value in record.items()})


def said_anew(
    index: BlindIndex, case_no: str, plan: Plan, state: CaseState, event: Supplemented, application: Application
) -> Supplemented:
    """With what the application says now. `plan`: the new one."""
    compared = application_digests(index, case_no, plan, application)
    if compared is None and not state.compared:
        return event
    known = {**left(plan, state, event.refetch), **(compared or {})}
    disagrees = disagreeing(plan, known, known)
    return event.model_copy(update={"compared": compared or {}, "disagrees": disagrees})


def _digests(index: BlindIndex, case_no: str, plan: Plan, values: Mapping[str, Any]) -> Compared:
    digests = {}
    for comparison in plan.compare:
        for name in comparison.values:
            text = normal(comparison.kind, str(_plain(values[name]))) if values.get(name) is not None else ""
            if text:
                digests[name] = index.mac(f"compare/{comparison.kind}", f"{case_no}/{text}").hex()[:_DIGITS]
    return dict(sorted(digests.items(), key=_as_kept))


def _as_kept(entry: tuple[str, str]) -> tuple[int, str]:
    """The order in which jsonb gives members back: a journal that is read again folds to the same bytes."""
    return len(entry[0]), entry[0]


def value_of(name: str, form: Mapping[str, Any], applicant: Mapping[str, Any], record: Mapping[str, Any] | None) -> Any:
    """The value that is compared under this name; None where it is not known to the reader."""
    if key_of(name) is not None:
        return None if record is None else record.get(name.rpartition(".")[2])
    kind, _, field = name.partition(".")
    return _plain((form if kind == "form" else applicant).get(field))


def _plain(value: Any) -> Any:
    """Of a paper its number."""
    paper = paper_in(value)
    return value if paper is None else paper[1]
