"""What certificates are made out of: form and decisions of the case, and what has been corrected of them since."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from onething.domain.definition.bundle import BundleDefinition
from onething.domain.events.outcomes import CertificatesIssued, Replacement
from onething.domain.form.field_values import paper_in
from onething.domain.identity import IdType
from onething.domain.items.deemed import deemed_approvals
from onething.domain.kernel.certificate_no import CertificateNo
from onething.domain.kernel.custody import decider
from onething.domain.kernel.sealed_name import SealedKind, SealedName
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import Plan
from onething.domain.reissue.rules import ToMakeOut
from onething.security.sealing import Sealer
from onething.services.application import sealed_values
from onething.services.application.sealed_values import SealedValues
from onething.services.documents.certificates import Bearer, CertificateContent, MadeOut, disclosed_items
from onething.store.connection.database import Transaction
from onething.store.tables import certificates
from onething.store.tables.certificates import Certificate

VALUES = (SealedKind.FORM, SealedKind.APPLICANT, SealedKind.OUTPUTS, SealedKind.REISSUE)
"""Kinds of sealed values that are needed."""


def values_of(definition: BundleDefinition, state: CaseState, opened: SealedValues, item: str) -> Mapping[str, Any]:
    """What its outputs may show: values of the form, and of each decision from which they take fields, its own last; of
    each as it was corrected by its department."""
    values: dict[str, Any] = dict(opened.open(sealed_values.FORM)["form"])
    for one in disclosed_items(definition, item):
        if one.code in state.items:
            values |= opened.get(sealed_values.outputs(one.code, state.items[one.code].round)) or {}
            for corrected in _corrections(state, opened, one.code):
                values |= corrected["form"]
            for name in corrections_of(state, one.code):
                values |= (opened.get(name) or {}).get("outputs", {})
    return values


def bearer_of(definition: BundleDefinition, plan: Plan, state: CaseState, opened: SealedValues, item: str) -> Bearer:
    """Whose its certificates are: the applicant, or, where who applied only reports, whose end the item is. A name may
    have been corrected; with another number it would be somebody else."""
    applicant, reporter = opened.open(sealed_values.APPLICANT), plan.reporter
    bearer = Bearer(applicant["name"], IdType(applicant["id_type"]), applicant["id_number"])
    if reporter is not None and plan.item_by_code[item].ends_person == reporter.identity:
        form = opened.open(sealed_values.FORM)["form"]
        kind, number = paper_in(form[reporter.identity]) or (IdType.RESIDENT_ID, form[reporter.identity])
        bearer = Bearer(values_of(definition, state, opened, item)[reporter.name], kind, number)
    for one in disclosed_items(definition, item):
        for corrected in _corrections(state, opened, one.code):
            bearer = replace(bearer, name=corrected.get("name") or bearer.name)
    return bearer


def made_of(definition: BundleDefinition, plan: Plan, state: CaseState, opened: SealedValues, item: str) -> MadeOut:
    return MadeOut(
        values_of(definition, state, opened, item),
        bearer_of(definition, plan, state, opened, item),
        decider(plan, state, item),
        deemed_approvals(plan, state).get(item),
    )


def _corrections(state: CaseState, opened: SealedValues, item: str) -> Iterator[Mapping[str, Any]]:
    """In the order in which they were made."""
    for name in reissues_of(state, item):
        corrected = opened.get(name)
        if corrected is not None:
            yield corrected


def reissues_of(state: CaseState, item: str) -> list[SealedName]:
    """Under which names lies what was corrected of the item's certificates, oldest first."""
    last = state.editions.get(item)
    return [sealed_values.reissue(item, edition) for edition in range(2, last.n + 1 if last else 2)]


def corrections_of(state: CaseState, item: str) -> list[SealedName]:
    """Of these, those that correct the decision that stands, and not one that was revoked before it."""
    last = state.editions.get(item)
    return [sealed_values.reissue(item, edition) for edition in range(last.first + 1, last.n + 1)] if last else []


def names_of(definition: BundleDefinition, state: CaseState, item: str) -> Collection[str]:
    """Of all sealed values that the two above look into."""
    names: list[str] = [sealed_values.FORM, sealed_values.APPLICANT]
    for one in disclosed_items(definition, item):
        if one.code in state.items:
            names.append(sealed_values.outputs(one.code, state.items[one.code].round))
            names += reissues_of(state, one.code)
    return names


async def predecessors(
    tx: Transaction, sealer: Sealer, case_no: str, due: Mapping[str, ToMakeOut]
) -> dict[int, CertificateContent]:
    """Place of the output in its definition → the last certificate that it gave, whose place another takes."""
    again = {item for item, one in due.items() if one.why is not None}
    if not again:
        return {}
    numbers = await certificates.last_numbers(tx, case_no)
    bodies = await certificates.bodies(tx, list(numbers.values()))
    opened = SealedValues(sealer, case_no, {sealed_values.certificate(number): body for number, body in bodies.items()})
    found: dict[int, CertificateContent] = {}
    for nth, number in numbers.items():
        content = CertificateContent.model_validate(opened.open(sealed_values.certificate(number)))
        if content.item_code in again:
            found[nth] = content
    return found


def outcome_of(
    command: str, issued: Sequence[Certificate], before: Mapping[int, CertificateContent], due: Mapping[str, ToMakeOut]
) -> CertificatesIssued:
    replaces = {}
    for one in issued:
        earlier, why = before.get(CertificateNo.parse(one.number).nth), due[one.item].why
        if earlier is not None and why is not None:
            replaces[earlier.number] = Replacement(by=one.number, why=why)
    return CertificatesIssued(
        command=command,
        numbers=tuple(one.number for one in issued),
        items=tuple(one.item for one in issued),
        replaces=replaces,
    )
