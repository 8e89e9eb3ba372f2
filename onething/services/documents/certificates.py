"""What a certificate says: content from the definition and the decisions, signed and sealed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from onething.domain.base import Strict
from onething.domain.calendar.days import LOCAL
from onething.domain.definition.bundle import BundleDefinition, Item, Output, OutputKind
from onething.domain.definition.field_values import paper_in
from onething.domain.definition.form_labels import spoken
from onething.domain.identity import IdType
from onething.domain.items.deemed import Deemed
from onething.domain.kernel import queries
from onething.domain.kernel.certificate_no import CertificateNo
from onething.domain.kernel.state import CaseState
from onething.domain.plan.plan import PlanReporter
from onething.security.signing import CertificateSigner
from onething.services.application.sealed_values import APPLICANT, FORM, SealedValues, certificate
from onething.services.summaries.clocks import DeemedView
from onething.store.tables.certificates import Certificate


class CertificateField(Strict):
    label: str
    value: str


class CertificateContent(Strict):
    """All that is shown of a certificate, wherever it is shown; what is signed is its JSON without nulls. Names, for
    people, beside the codes that programs need; `kind`: bundle.item.output; `valid_until`: the last moment, if any."""

    number: str
    kind: str
    name: str
    case_no: str
    bundle: str
    item: str
    department: str
    department_code: str
    bearer: str
    bearer_id_type: IdType
    bearer_id_number: str
    issued_at: datetime
    valid_until: datetime | None = None
    fields: tuple[CertificateField, ...]
    deemed: DeemedView | None = None

    @property
    def item_code(self) -> str:
        return self.kind.split(".")[1]

    @property
    def output(self) -> str:
        return self.kind.split(".")[2]

    def in_time(self, now: datetime) -> bool:
        return self.valid_until is None or now < self.valid_until


@dataclass(frozen=True)
class Bearer:
    """Whom certificates of a case are made out to."""

    name: str
    id_type: IdType
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
    ending: Callable[[str], str],
    only: str = "",
    reporter: PlanReporter | None = None,
) -> Iterable[Certificate]:
    """One for each certificate output of an item whose approval stands; with `only`, of that item.
    `values`: item code → what its outputs may show;
    `departments`: code → name; `deemed`: the items that nobody decided, whose certificates say so; `deciders`:
    item code → the department that decided, which may hold the item no more. `ending`: item.output → how its number
    ends, the same at every attempt, so that a second one gives the same numbers.
    `reporter`: who applied is not whom they are for.
    """
    who = sealed_values.open(APPLICANT)
    applicant = Bearer(who["name"], IdType(who["id_type"]), who["id_number"])
    stands = queries.granted(state.effects)
    every = [(item, output) for item in definition.items for output in item.outputs]
    for nth, (item, output) in enumerate(every, start=1):
        wanted = item.code in stands and only in ("", item.code)
        if output.kind is not OutputKind.CERTIFICATE or not wanted:
            continue
        bearer = (
            applicant if reporter is None or item.ends_person != reporter.identity else _about(sealed_values, reporter)
        )
        number = CertificateNo.of(sealed_values.case_no, nth, ending(f"{item.code}.{output.id}"))
        decided_by, approval = deciders[item.code], deemed.get(item.code)
        content = CertificateContent(
            number=number,
            kind=f"{definition.code}.{item.code}.{output.id}",
            name=output.name,
            case_no=sealed_values.case_no,
            bundle=definition.ref,
            item=item.name,
            department=departments[decided_by],
            department_code=decided_by,
            bearer=bearer.name,
            bearer_id_type=bearer.id_type,
            bearer_id_number=bearer.id_number,
            issued_at=at,
            valid_until=_valid_until(output, at, values[item.code]),
            fields=tuple(_fields(definition, item, output, values[item.code])),
            deemed=DeemedView(on=approval.on, basis=approval.basis, text=approval.text) if approval else None,
        ).model_dump(mode="json", exclude_none=True)
        signature = signer.sign(content)
        yield Certificate(
            number=number,
            case_no=sealed_values.case_no,
            item=item.code,
            output=output.id,
            issued_at=at,
            signature=bytes.fromhex(signature.key_id) + signature.value,
            body=sealed_values.seal(certificate(number), content),
        )


def _about(sealed_values: SealedValues, reporter: PlanReporter) -> Bearer:
    form = sealed_values.open(FORM)["form"]
    kind, id_number = paper_in(form[reporter.identity]) or (IdType.RESIDENT_ID, form[reporter.identity])
    return Bearer(form[reporter.name], kind, id_number)


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


def _fields(
    definition: BundleDefinition, item: Item, output: Output, values: Mapping[str, Any]
) -> Iterable[CertificateField]:
    """What the certificate shows, for people: labels, never codes."""
    decided = (field for one in disclosed_items(definition, item.code) for field in one.decision_form)
    known = {field.id: field for field in (*definition.form, *decided)}
    for one in output.fields:
        if one in values:
            yield CertificateField(label=known[one].label, value=spoken(known[one], values[one]))


def _valid_until(output: Output, at: datetime, values: Mapping[str, Any]) -> datetime | None:
    """The last moment: of the day that the decision names, or so many years after issue."""
    if output.valid_until is not None:
        last = values.get(output.valid_until)  # in its one form, as it was decided
        return datetime.combine(date.fromisoformat(last), time(23, 59, 59), LOCAL) if last else None
    if output.valid_years is None:
        return None
    local = at.astimezone(LOCAL)
    of_month = min(local.day, 28) if local.month == 2 else local.day
    return local.replace(year=local.year + output.valid_years, day=of_month)
