"""可能重复: whether an application is about the same as another one. It warns whoever takes in or decides; it forbids
nothing, for two that look alike may be two."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from onething.domain.kernel.state import CaseStatus
from onething.domain.principal import Principal, Role
from onething.security.policy import Act
from onething.services.application.enterprises import matter_index
from onething.services.core.access import head_for
from onething.services.core.context import AppContext
from onething.services.intake.draft_content import open_draft
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.tables import case_keys, cases
from onething.store.tables.cases import CaseHead

WARNED = frozenset({Role.COUNTER, Role.OFFICER, Role.LEADER})
"""Who is warned: whoever takes in, and whoever decides."""
_LOOKED_BACK = timedelta(days=180)
"""So long after its end a case that was decided is still one that might be meant (assumed)."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """`case_nos`: of those that the caller may see, the latest first. `unseen`: there are others as well."""

    case_nos: tuple[str, ...] = ()
    unseen: bool = False

    def __bool__(self) -> bool:
        return bool(self.case_nos) or self.unseen


def duplicate_marks(found: Duplicates | None) -> dict[str, object]:
    """As rows and views have it."""
    return {"possible_duplicate": bool(found), "duplicates": (list(found.case_nos) or None) if found else None}


async def duplicates_among(context: AppContext, tx: Transaction, case_nos: Collection[str]) -> Mapping[str, Duplicates]:
    """Of these submitted ones, those that may be the same as another one. For who is WARNED."""
    if not case_nos:
        return {}
    found = await case_keys.possible_duplicates(tx, case_nos, context.clock.now() - _LOOKED_BACK)
    return {case_no: _view(others) for case_no, others in found.items()}


async def duplicates_of(context: AppContext, tx: Transaction, head: CaseHead) -> Duplicates:
    """Of one; of a draft by what stands in it now. For who is WARNED."""
    key = None
    if head.status == CaseStatus.DRAFT:
        there = await cases.drafts(tx, [head.case_no])
        if not there:  # submitted, or deleted, since its head was read
            return Duplicates()
        application, _ = open_draft(context, head.case_no, there[0].body)
        application = context.applications.normal(application)
        key = matter_index(context.index, context.applications.definition(head.bundle), application)
    found = await case_keys.possible_duplicates(tx, [head.case_no], context.clock.now() - _LOOKED_BACK, key)
    return _view(found.get(head.case_no, []))


async def of_draft(context: AppContext, principal: Principal, case_no: str) -> Duplicates:
    """What a counter should look at before it submits the draft. Leaves a line in the access log where it is told of
    others. Raises NotPermitted, NOT_FOUND."""
    async with context.transaction(principal, Act.EDIT_DRAFT, case_no) as tx:
        found = await duplicates_of(context, tx, await head_for(tx, principal, Act.EDIT_DRAFT, case_no))
        if found:
            told = len(found.case_nos)
            access_log.add(tx, Act.LIST_CASES, context.clock.now(), found=told, detail="possible duplicates")
    return found


def _view(others: list[str | None]) -> Duplicates:
    seen = tuple(one for one in others if one is not None)
    return Duplicates(seen, len(seen) < len(others))
