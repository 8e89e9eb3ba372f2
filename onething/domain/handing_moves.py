"""When work may pass from one hand to another."""

from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.handing_events import ItemReassigned
from onething.domain.holding import holder
from onething.domain.plan import Plan
from onething.domain.state import CaseState


def check_reassigned(plan: Plan, state: CaseState, event: ItemReassigned) -> None:
    """Raise NotAllowed unless the department that it is to be taken from holds it."""
    if event.consult is None:
        standing = holder(plan, state, event.item)
    else:
        waiting = (one for one in state.consults.get(event.item, ()) if one.answer is None)
        standing = next((one.department for one in waiting if one.n == event.consult), None)
    if standing != event.before or event.department == event.before:
        detail = "该事项现在不由这个部门负责，可能已经移交，请重新读取后再移交。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)
