"""What waits for a department's answer, and answering it."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, InContext
from onething.edge.query import PageQuery
from onething.services.followup import supervision, urges
from onething.services.followup.schemas import SupervisionReplyRequest, UrgeReplyRequest
from onething.web.cases.case_acts import case_act
from onething.web.core.templating import render
from onething.web.tasks.act_pages import act_router

router = act_router()


@router.get("/work/reminders", response_class=Response)
async def reminders(request: Request, context: InContext, by: By, query: Annotated[PageQuery, Query()]) -> Response:
    found = await supervision.awaited(context, by, None, query.limit, query.after)
    return render(request, "followup/page_own_reminders.html", {"found": found})


case_act(router, "answer_urge", urges.answer_urge, UrgeReplyRequest)
case_act(router, "answer_supervision", urges.answer_supervision, SupervisionReplyRequest)
