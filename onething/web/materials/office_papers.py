"""收取纸质件, by a department whose items look at them."""

from collections.abc import Mapping
from typing import Any

from onething.services.materials import receipts
from onething.services.materials.schemas import ReceiptRequest
from onething.web.cases.case_acts import case_act
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_lists
from onething.web.tasks.act_pages import act_router

router = act_router()


def _papers(sent: Form) -> Mapping[str, Any]:
    return with_lists(sent.tree(), sent, "materials")


case_act(router, "receive_paper", receipts.receive, ReceiptRequest, _papers)
