"""补正: everything that is missing or wrong, told once, in one merged notice."""

from collections.abc import Collection, Iterator

from onething.domain.caller import Caller
from onething.domain.definition import MaterialSource
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.events import CorrectionsAsked
from onething.domain.plan import Plan
from onething.security.policy import Act
from onething.services import demands, papers
from onething.services.answers import Answer
from onething.services.office import Office
from onething.services.once import Request, once
from onething.services.requests import Corrections
from onething.services.standing import head_for, locked, standing
from onething.store.database import Transaction
from onething.store.writing import SealedValue


async def ask(office: Office, caller: Caller, key: str, case_no: str, sent: Corrections) -> Answer:
    """The counter's, and a supervisor's where the first notice forgot something.

    Raises NotPermitted, InvalidInput for what this case does not have, NotAllowed unless it is submitted.
    """

    async def work(tx: Transaction) -> Answer:
        await head_for(tx, caller, Act.ASK_CORRECTIONS, case_no)
        plan = (await locked(office, tx, case_no)).plan
        fields = {field.id for field in office.applications.definition(plan.bundle).form}
        problems = list(_problems(plan, fields, sent))
        if problems:
            raise InvalidInput(problems)
        materials = tuple(dict.fromkeys(item.material for item in sent.items if item.material))
        fields_asked = tuple(dict.fromkeys(item.pointer for item in sent.items if item.pointer))
        before = await demands.said_before(tx, case_no, "corrections_asked")
        demands.require_authority(caller, before, (*materials, *fields_asked), lambda point: _name(plan, point))
        notice = papers.new_notice()
        event = CorrectionsAsked(materials=materials, fields=fields_asked, notice=notice)
        sealed = office.papers(case_no).seal(notice, sent.model_dump(exclude_none=True))
        value = SealedValue(notice, sealed, departments=())  # between applicant and counter
        return standing(await office.door.record(tx, case_no, event, values=[value]))

    request = Request(caller, Act.ASK_CORRECTIONS, f"POST /api/cases/{case_no}/corrections", key, sent, case_no)
    return await once(office, request, work)


def _name(plan: Plan, point: str) -> str:
    material = plan.material_by_code.get(point)
    return f"“{material.name}”（{point}）" if material else point


def _problems(plan: Plan, fields: Collection[str], sent: Corrections) -> Iterator[FieldProblem]:
    for index, item in enumerate(sent.items):
        at = f"/items/{index}"
        if (item.material is None) == (item.pointer is None):
            detail = "每一项请写明材料（material）或表单位置（pointer）之一。"
            yield FieldProblem(at, FailureCode.INVALID_VALUE, detail)
        elif item.material is not None:
            material = plan.material_by_code.get(item.material)
            if material is None or material.source is not MaterialSource.APPLICANT:
                detail = f"本办件没有需要申请人提交的材料“{item.material}”。"
                yield FieldProblem(f"{at}/material", FailureCode.UNKNOWN_MATERIAL, detail)
        elif item.pointer is not None and item.pointer.startswith("/form/"):
            field = item.pointer.split("/")[2]
            if field not in fields:
                detail = f"表单没有“{field}”这一项。"
                yield FieldProblem(f"{at}/pointer", FailureCode.UNKNOWN_FIELD, detail)
