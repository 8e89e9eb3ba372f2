"""收件 and 受理: an office goes on with what came online; and the promise begins. What is missing may come later, where
the definition lets it (容缺)."""

from collections.abc import Iterator
from typing import Any

from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.events.intake import Accepted
from onething.domain.events.lookups import TakenIn
from onething.domain.items.deferral import deferrable
from onething.domain.plan.plan import Plan
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.application.base import pointing_at
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.intake.schemas import AcceptanceRequest
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse
from onething.store.record.case_writer import Recorded

_SAID_OF_CHANGES = (FailureCode.MISSING_VALUE, FailureCode.INVALID_VALUE)


@act_on_case(Act.TAKE_IN)
async def take_in(run: CaseRun) -> StoredResponse:
    """收件: a clerk has looked at it. What an office asks for by duty is asked for from now on, so that it can be
    judged whether anything is missing. Raises NotAllowed where it was taken in already, as all that counters submit."""
    return standing(await run.record(TakenIn()))


@act_on_case(Act.ACCEPT)
async def accept(run: CaseRun, request: AcceptanceRequest | None = None) -> StoredResponse:
    """Raises InvalidInput for what can't be deferred and for changes that were not looked at, and NotAllowed unless the
    case is submitted, what is missing is deferred, and nothing was changed since."""
    request = request or AcceptanceRequest()
    if not request.deferred:
        with pointing_at("/seen", _SAID_OF_CHANGES):
            return standing(await run.record(Accepted(seen=request.seen)))
    before = await run.locked()
    require_valid(_problems(before, request))
    notice = sealed_values.new_notice()
    deferred = [_rule(before.plan, code) for code in dict.fromkeys(request.deferred)]
    event = Accepted(deferred=tuple(rule["code"] for rule in deferred), notice=notice, seen=request.seen)
    with pointing_at("/seen", _SAID_OF_CHANGES):
        return standing(await run.record(event, run.sealed(notice, {"deferred": deferred})))


def _rule(plan: Plan, code: str) -> dict[str, Any]:
    """What may come later, by when, and on what basis, as the written record says it."""
    material = plan.material_by_code[code]
    if material.due is None:
        raise AssertionError("what can't be deferred was refused")
    rule = material.due.model_dump(mode="json", by_alias=True, include={"within", "before_promise_days", "basis"})
    return {"code": code, "name": material.name, **rule}


def _problems(before: Recorded, request: AcceptanceRequest) -> Iterator[FieldProblem]:
    may_wait = deferrable(before.plan, before.state)
    for index, code in enumerate(request.deferred):
        if code not in may_wait:
            names = "、".join(may_wait) or "（无）"
            detail = f"材料“{code}”不能容缺，或已经收到；现在可以容缺的有：{names}。"
            yield FieldProblem(f"/deferred/{index}", FailureCode.UNKNOWN_MATERIAL, detail)
