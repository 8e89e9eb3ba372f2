"""The sealed values of a case: what each is called, and that name as the context that it is sealed under.

| name | content |
|---|---|
| `form` | `{answers, form, delivery}` |
| `applicant`, `agent` | a `Party` |
| `prefilled` | `{name, department, source, event_id, at, values: [{pointer, label, changed}]}` of the draft's event |
| `commitments` | `{promised, said_on, materials: [{code, name, basis, says?, said_on?}]}`, `says` of a whole item |
| `consent:reuse` | `{consented, said_on, materials: [{code, name, from_case, supplied_on}]}`; not for departments |
| `consent:licences` | `{consented, said_on, licences: [{material, name, number}]}`; not for departments |
| `finding:<material>`, of a later check `finding:<material>:<n>` | `{kept, finding}` |
| `rating`, `rating:contact`, `rating:rectified` | `{comment}`, and of the others `{text}` |
| `record:<data>` | `{record, as_of}`, written by the worker; `{record, as_of, licence}` from the register |
| `record:<data>:late` | the same, of one that came when the applicant had been asked, and is compared |
| `resolved:<comparison>:<round>` | `{note}`: what the owner of the data found |
| `looked:<data>:<round>` | `{note, found}`: what people of its department say of a record that they looked for |
| `opinion:<item>:<round>`, `revocation:<item>:<round>` | `{opinion}`, on its approval and whether that stands |
| `question:<item>:<round>:<n>`, `consult:<item>:<round>:<n>` | `{question}` to other departments, `{opinion}` of one |
| `recalled:<item>:<n>` | `{reason}`: why the nth question, with others perhaps, was taken back |
| `review:<item>:<round>` | `{reason}`: why somebody had an approval looked at anew |
| `conclusion:<item>:<n>` | `{passed, conclusion}` of joint inspection n |
| `period:<period>` | `{what}`: who objects to a public notice and why, or what shows that others have done it |
| `part:<inspection>:<item>:<round>` | `{points: {id: text}, note, officers}`: what a department found, or found again |
| `points:<inspection>:<round>` | `{points: {id: text}}`: the one list of what is to be mended |
| `mended:<inspection>:<round>` | `{what}`: what the applicant says was mended |
| `outputs:<item>`, from its second round on `outputs:<item>:<round>` | values of the decision form |
| `return:<item>:<round>` | `{reason}`: why who had the item in hand sent an earlier one back |
| `reissue:<item>:<edition>` | `{reason, form, outputs, name?, changes: [{label, before, after}]}`: what is corrected |
| `certificate:<number>` | what was signed; kept with the certificate |
| `draft` | answers and form, before it is submitted; kept with the draft |
| `file:<code>:<digest>` | an uploaded file's bytes; kept with the material |
| `notice:<id>` | corrections `{items}`, of an item `{materials, what}`, a rejection `{reason, basis}`, a pause
  `{basis, days, reason}`, an extension `{days, reason}`, what an acceptance defers `{deferred}`, an urge
  `{item?, text}` or its answer `{text}` |
| `changes:<id>` | `{changes: [{pointer, before, after, asked}]}` of a correction; each field is shown as the form is |
| `supervision:<id>` | a supervision `{item?, text, days}` or its answer `{item?, text}`; all that supervisors read |
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from onething.domain.kernel.sealed_name import SealedKind, SealedName
from onething.security.sealing import Sealer

FORM = SealedName.of(SealedKind.FORM)
APPLICANT = SealedName.of(SealedKind.APPLICANT)
AGENT = SealedName.of(SealedKind.AGENT)
PREFILLED = SealedName.of(SealedKind.PREFILLED)
COMMITMENTS = SealedName.of(SealedKind.COMMITMENTS)
REUSE = SealedName.of(SealedKind.REUSE)
LICENCES = SealedName.of(SealedKind.LICENCES)
RATING = SealedName.of(SealedKind.RATING)
RATING_CONTACT = SealedName.of(SealedKind.RATING_CONTACT)
RATING_RECTIFIED = SealedName.of(SealedKind.RATING_RECTIFIED)
DRAFT = SealedName.of(SealedKind.DRAFT)


def opinion(item: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.OPINION, item, round_no)


def question(item: str, round_no: int, n: int) -> SealedName:
    return SealedName.of(SealedKind.QUESTION, item, round_no, n)


def consult_opinion(item: str, round_no: int, n: int) -> SealedName:
    return SealedName.of(SealedKind.CONSULT, item, round_no, n)


def recalled(item: str, n: int) -> SealedName:
    return SealedName.of(SealedKind.RECALLED, item, n)


def review(item: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.REVIEW, item, round_no)


def conclusion(item: str, n: int) -> SealedName:
    return SealedName.of(SealedKind.CONCLUSION, item, n)


def period(code: str) -> SealedName:
    return SealedName.of(SealedKind.PERIOD, code)


def part(inspection: str, item: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.PART, inspection, item, round_no)


def points(inspection: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.POINTS, inspection, round_no)


def mended(inspection: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.MENDED, inspection, round_no)


def outputs(item: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.OUTPUTS, *((item, round_no) if round_no > 1 else (item,)))


def sent_back(item: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.RETURN, item, round_no)


def finding(material: str, nth: int) -> SealedName:
    return SealedName.of(SealedKind.FINDING, *((material, nth) if nth > 1 else (material,)))


def record(data: str) -> SealedName:
    return SealedName.of(SealedKind.RECORD, data)


def late_record(data: str) -> SealedName:
    return SealedName.of(SealedKind.LATE_RECORD, data)


def revocation(item: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.REVOCATION, item, round_no)


def resolved(comparison: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.RESOLVED, comparison, round_no)


def looked(data: str, round_no: int) -> SealedName:
    return SealedName.of(SealedKind.LOOKED, data, round_no)


def file(code: str, digest: str) -> SealedName:
    return SealedName.of(SealedKind.FILE, code, digest)


def certificate(number: str) -> SealedName:
    return SealedName.of(SealedKind.CERTIFICATE, number)


def reissue(item: str, edition: int) -> SealedName:
    return SealedName.of(SealedKind.REISSUE, item, edition)


def new_notice() -> SealedName:
    return SealedName.of(SealedKind.NOTICE, secrets.token_hex(6))


def new_changes() -> SealedName:
    return SealedName.of(SealedKind.CHANGES, secrets.token_hex(6))


def new_supervision() -> SealedName:
    return SealedName.of(SealedKind.SUPERVISION, secrets.token_hex(6))


def context(case_no: str, name: SealedName) -> str:
    return f"{case_no}/{name}"


@dataclass(frozen=True)
class SealedValues:
    """Seals and opens one case's values."""

    sealer: Sealer
    case_no: str
    sealed: dict[str, bytes] = field(default_factory=dict)

    def seal(self, name: SealedName, value: Any) -> bytes:
        return self.sealer.seal_json(value, context=context(self.case_no, name))

    def open(self, name: str) -> Any:
        """`name`: of an event, too. KeyError when there is no such value, ValueError when none is called so."""
        return self.sealer.open_json(self.sealed[name], context=context(self.case_no, SealedName.parse(name)))

    def get(self, name: str) -> Any | None:
        return self.open(name) if name in self.sealed else None
