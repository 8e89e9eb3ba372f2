"""联合踏勘 appointed from a task; 联合查验 of the plan, by their lead and by each department that takes part."""

import re
from collections.abc import Mapping
from typing import Any

from onething.services.inspections import appoint, planned_acts
from onething.services.inspections.planned_schemas import DayRequest, DaysRequest, PartRequest
from onething.services.inspections.schemas import ConclusionRequest, InspectionMoveRequest, InspectionRequest
from onething.web.cases.case_acts import case_act
from onething.web.core.forms import Form
from onething.web.core.typed_dates import typed_date
from onething.web.core.typed_values import with_lists, with_numbers, with_truths
from onething.web.tasks.act_pages import act_router, task_act

router = act_router()


def _appointment(sent: Form) -> Mapping[str, Any]:
    return with_truths(with_numbers(with_lists(sent.tree(), sent, "items"), "days"), "on_day_off")


def _move(sent: Form) -> Mapping[str, Any]:
    return with_truths(sent.tree(), "on_day_off")


def _conclusion(sent: Form) -> Mapping[str, Any]:
    return with_truths(sent.tree(), "passed")


def _days(sent: Form) -> Mapping[str, Any]:
    """Written one after the other, however they are set apart."""
    days = [typed_date(one) for one in re.split(r"[\s,，、;；]+", sent.value("/days")) if one]
    return with_truths({**sent.tree(), "days": days}, "on_day_off")


def _part(sent: Form) -> Mapping[str, Any]:
    """Each line is a point."""
    said = {name: value for name, value in sent.tree().items() if name != "note" or value}
    points = [line.strip() for line in sent.value("/points").splitlines() if line.strip()]
    return with_lists(with_numbers({**said, "points": points}, "officers"), sent, "unmended")


task_act(router, "appoint_inspection", appoint.appoint, InspectionRequest, _appointment)
task_act(router, "move_inspection", appoint.move, InspectionMoveRequest, _move)
task_act(router, "conclude_inspection", appoint.conclude, ConclusionRequest, _conclusion)
case_act(router, "offer_days", planned_acts.offer, DaysRequest, _days, about="subject")
case_act(router, "set_day", planned_acts.set_day, DayRequest, _move, about="subject")
case_act(router, "record_part", planned_acts.record_part, PartRequest, _part, about="subject")
case_act(router, "close_inspection", planned_acts.close, about="subject")
