"""What is sent and read about items that go back, or are decided anew."""

from typing import Annotated, Any

from pydantic import Field

from onething.domain.base import Code
from onething.services.application.base import ReasonText, RequestModel, ShortText
from onething.services.summaries.responses import LocalDateTime, ResponseModel


class ReturnRequest(RequestModel):
    """退回: the item that goes back, and why; its department is told."""

    to: Code
    reason: ReasonText


class ReopenRequest(RequestModel):
    """重新办理: the items whose decision was set aside; `basis`: the public document that did so, which everybody reads
    who may see the case; `reason`: the applicant is told, and the departments of these items."""

    items: Annotated[list[Code], Field(min_length=1, max_length=100)]
    basis: ShortText
    reason: ReasonText


class WithdrawalRequest(RequestModel):
    """撤回补正要求: why; the applicant is told."""

    reason: ReasonText


class EarlierDecision(ResponseModel):
    """Of the round before. Opinion and outputs only for the department's own eyes."""

    outcome: str
    outcome_name: str
    at: LocalDateTime
    opinion: str | None = None
    outputs: dict[str, Any] | None = None


class ReturnView(ResponseModel):
    """An item was sent back. `item`: who had this one in hand did it; `earlier`: what went back, and why. `decision`:
    the one that counts no more, where the task is about `earlier`."""

    item: str
    item_name: str
    earlier: str
    earlier_name: str
    department: str
    department_name: str
    at: LocalDateTime
    reason: str
    decision: EarlierDecision | None = None
