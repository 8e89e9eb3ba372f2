"""送达方式: chosen with the application, and changed until acceptance with a supplement; after it, here."""

from typing import Any

from onething.domain.definition.bundle import DeliveryMethod
from onething.domain.errors import require_valid
from onething.domain.events.documents import DeliveryChosen
from onething.security.policy import Act
from onething.services.application import sealed_values
from onething.services.application.check import delivery_problems, normal_delivery
from onething.services.application.schemas import DeliveryChoice
from onething.services.core.acts import CaseRun, act_on_case
from onething.services.summaries.case_summary import standing
from onething.services.summaries.responses import StoredResponse
from onething.store.record import sealed_values as sealed_values_record


@act_on_case(Act.CHOOSE_DELIVERY)
async def choose(run: CaseRun, request: DeliveryChoice) -> StoredResponse:
    """Raises InvalidInput for a way that the bundle does not offer, NotAllowed before acceptance, and once the result
    has gone out."""
    request = normal_delivery(request)
    require_valid(delivery_problems(run.context.applications.definition(run.head.bundle), request, at=""))
    await run.locked()
    sealed = await sealed_values_record.get_many(run.tx, run.case_no, [sealed_values.FORM])
    form: dict[str, Any] = run.context.values(run.case_no, sealed).open(sealed_values.FORM)
    changed = {**form, "delivery": request.model_dump(exclude_none=True)}
    event = DeliveryChosen(method=DeliveryMethod(request.method))
    return standing(await run.record(event, run.sealed(sealed_values.FORM, changed)))
