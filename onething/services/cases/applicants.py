"""Who applies, for lists: a name, as far as the reader has the case under hand, and never a number."""

from collections.abc import Collection, Mapping

from onething.domain.principal import Principal, Role
from onething.services.application import sealed_values
from onething.services.core.context import AppContext
from onething.store.connection.database import Transaction
from onething.store.tables import cases

_PERSON = "person"


async def applicant_names(
    context: AppContext, tx: Transaction, principal: Principal, case_nos: Collection[str]
) -> Mapping[str, str]:
    """Case → name, of those whose applicant is the reader's business: the applying side's own, a department's from
    acceptance on. A counter, whose list is the whole region, reads people's family names alone."""
    if not case_nos:
        return {}
    known = {}
    for case_no, name, body in await cases.applicants(tx, case_nos, before_acceptance=principal.department is None):
        value = context.sealer.open_json(body, context=f"{case_no}/{name}")
        party = value.get("applicant") if name == sealed_values.DRAFT else value
        if party:
            known[case_no] = _masked(party) if principal.role is Role.COUNTER else str(party["name"])
    return known


def _masked(party: Mapping[str, str]) -> str:
    """What an enterprise is called is public."""
    return f"{party['name'][:1]}＊" if party["type"] == _PERSON else party["name"]
