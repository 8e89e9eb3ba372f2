"""查询码: a new one for the applicant, who may not have been told the first, or told it to somebody."""

from onething.domain.errors import FailureCode, OneThingError
from onething.security.codes import new_query_code
from onething.security.policy import Act
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.summaries.responses import ResponseModel, StoredResponse, answer
from onething.store.record import access_log
from onething.store.tables import cases


class QueryCode(ResponseModel):
    """Told this once; the one before opens nothing any more."""

    case_no: str
    query_code: str


@act_on_case(Act.REISSUE_CODE)
async def reissue(run: CaseRun) -> StoredResponse:
    """Raises NOT_FOUND for whose case it is not."""
    code = new_query_code()
    if not await cases.reissue_code(run.tx, run.case_no, run.context.codes.hash(run.case_no, code)):
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个办件，或者您无权查看。")
    access_log.add(run.tx, run.act, run.context.clock.now(), case_no=run.case_no)
    return answer(QueryCode(case_no=run.case_no, query_code=code))
