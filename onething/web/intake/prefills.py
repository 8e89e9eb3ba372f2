"""预填的申请: what others have told on one's behalf, read whole, and made a draft of."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from onething.edge.dependencies import By, InContext
from onething.edge.limits import counting
from onething.security.limits import Allowance
from onething.services import bundles
from onething.services.intake import prefills
from onething.services.intake.schemas import PrefillRequest
from onething.services.summaries.case_summary import Opened
from onething.web.core.routes import Sent, SignedInPageRoute, see_other
from onething.web.core.templating import render
from onething.web.intake import fields as field_words

router = APIRouter(prefix="/my/prefills/{prefill}", route_class=SignedInPageRoute, include_in_schema=False)
PrefillNo = Annotated[str, Path(pattern=r"^[0-9a-f]{24}$")]


@router.get("", response_class=Response)
async def show(request: Request, prefill: PrefillNo, context: InContext, by: By) -> Response:
    found = await prefills.show(context, by, prefill)
    fields = {one.id: one for one in bundles.show(context, found.bundle, found.region).form}
    rows = [
        *field_words.party_words(found.applicant),
        *(
            (fields[name].label, field_words.words_of(fields[name], value))
            for name, value in found.form.items()
            if name in fields
        ),
    ]
    return render(request, "intake/page_own_prefill.html", {"one": found, "rows": rows})


@router.post("", response_class=Response)
async def confirm(request: Request, prefill: PrefillNo, context: InContext, by: By, sent: Sent) -> Response:
    with counting(request, Allowance.DRAFT) as counted:
        made = counted.of(await prefills.confirm(context, by, sent.key, prefill, PrefillRequest()))
    return see_other(f"/my/drafts/{Opened.model_validate_json(made.body).case_no}")
