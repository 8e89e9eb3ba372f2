"""Who applies, for lists: names, as far as the reader has the case under hand, and never a number."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.principal import Principal, Role
from onething.services.application import sealed_values
from onething.services.application.enterprises import enterprise_field
from onething.services.core.context import AppContext
from onething.services.core.wording import masked_name
from onething.store.connection.database import Transaction
from onething.store.tables import cases


@dataclass(frozen=True, slots=True)
class ApplicantNames:
    """`enterprise`: that which the application is about, where it is about one."""

    applicant: str | None = field(default=None, repr=False)
    enterprise: str | None = field(default=None, repr=False)


NOBODY_KNOWN = ApplicantNames()


async def applicant_names(
    context: AppContext, tx: Transaction, principal: Principal, bundles: Mapping[str, str]
) -> Mapping[str, ApplicantNames]:
    """Case → names, of those (case → its bundle) whose applicant is the reader's business: the applying side's own, a
    department's from acceptance on. A counter, whose list is the whole region, reads people's family names alone; what
    an enterprise is called is public. All are read at once."""
    if not bundles:
        return {}
    fields = {case_no: enterprise_field(context.applications.definition(ref)) for case_no, ref in bundles.items()}
    about_one = [case_no for case_no, asked in fields.items() if asked is not None]
    before_acceptance = principal.department is None
    found: dict[str, dict[str, str]] = {}
    rows = await cases.applicants(tx, list(bundles), about_one, before_acceptance=before_acceptance)
    for case_no, name, body in rows:
        value = context.sealer.open_json(body, context=f"{case_no}/{name}")
        known = found.setdefault(case_no, {})
        party = value.get("applicant") if name == sealed_values.DRAFT else value if _is_party(name) else None
        if party:
            name = str(party["name"])
            known["applicant"] = masked_name(name, party["type"]) if principal.role is Role.COUNTER else name
        asked = fields[case_no]
        if asked is not None and (called := (value.get("form") or {}).get(asked.id)):
            known["enterprise"] = str(called)
    return {case_no: ApplicantNames(**known) for case_no, known in found.items()}


def enterprise_is_for(definition: BundleDefinition, item: str) -> bool:
    """Whether the item's department is told which enterprise the application is about."""
    asked = enterprise_field(definition)
    return asked is not None and item in definition.readers[asked.id]


def _is_party(name: str) -> bool:
    return name == sealed_values.APPLICANT
