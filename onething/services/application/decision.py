"""A decision on an item, whoever makes it: checked against the item's decision form, its texts and values sealed."""

from collections.abc import Iterator

from onething.domain.definition.bundle import BundleDefinition, Item
from onething.domain.definition.form import check_form
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.events.tasks import ItemDecided
from onething.domain.lookups.answers import Decided
from onething.services.application import sealed_values
from onething.services.application.sealed_values import Papers
from onething.store.record.rows import SealedValue


def sealed(
    kept: Papers, definition: BundleDefinition, item: Item, visit: int, said: Decided, command: str | None = None
) -> tuple[ItemDecided, list[SealedValue]]:
    """The event, and what is to be kept with it. `command`: the one that a department's system answers. Raises
    InvalidInput with everything that is wrong."""
    _check(definition, item, said)
    values = []
    opinion = outputs = None
    if said.opinion is not None:
        opinion = sealed_values.opinion(item.code, visit)
        values.append(SealedValue(opinion, kept.seal(opinion, {"opinion": said.opinion}), (item.department,)))
    if said.outputs:
        outputs = sealed_values.outputs(item.code, visit)
        values.append(SealedValue(outputs, kept.seal(outputs, said.outputs), _readers(definition, item)))
    event = ItemDecided(
        item=item.code,
        round=visit,
        outcome=said.outcome,
        opinion=opinion,
        outputs=outputs,
        command=command,
        despite=tuple(dict.fromkeys(said.despite)),
    )
    return event, values


def _check(definition: BundleDefinition, item: Item, said: Decided) -> None:
    problems = list(_despite(definition, said))
    if said.outcome == "approve":
        problems += check_form(item.decision_form, said.outputs, "/outputs")
    else:
        if not _says_why(said):
            problems.append(FieldProblem("/opinion", FailureCode.MISSING_VALUE, "不予办理请写明理由和依据。"))
        if said.outputs:
            problems.append(FieldProblem("/outputs", FailureCode.UNKNOWN_FIELD, "不予办理不填写结果，请删去。"))
    if problems:
        raise InvalidInput(problems)


def _despite(definition: BundleDefinition, said: Decided) -> Iterator[FieldProblem]:
    """Whoever approves despite what disagrees says so, and why."""
    if not said.despite:
        return
    if said.outcome != "approve":
        yield FieldProblem("/despite", FailureCode.UNKNOWN_FIELD, "只有准予时写明，请删去。")
    elif not _says_why(said):
        detail = "数据不一致仍准予的，请写明意见：核对了什么、以哪一方为准。"
        yield FieldProblem("/opinion", FailureCode.MISSING_VALUE, detail)
    known = {one.code for one in definition.compare}
    for index, code in enumerate(said.despite):
        if code not in known:
            detail = f"没有比对项“{code}”，请按待办（派件）里 discrepancies 的 code 填写。"
            yield FieldProblem(f"/despite/{index}", FailureCode.INVALID_VALUE, detail)


def _says_why(said: Decided) -> bool:
    return said.opinion is not None and bool(said.opinion.strip())


def _readers(definition: BundleDefinition, item: Item) -> tuple[str, ...]:
    """Departments that work with what this item gives: its own, and those of the items that need an output of it."""
    needing = (
        other.department
        for other in definition.items
        if any(output.partition(".")[0] == item.code for output in other.needs.outputs)
    )
    return tuple(dict.fromkeys((item.department, *needing)))
