"""What may not be accepted or granted while another case has what it needs, or nothing is left."""

from onething.domain.definition.bundle import TakenAt, WhenFull
from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.intake import Accepted
from onething.domain.events.tasks import ItemDecided
from onething.domain.plan.plan import Plan, PlanReservation


def guard_reserved(plan: Plan, event: Accepted | ItemDecided) -> Refusal | None:
    """Why not, of what the record said to be another's or used up."""
    for one in plan.reservations:
        if one.code in event.full and one.blocks and _waits(one, event):
            how = "现在还轮不到，有空出来的，按先后顺序办" if one.full is WhenFull.QUEUE else _otherwise(event)
            return Refusal(FailureCode.NOT_ALLOWED_NOW, f"{one.says}{how}。")
    return None


def _waits(rule: PlanReservation, event: Accepted | ItemDecided) -> bool:
    return isinstance(event, ItemDecided) or rule.taken is not TakenAt.GRANT


def _otherwise(event: Accepted | ItemDecided) -> str:
    end = "不予受理" if isinstance(event, Accepted) else "没有办成的决定"
    return f"请核对；确实不能办的，作{end}"
