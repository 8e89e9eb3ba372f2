"""The numbers of an application's parties, and what is known of them as it comes in."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from onething.domain.definition.parties import Authority
from onething.domain.errors import FailureCode, FieldProblem
from onething.domain.events.lookups import PartyProved
from onething.domain.form.field_values import paper_in
from onething.domain.identity import IdType
from onething.domain.plan.plan import Plan
from onething.domain.principal import Principal, Role
from onething.security.blind_index import BlindIndex
from onething.services.application.schemas import Application

APPLICANT = "applicant"
"""What whoever applies is called among those that a counter saw."""


def numbers(index: BlindIndex, plan: Plan, form: Mapping[str, Any]) -> dict[str, bytes]:
    """Party of the plan → the blind index of their number. An incomplete application may not say it."""
    found = {}
    for party in plan.parties:
        value = form.get(party.identity)
        kind, number = paper_in(value) or (IdType.RESIDENT_ID, value)
        if isinstance(number, str) and number:
            found[party.id] = index.of_identity(kind, number)
    return found


def proofs(
    plan: Plan,
    having: Mapping[str, bytes],
    application: Application,
    applicant: bytes,
    principal: Principal,
    *,
    mandated: bool = False,
    prefilled: Collection[str] = (),
) -> Iterator[PartyProved]:
    """What is known of whom, and how: `mandated`, whether the caller has a mandate of the applicant's; `prefilled`, the
    form fields that an authority's event filled in, and that are as it said. Who only types a number has proved
    nothing."""
    seen = {one.party for one in application.seen} if principal.role is Role.COUNTER else set()
    for party in plan.parties:
        number = having.get(party.id)
        if number is None:
            continue
        applies = number == applicant
        if party.speaks and principal.role is not Role.COUNTER and number.hex() == principal.identity:
            yield PartyProved(party=party.id, by=Authority.OWN)
        elif party.speaks and mandated and applies:
            yield PartyProved(party=party.id, by=Authority.MANDATE)
        elif party.identity in prefilled:
            yield PartyProved(party=party.id, by=Authority.NAMED)
        elif party.id in seen or (applies and APPLICANT in seen):
            yield PartyProved(party=party.id, by=Authority.SEEN)


def unknown_seen(plan: Plan, application: Application) -> Iterator[FieldProblem]:
    """Whom a counter says to have seen is the applicant, or a party of the application."""
    for place, one in enumerate(application.seen):
        if one.party == APPLICANT:
            continue
        at = f"/seen/{place}"
        if one.party not in plan.party_by_id:
            there = "、".join((f"{APPLICANT}（申请人）", *(f"{each.id}（{each.name}）" for each in plan.parties)))
            detail = f"这个申请没有当事人“{one.party}”；可以写的有：{there}。"
            yield FieldProblem(f"{at}/party", FailureCode.INVALID_VALUE, detail)
        elif one.chip_number is not None:
            detail = "读卡结果只用于申请人；核对其他当事人的，请删去 chip_number。"
            yield FieldProblem(f"{at}/chip_number", FailureCode.INVALID_VALUE, detail)
