"""The sealed values of a case: what each is called, and that name as the context that it is sealed under.

| name | content |
|---|---|
| `form` | `{answers, form, delivery}` |
| `applicant`, `agent` | a `Party` |
| `prefilled` | `{name, department, source, event_id, at, values: [{pointer, label, changed}]}` of the draft's event |
| `commitments` | `{promised, said_on, materials: [{code, name, basis, said_on}]}`, `said_on` where it was said later |
| `consent:reuse` | `{consented, said_on, materials: [{code, name, from_case, supplied_on}]}`; not for departments |
| `consent:licences` | `{consented, said_on, licences: [{material, name, number}]}`; not for departments |
| `finding:<material>` | `{kept, finding}` |
| `rating`, `rating:contact`, `rating:rectified` | `{comment}`, and of the others `{text}` |
| `record:<data>` | `{record, as_of}`, written by the worker; `{record, as_of, licence}` from the register |
| `record:<data>:late` | the same, of one that came when the applicant had been asked, and is compared |
| `resolved:<comparison>:<round>` | `{note}`: what the owner of the data found |
| `looked:<data>:<round>` | `{note, found}`: what people of its department say of a record that they looked for |
| `opinion:<item>:<round>`, `revocation:<item>:<round>` | `{opinion}`, on its approval and whether that stands |
| `question:<item>:<round>:<n>`, `consult:<item>:<round>:<n>` | `{question}` to other departments, `{opinion}` of one |
| `conclusion:<item>:<n>` | `{passed, conclusion}` of joint inspection n |
| `outputs:<item>`, from its second round on `outputs:<item>:<round>` | values of the decision form |
| `return:<item>:<round>` | `{reason}`: why who had the item in hand sent an earlier one back |
| `certificate:<number>` | what was signed; kept with the certificate, named by `certificates.value_name` |
| `file:<code>:<digest>` | an uploaded file's bytes; kept with the material |
| `notice:<id>` | corrections `{items}`, of an item `{materials, what}`, a rejection `{reason, basis}`, a pause
  `{basis, days, reason}`, an extension `{days, reason}`, what an acceptance defers `{deferred}`, an urge
  `{item?, text}` or its answer `{text}` |
| `supervision:<id>` | a supervision `{item?, text, days}` or its answer `{item?, text}`; all that supervisors read |
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from onething.security.sealing import Sealer

FORM = "form"
APPLICANT = "applicant"
AGENT = "agent"
PREFILLED = "prefilled"
COMMITMENTS = "commitments"
REUSE = "consent:reuse"
LICENCES = "consent:licences"
RATING, RATING_CONTACT, RATING_RECTIFIED = "rating", "rating:contact", "rating:rectified"
ALL_OUTPUTS = "outputs:%"  # a pattern of LIKE


def opinion(item: str, round_no: int) -> str:
    return f"opinion:{item}:{round_no}"


def question(item: str, round_no: int, n: int) -> str:
    return f"question:{item}:{round_no}:{n}"


def consult_opinion(item: str, round_no: int, n: int) -> str:
    return f"consult:{item}:{round_no}:{n}"


def conclusion(item: str, n: int) -> str:
    return f"conclusion:{item}:{n}"


def outputs(item: str, round_no: int) -> str:
    return f"outputs:{item}:{round_no}" if round_no > 1 else f"outputs:{item}"


def sent_back(item: str, round_no: int) -> str:
    return f"return:{item}:{round_no}"


def finding(material: str) -> str:
    return f"finding:{material}"


def record(data: str) -> str:
    return f"record:{data}"


def late_record(data: str) -> str:
    return f"record:{data}:late"


def revocation(item: str, round_no: int) -> str:
    return f"revocation:{item}:{round_no}"


def resolved(comparison: str, round_no: int) -> str:
    return f"resolved:{comparison}:{round_no}"


def looked(data: str, round_no: int) -> str:
    return f"looked:{data}:{round_no}"


def file(code: str, digest: str) -> str:
    return f"file:{code}:{digest}"


def new_notice() -> str:
    return f"notice:{secrets.token_hex(6)}"


def new_supervision() -> str:
    return f"supervision:{secrets.token_hex(6)}"


def context(case_no: str, name: str) -> str:
    return f"{case_no}/{name}"


@dataclass(frozen=True)
class SealedValues:
    """Seals and opens one case's values."""

    sealer: Sealer
    case_no: str
    sealed: dict[str, bytes] = field(default_factory=dict)

    def seal(self, name: str, value: Any) -> bytes:
        return self.sealer.seal_json(value, context=context(self.case_no, name))

    def open(self, name: str) -> Any:
        """KeyError when there is no such value."""
        return self.sealer.open_json(self.sealed[name], context=context(self.case_no, name))

    def get(self, name: str) -> Any | None:
        return self.open(name) if name in self.sealed else None
