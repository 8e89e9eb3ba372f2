"""督办员: 补充告知 after acceptance, 重新办理 of what was set aside."""

from collections.abc import Mapping
from typing import Any

from onething.services.intake.schemas import ItemCorrectionsRequest
from onething.services.items import demands, reopenings
from onething.services.items.schemas import ReopenRequest
from onething.web.cases.supervised_acts import supervised_act, supervision_router
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_lists

router = supervision_router()


def _forgotten(sent: Form) -> Mapping[str, Any]:
    return with_lists(sent.tree(), sent, "materials")


def _reopening(sent: Form) -> Mapping[str, Any]:
    return with_lists(sent.tree(), sent, "items")


supervised_act(router, "ask_item_corrections", demands.ask, ItemCorrectionsRequest, _forgotten, about="task")
supervised_act(router, "reopen_case", reopenings.reopen, ReopenRequest, _reopening)
