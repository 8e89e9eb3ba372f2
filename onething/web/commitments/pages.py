"""承诺核查."""

from collections.abc import Mapping
from typing import Any

from onething.services.commitments import statements
from onething.services.commitments.schemas import CommitmentCheckRequest
from onething.web.cases.case_acts import case_act
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_truths
from onething.web.tasks.act_pages import act_router

router = act_router()


def _check(sent: Form) -> Mapping[str, Any]:
    return with_truths(sent.tree(), "kept")


case_act(router, "check_commitment", statements.check, CommitmentCheckRequest, _check, about="subject")
