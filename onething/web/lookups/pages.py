"""人工核查: the record as its source defines it, or that there is none."""

from collections.abc import Mapping
from typing import Any

from onething.services.lookups import manual_check
from onething.services.lookups.schemas import ManualCheckRequest
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_kinds, with_truths
from onething.web.tasks.act_pages import act_router, task_act

router = act_router()


def _check(sent: Form) -> Mapping[str, Any]:
    """Where nothing was found, nothing was: what was typed before does not count."""
    said = with_kinds(with_truths(sent.tree(), "found"), sent, "record")
    found = said.get("found") is True
    return {name: value for name, value in said.items() if found or name != "record"}


task_act(router, "look_by_hand", manual_check.look_up, ManualCheckRequest, _check)
