"""Which materials a case may be accepted without."""

from onething.domain.plan import Plan
from onething.domain.state import CaseState


def deferrable(plan: Plan, state: CaseState) -> tuple[str, ...]:
    """Those that are missing and may come after acceptance, in plan order."""
    there = {*state.materials, *state.commitments}
    return tuple(m.code for m in plan.materials if m.defer is not None and m.required and m.code not in there)
