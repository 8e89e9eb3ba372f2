"""中止、恢复和延长."""

from collections.abc import Mapping
from typing import Any

from onething.services.deadlines import extend, suspend
from onething.services.deadlines.schemas import ExtensionRequest, SuspensionRequest
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_numbers
from onething.web.tasks.act_pages import act_router, task_act

router = act_router()


def _with_days(sent: Form) -> Mapping[str, Any]:
    return with_numbers(sent.tree(), "days")


task_act(router, "suspend", suspend.suspend, SuspensionRequest, _with_days)
task_act(router, "resume", suspend.resume)
task_act(router, "extend_item", extend.extend_item, ExtensionRequest, _with_days)
