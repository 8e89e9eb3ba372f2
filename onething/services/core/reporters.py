"""申报人: of a case that they only reported they get a receipt and how far it is; nothing of what is found or decided.

Kinship shown by a paper, which an office has received, makes them see what kin see: of others' records the result.
"""

from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.services.core.visibility import APPLYING_SIDE
from onething.store.connection.database import Transaction
from onething.store.tables import materials

LINES = frozenset(
    {
        *("submitted", "corrections_asked", "item_corrections_asked", "demand_taken_back", "supplemented"),
        *("papers_received", "accepted", "deemed_accepted", "rejected", "withdrawn", "urged", "urge_answered", "rated"),
    }
)
"""Kinds of lines that are theirs: what they have said, and what is said to them of that."""
LETTERS = frozenset({"accepted", "deemed_accepted", "corrections", "demand_taken_back", "rejected", "withdrawn"})
"""The receipt; what is asked of them; that nothing came of what they said."""


async def only_reports(tx: Transaction, principal: Principal, case_no: str, plan: Plan) -> bool:
    """Whether the caller sees no more than that. What somebody only says of themselves proves no kinship."""
    if plan.reporter is None or principal.role not in APPLYING_SIDE:
        return False
    shown = plan.reporter.until_shown
    return not any(paper.code == shown and paper.file is None for paper in await materials.of_case(tx, case_no))
