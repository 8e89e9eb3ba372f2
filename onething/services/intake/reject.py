"""不予受理: with reason and basis, sealed."""

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, NotAllowed
from onething.domain.events.intake import Rejected
from onething.domain.form.form_labels import place_name
from onething.domain.intake.second_demand import unheard_of, whole_answer
from onething.domain.items.rules import missing_materials
from onething.domain.kernel.state import CaseStatus
from onething.domain.plan.plan import Plan
from onething.security.policy import Act
from onething.services.application import sealed_values, second_demand
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.intake.schemas import RejectionRequest
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse


@act_on_case(Act.REJECT)
async def reject(run: CaseRun, request: RejectionRequest) -> StoredResponse:
    """Raises NotAllowed once the case is accepted or ended, and where all that was demanded has been supplied and no
    point of the notice is said to be unmet; InvalidInput for a point that no notice has named."""
    await _require_a_reason_left(run, request.unmet)
    notice = sealed_values.new_notice()
    value = run.sealed(notice, request.model_dump(), ())  # no department is concerned by what was never accepted
    return standing(await run.record(Rejected(notice=notice, unmet=tuple(request.unmet)), value))


async def _require_a_reason_left(run: CaseRun, unmet: list[str]) -> None:
    before = await run.locked()
    lines = [line.event for line in await second_demand.said_before(run.tx, run.case_no, "corrections_asked")]
    told = whole_answer(lines)
    new = unheard_of(lines, unmet) if told else tuple(unmet)
    if new:
        definition = run.context.applications.definition(before.plan.bundle)
        named = "、".join(_name(before.plan, definition, point) for point in new)
        detail = f"补正告知没有列出：{named}。只能写告知过、仍未满足的。"
        raise InvalidInput([FieldProblem("/unmet", FailureCode.INVALID_VALUE, detail)])
    answered = before.state.status == CaseStatus.SUBMITTED and not missing_materials(before.plan, before.state)
    if told and answered and not unmet:
        detail = (
            "申请人已按补正告知全部补正，应当受理（行政许可法第三十二条第一款第五项）；"
            "告知过的仍未满足的，请在 unmet 里写明是哪几项。"
        )
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)


def _name(plan: Plan, definition: BundleDefinition, point: str) -> str:
    """A pointer, or the code of a material, which this case need not have."""
    if point.startswith("/"):
        return place_name(definition, point)
    material = plan.material_by_code.get(point)
    return material.name if material else f"“{point}”（本办件没有这种材料）"
