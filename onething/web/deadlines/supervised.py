"""督办员: 不可抗力中止、恢复 of an item, 延长 of the case as a whole."""

from collections.abc import Mapping
from typing import Any

from onething.services.deadlines import extend, suspend
from onething.services.deadlines.schemas import ExtensionRequest, SuspensionRequest
from onething.web.cases.supervised_acts import supervised_act, supervision_router
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_numbers

router = supervision_router()


def _with_days(sent: Form) -> Mapping[str, Any]:
    return with_numbers(sent.tree(), "days")


supervised_act(router, "extend_case", extend.extend_case, ExtensionRequest, _with_days)
supervised_act(router, "suspend", suspend.suspend, SuspensionRequest, _with_days, about="task")
supervised_act(router, "resume", suspend.resume, about="task")
