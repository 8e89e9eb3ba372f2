"""Heads of cases: numbers, drafts, lists and search. What a case has become is changed by the case writer only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from onething.domain.calendar.days import LOCAL
from onething.domain.errors import FailureCode, NotAllowed, OneThingError
from onething.domain.kernel.case_no import CaseNo
from onething.domain.kernel.state import CaseState, CaseStatus
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import Query, load

_sql = load("tables/cases")
DRAFT_KEPT = timedelta(days=30)
"""So long a draft is kept that nobody goes on with (assumed)."""
NOBODY = ""
"""To whom a query code is of use that was told to somebody who reads nothing afterwards."""
LATEST = (datetime(9999, 1, 1, tzinfo=UTC), "")
"""Where the first page of a list begins: newest first."""
EARLIEST = (datetime(1, 1, 1, tzinfo=UTC), "")
"""And where what has waited the longest is first."""
WAITING = (CaseStatus.SUBMITTED, CaseStatus.CORRECTION)
"""What a counter waits for, or lets wait: of these the one that has waited the longest can come first."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """The head of a case or draft about to be. `created_by` must be the transaction's actor.

    `identity_only`: the plan asked the applicant for no paper; None for a draft, of which nobody knows yet.
    """

    case_no: str
    region: str
    bundle: str  # code@version
    channel: str
    created_by: str
    created_at: datetime
    query_hash: bytes = field(repr=False)
    identity_index: bytes = field(repr=False)
    departments: tuple[str, ...] = ()
    identity_only: bool | None = None
    mandate: str | None = None  # under which `created_by` acts
    code_given_to: str | None = None  # who is told the query code, unless it is the applicant or a counter
    outlet: str | None = None  # where it is taken in


@dataclass(frozen=True, slots=True)
class CaseHead:
    """One row of a list; times UTC. `version` is the number of its journal's last line, 0 for a draft."""

    case_no: CaseNo
    region: str
    bundle: str
    channel: str
    status: str
    created_by: str
    created_at: datetime
    departments: tuple[str, ...]
    query_hash: bytes = field(repr=False)
    submitted_at: datetime | None
    accepted_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    version: int
    last_at: datetime | None
    mandate: str | None
    identity_index: bytes = field(repr=False)  # of the applicant
    outlet: str | None = None  # where it was taken in
    open_demands: int = 0
    expires_at: datetime | None = None  # of a draft
    status_since: datetime | None = None  # None of a draft
    corrections_answered: bool = False  # it is with the counter again, with all that it had asked for
    handed_over: bool = False  # a draft that `created_by` was given at the counter, where somebody else had begun it

    @property
    def waiting_cursor(self) -> tuple[datetime, str]:
        """As `cursor`, where what has waited the longest is first. Not of a draft."""
        if self.status_since is None:
            raise AssertionError("a draft waits for nobody")
        return (self.status_since, self.case_no)

    @property
    def due_cursor(self) -> tuple[datetime, str]:
        """As `cursor`, where what is due first is first. Not of one without a promise that runs."""
        if self.due_at is None:
            raise AssertionError("what is due at no time is in no list of what is due")
        return (self.due_at, self.case_no)

    @property
    def cursor(self) -> tuple[datetime, str]:
        """Where the page after this row begins."""
        return (self.created_at, self.case_no)


@dataclass(frozen=True, slots=True)
class Draft:
    version: int
    body: bytes = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftInList:
    """`files`: codes of the materials of which one was uploaded."""

    case_no: str
    body: bytes = field(repr=False)
    at: datetime
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """`statuses`: any of these, all for none. `corrections_answered` is for lists of offices alone, with statuses."""

    statuses: tuple[CaseStatus, ...] = ()
    bundle: str | None = None  # code, or code@version
    corrections_answered: bool = False


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many there are of each, up to 1,001, which stands for "over 1,000"; of the submitted, with corrections that
    were answered; drafts of one's own."""

    submitted: int
    answered: int
    correction: int
    drafts: int


@dataclass(frozen=True, slots=True)
class BundleUse:
    """Of one version of a bundle, everywhere: how many drafts were begun by it, and how many cases are under way."""

    drafts: int
    running: int


@dataclass(frozen=True, slots=True)
class DueBetween:
    """When a promise ends: after the one moment, and by the other. Times UTC."""

    after: datetime
    by: datetime


@dataclass(frozen=True, slots=True)
class PressingCounts:
    """Of how many the promise is over, and of how many it soon will be; up to 1,001, which stands for "over 1,000"."""

    overdue: int
    soon: int


ALL = Filter()


async def next_case_no(tx: Transaction, region: str, now: datetime) -> CaseNo:
    """Of a case begun today. Gaps mean nothing."""
    return CaseNo.of(region, now.astimezone(LOCAL).date(), await tx.value(_sql.next_serial))


async def begin(tx: Transaction, head: NewCase) -> None:
    """The head of a draft, which a submission is for an instant too. Leaves alone what has that number already."""
    await tx.rows(
        _sql.begin,
        case_no=head.case_no,
        region=head.region,
        bundle=head.bundle,
        channel=head.channel,
        outlet=head.outlet,
        created_by=head.created_by,
        created_at=head.created_at,
        departments=list(head.departments),
        query_hash=head.query_hash,
        code_given_to=head.code_given_to,
        identity_index=head.identity_index,
        identity_only=head.identity_only,
        mandate=head.mandate,
    )


async def get(tx: Transaction, case_no: str) -> CaseHead:
    """Raises OneThingError NOT_FOUND, also for what the actor may not see."""
    row = await tx.row(_sql.head, case_no=case_no)
    if row is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这个办件，或者您无权查看。")
    return _head(row)


async def state(tx: Transaction, case_no: str) -> tuple[int, CaseState] | None:
    """`(seq, state)` as of the last line; None for a draft or what the actor may not see."""
    row = await tx.row(_sql.state, case_no=case_no)
    return (row["head_seq"], CaseState.from_json(row["body"])) if row else None


async def of_applying(
    tx: Transaction,
    subject: str,
    identity: str | None,
    where: Filter = ALL,
    *,
    before: tuple[datetime, str] = LATEST,
    limit: int = 50,
) -> Sequence[CaseHead]:
    """Of an account of the applying side, with the identity that it has proved (blind index, hex): its own cases, its
    drafts, and those of whom it may act for now."""
    own = bytes.fromhex(identity or "")
    return await _page(tx, _sql.of_applying, where, before, limit, subject=subject, identity=own)


async def own_drafts(
    tx: Transaction, subject: str, where: Filter = ALL, *, before: tuple[datetime, str] = LATEST, limit: int = 50
) -> Sequence[CaseHead]:
    """Which the account has written itself, in whosever name."""
    return await _page(tx, _sql.own_drafts, where, before, limit, subject=subject)


async def to_confirm(
    tx: Transaction, subject: str, identity: str, *, before: tuple[datetime, str] = LATEST, limit: int = 50
) -> Sequence[CaseHead]:
    """Drafts in the name of who has proved this identity, written by others."""
    rows = await tx.rows(
        _sql.to_confirm,
        subject=subject,
        identity=bytes.fromhex(identity),
        before_at=before[0],
        before_no=before[1],
        limit=limit,
    )
    return [_head(row) for row in rows]


async def reissue_code(tx: Transaction, case_no: str, query_hash: bytes) -> bool:
    """The code before opens nothing any more. False if that is not the actor's to ask for."""
    return bool(await tx.value(_sql.reissue_code, case_no=case_no, query_hash=query_hash))


async def of_region(
    tx: Transaction, region: str, where: Filter = ALL, *, before: tuple[datetime, str] = LATEST, limit: int = 50
) -> Sequence[CaseHead]:
    """For counter and supervisor the whole region; a department sees those of its cases."""
    if where.statuses:
        return await _page(
            tx,
            _sql.of_region_by_status,
            where,
            before,
            limit,
            region=region,
            corrections_answered=where.corrections_answered,
        )
    return await _page(tx, _sql.of_region, where, before, limit, region=region)


async def of_outlets(
    tx: Transaction,
    outlets: Sequence[str],
    where: Filter = ALL,
    *,
    before: tuple[datetime, str] = LATEST,
    limit: int = 50,
) -> Sequence[CaseHead]:
    """Taken in at any of these, as far as the actor may see them."""
    of = {"outlets": list(outlets)}
    if where.statuses:
        of_status = {**of, "corrections_answered": where.corrections_answered}
        return await _page(tx, _sql.of_outlets_by_status, where, before, limit, **of_status)
    return await _page(tx, _sql.of_outlets, where, before, limit, **of)


async def waiting(
    tx: Transaction,
    region: str,
    outlets: Sequence[str] | None,
    where: Filter,
    *,
    after: tuple[datetime, str] = EARLIEST,
    limit: int = 50,
) -> Sequence[CaseHead]:
    """As `of_outlets`, or for None as `of_region`, the one that has waited the longest first. `where` names some of
    WAITING, and nothing else."""
    query = _sql.of_region_waiting if outlets is None else _sql.of_outlets_waiting
    of: dict[str, Any] = {"region": region} if outlets is None else {"outlets": list(outlets)}
    rows = await tx.rows(
        query,
        after_at=after[0],
        after_no=after[1],
        statuses=list(where.statuses),
        bundle=where.bundle,
        corrections_answered=where.corrections_answered,
        limit=limit,
        **of,
    )
    return [_head(row) for row in rows]


async def pressing(
    tx: Transaction,
    region: str,
    outlets: Sequence[str] | None,
    where: Filter,
    due: DueBetween,
    *,
    after: tuple[datetime, str] = EARLIEST,
    limit: int = 50,
) -> Sequence[CaseHead]:
    """As `of_outlets`, or for None as `of_region`, of those whose promise has been warned of or is over what is due
    then, the one due first at the head."""
    of: dict[str, Any] = {"region": region} if outlets is None else {"outlets": list(outlets)}
    rows = await tx.rows(
        _sql.of_region_pressing if outlets is None else _sql.of_outlets_pressing,
        due_after=due.after,
        due_by=due.by,
        after_at=after[0],
        after_no=after[1],
        statuses=list(where.statuses) or None,
        bundle=where.bundle,
        limit=limit,
        **of,
    )
    return [_head(row) for row in rows]


async def pressing_counts(tx: Transaction, region: str, now: datetime) -> PressingCounts:
    """Of a region, as far as the actor may see them."""
    row = await tx.row(_sql.pressing_counts, region=region, moment=now)
    if row is None:
        raise AssertionError("counts are one row")
    return PressingCounts(**row)


async def inbox_counts(tx: Transaction, subject: str, region: str, outlets: Sequence[str] | None) -> InboxCounts:
    """Of a counter, as far as it may see them."""
    if outlets is None:
        row = await tx.row(_sql.inbox_counts, subject=subject, region=region)
    else:
        row = await tx.row(_sql.inbox_counts_of_outlets, subject=subject, outlets=list(outlets))
    if row is None:
        raise AssertionError("counts are one row")
    return InboxCounts(**row)


async def use_of_bundles(tx: Transaction) -> dict[str, BundleUse]:
    """By code@version; of nothing unless the caller runs the system."""
    return {row["bundle"]: BundleUse(row["drafts"], row["running"]) for row in await tx.rows(_sql.use_of_bundles)}


async def of_ended_applicants(
    tx: Transaction,
    region: str,
    outlets: Sequence[str] | None,
    where: Filter = ALL,
    *,
    before_acceptance: bool,
    before: tuple[datetime, str] = LATEST,
    limit: int = 50,
) -> Sequence[CaseHead]:
    """Those under way whose applicant is registered to be no more: as `of_outlets`, or for None as `of_region`. No
    drafts; `before_acceptance`: those too that are not accepted."""
    of = {"region": region, "outlets": None} if outlets is None else {"region": None, "outlets": list(outlets)}
    return await _page(tx, _sql.of_ended_applicants, where, before, limit, before_acceptance=before_acceptance, **of)


async def of_identity(
    tx: Transaction, identity_index: bytes, *, before: tuple[datetime, str] = LATEST, limit: int = 50
) -> Sequence[CaseHead]:
    """Cases of the applicant whose number has this blind index, as far as the actor may see them."""
    rows = await tx.rows(
        _sql.of_identity, identity_index=identity_index, before_at=before[0], before_no=before[1], limit=limit
    )
    return [_head(row) for row in rows]


async def save_draft(tx: Transaction, case_no: str, body: bytes, at: datetime, expires_at: datetime) -> None:
    """The sealed content of a draft begun in this transaction; its version is 1."""
    await tx.rows(_sql.save_draft, case_no=case_no, body=body, at=at)
    await keep_draft(tx, case_no, expires_at)


async def keep_draft(tx: Transaction, case_no: str, expires_at: datetime) -> None:
    """Somebody goes on with it."""
    await tx.rows(_sql.keep_until, case_no=case_no, expires_at=expires_at)


async def draft(tx: Transaction, case_no: str) -> Draft:
    """Raises OneThingError NOT_FOUND."""
    row = await tx.row(_sql.draft, case_no=case_no)
    if row is None:
        raise OneThingError(FailureCode.NOT_FOUND, "没有这份草稿，或者您无权查看。")
    return Draft(row["version"], row["body"], row["at"])


async def applicants(
    tx: Transaction, case_nos: Collection[str], with_form: Collection[str], *, before_acceptance: bool
) -> Sequence[tuple[str, str, bytes]]:
    """`(case_no, name, value)` of the sealed value that says who applies, and of those `with_form` of their form, as
    far as that is for the actor; without `before_acceptance`, of accepted cases alone."""
    rows = await tx.rows(
        _sql.applicants, case_nos=list(case_nos), with_form=list(with_form), before_acceptance=before_acceptance
    )
    return [(row["case_no"], row["name"], row["body"]) for row in rows]


async def drafts(tx: Transaction, case_nos: Collection[str]) -> Sequence[DraftInList]:
    """Those among these that are the actor's to read."""
    rows = await tx.rows(_sql.drafts, case_nos=list(case_nos))
    return [DraftInList(row["case_no"], row["body"], row["at"], tuple(row["files"])) for row in rows]


async def begun(tx: Transaction, subject: str, identity: str | None, bundle: str, limit: int) -> Sequence[CaseHead]:
    """As `of_applying`, of one bundle (its code), what has not ended: drafts and cases under way. The newest first."""
    own = bytes.fromhex(identity or "")
    rows = await tx.rows(_sql.begun, subject=subject, identity=own, bundle=bundle, limit=limit)
    return [_head(row) for row in rows]


async def lock_draft(tx: Transaction, case_no: str) -> Draft:
    """As `draft`, and nobody else changes, submits or adds to it before this transaction ends. Raises NotAllowed
    if somebody has done so since the case was found to be a draft."""
    row = await tx.row(_sql.lock_draft, case_no=case_no)
    if row is None:
        raise NotAllowed(FailureCode.NOT_ALLOWED_NOW, "草稿刚刚已经提交或删除，请刷新后重试。")
    return Draft(row["version"], row["body"], row["at"])


async def change_draft(
    tx: Transaction, head: NewCase, version: int, body: bytes, at: datetime, expires_at: datetime
) -> int:
    """Replace a draft's content if it still has `version`; returns the new one. Raises STALE_VERSION."""
    changed = await tx.value(_sql.change_draft, case_no=head.case_no, version=version, body=body, at=at)
    if changed is None:
        raise OneThingError(FailureCode.STALE_VERSION, "草稿已在别处修改，请刷新后重试。")
    await tx.rows(
        _sql.change_draft_head,
        case_no=head.case_no,
        bundle=head.bundle,
        channel=head.channel,
        identity_index=head.identity_index,
        departments=list(head.departments),
    )
    await keep_draft(tx, head.case_no, expires_at)
    return int(changed)


async def delete_draft(tx: Transaction, case_no: str) -> None:
    """The draft, its files and its head: nothing of it is left but lines of the access log. Raises OneThingError
    NOT_FOUND, and then nothing is deleted, where its head is not the actor's to delete."""
    for query in (_sql.delete_files, _sql.drop_draft):
        await tx.rows(query, case_no=case_no)
    if not await tx.rows(_sql.delete_head, case_no=case_no):
        raise OneThingError(FailureCode.NOT_FOUND, "没有这份草稿，或者您不能删除它。")


async def forget_drafts(tx: Transaction, now: datetime) -> int:
    """Those that nobody has gone on with in time, with their files; how many, some hundreds at most."""
    expired = [row["case_no"] for row in await tx.rows(_sql.expired_drafts, now=now)]
    for case_no in expired:
        await delete_draft(tx, case_no)
    return len(expired)


async def submit_draft(tx: Transaction, head: NewCase) -> None:
    """What only the submission of a draft says of its head."""
    await tx.rows(
        _sql.submit_draft_head,
        case_no=head.case_no,
        bundle=head.bundle,
        channel=head.channel,
        outlet=head.outlet,
        identity_only=head.identity_only,
        mandate=head.mandate,
    )


async def drop_draft(tx: Transaction, case_no: str) -> None:
    """The content of a draft that was submitted: it lives on as sealed values."""
    await tx.rows(_sql.drop_draft, case_no=case_no)


async def _page(
    tx: Transaction, query: Query, where: Filter, before: tuple[datetime, str], limit: int, **of: Any
) -> Sequence[CaseHead]:
    rows = await tx.rows(
        query,
        before_at=before[0],
        before_no=before[1],
        statuses=list(where.statuses) or None,
        bundle=where.bundle,
        limit=limit,
        **of,
    )
    return [_head(row) for row in rows]


def _head(row: Any) -> CaseHead:
    values = dict(row)
    return CaseHead(
        case_no=CaseNo.parse(values.pop("case_no")),
        departments=tuple(values.pop("departments")),
        version=values.pop("head_seq"),
        **values,
    )
