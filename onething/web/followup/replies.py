"""答复催办和督办."""

from onething.services.followup import urges
from onething.services.followup.schemas import SupervisionReplyRequest, UrgeReplyRequest
from onething.web.cases.case_acts import case_act
from onething.web.tasks.act_pages import act_router

router = act_router()
case_act(router, "answer_urge", urges.answer_urge, UrgeReplyRequest)
case_act(router, "answer_supervision", urges.answer_supervision, SupervisionReplyRequest)
