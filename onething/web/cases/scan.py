"""What was scanned or typed into the one box of the counter: of which kind it is, by its form alone. Nothing is looked
up here."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from onething.domain.identity import IdType, WrongNumber, compact, read_number
from onething.domain.kernel import certificate_no
from onething.domain.kernel.case_no import CaseNo

_MADE_TODAY = 21  # digits of the number of a case; a resident's has 18
_CASE = re.compile(rf"[0-9]{{{_MADE_TODAY}}}")
_CERTIFICATE = re.compile(certificate_no.PATTERN)
_LOOKED_AT = re.compile(rf"(?:/my/drafts/|^\s*)([0-9]{{{_MADE_TODAY}}})(?:/precheck#|\s+)([0-9A-Za-z]{{8}})\s*$")
"""A draft's number and code, as its code has them, or typed with a space between."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Scan:
    """One of the three, or none: `id_type` with `id_number`, `case_no`, `certificate`. `code`, with the number of a
    draft: what its person was told to show, when a clerk had looked at it."""

    case_no: CaseNo | None = None
    code: str = field(default="", repr=False)
    certificate: str | None = None
    id_type: IdType | None = None
    id_number: str = field(default="", repr=False)


def read_scan(text: str) -> Scan | None:
    """None of what is nothing that we know. Readers put control characters around what they read."""
    looked_at = _LOOKED_AT.search(_UNSEEN.sub("", text))
    if looked_at is not None:
        return Scan(case_no=CaseNo.parse(looked_at[1]), code=looked_at[2])
    plain = compact(_UNSEEN.sub("", _of_address(text.strip())))
    if _CASE.fullmatch(plain):
        return Scan(case_no=CaseNo.parse(plain))
    if _CERTIFICATE.fullmatch(plain):
        return Scan(certificate=plain)
    for kind in (IdType.RESIDENT_ID, IdType.USCC):
        try:
            return Scan(id_type=kind, id_number=read_number(kind, plain))
        except WrongNumber:
            continue
    return None


def _of_address(text: str) -> str:
    """Codes on receipts and certificates are addresses of ours, with the number in them."""
    if not text.lower().startswith(("http://", "https://")):
        return text
    address = urlsplit(text)
    number = parse_qs(address.query).get("number")
    return number[0] if number else address.path.rstrip("/").rpartition("/")[2]
