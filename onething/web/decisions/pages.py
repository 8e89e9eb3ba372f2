"""决定: its form, as the item's definition has it."""

from collections.abc import Mapping
from typing import Any

from onething.services.decisions import decide
from onething.services.decisions.schemas import DecisionRequest
from onething.web.core.forms import Form
from onething.web.core.typed_values import all_numbers, with_kinds, with_lists
from onething.web.tasks.act_pages import act_router, task_act

router = act_router()
_OF_APPROVALS = ("outputs", "despite")


def reading(sent: Form) -> Mapping[str, Any]:
    """What does not end well has no results: what was typed into their fields before does not count."""
    tree = with_kinds(with_kinds(with_lists(sent.tree(), sent, "despite"), sent, "outputs"), sent, "conditions")
    said = {**tree, "seen": all_numbers(tree.get("seen", {}))}
    ends_well = said.get("outcome") in {value for name, value in sent.fields if name == "_well"}
    return {name: value for name, value in said.items() if ends_well or name not in _OF_APPROVALS}


task_act(router, "decide", decide.decide, DecisionRequest, reading)
