"""征求意见和会签."""

import re
from collections.abc import Mapping
from typing import Any

from onething.services.consults import ask
from onething.services.consults.schemas import ConsultationRequest, OpinionRequest, RecallRequest
from onething.web.core.forms import Form
from onething.web.core.typed_values import with_lists, with_numbers, with_truths
from onething.web.tasks.act_pages import act_router, task_act

router = act_router()
_NUMBER = re.compile(r"[0-9]{1,4}")


def _question(sent: Form) -> Mapping[str, Any]:
    return with_numbers(with_lists(sent.tree(), sent, "departments"), "days")


def _opinion(sent: Form) -> Mapping[str, Any]:
    return with_truths(sent.tree(), "agree")


def _recall(sent: Form) -> Mapping[str, Any]:
    numbers = [int(one) for one in sent.values("/numbers") if _NUMBER.fullmatch(one)]
    return {**sent.tree(), "numbers": numbers}


task_act(router, "consult", ask.consult, ConsultationRequest, _question)
task_act(router, "take_back_consult", ask.take_back, RecallRequest, _recall)
task_act(router, "give_opinion", ask.give_opinion, OpinionRequest, _opinion)
