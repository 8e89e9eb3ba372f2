"""材料原件: papers that the counter has received, as an application or a supplement lists them."""

from collections.abc import Iterator
from typing import Literal

from onething.domain.base import Code
from onething.domain.definition.materials import MaterialSource
from onething.domain.errors import FailureCode, FieldProblem
from onething.domain.plan.plan import Plan
from onething.services.application.base import RequestModel, choices


def asked_for(plan: Plan, item: str | None = None) -> dict[str, str]:
    """Code → name of the materials that applicants are asked for, by one item or at all."""
    return {
        one.code: one.name
        for one in plan.materials
        if one.source is MaterialSource.APPLICANT and (item is None or item in one.needed_by)
    }


def paper_problems(plan: Plan, code: str, index: int) -> Iterator[FieldProblem]:
    """Why this material can't be taken for this case, if so."""
    material = plan.material_by_code.get(code)
    pointer = f"/materials/{index}/code"
    if material is None:
        yield FieldProblem(
            pointer, FailureCode.UNKNOWN_MATERIAL, f"本办件不需要材料“{code}”。{choices(asked_for(plan))}"
        )
    elif material.source is not MaterialSource.APPLICANT:
        detail = f"“{material.name}”由系统取得，不需要提交，请删去。"
        yield FieldProblem(pointer, FailureCode.UNKNOWN_MATERIAL, detail)


class PaperMaterial(RequestModel):
    """A paper that the counter has received; files come by upload."""

    code: Code
    form: Literal["paper"] = "paper"
