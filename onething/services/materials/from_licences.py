"""免交电子证照: a material met by a licence of the register, with its holder's consent, instead of by a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onething.domain.calendar.days import local_date
from onething.domain.errors import FailureCode, FieldProblem, InvalidInput
from onething.domain.form.look_up_params import is_kind, look_up_values
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal
from onething.security.policy import Act, NotPermitted, require
from onething.services.application import sealed_values
from onething.services.application.check import Compiled
from onething.services.application.schemas import Application
from onething.services.core.context import AppContext
from onething.services.documents import licences, verification
from onething.services.documents.certificates import CertificateContent
from onething.services.lookups.outcome import departments_of
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.record.access_log import NumberSearch
from onething.store.record.rows import SealedValue

_CONSENTED = "持证人同意在本办件中取用其下列电子证照。"


@dataclass(frozen=True)
class HeldLicence:
    """A licence that meets `material`: what it says stands for the record that would be looked up."""

    material: str
    number: str
    name: str
    says: dict[str, Any]


async def requested_licences(
    context: AppContext, tx: Transaction, principal: Principal, application: Application, compiled: Compiled
) -> list[HeldLicence]:
    """Those that the application names. Asks nothing if it names none. Raises InvalidInput, also without the holder's
    consent that a search needs."""
    if not application.licences:
        return []
    require(principal, Act.SEARCH_LICENCES)
    holder = context.index.of_identity(application.applicant.id_type, application.applicant.id_number)
    search = NumberSearch(holder)
    try:
        consents = await licences.consents(context, tx, principal, holder)
    except NotPermitted as refused:
        _log_refused(context, tx, search, refused.code)
        raise InvalidInput([FieldProblem("/licences", FailureCode.INVALID_VALUE, refused.detail)]) from None
    bundles = licences.reached(consents)
    in_force = await _in_force(context, tx, holder, list(application.licences.values()))
    rules = {one.code: one.licence for one in compiled.definition.materials}
    found, problems = [], []
    for code, number in application.licences.items():
        material = compiled.plan.material_by_code.get(code)
        pointer, kind = f"/licences/{code}", rules.get(code)
        if material is None or kind is None:
            detail = f"材料“{code}”不能由本系统签发的电子证照代替，请删去，系统照常调取。"
            problems.append(FieldProblem(pointer, FailureCode.UNKNOWN_MATERIAL, detail))
            continue
        content = in_force.get(number)
        reachable = bundles is None or kind.partition(".")[0] in bundles
        held = _told(content) if reachable and content is not None and content.kind == kind else None
        if held is None:
            detail = f"没有申请人名下编号为 {number} 的有效“{material.name}”，请核对编号；删去则由系统照常调取。"
            problems.append(FieldProblem(pointer, FailureCode.MISSING_MATERIAL, detail))
        elif not _says(held, compiled.plan, code, application):
            detail = f"证照 {number} 与申请表填写的不是同一个“{material.name}”，请核对；删去则由系统照常调取。"
            problems.append(FieldProblem(pointer, FailureCode.INVALID_VALUE, detail))
        else:
            found.append(HeldLicence(code, number, material.name, held))
    if problems:
        _log_refused(context, tx, search, problems[0].code)
        raise InvalidInput(problems)
    used = ",".join(one.id for one in consents) or "own"
    now = context.clock.now()
    access_log.add(tx, Act.SEARCH_LICENCES, now, search=search, found=len(found), detail=f"{used}:used")
    return found


def _log_refused(context: AppContext, tx: Transaction, search: NumberSearch, outcome: FailureCode) -> None:
    """The application is refused as a whole, and what it wrote is undone; that somebody looked is not."""

    async def add_line(again: Transaction) -> None:
        access_log.add(again, Act.SEARCH_LICENCES, context.clock.now(), search=search, found=0, outcome=outcome)

    tx.on_rollback(add_line)


def values(context: AppContext, case_no: str, plan: Plan, held: Sequence[HeldLicence]) -> list[SealedValue]:
    """The consent, and what stands in the records' places for the departments that need them."""
    now, seal = context.clock.now(), context.values(case_no).seal
    told = {
        "consented": _CONSENTED,
        "said_on": local_date(now).isoformat(),
        "licences": [{"material": one.material, "name": one.name, "number": one.number} for one in held],
    }
    kept = [SealedValue(sealed_values.LICENCES, seal(sealed_values.LICENCES, told), ())]
    for one in held:
        name = sealed_values.record(one.material)
        body = seal(name, {"record": one.says, "as_of": now.isoformat(), "licence": one.number})
        kept.append(SealedValue(name, body, departments_of(plan, one.material)))
    return kept


async def _in_force(
    context: AppContext, tx: Transaction, holder: bytes, numbers: Sequence[str]
) -> dict[str, CertificateContent]:
    """Of these, what the holder's say that are genuine and in force: number → content."""
    now = context.clock.now()
    return {
        one.number: one.content
        for one in await verification.of_numbers(context, tx, numbers)
        if one.content is not None
        and one.in_force(now)
        and context.index.of_identity(one.content.bearer_id_type, one.content.bearer_id_number) == holder
    }


def _told(content: CertificateContent) -> dict[str, Any]:
    """As whoever works with it reads it."""
    named = {"证照编号": content.number, "持证人": content.bearer, "发证部门": content.department}
    until = local_date(content.valid_until).isoformat() if content.valid_until else "长期"
    lasts = {"签发日期": local_date(content.issued_at).isoformat(), "有效期至": until}
    return named | {field.label: field.value for field in content.fields} | lasts


def _says(held: dict[str, Any], plan: Plan, data: str, application: Application) -> bool:
    """Whether it is the one that the source would be asked for: it says whatever that would be asked by."""
    params = {name: origin for name, origin in plan.data_by_key[data].params.items() if not is_kind(origin)}
    asked = look_up_values(params, application.form, application.answers)
    own = application.applicant.id_number
    return {str(value) for value in asked.values() if value is not None} <= {*map(str, held.values()), own}
