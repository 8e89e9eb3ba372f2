"""Finding tasks of one's department by whose they are, whichever way a name or number is written, or by the case."""

from onething.domain.errors import FailureCode, FieldProblem, InvalidInput, require_valid
from onething.domain.principal import Principal
from onething.security.policy import Act, Facts, require
from onething.services.application.check import check_number
from onething.services.core.access import name_search, number_search
from onething.services.core.context import AppContext
from onething.services.tasks.queue import page_of
from onething.services.tasks.schemas import TaskPage, TaskSearchRequest
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.tables import case_names, cases

MOST_CASES = 1000
"""The latest of so many cases of one name or number are looked through (assumed)."""


async def search(
    context: AppContext, principal: Principal, request: TaskSearchRequest, limit: int, after: str | None
) -> TaskPage:
    """Raises InvalidInput where not exactly one thing is looked for, a number can't be one, or a reason is missing;
    NotPermitted. Each search leaves a line in the access log, with whose name or number it was by."""
    _require_one(request)
    person = _person(context, principal, request)
    department = principal.department or ""
    async with context.transaction(principal, Act.SEARCH_TASKS, request.case_no, search=person) as tx:
        require(principal, Act.SEARCH_TASKS, Facts(region=principal.region, task_department=department))
        if request.id_number is not None:
            require_valid(check_number(request.id_type, request.id_number))
        found = await _cases(context, tx, principal, request, person)
        page = await page_of(
            context, tx, principal, department, request.filter, limit=limit, after=after, cases_found=found
        )
        shown = len(page.items)
        now = context.clock.now()
        access_log.add(tx, Act.SEARCH_TASKS, now, case_no=request.case_no, search=person, found=shown)
    return page


def _require_one(request: TaskSearchRequest) -> None:
    by = [request.case_no, request.applicant_name, request.enterprise_name, request.id_number]
    if sum(text is not None for text in by) != 1:
        detail = "请只写一项：办件编号、申请人姓名、企业名称或证件号码。"
        raise InvalidInput([FieldProblem("", FailureCode.MISSING_VALUE, detail)])


def _person(context: AppContext, principal: Principal, request: TaskSearchRequest) -> NumberSearch | None:
    """Whom the log is to name; None where nobody in particular is looked for."""
    if request.id_number is not None:
        return number_search(context, principal, request.id_type, request.id_number, request.reason)
    if request.applicant_name is not None:
        return name_search(context, principal, request.applicant_name, request.reason)
    return None


async def _cases(
    context: AppContext, tx: Transaction, principal: Principal, request: TaskSearchRequest, person: NumberSearch | None
) -> tuple[str, ...]:
    if request.case_no is not None:
        return (request.case_no,)
    if request.id_number is not None and person is not None:
        return tuple(str(head.case_no) for head in await cases.of_identity(tx, person.whose, limit=MOST_CASES))
    name = person.whose if person is not None else context.index.of_name("enterprise", request.enterprise_name or "")
    return tuple(await case_names.called(tx, name, principal.region, MOST_CASES))
