"""撤销和复核."""

from collections.abc import Mapping
from typing import Any

from onething.services.undo import review, revocation
from onething.services.undo.schemas import ReviewRequest, RevocationRequest
from onething.web.cases.case_acts import case_act
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_truths
from onething.web.tasks.act_pages import act_router, task_act

router = act_router()


def _revocation(sent: Form) -> Mapping[str, Any]:
    return with_truths(sent.tree(), "revoke")


task_act(router, "decide_revocation", revocation.decide, RevocationRequest, _revocation)
case_act(router, "ask_review", review.ask, ReviewRequest, about="subject")
