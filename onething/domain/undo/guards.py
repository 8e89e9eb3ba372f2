"""When it may be decided whether an approval stands."""

from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.undo import ReviewAsked, RevocationDecided
from onething.domain.kernel.commands import CommandKind
from onething.domain.kernel.custody import first_to_rely
from onething.domain.kernel.state import UNDER_CHECK, CaseState, ItemState
from onething.domain.plan.plan import Plan


def guard_review(state: CaseState, event: ReviewAsked) -> Refusal | None:
    """Why not, unless the approval stands and nobody is asked already whether it does."""
    progress = state.items.get(event.item)
    if progress is None:
        return Refusal(FailureCode.NOT_FOUND, "没有这个事项。")
    if progress.state is not ItemState.APPROVED:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "该事项没有办成，没有可以复核的决定。")
    last = state.revocations.get(event.item)
    if last is not None and last.revoked is None:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "该事项是否撤销正在决定，请等其部门作出决定。")
    if event.round != (last.round if last else 0) + 1:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "刚刚有人请其部门复核过，请重新读取后再提。")
    return None


def guard_revocation(plan: Plan, state: CaseState, event: RevocationDecided) -> Refusal | None:
    """Why not, if so. The case's status is judged by engine/guards.py. One that is taken back is not checked any more:
    other promises that it was the first to rely on are looked into before."""
    if any(command.kind == CommandKind.ISSUE_CERTIFICATES for command in state.commands.values()):
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "正在签发证照，请稍候再作决定。")
    one = state.revocations.get(event.item)
    of = (event.round, event.material, event.review, event.unsupplied)
    if one is None or one.revoked is not None or (one.round, one.material, one.review, one.unsupplied) != of:
        detail = "没有等待决定是否撤销的这一事项，可能已经作出决定，或办件已经提前结束。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    unchecked = [
        plan.material_by_code[code].name
        for code, promise in state.commitments.items()
        if promise in UNDER_CHECK and first_to_rely(plan, state.effects, code) == event.item
    ]
    if event.revoke and unchecked:
        detail = f"该事项依据的其他承诺（{'、'.join(unchecked)}）还没有核查：请先登记核查结果，再决定撤销。"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, detail)
    return None
