"""补正告知、受理后: a department demands materials of its item anew. Promises wait for them, the law's time goes on.

行政许可法 Art. 45 does not list an awaited correction among what is not counted.
"""

from collections.abc import Iterator, Sequence

from onething.domain.definition.materials import MaterialSource
from onething.domain.errors import FailureCode, FieldProblem, require_valid
from onething.domain.events.intake import DemandTakenBack, ItemCorrectionsAsked, StillAsked
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan
from onething.security.policy import Act
from onething.services.application import sealed_values, second_demand
from onething.services.application.base import choices
from onething.services.application.papers import asked_for
from onething.services.core.acts import TaskRun, act_on_task
from onething.services.intake.schemas import ItemCorrectionsRequest
from onething.services.items.schemas import WithdrawalRequest
from onething.services.summaries.case_summary import item_time
from onething.services.summaries.responses import StoredResponse
from onething.store.record.hash_chain import Line


@act_on_task(Act.ASK_ITEM_CORRECTIONS)
async def ask(run: TaskRun, request: ItemCorrectionsRequest) -> StoredResponse:
    """Raises InvalidInput for what the item does not need of the applicant, NotAllowed unless it is open.

    What was asked for comes as a supplement; when all of it is there, the item goes on. What other departments still
    wait for is told once more in the same notice. A supervisor asks for what the department's first notice forgot.
    """
    task, now = run.task, await run.locked()
    require_valid(_problems(now.plan, task.item, request))
    lines = await second_demand.said_before(run.tx, run.case_no, "item_corrections_asked")
    before = [line for line in lines if line.event.get("item", task.item) == task.item]
    names = now.plan.material_by_code
    second_demand.require_authority(
        run.principal, before, request.materials, lambda code: f"“{names[code].name}”（{code}）"
    )
    notice, also = sealed_values.new_notice(), tuple(_also(now.state, lines, task.item))
    event = ItemCorrectionsAsked(item=task.item, materials=tuple(request.materials), notice=notice, also=also)
    value = run.sealed(notice, request.model_dump(), (task.department,))
    return item_time(await run.record(event, value), task)


@act_on_task(Act.TAKE_BACK_DEMAND)
async def take_back(run: TaskRun, request: WithdrawalRequest) -> StoredResponse:
    """The item goes on with what there is; the applicant is told. Raises NotAllowed where nothing is awaited."""
    task, notice = run.task, sealed_values.new_notice()
    value = run.sealed(notice, {"reason": request.reason}, (task.department,))
    return item_time(await run.record(DemandTakenBack(item=task.item, notice=notice), value), task)


def _also(state: CaseState, lines: Sequence[Line], item: str) -> Iterator[StillAsked]:
    """What others wait for, with the last notice in which each said so."""
    said = {line.event["item"]: line.event["notice"] for line in lines if line.kind == "item_corrections_asked"}
    for code, materials in state.asked.items():
        if code != item:
            yield StillAsked(item=code, materials=materials, notice=said[code])


def _problems(plan: Plan, item: str, request: ItemCorrectionsRequest) -> Iterator[FieldProblem]:
    for index, code in enumerate(request.materials):
        pointer, material = f"/materials/{index}", plan.material_by_code.get(code)
        if material is None or material.source is not MaterialSource.APPLICANT or item not in material.needed_by:
            detail = f"本事项没有需要申请人提交的材料“{code}”。{choices(asked_for(plan, item))}"
            yield FieldProblem(pointer, FailureCode.UNKNOWN_MATERIAL, detail)
        elif code in request.materials[:index]:
            yield FieldProblem(pointer, FailureCode.INVALID_VALUE, "同一材料只能写一次，请删去。")
