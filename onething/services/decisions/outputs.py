"""A decision on an item, whoever makes it: checked against the item's decision form, its texts and values sealed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from definitions.consistency import Filled, check_decision, reads_application
from onething.domain.characters import UnusableText, cleaned, is_blank
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.items import Item
from onething.domain.definition.outcomes import OutcomeEffect
from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.events.tasks import ItemDecided
from onething.domain.form.form import check_form, normal_form
from onething.domain.kernel.case_no import CaseNo
from onething.domain.lookups.answers import DepartmentDecision
from onething.security.blind_index import BlindIndex
from onething.services.application import sealed_values
from onething.services.application.base import choices
from onething.services.application.sealed_values import SealedValues
from onething.services.decisions.issued_numbers import GivenNumber, given, given_twice, indexed
from onething.store.connection.database import Transaction
from onething.store.record import sealed_values as sealed_values_record
from onething.store.record.issued_numbers import IssuedNumber
from onething.store.record.rows import SealedValue


class SealedDecision(NamedTuple):
    """What the case writer records of a decision."""

    event: ItemDecided
    values: list[SealedValue]
    numbers: tuple[IssuedNumber, ...]  # that it gives out


def sealed(
    stored: SealedValues,
    index: BlindIndex,
    definition: BundleDefinition,
    item: Item,
    round_no: int,
    decision: DepartmentDecision,
    command: str | None = None,
    *,
    seen: Mapping[str, int],
    applied: Mapping[str, Any],
    today: date,
) -> SealedDecision:
    """The event, and what is to be kept with it. `command`: the one that a department's system answers; `seen`:
    material → version that it was decided on; `applied`: what the application says (`FORM`), which checks may read.
    Raises InvalidInput with everything that is wrong."""
    decision = replace(decision, outputs=normal_form(item.decision_form, decision.outputs))
    require_valid(_problems(definition, item, decision, applied, today))
    numbers = _given(definition, item, CaseNo.parse(stored.case_no).region, decision)
    require_valid(given_twice(numbers))
    values = []
    opinion = outputs = None
    if decision.opinion is not None:
        opinion = sealed_values.opinion(item.code, round_no)
        values.append(SealedValue(opinion, stored.seal(opinion, {"opinion": decision.opinion}), (item.department,)))
    if decision.outputs:
        outputs = sealed_values.outputs(item.code, round_no)
        values.append(SealedValue(outputs, stored.seal(outputs, decision.outputs), readers_of(definition, item)))
    event = ItemDecided(
        item=item.code,
        round=round_no,
        outcome=decision.outcome,
        opinion=opinion,
        outputs=outputs,
        command=command,
        despite=tuple(dict.fromkeys(decision.despite)),
        seen=dict(seen),
        conditions=dict(decision.conditions),
    )
    return SealedDecision(event, values, indexed(index, numbers))


async def application_of(
    tx: Transaction, values: SealedValues, definition: BundleDefinition, item: Item
) -> Mapping[str, Any]:
    """`FORM` of the case, for the checks that hold a decision against it; read only where one does, so that any other
    decision takes no round trip for it."""
    if not reads_application(definition, item):
        return {}
    found = await sealed_values_record.get(tx, values.case_no, sealed_values.FORM)
    opened: Mapping[str, Any] = (
        replace(values, sealed={sealed_values.FORM: found} if found else {}).get(sealed_values.FORM) or {}
    )
    return opened


def _given(
    definition: BundleDefinition, item: Item, region: str, decision: DepartmentDecision
) -> tuple[GivenNumber, ...]:
    return tuple(given(item.decision_form, decision.outputs, f"{definition.code}.{item.code}", region))


def _problems(
    definition: BundleDefinition, item: Item, decision: DepartmentDecision, applied: Mapping[str, Any], today: date
) -> Iterator[FieldProblem]:
    outcome = next((one for one in item.ends_with if one.id == decision.outcome), None)
    if outcome is None:
        known = "、".join(f"{one.name}（{one.id}）" for one in item.ends_with)
        detail = f"“{item.name}”没有这个结果，可以写的有：{known}。"
        yield FieldProblem("/outcome", FailureCode.INVALID_VALUE, detail)
        return
    ends_well = outcome.effect is OutcomeEffect.WELL
    yield from _despite(definition, decision, ends_well=ends_well)
    if decision.opinion is not None:
        yield from _opinion(decision.opinion)
    if ends_well:
        yield from check_form(item.decision_form, decision.outputs, "/outputs", today=today)
        filled = Filled(applied.get("answers", {}), definition.form, applied.get("form", {}))
        yield from check_decision(definition, item, filled, decision.outputs, today)
    else:
        if outcome.effect is OutcomeEffect.REFUSED and not _says_why(decision):
            yield FieldProblem("/opinion", FailureCode.MISSING_VALUE, f"{outcome.name}的，请写明理由和依据。")
        if decision.outputs:
            yield FieldProblem("/outputs", FailureCode.UNKNOWN_FIELD, f"{outcome.name}的，不填写结果，请删去。")


def _opinion(text: str) -> Iterator[FieldProblem]:
    """A department's system may be asked by us, and then does not pass the edge where callers' texts are looked at."""
    try:
        cleaned(text)
    except UnusableText as unusable:
        yield FieldProblem("/opinion", FailureCode.INVALID_VALUE, f"意见{unusable.detail}")


def _despite(definition: BundleDefinition, decision: DepartmentDecision, *, ends_well: bool) -> Iterator[FieldProblem]:
    """Whoever approves despite what disagrees says so, and why."""
    if not decision.despite:
        return
    if not ends_well:
        yield FieldProblem("/despite", FailureCode.UNKNOWN_FIELD, "只有准予时写明，请删去。")
    elif not _says_why(decision):
        detail = "数据不一致仍准予的，请写明意见：核对了什么、以哪一方为准。"
        yield FieldProblem("/opinion", FailureCode.MISSING_VALUE, detail)
    known = {one.code: one.name for one in definition.compare}
    for index, code in enumerate(decision.despite):
        if code not in known:
            detail = f"没有比对项“{code}”，请按待办（派件）里 discrepancies 的 code 填写。{choices(known)}"
            yield FieldProblem(f"/despite/{index}", FailureCode.INVALID_VALUE, detail)


def _says_why(decision: DepartmentDecision) -> bool:
    return decision.opinion is not None and not is_blank(decision.opinion)


def readers_of(definition: BundleDefinition, item: Item) -> tuple[str, ...]:
    """Departments that work with what this item gives: its own, and those of the items that look at an output of it."""
    given = {one.code for one in definition.materials if one.giver == item.code}
    looking = (other.department for other in definition.items if given.intersection(other.materials))
    return tuple(dict.fromkeys((item.department, *looking)))
