"""Whether a certificate is genuine and in force. Every place that shows one asks here.

What it says is told from the opened signed content alone. Its row repeats some of that, so that it is found: a column
that says another thing than what was signed is an alarm, and the certificate not genuine. That it was issued, and
whether it was revoked, is what the journal of its case says, as long as the chain of that journal holds; so changing a
row, taking it away or putting an old one back brings nothing about but an alarm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.kernel.certificate_no import CertificateNo
from onething.security import codes
from onething.security.alarms import CertificateFault
from onething.security.sealing import SealBroken
from onething.security.signing import Signature, content_digest
from onething.services.application import sealed_values
from onething.services.core.context import AppContext
from onething.services.documents.certificates import CertificateContent
from onething.services.documents.schemas import VerificationResponse, replaced_view
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
from onething.store.tables import certificates
from onething.store.tables.certificates import Certificate, FoundCertificate, Replaced

_KEY_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """`content` None: it is not genuine, and nothing of it is shown. `revoked_at`: from when on it counts no more: its
    approval was taken back, or another took its place (`replaced`)."""

    number: str
    content: CertificateContent | None
    revoked_at: datetime | None = None
    replaced: Replaced | None = None

    def in_force(self, now: datetime) -> bool:
        return self.content is not None and self.content.in_time(now) and self.revoked_at is None


async def of_numbers(context: AppContext, tx: Transaction, numbers: Sequence[str]) -> list[VerifiedCertificate]:
    """Those that there are, in this order, as far as the actor may see them."""
    return _verified(context, await certificates.found(tx, numbers))


async def of_case(context: AppContext, tx: Transaction, case_no: str) -> list[VerifiedCertificate]:
    """All that the case gave, also those of which nothing but the journal's word is left."""
    return _verified(context, await certificates.of_case(tx, case_no))


async def verify(context: AppContext, typed: str) -> VerificationResponse:
    """Minimal fields, for anybody who holds the number, however it is typed. Raises OneThingError NOT_FOUND."""
    number = codes.as_issued(typed)
    async with context.database.transaction(Actor.with_certificate(number)) as tx:
        found = await of_numbers(context, tx, [number])
    if not found:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个编号的证照，请核对编号。")
    (one,) = found
    content = one.content
    return VerificationResponse(
        number=one.number,
        genuine=content is not None,
        valid=one.in_force(context.clock.now()),
        revoked=one.revoked_at is not None,
        revoked_at=one.revoked_at,
        replaced=replaced_view(one.replaced),
        name=content.name if content else None,
        department=content.department if content else None,
        issued_at=content.issued_at if content else None,
        valid_until=content.valid_until if content else None,
        deemed=content.deemed if content else None,
    )


class _NotGenuine(Exception):
    """For this module alone."""

    def __init__(self, fault: CertificateFault, column: str | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.column = column


def _verified(context: AppContext, found: Iterable[FoundCertificate]) -> list[VerifiedCertificate]:
    return [_judged(context, one) for one in found]


def _judged(context: AppContext, found: FoundCertificate) -> VerifiedCertificate:
    content = None
    try:
        content = _signed(context, found.row)
        _compare(context, found, content)
    except _NotGenuine as wrong:
        context.alarms.certificate(wrong.fault, _case_no(found), wrong.column)
        return VerifiedCertificate(found.number, None, *_ended(found, content))
    return VerifiedCertificate(found.number, content, *_ended(found, content))


def _signed(context: AppContext, row: Certificate | None) -> CertificateContent:
    """What a key of ours signed. Raises _NotGenuine."""
    if row is None:
        raise _NotGenuine(CertificateFault.ROW_GONE)
    try:
        name = sealed_values.certificate(row.number)
        content: Any = context.values(row.case_no, {name: row.body}).open(name)
    except (SealBroken, ValueError):  # no certificate is called so
        raise _NotGenuine(CertificateFault.UNREADABLE) from None
    key_id, value = row.signature[:_KEY_ID_BYTES].hex(), row.signature[_KEY_ID_BYTES:]
    try:
        signature = Signature(content_digest(content), key_id, value)
        signed = CertificateContent.model_validate(content)
    except ValueError:
        raise _NotGenuine(CertificateFault.UNREADABLE) from None
    if not context.verifier.is_genuine(content, signature):
        raise _NotGenuine(CertificateFault.UNSIGNED)
    return signed


def _compare(context: AppContext, found: FoundCertificate, content: CertificateContent) -> None:
    """Raises _NotGenuine where row or journal say another thing."""
    kind = content.kind
    signed = {
        "number": content.number,
        "case_no": content.case_no,
        "item": content.item_code,
        "output": content.output,
        "edition": content.edition,
        "bundle": kind.split(".")[0],
        "kind": kind,
        "holder": context.index.of_identity(content.bearer_id_type, content.bearer_id_number),
        "issued_at": content.issued_at,
    }
    differing = next((name for name, value in signed.items() if getattr(found.row, name) != value), None)
    if differing is not None:
        raise _NotGenuine(CertificateFault.COLUMN_DIFFERS, differing)
    if found.standing is None:
        raise _NotGenuine(CertificateFault.NEVER_ISSUED)
    if not found.standing.intact:
        raise _NotGenuine(CertificateFault.CHAIN_BROKEN)


def _ended(found: FoundCertificate, content: CertificateContent | None) -> tuple[datetime | None, Replaced | None]:
    """Since when it counts no more, and what took its place. By the journal, whatever else is wrong; of which item it
    is, is known from the signed content only."""
    if found.standing is None:
        return None, None
    replaced = found.standing.replaced
    taken_back = found.standing.revoked.get(content.item_code) if content else None
    moments = [at for at in (taken_back, replaced.at if replaced else None) if at is not None]
    return min(moments, default=None), replaced


def _case_no(found: FoundCertificate) -> str:
    """For who looks into it: the number's last characters, which open it to anybody, are nobody's to read in a log."""
    try:
        return CertificateNo.parse(found.number).case_no
    except ValueError:
        return found.row.case_no if found.row else ""
