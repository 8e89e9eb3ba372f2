"""What a certificate says, and that it is genuine: content from the definition, digest and signature over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from onething.domain.calendar.days import LOCAL
from onething.domain.definition.bundle import BundleDefinition, Item, Output, OutputKind
from onething.domain.definition.field_values import day
from onething.domain.definition.form_labels import spoken
from onething.domain.items.deemed import Deemed
from onething.domain.kernel.state import CaseState, ItemState
from onething.security.signing import CertificateSigner, CertificateVerifier, Signature
from onething.services.application.sealed_values import APPLICANT, SealedValues, certificate
from onething.store.tables.certificates import Certificate


@dataclass(frozen=True)
class Bearer:
    """Whom certificates of a case are made out to."""

    name: str
    id_number: str


def certificates(
    sealed_values: SealedValues,
    signer: CertificateSigner,
    definition: BundleDefinition,
    departments: Mapping[str, str],
    state: CaseState,
    at: datetime,
    values: Mapping[str, Mapping[str, Any]],
    deemed: Mapping[str, Deemed],
    deciders: Mapping[str, str],
) -> Iterable[Certificate]:
    """One for each certificate output of an approved item. `values`: item code → what its outputs may show;
    `departments`: code → name; `deemed`: the items that nobody decided, whose certificates say so; `deciders`:
    item code → the department that decided, which may hold the item no more.

    Numbers follow from case and definition, so that a second attempt gives the same ones.
    """
    applicant = sealed_values.open(APPLICANT)
    bearer = Bearer(applicant["name"], applicant["id_number"])
    every = [(item, output) for item in definition.items for output in item.outputs]
    for nth, (item, output) in enumerate(every, start=1):
        progress = state.items.get(item.code)
        if output.kind is not OutputKind.CERTIFICATE or progress is None or progress.state is not ItemState.APPROVED:
            continue
        number, decided_by = f"{sealed_values.case_no}{nth:02}", deciders[item.code]
        until = _valid_until(output, at, values[item.code])
        content: dict[str, Any] = {
            "number": number,
            "name": output.name,
            "case_no": sealed_values.case_no,
            "bundle": definition.ref,
            "item": item.name,
            "department": departments[decided_by],
            "bearer": bearer.name,
            "bearer_id_number": bearer.id_number,
            "issued_on": _local_date(at).isoformat(),
            "valid_until": _local_date(until).isoformat() if until else None,
            "fields": _fields(definition, item, output, values[item.code]),
        }
        if item.code in deemed:
            approval = deemed[item.code]
            content["deemed"] = {"on": approval.on.isoformat(), "basis": approval.basis, "text": approval.text}
        signature = signer.sign(content)
        yield Certificate(
            number=number,
            case_no=sealed_values.case_no,
            item=item.code,
            output=output.id,
            name=output.name,
            department=decided_by,
            issued_at=at,
            valid_until=until,
            content_digest=signature.digest,
            signature=bytes.fromhex(signature.key_id) + signature.value,
            body=sealed_values.seal(certificate(number), content),
        )


def disclosed_items(definition: BundleDefinition, code: str) -> list[Item]:
    """Whose decision fields an item's outputs may show: first all that it needs, in any number of steps, each after
    what it needs itself; last its own, which therefore counts. The linter holds definitions to the same."""
    by_code = {one.code: one for one in definition.items}
    found: dict[str, Item] = {}

    def visit(code: str) -> None:
        for output in by_code[code].needs.outputs:
            giver = output.partition(".")[0]
            if giver not in found:
                visit(giver)
        found[code] = by_code[code]

    visit(code)
    return list(found.values())


def is_genuine(verifier: CertificateVerifier, certificate: Certificate, content: Any) -> bool:
    """Whether a key of ours signed exactly this content as this certificate."""
    key_id, value = certificate.signature[:8].hex(), certificate.signature[8:]
    return verifier.is_genuine(content, Signature(certificate.content_digest, key_id, value))


def _fields(
    definition: BundleDefinition, item: Item, output: Output, values: Mapping[str, Any]
) -> list[dict[str, str]]:
    """What the certificate shows, for people: labels, never codes."""
    decided = (field for one in disclosed_items(definition, item.code) for field in one.decision_form)
    known = {field.id: field for field in (*definition.form, *decided)}
    return [
        {"label": known[one].label, "value": spoken(known[one], values[one])} for one in output.fields if one in values
    ]


def _valid_until(output: Output, at: datetime, values: Mapping[str, Any]) -> datetime | None:
    """The last moment: of the day that the decision names, or so many years after issue."""
    if output.valid_until is not None:
        last = day(str(values.get(output.valid_until, "")))
        return datetime.combine(last, time(23, 59, 59), LOCAL) if last else None
    if output.valid_years is None:
        return None
    local = at.astimezone(LOCAL)
    of_month = min(local.day, 28) if local.month == 2 else local.day
    return local.replace(year=local.year + output.valid_years, day=of_month)


def _local_date(at: datetime) -> date:
    return at.astimezone(LOCAL).date()
