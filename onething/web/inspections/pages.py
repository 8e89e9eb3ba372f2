"""联合踏勘."""

from collections.abc import Mapping
from typing import Any

from onething.services.inspections import appoint
from onething.services.inspections.schemas import ConclusionRequest, InspectionMoveRequest, InspectionRequest
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_lists, with_numbers, with_truths
from onething.web.tasks.act_pages import act_router, task_act

router = act_router()


def _appointment(sent: Form) -> Mapping[str, Any]:
    return with_truths(with_numbers(with_lists(sent.tree(), sent, "items"), "days"), "on_day_off")


def _move(sent: Form) -> Mapping[str, Any]:
    return with_truths(sent.tree(), "on_day_off")


def _conclusion(sent: Form) -> Mapping[str, Any]:
    return with_truths(sent.tree(), "passed")


task_act(router, "appoint_inspection", appoint.appoint, InspectionRequest, _appointment)
task_act(router, "move_inspection", appoint.move, InspectionMoveRequest, _move)
task_act(router, "conclude_inspection", appoint.conclude, ConclusionRequest, _conclusion)
