"""补正告知: what the counter demands: everything that is missing or wrong, told once, in one merged notice."""

from collections.abc import Iterator

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.materials import MaterialSource
from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.events.intake import CorrectionsAsked
from onething.domain.plan.plan import Plan
from onething.security.policy import Act
from onething.services.application import sealed_values, second_demand
from onething.services.application.base import choices
from onething.services.application.changes import PARTS
from onething.services.application.papers import asked_for
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.intake.schemas import ApplicantChange, CorrectionsRequest
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse


@act_on_case(Act.ASK_CORRECTIONS)
async def ask(run: CaseRun, request: CorrectionsRequest) -> StoredResponse:
    """The counter's, and a supervisor's where the first notice forgot something.

    Raises InvalidInput for what this case does not have, NotAllowed unless it is submitted.
    """
    plan = (await run.locked()).plan
    definition = run.context.applications.definition(plan.bundle)
    require_valid(_problems(plan, definition, request))
    materials = tuple(dict.fromkeys(item.material for item in request.items if item.material))
    pointers = tuple(dict.fromkeys(item.pointer for item in request.items if item.pointer))
    before = await second_demand.said_before(run.tx, run.case_no, "corrections_asked")
    second_demand.require_authority(run.principal, before, (*materials, *pointers), lambda point: _name(plan, point))
    notice = sealed_values.new_notice()
    event = CorrectionsAsked(materials=materials, fields=pointers, notice=notice)
    value = run.sealed(notice, request.model_dump(exclude_none=True), ())  # between applicant and counter
    return standing(await run.record(event, value))


def _name(plan: Plan, point: str) -> str:
    material = plan.material_by_code.get(point)
    return f"“{material.name}”（{point}）" if material else point


def _problems(plan: Plan, definition: BundleDefinition, request: CorrectionsRequest) -> Iterator[FieldProblem]:
    fields = {field.id for field in definition.form}
    for index, item in enumerate(request.items):
        at = f"/items/{index}"
        if (item.material is None) == (item.pointer is None):
            detail = "每一项请写明材料（material）或表单位置（pointer）之一。"
            yield FieldProblem(at, FailureCode.INVALID_VALUE, detail)
        elif item.material is not None:
            material = plan.material_by_code.get(item.material)
            if material is None or material.source is not MaterialSource.APPLICANT:
                detail = f"本办件没有需要申请人提交的材料“{item.material}”。{choices(asked_for(plan))}"
                yield FieldProblem(f"{at}/material", FailureCode.UNKNOWN_MATERIAL, detail)
        elif item.pointer is not None and item.pointer.startswith("/form/"):
            field = item.pointer.split("/")[2]
            if field not in fields:
                detail = f"表单没有“{field}”这一项。"
                yield FieldProblem(f"{at}/pointer", FailureCode.UNKNOWN_FIELD, detail)
        elif item.pointer is not None and not _can_be_met(item.pointer):
            detail = "申请人的证件和代办人不能补正，改了就是另一份申请：请告知撤回后重新申请，或不予受理。"
            yield FieldProblem(f"{at}/pointer", FailureCode.INVALID_VALUE, detail)


def _can_be_met(pointer: str) -> bool:
    """Whether the applicant can supply it: nobody is asked for what nobody can give."""
    part, _, name = pointer.removeprefix("/").partition("/")
    return part in PARTS and (part != "applicant" or name in ("", *ApplicantChange.model_fields))
