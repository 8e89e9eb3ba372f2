"""A decision on an item, whoever makes it: checked against the item's decision form, its texts and values sealed."""

from onething.domain.definition import BundleDefinition, Item
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.events import ItemDecided
from onething.domain.form import check_form
from onething.domain.outside import Decided
from onething.services import papers
from onething.services.papers import Papers
from onething.store.writing import SealedValue


def sealed(
    kept: Papers, definition: BundleDefinition, item: Item, visit: int, said: Decided, command: str | None = None
) -> tuple[ItemDecided, list[SealedValue]]:
    """The event, and what is to be kept with it. `command`: the one that a department's system answers. Raises
    InvalidInput with everything that is wrong."""
    _check(item, said)
    values = []
    opinion = outputs = None
    if said.opinion is not None:
        opinion = papers.opinion(item.code, visit)
        values.append(SealedValue(opinion, kept.seal(opinion, {"opinion": said.opinion}), (item.department,)))
    if said.outputs:
        outputs = papers.outputs(item.code)
        values.append(SealedValue(outputs, kept.seal(outputs, said.outputs), _readers(definition, item)))
    event = ItemDecided(
        item=item.code, round=visit, outcome=said.outcome, opinion=opinion, outputs=outputs, command=command
    )
    return event, values


def _check(item: Item, said: Decided) -> None:
    problems = []
    if said.outcome == "approve":
        problems += check_form(item.decision_form, said.outputs, "/outputs")
    else:
        if said.opinion is None or not said.opinion.strip():
            problems.append(FieldProblem("/opinion", FailureCode.MISSING_VALUE, "不予办理请写明理由和依据。"))
        if said.outputs:
            problems.append(FieldProblem("/outputs", FailureCode.UNKNOWN_FIELD, "不予办理不填写结果，请删去。"))
    if problems:
        raise InvalidInput(problems)


def _readers(definition: BundleDefinition, item: Item) -> tuple[str, ...]:
    """Departments that work with what this item gives: its own, and those of the items that need an output of it."""
    needing = (
        other.department
        for other in definition.items
        if any(output.partition(".")[0] == item.code for output in other.needs.outputs)
    )
    return tuple(dict.fromkeys((item.department, *needing)))
