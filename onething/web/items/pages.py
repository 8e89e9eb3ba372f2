"""受理后的补正和退回."""

from collections.abc import Mapping
from typing import Any

from onething.services.intake.schemas import ItemCorrectionsRequest
from onething.services.items import demands, returns
from onething.services.items.schemas import ReturnRequest, WithdrawalRequest
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_lists
from onething.web.tasks.act_pages import act_router, task_act

router = act_router()


def _corrections(sent: Form) -> Mapping[str, Any]:
    return with_lists(sent.tree(), sent, "materials")


task_act(router, "ask_item_corrections", demands.ask, ItemCorrectionsRequest, _corrections)
task_act(router, "take_back_demand", demands.take_back, WithdrawalRequest)
task_act(router, "send_back", returns.send_back, ReturnRequest)
