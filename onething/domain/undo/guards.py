"""When it may be decided whether an approval stands."""

from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.undo import RevocationDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.custody import first_to_rely
from onething.domain.kernel.state import CaseState, Commitment
from onething.domain.plan.plan import Plan


def guard_revocation(plan: Plan, state: CaseState, event: RevocationDecided) -> Refusal | None:
    """Why not, if so. The case's status is judged by engine/guards.py. One that is taken back is not checked any more:
    other promises that it was the first to rely on are looked into before."""
    if any(command.kind == CommandKind.ISSUE_CERTIFICATES for command in state.commands.values()):
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "正在签发证照，请稍候再作决定。")
    one = state.revocations.get(event.item)
    if one is None or one.revoked is not None or (one.round, one.material) != (event.round, event.material):
        detail = "没有等待决定是否撤销的这一事项，可能已经作出决定，或办件已经提前结束。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    unchecked = [
        plan.material_by_code[code].name
        for code, promise in state.commitments.items()
        if promise is Commitment.CHECKING and first_to_rely(plan, state.effects, code) == event.item
    ]
    if event.revoke and unchecked:
        detail = f"该事项依据的其他承诺（{'、'.join(unchecked)}）还没有核查：请先登记核查结果，再决定撤销。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    return None
