"""再次查询, by the department whose items need the record, and by the counter."""

from onething.services.lookups import retry
from onething.web.cases.case_acts import case_act
from onething.web.cases.counter_acts import counter_act
from onething.web.tasks.act_pages import act_router

router = act_router()
case_act(router, "retry_look_up", retry.retry, about="subject")
counter_act(router, "retry_look_up", retry.retry, about="subject")
