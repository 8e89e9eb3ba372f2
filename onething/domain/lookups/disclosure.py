"""What a caller gets of a look-up: the record, or only its result.

Who types a number has proved nothing. The side that applies gets the record of nobody but the caller, and the
applicant whom the caller represents; of anybody else it learns how the look-up ended, never a value. What is told of
is decided by what the source is asked with: a look-up that asks with nothing personal is public, one that asks with
identity numbers is its people's, and of one that asks with anything else personal (an address, the number of a vehicle)
nobody can say whose it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from onething.domain.definition.form_fields import FormField, FormFieldType
from onething.domain.definition.parties import Authority
from onething.domain.identity import IdType
from onething.domain.kernel.state import CaseState, DataState
from onething.domain.parties.authority import authority_of
from onething.domain.plan.plan import Plan, PlanComparison, PlanData, key_of
from onething.domain.principal import DEPARTMENT_ROLES, Principal, Role
from onething.domain.sources.source import SourceDefinition

_IN_OFFICE = DEPARTMENT_ROLES | {Role.COUNTER, Role.WORKER}
"""Whose business it is to work with records; which of them is told by their department."""


class Disclosure(StrEnum):
    RECORD = "record"
    RESULT = "result"


class LookupResult(StrEnum):
    """How a look-up ended. `matches` and `differs`: from what the application says, where that is compared."""

    MATCHES = "matches"
    DIFFERS = "differs"
    FOUND = "found"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class LookupSubject:
    """Whom a look-up is about. `numbers`: the form fields with the identity numbers that it asks with; other personal
    parameters beside them (a name, the number of a certificate) only narrow down what is asked."""

    personal: bool
    numbers: tuple[str, ...]


def subject_of(
    params: Mapping[str, str], source: SourceDefinition | None, form: Mapping[str, FormField]
) -> LookupSubject:
    """`params`: parameter of the source → form field or answer. What is not known counts as personal."""
    known = {param.id: param.personal for param in source.params} if source else {}
    numbers = tuple(name for name in params.values() if is_identity_number(form.get(name)))
    return LookupSubject(bool(numbers) or any(known.get(name, True) for name in params), numbers)


def is_identity_number(field: FormField | None) -> bool:
    """Whether a form field holds the number of a person, by its type. A credit code (uscc) is an enterprise's."""
    if field is None or field.type is not FormFieldType.IDENTITY:
        return field is not None and field.type is FormFieldType.RESIDENT_ID
    return field.accepts != (IdType.USCC,)


def disclosure(
    principal: Principal,
    subject: LookupSubject,
    indices: Mapping[str, str],
    *,
    represented: str | None = None,
    in_hand: bool,
    by_duty: bool = False,
) -> Disclosure:
    """`by_duty`: an office asked by law: the record is for the items that need it, and who judges the application sees
    the result. `indices`: form field → blind index (hex) of the number in it now. `represented`: that of the
    applicant's number, if the caller acts for them. `in_hand`: the record was asked for with just these numbers; of one
    that came late nobody knows. What is left out grants nothing."""
    if principal.role is Role.COUNTER and subject.personal and by_duty:
        return Disclosure.RESULT
    if principal.role in _IN_OFFICE or not subject.personal:
        return Disclosure.RECORD
    own = {principal.identity, represented} - {None}
    theirs = bool(subject.numbers) and all(indices.get(name) in own for name in subject.numbers)
    return Disclosure.RECORD if theirs and in_hand else Disclosure.RESULT


def is_by_duty(state: CaseState, data: PlanData) -> bool:
    """Whether nothing but the law gave the right to ask."""
    return authority_of(state, data) is Authority.DUTY


def is_result_kept_back(state: CaseState, data: PlanData) -> bool:
    """Whether the applying side does not learn yet how it ended: an office asked by law, to judge the application by.
    That it has to bring something instead it has to know, and not why."""
    return state.accepted_at is None and is_by_duty(state, data)


def is_kept_back(state: CaseState, data: PlanData) -> bool:
    """Whether it learns nothing at all of it yet."""
    looked_for = state.data.get(data.key) in {DataState.PENDING, DataState.CHECKING, DataState.IN_HAND}
    return looked_for and is_result_kept_back(state, data)


def result_of(plan: Plan, state: CaseState, key: str, without_record: Collection[str]) -> LookupResult | None:
    """How the look-up ended as far as digests tell; None while that is not known. `without_record`: keys of which the
    source, or who looked by hand, said that there is no record."""
    agreements = [_agrees(one, state.compared, key) for one in plan.compare if key in one.keys]
    known = [one for one in agreements if one is not None]
    if known:
        return LookupResult.MATCHES if all(known) else LookupResult.DIFFERS
    if state.data.get(key) is DataState.IN_HAND:
        return LookupResult.FOUND
    return LookupResult.NOT_FOUND if key in without_record else None


def _agrees(comparison: PlanComparison, compared: Mapping[str, str], key: str) -> bool | None:
    """Whether the record says the same as the application or, where that says nothing, as the other records."""
    values = {value: compared[value] for value in comparison.values if value in compared}
    record = {digest for value, digest in values.items() if key_of(value) == key}
    application = {digest for value, digest in values.items() if key_of(value) is None}
    others = application or {digest for value, digest in values.items() if key_of(value) != key}
    return len(record | others) == 1 if record and others else None
