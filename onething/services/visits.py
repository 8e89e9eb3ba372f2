"""That somebody came to a counter, or was visited, with what is recorded there: they may rate it, once.

Start here: `note`. Not to be confused with: `services/followup/visits.py`, the rating and what follows it.
"""

from onething.domain.calendar.days import local_date
from onething.domain.followup.visits import VisitPlace
from onething.domain.principal import Principal, Role
from onething.security.codes import visit_code, visit_hash
from onething.services.core.context import AppContext
from onething.store.connection.database import Transaction
from onething.store.record.case_writer import Recorded
from onething.store.tables import visits
from onething.store.tables.visits import NewVisit


def note(
    context: AppContext,
    tx: Transaction,
    principal: Principal,
    recorded: Recorded,
    outlet: str | None = None,
    *,
    place: VisitPlace | None = None,
) -> None:
    """Somebody came with it to whoever recorded it, unless `place` says otherwise: with the commit there is a code for
    them. `outlet`: where the case was taken in, for who sits at several."""
    place = place or (VisitPlace.COUNTER if principal.role is Role.COUNTER else VisitPlace.DEPARTMENT)
    day = local_date(recorded.at)
    visit = NewVisit(
        case_no=recorded.case_no,
        outlet=(tx.actor.sits_at or outlet) if place is VisitPlace.COUNTER else None,
        place=place,
        day=day,
        at=recorded.at,
        code_hash=visit_hash(context.index, visit_code(context.index, recorded.case_no, place, day)),
        expires_at=recorded.at + context.rated_within,
    )
    visits.note(tx, visit)
