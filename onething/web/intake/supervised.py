"""督办员: 补充告知 before acceptance, of what the counter's notice forgot."""

from collections.abc import Mapping
from typing import Any

from onething.services.intake import demands
from onething.services.intake.schemas import CorrectionsRequest
from onething.web.cases.supervised_acts import supervised_act, supervision_router
from onething.web.core.forms import Form

router = supervision_router()
_POINTS = 3
"""Lines of the form: what was forgotten is little."""


def _forgotten(sent: Form) -> Mapping[str, Any]:
    """Lines of which something is said. What a line is about is a material's code, or a field's pointer."""
    lines = [(sent.value(f"about/{number}"), sent.value(f"/items/{number}/what")) for number in range(_POINTS)]
    return {"items": [_point(about, what) for about, what in lines if about or what.strip()]}


def _point(about: str, what: str) -> Mapping[str, str]:
    named = {("pointer" if about.startswith("/") else "material"): about} if about else {}
    return {**named, "what": what}


supervised_act(router, "ask_corrections", demands.ask, CorrectionsRequest, _forgotten)
