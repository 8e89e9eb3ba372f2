"""What an application is to share with others: by what two want the same; who is told that another has it; and how that
is told to the offices."""

import json
from collections.abc import Mapping
from datetime import datetime

from onething.domain.calendar.days import local_date
from onething.domain.definition.bundle import BundleDefinition, Reservation, ReservationKind, TakenAt
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.kernel.state import CaseState, Reserved
from onething.domain.plan.plan import Plan
from onething.services.application.enterprises import said_in
from onething.services.application.schemas import Application
from onething.services.core.context import AppContext
from onething.services.summaries.responses import ResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import reservations


class ReservationView(ResponseModel):
    """Of what several cases share: whether this one has it. For offices."""

    code: str
    name: str
    standing: Reserved
    says: str | None = None  # where it is another's, or used up
    basis: str


def shares(
    context: AppContext,
    definition: BundleDefinition,
    plan: Plan,
    application: Application,
    region: str,
    applied_at: datetime,
) -> dict[str, bytes]:
    """Reservation → digest of what it is. None of what the application does not say: then nothing tells it from others,
    and nothing is taken."""
    there = {one.code for one in plan.reservations}
    year = local_date(applied_at).year
    keys = {one.code: _key(one, application, region, year) for one in definition.reservations if one.code in there}
    return {code: context.index.of_share(definition.code, code, key) for code, key in keys.items() if key is not None}


def _key(rule: Reservation, application: Application, region: str, year: int) -> str | None:
    said = [said_in(application, part.removeprefix("form.")) for part in rule.key]
    if not all(said):
        return None
    where = region if rule.within == "region" or rule.pool is not None else ""
    return json.dumps([*said, where, year if rule.per else 0], ensure_ascii=False)


async def require_not_under_way(tx: Transaction, case_no: str, plan: Plan, keys: Mapping[str, bytes]) -> None:
    """Who may see the case that has what only one may have goes on with that one. Others are told nothing: their
    application is received, and the office sees that it may be the same. Raises NotAllowed."""
    only_one = [
        one.code
        for one in plan.reservations
        if one.kind is ReservationKind.UNIQUE and one.blocks and one.taken is TakenAt.SUBMISSION
    ]
    other = await reservations.seen(tx, case_no, [keys[code] for code in only_one if code in keys])
    if other is not None:
        detail = f"这件事已经有一件（{other}），请在那一件里办；不再需要那一件的，先撤回它。"
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, detail)


def reservation_views(plan: Plan, state: CaseState) -> list[ReservationView] | None:
    """How they stand, where they were asked for."""
    found = [
        ReservationView(
            code=one.code,
            name=one.name,
            standing=standing,
            says=one.says if standing is Reserved.FULL else None,
            basis=one.basis,
        )
        for one in plan.reservations
        if (standing := state.reservations.get(one.code)) is not None
    ]
    return found or None
