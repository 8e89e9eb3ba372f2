"""A case as who only reported sees it: what they have said, what is asked of them, and how far it is."""

from onething.domain.items.rules import missing_materials
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan
from onething.services.application import sealed_values
from onething.services.cases.schemas import CaseView
from onething.services.core.context import AppContext
from onething.services.summaries.case_summary import PartyView
from onething.store.connection.database import Transaction
from onething.store.record import sealed_values as sealed_values_record
from onething.store.tables.cases import CaseHead

_THEIRS = [sealed_values.FORM, sealed_values.APPLICANT]


async def to_reporter(
    context: AppContext, tx: Transaction, head: CaseHead, plan: Plan, state: CaseState, view: CaseView
) -> CaseView:
    """`view`: what anybody who may see the case sees. Of items, look-ups and what is found nothing is opened."""
    stored = context.values(head.case_no, await sealed_values_record.get_many(tx, head.case_no, _THEIRS))
    form, applicant = stored.open(sealed_values.FORM), stored.open(sealed_values.APPLICANT)
    return view.model_copy(
        update={
            "items": (),
            "periods": None,
            "inspections": None,
            "asked": None,
            "reminders": None,
            "answers": form["answers"],
            "form": form["form"],
            "delivery": form["delivery"],
            "applicant": PartyView(**applicant),
            "mandate": head.mandate,
            "missing": list(missing_materials(plan, state)),
            "open_fields": list(state.fields_asked) or None,
        }
    )
