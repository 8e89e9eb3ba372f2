"""登记公告异议、完成情况."""

from onething.services.periods import record
from onething.services.periods.schemas import PeriodRequest
from onething.web.cases.case_acts import case_act
from onething.web.tasks.act_pages import act_router

router = act_router()
case_act(router, "record_period", record.record, PeriodRequest, about="subject")
