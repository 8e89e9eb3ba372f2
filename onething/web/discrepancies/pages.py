"""核实: which side is right, and how that was found out."""

from onething.services.discrepancies import resolve
from onething.services.discrepancies.schemas import ResolutionRequest
from onething.web.tasks.act_pages import act_router, task_act

router = act_router()
task_act(router, "resolve_discrepancy", resolve.resolve, ResolutionRequest)
