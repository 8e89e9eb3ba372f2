"""News of one case as it comes: `{seq, kind, item}`, no personal data."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from onething.domain.principal import APPLYING_SIDE, Principal
from onething.security.identity.claims import SignedIn
from onething.security.policy import Act
from onething.services.core.access import head_for
from onething.services.core.context import AppContext
from onething.services.core.visibility import LINES_TO_REPORTER, only_reports
from onething.services.summaries.responses import CompleteResponseModel
from onething.store.connection.database import Transaction
from onething.store.record import access_log, journal
from onething.store.record.hash_chain import Line
from onething.store.tables import cases

_PAGE = 500
_LOOK_S = 15.0  # a lost wake-up delays news by no more


class News(CompleteResponseModel):
    """One journal line. `id` for resuming is `seq`."""

    seq: int
    kind: str
    item: str | None = None


async def may_watch(context: AppContext, principal: Principal, case_no: str) -> None:
    """Raises NotPermitted, NOT_FOUND, TooManyRequests. Watching is a view: it leaves one line."""
    context.feed.check_room(principal.subject)
    async with context.transaction(principal, Act.VIEW_TIMELINE, case_no) as tx:
        await head_for(tx, principal, Act.VIEW_TIMELINE, case_no)
        access_log.add(tx, Act.VIEW_TIMELINE, context.clock.now(), case_no=case_no, detail="events")


async def watch(context: AppContext, signed_in: SignedIn, case_no: str, after: int) -> AsyncIterator[News | None]:
    """Lines after seq `after`, then new ones as they are recorded. None: nothing new.

    At each look token, mandate and right are judged anew. Raises NotSignedIn when the token has ended or its caller is
    locked out, NotPermitted or NOT_FOUND for who may see the case no longer, OneThingError while the record can't be
    read.
    """
    principal, until = signed_in.principal, signed_in.expires_at
    with context.feed.watching((case_no,), principal.subject) as news:
        while True:
            news.take()
            context.tokens.still(signed_in)
            lines, told = await _lines(context, principal, case_no, after)
            for line in lines:
                after = line.seq
                if told is not None and line.kind not in told:
                    continue
                yield News(seq=line.seq, kind=line.kind, item=line.event.get("item"))
            if lines:
                continue
            yield None
            left = (until - context.clock.now()).total_seconds()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, min(_LOOK_S, left))):
                    await news.wait()


async def last_seq(context: AppContext, principal: Principal, case_no: str) -> int:
    """Of the lines that the caller hears of; 0 of a draft. Raises NotPermitted, NOT_FOUND."""
    async with context.transaction(principal, Act.VIEW_TIMELINE, case_no) as tx:
        head = await head_for(tx, principal, Act.VIEW_TIMELINE, case_no)
        told = await _kinds_told(context, tx, principal, case_no)
        if told is None:
            return head.version
        newest = await journal.of_kinds(tx, case_no, sorted(told), limit=1)
        return newest[0].seq if newest else 0


async def _lines(
    context: AppContext, principal: Principal, case_no: str, after: int
) -> tuple[Sequence[Line], frozenset[str] | None]:
    """Those that are new, and of which kinds the caller hears; None: of every kind. Raises NotPermitted, NOT_FOUND: at
    each look the caller's right is judged anew."""
    async with context.transaction(principal, Act.VIEW_TIMELINE, case_no) as tx:
        await head_for(tx, principal, Act.VIEW_TIMELINE, case_no)
        lines = await journal.lines(tx, case_no, after=after, limit=_PAGE)
        return lines, await _kinds_told(context, tx, principal, case_no) if lines else None


async def _kinds_told(
    context: AppContext, tx: Transaction, principal: Principal, case_no: str
) -> frozenset[str] | None:
    """Those that who only reported hears of; None: every kind."""
    if principal.role not in APPLYING_SIDE:
        return None
    found = await cases.state(tx, case_no)
    plan = await context.plan_cache.plan_of(tx, found[1]) if found else None
    return LINES_TO_REPORTER if plan and await only_reports(tx, principal, case_no, plan) else None
