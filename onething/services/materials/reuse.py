"""材料复用: an applicant's file of an earlier case serves a new one, with their consent. Linked, never copied."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from onething.domain.calendar.days import local_date
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.security.policy import Act, require
from onething.services.application import sealed_values
from onething.services.application.schemas import Application
from onething.services.core.context import AppContext
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.record.rows import SealedValue
from onething.store.tables import materials
from onething.store.tables.materials import Earlier

_CONSENTED = "申请人同意在本办件中沿用其以前提交的下列材料。"


async def requested_reuse(
    context: AppContext, tx: Transaction, principal: Principal, application: Application
) -> dict[str, Earlier]:
    """Of what the application asks to use again: code → the earlier file, where there is one. Asks nothing if nothing
    is asked. Raises NotPermitted, InvalidInput (unknown bundle)."""
    if not application.reuse:
        return {}
    definition = context.applications.definition(application.bundle)
    whose = context.index.of_identity(application.applicant.id_type, application.applicant.id_number)
    return await found(context, tx, principal, definition, whose, application.reuse)


async def found(
    context: AppContext,
    tx: Transaction,
    principal: Principal,
    definition: BundleDefinition,
    whose: bytes,
    codes: Iterable[str],
) -> dict[str, Earlier]:
    """The earlier files of who has this blind index that are not too old for this bundle, as far as the caller may see
    their cases."""
    require(principal, Act.REUSE_MATERIAL)
    rules = {one.code: one.reusable_days for one in definition.materials if one.reusable_days is not None}
    known = [code for code in dict.fromkeys(codes) if code in rules]
    if not known:
        return {}
    now = context.clock.now()
    rows = await materials.earlier(tx, whose, known, now - timedelta(days=max(rules[code] for code in known)))
    by_code = {one.code: one for one in rows if now - one.at <= timedelta(days=rules[one.code])}
    return {code: by_code[code] for code in known if code in by_code}


def consent(context: AppContext, case_no: str, plan: Plan, earlier: Mapping[str, Earlier]) -> SealedValue:
    """What was consented to, as it was when the application was made; not for departments."""
    names = plan.material_by_code
    told = {
        "consented": _CONSENTED,
        "said_on": local_date(context.clock.now()).isoformat(),
        "materials": [
            {
                "code": code,
                "name": names[code].name,
                "from_case": one.case_no,
                "supplied_on": local_date(one.at).isoformat(),
            }
            for code, one in earlier.items()
        ],
    }
    return SealedValue(sealed_values.REUSE, context.values(case_no).seal(sealed_values.REUSE, told), ())


async def link(
    context: AppContext, tx: Transaction, case_no: str, whose: bytes, earlier: Mapping[str, Earlier]
) -> None:
    """In the new case, and in the access log of both. `whose`: the applicant's number, by which they were found."""
    now, search = context.clock.now(), NumberSearch(whose)
    for one in earlier.values():
        await materials.reuse(tx, case_no, one, now)
        for of_case in (case_no, one.case_no):
            access_log.add(tx, Act.REUSE_MATERIAL, now, case_no=of_case, search=search, found=1, detail=one.code)
