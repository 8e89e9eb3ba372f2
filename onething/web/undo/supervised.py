"""督办员: 请求复核."""

from onething.services.undo import review
from onething.services.undo.schemas import ReviewRequest
from onething.web.cases.supervised_acts import supervised_act, supervision_router

router = supervision_router()
supervised_act(router, "ask_review", review.ask, ReviewRequest, about="item")
