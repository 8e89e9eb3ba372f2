"""What a certificate says: content from the definition and the decisions, signed and sealed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from onething.documents.press import Sheet
from onething.domain.base import Strict
from onething.domain.calendar.days import LOCAL
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.items import Item, Output
from onething.domain.form.form_labels import spoken
from onething.domain.identity import ID_NAMES, IdType
from onething.domain.items.deemed import Deemed
from onething.domain.kernel.certificate_no import CertificateNo
from onething.domain.kernel.state import ReissueWhy
from onething.domain.reissue.rules import ToMakeOut
from onething.security.signing import CertificateSigner
from onething.services.application.sealed_values import SealedValues, certificate
from onething.services.summaries.clocks import DeemedView
from onething.store.tables.certificates import Certificate


class CertificateField(Strict):
    label: str
    value: str


class CertificateContent(Strict):
    """All that is shown of a certificate, wherever it is shown; what is signed is its JSON without nulls. Names, for
    people, beside the codes that programs need; `kind`: bundle.item.output; `valid_until`: the last moment, if any.
    `replaces`: number of the one in whose place it was made out, `reissued`: why."""

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
    edition: int = 1
    replaces: str | None = None
    reissued: ReissueWhy | None = None

    @property
    def item_code(self) -> str:
        return self.kind.split(".")[1]

    @property
    def output(self) -> str:
        return self.kind.split(".")[2]

    def in_time(self, now: datetime) -> bool:
        return self.valid_until is None or now < self.valid_until


def sheet_of(content: CertificateContent, verified_at: str, revoked_at: datetime | None = None) -> Sheet:
    """On paper, all that was signed. `verified_at`: the address that tells whether it still counts."""
    issued = content.issued_at.astimezone(LOCAL)
    said = [("持证人", content.bearer), (ID_NAMES[content.bearer_id_type], content.bearer_id_number)]
    said += [(one.label, one.value) for one in content.fields]
    if content.valid_until is not None:
        said.append(("有效期至", _until(content.valid_until)))
    paragraphs = [f"{label}：{value}" for label, value in said]
    if content.deemed is not None:
        paragraphs.append(content.deemed.text)
    if revoked_at is not None:
        paragraphs.insert(0, f"本证照已于{revoked_at.astimezone(LOCAL):%Y年%m月%d日}作废，不再有效。")
    paragraphs.append(f"是否真实、现在是否有效，以核验结果为准：{verified_at}")
    return Sheet(
        number=content.number,
        title=content.name,
        issuer=content.department,
        date=f"{issued:%Y 年 %m 月 %d 日}",
        at=issued,
        paragraphs=paragraphs,
        dates=[],
    )


def _until(at: datetime) -> str:
    return f"{(at - timedelta(microseconds=1)).astimezone(LOCAL):%Y年%m月%d日}"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom certificates are made out to."""

    name: str
    id_type: IdType
    id_number: str


@dataclass(frozen=True, slots=True)
class MadeOut:
    """What the certificates of an item are made out of. `values`: what its outputs may show; `bearer`: whose they
    are; `decided_by`: the department, which may hold the item no more; `deemed`: nobody decided, they say so."""

    values: Mapping[str, Any]
    bearer: Bearer
    decided_by: str
    deemed: Deemed | None = None


def certificates(
    sealed_values: SealedValues,
    signer: CertificateSigner,
    definition: BundleDefinition,
    departments: Mapping[str, str],
    due: Mapping[str, ToMakeOut],
    made_of: Callable[[str], MadeOut],
    at: datetime,
    before: Mapping[int, CertificateContent],
    ending: Callable[[str], str],
) -> Iterable[Certificate]:
    """Those that are due, in the order of the definition. `departments`: code → name; `made_of`: of an item code;
    `before`: place of the output → what is replaced. `ending`: item.output → how its number ends, the same at every
    attempt, so that a second one gives the same numbers.
    """
    every = [(item, output) for item in definition.items for output in item.outputs]
    for nth, (item, output) in enumerate(every, start=1):
        wanted = due.get(item.code)
        if wanted is None or output.id not in wanted.outputs:
            continue
        number = CertificateNo.of(sealed_values.case_no, nth, ending(f"{item.code}.{output.id}"))
        made, earlier = made_of(item.code), before.get(nth)
        content = CertificateContent(
            number=number,
            kind=f"{definition.code}.{item.code}.{output.id}",
            name=output.name,
            case_no=sealed_values.case_no,
            bundle=definition.ref,
            item=item.name,
            department=departments[made.decided_by],
            department_code=made.decided_by,
            bearer=made.bearer.name,
            bearer_id_type=made.bearer.id_type,
            bearer_id_number=made.bearer.id_number,
            issued_at=at,
            valid_until=_valid_until(output, at, made.values, earlier),
            fields=tuple(_fields(definition, item, output, made.values)),
            deemed=DeemedView(on=made.deemed.on, basis=made.deemed.basis, text=made.deemed.text)
            if made.deemed
            else None,
            edition=wanted.edition,
            replaces=earlier.number if earlier else None,
            reissued=wanted.why,
        ).model_dump(mode="json", exclude_none=True)
        signature = signer.sign(content)
        yield Certificate(
            number=number,
            case_no=sealed_values.case_no,
            item=item.code,
            output=output.id,
            edition=wanted.edition,
            issued_at=at,
            signature=bytes.fromhex(signature.key_id) + signature.value,
            body=sealed_values.seal(certificate(number), content),
        )


def disclosed_items(definition: BundleDefinition, code: str) -> list[Item]:
    """Whose decisions, and corrections of the application, count for what an item issues: first all that it comes
    after, in any number of steps, each after what it needs itself; last its own, which therefore counts. Which of their
    values an output may show is the linter's to say."""
    by_code = {one.code: one for one in definition.items}
    found: dict[str, Item] = {}

    def visit(code: str) -> None:
        for giver in definition.givers(by_code[code]):
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


def _valid_until(
    output: Output, at: datetime, values: Mapping[str, Any], before: CertificateContent | None
) -> datetime | None:
    """The last moment: of the day that the decision names, or so many years after issue. What takes the place of
    another lasts no longer than that would have."""
    if output.valid_until is not None:
        last = values.get(output.valid_until)  # in its one form, as it was decided
        return datetime.combine(date.fromisoformat(last), time(23, 59, 59), LOCAL) if last else None
    if output.valid_years is None:
        return None
    if before is not None:
        return before.valid_until
    local = at.astimezone(LOCAL)
    of_month = min(local.day, 28) if local.month == 2 else local.day
    return local.replace(year=local.year + output.valid_years, day=of_month)
