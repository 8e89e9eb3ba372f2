"""受理: the promise begins. What is missing may come later, where the definition lets it (容缺)."""

from collections.abc import Iterator

from onething.domain.caller import Caller
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.events import Accepted
from onething.domain.materials import deferrable
from onething.security.policy import Act
from onething.services import papers
from onething.services.answers import Answer
from onething.services.office import Office
from onething.services.once import Request, once
from onething.services.requests import Acceptance
from onething.services.standing import head_for, locked, standing
from onething.store.database import Transaction
from onething.store.door import Recorded
from onething.store.writing import SealedValue


async def accept(office: Office, caller: Caller, key: str, case_no: str, sent: Acceptance | None = None) -> Answer:
    """Raises NotPermitted, InvalidInput for what can't be deferred, and NotAllowed unless the case is submitted and
    what is missing is deferred."""

    body = sent if sent and sent.deferred else None

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.ACCEPT, case_no)
        if body is None:
            return standing(await office.door.record(tx, case_no, Accepted()))
        event, value = _deferring(office, await locked(office, tx, case_no), body)
        return standing(await office.door.record(tx, case_no, event, values=[value]))

    request = Request(caller, Act.ACCEPT, f"POST /api/cases/{case_no}/accept", key, body, case_no)
    return await once(office, request, work)


def _deferring(office: Office, before: Recorded, sent: Acceptance) -> tuple[Accepted, SealedValue]:
    """With the written record: what may come later, by when, and on what basis."""
    problems = list(_problems(before, sent))
    if problems:
        raise InvalidInput(problems)
    materials = before.plan.material_by_code
    told = []
    for code in dict.fromkeys(sent.deferred):
        rule = materials[code].defer
        if rule is None:
            raise AssertionError("what can't be deferred was refused")
        told.append({"code": code, "name": materials[code].name, **rule.model_dump(exclude={"silence"})})
    notice = papers.new_notice()
    event = Accepted(deferred=tuple(one["code"] for one in told), notice=notice)
    return event, SealedValue(notice, office.papers(before.case_no).seal(notice, {"deferred": told}))


def _problems(before: Recorded, sent: Acceptance) -> Iterator[FieldProblem]:
    may_wait = deferrable(before.plan, before.state)
    for index, code in enumerate(sent.deferred):
        if code not in may_wait:
            names = "、".join(may_wait) or "（无）"
            detail = f"材料“{code}”不能容缺，或已经收到；现在可以容缺的有：{names}。"
            yield FieldProblem(f"/deferred/{index}", FailureCode.UNKNOWN_MATERIAL, detail)
