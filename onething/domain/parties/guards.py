"""When somebody may say whether their records are looked up, and an office that it has taken an application in."""

from onething.domain.errors import FailureCode, Refusal
from onething.domain.events.lookups import PartyConfirmed, PartyDeclined, TakenIn
from onething.domain.kernel.state import CaseState, PartyAnswer


def guard_answer(state: CaseState, event: PartyConfirmed | PartyDeclined) -> Refusal | None:
    """Why not. Who was asked answers once more as they like: what they agreed to they may take back, and what they
    refused, allow."""
    known = state.parties.get(event.party)
    if known is None or known.answer is None:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "这个办件没有等您同意的查询。")
    wanted = PartyAnswer.CONFIRMED if isinstance(event, PartyConfirmed) else PartyAnswer.DECLINED
    if known.answer is wanted:
        said = "同意" if wanted is PartyAnswer.CONFIRMED else "不同意"
        return Refusal(FailureCode.NOT_ALLOWED_NOW, f"您已经答复过{said}，不用再答复。")
    return None


def guard_taken_in(state: CaseState, event: TakenIn) -> Refusal | None:
    """Why not: whatever a counter submits is taken in at once."""
    if state.taken_in:
        return Refusal(FailureCode.NOT_ALLOWED_NOW, "这个办件已经收件，不用再收。")
    return None
