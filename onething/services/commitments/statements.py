"""告知承诺: what is promised in place of materials, which promises are checked, and what the check found."""

from collections.abc import Collection, Iterator, Mapping

from definitions.terms import promise_text
from onething.domain.calendar.days import local_date
from onething.domain.commitments import may_be_put_right, relying
from onething.domain.definition.time_rules import CheckHow
from onething.domain.errors import FailureCode, FieldProblem, OneThingError
from onething.domain.events.commitments import CommitmentChecked
from onething.domain.kernel.state import nth_check
from onething.domain.plan.plan import Plan, PlanMaterial
from onething.security.policy import Act, NotPermitted
from onething.services.application import sealed_values
from onething.services.application.base import choices
from onething.services.commitments.schemas import CommitmentCheckRequest
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.core.context import AppContext
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse
from onething.store.connection.database import Transaction
from onething.store.record import sealed_values as sealed_values_record
from onething.store.record.rows import SealedValue

_PROMISED = "申请人已知悉告知的内容，承诺符合所列材料要求的条件，并愿意承担不实承诺的法律责任。"


def statement(context: AppContext, case_no: str, plan: Plan, codes: tuple[str, ...]) -> SealedValue:
    """The dated statement, as it was made with the application."""
    materials = plan.material_by_code
    told = {
        "promised": _PROMISED,
        "said_on": local_date(context.clock.now()).isoformat(),
        "materials": [_told(materials[code]) for code in codes],
    }
    return SealedValue(sealed_values.COMMITMENTS, context.values(case_no).seal(sealed_values.COMMITMENTS, told))


async def statement_with(
    context: AppContext, tx: Transaction, case_no: str, plan: Plan, codes: tuple[str, ...]
) -> SealedValue:
    """The statement with what is promised today; what was said before stays as it was."""
    today = statement(context, case_no, plan, codes)
    values = context.values(case_no, await sealed_values_record.get_many(tx, case_no, [sealed_values.COMMITMENTS]))
    before = values.get(sealed_values.COMMITMENTS)
    if before is None:
        return today
    new = context.values(case_no, {sealed_values.COMMITMENTS: today.body}).open(sealed_values.COMMITMENTS)
    again = [{**one, "said_on": new["said_on"]} for one in new["materials"]]
    stays = [one for one in before["materials"] if one["code"] not in codes]
    told = {**before, "materials": [*stays, *again]}
    return SealedValue(sealed_values.COMMITMENTS, values.seal(sealed_values.COMMITMENTS, told))


def problems(
    plan: Plan, offered: Collection[str], brought: Collection[str], codes: list[str]
) -> Iterator[FieldProblem]:
    """Why these can't be promised now, if so."""
    for index, code in enumerate(codes):
        material = plan.material_by_code.get(code)
        if code not in offered or material is None:
            names = {one.code: one.name for one in plan.materials if one.code in offered}
            why = "数据调取不到、允许承诺的才可以"
            detail = f"材料“{code}”现在不能以承诺代替：{why}。请交来材料或删去。{choices(names)}"
            yield FieldProblem(f"/commitments/{index}", FailureCode.UNKNOWN_MATERIAL, detail)
        elif code in brought:
            detail = f"“{material.name}”这次已经提交，不需要承诺，请删去。"
            yield FieldProblem(f"/commitments/{index}", FailureCode.INVALID_VALUE, detail)


def _told(material: PlanMaterial) -> Mapping[str, object]:
    rule = material.commitment
    says = {"says": [*promise_text(rule)]} if rule is not None and rule.decides else {}
    return {"code": material.code, "name": material.name, "basis": rule.basis if rule else "", **says}


def to_check(context: AppContext, case_no: str, plan: Plan, codes: tuple[str, ...]) -> tuple[str, ...]:
    """All, none, or by lot: a keyed digest of case and material, which nobody outside can foresee or repeat."""
    return tuple(code for code in codes if _drawn(context, case_no, plan.material_by_code[code]))


def _drawn(context: AppContext, case_no: str, material: PlanMaterial) -> bool:
    rule = material.commitment
    if rule is None or rule.share_percent is None:
        return rule is not None and rule.check is CheckHow.ALL
    lot = int.from_bytes(context.index.mac("commitment-check", f"{case_no}/{material.code}")[:8], "big")
    return lot % 100 < rule.share_percent


@act_on_case(Act.CHECK_COMMITMENT)
async def check(run: CaseRun, code: str, request: CommitmentCheckRequest) -> StoredResponse:
    """By a department that relied on the promise. Raises NOT_FOUND, NotPermitted if others
    relied on it, NotAllowed unless it waits."""
    before = await run.locked()
    if code not in before.plan.material_by_code:
        raise OneThingError(FailureCode.NOT_FOUND, "本办件没有这项材料。")
    relied = frozenset(relying(before.plan, before.state, code))
    if relied and run.principal.department not in relied:
        raise NotPermitted(FailureCode.NOT_PERMITTED, "由依据这项承诺作出决定的部门登记核查结果。")
    finding = sealed_values.finding(code, nth_check(before.state.checks, code))
    rectify = not request.kept and may_be_put_right(before.plan, before.state, code)
    event = CommitmentChecked(material=code, kept=request.kept, finding=finding, rectify=rectify)
    return standing(await run.record(event, run.sealed(finding, request.model_dump(), tuple(sorted(relied)))))
