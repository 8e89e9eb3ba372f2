"""Who is signed in to the pages where, and since when: each person's own, everybody's for who runs the system. Whoever
sees one may end it.

What is ended is of no use from the next request on: its row is gone, and its token is locked out, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, OneThingError
from onething.domain.principal import Principal
from onething.security.page_sessions import LONGEST_IDLE, digest_of, times_of
from onething.security.policy import Act, require
from onething.services.core.context import AppContext
from onething.services.identity.page_sessions import PageSession, token_of
from onething.store.connection.database import Transaction
from onething.store.record import access_log
from onething.store.tables import lockouts, page_sessions
from onething.store.tables.page_sessions import PageSessionHead

MOST = 200
_NOTED_TO = timedelta(minutes=1)
_ID_LENGTH = 64


@dataclass(frozen=True)
class SignedInHere:
    """`id`: by which it can be ended; it signs nobody in. `is_this`: with which the caller asks."""

    id: str
    subject: str
    browser: str
    shared: bool
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    is_this: bool


async def own(context: AppContext, session: PageSession) -> Sequence[SignedInHere]:
    """Of the same account, the last used first."""
    principal, now = session.signed_in.principal, context.clock.now()
    async with context.transaction(principal, Act.SIGN_OUT) as tx:
        require(principal, Act.SIGN_OUT)
        idle = times_of(principal.role, shared=False).idle + _NOTED_TO
        found = await page_sessions.in_force(tx, subject=principal.subject, now=now, seen_after=now - idle, limit=MOST)
    unused = times_of(principal.role, shared=True).idle + _NOTED_TO
    return [_view(one, session) for one in found if not one.shared or one.seen_at > now - unused]


async def everybodys(context: AppContext, session: PageSession, subject: str | None) -> Sequence[SignedInHere]:
    """For who runs the system: the `MOST` last used ones, of one account or of all. Raises NotPermitted."""
    principal, now = session.signed_in.principal, context.clock.now()
    async with context.transaction(principal, Act.OPERATE) as tx:
        require(principal, Act.OPERATE)
        found = await page_sessions.in_force(
            tx, subject=subject, now=now, seen_after=now - LONGEST_IDLE - _NOTED_TO, limit=MOST
        )
        access_log.add(tx, Act.OPERATE, now, detail="sessions_listed", found=len(found))
    return [_view(one, session) for one in found]


async def end_own(context: AppContext, session: PageSession, id_: str) -> None:
    """One of the caller's own. Raises NOT_FOUND where there is none of that id any more."""
    await _end(context, session.signed_in.principal, Act.SIGN_OUT, [_digest(id_)], session.signed_in.principal.subject)


async def end_others(context: AppContext, session: PageSession) -> int:
    """All of the caller's own but the one with which they ask: how many."""
    others = [bytes.fromhex(one.id) for one in await own(context, session) if not one.is_this]
    if others:
        await _end(context, session.signed_in.principal, Act.SIGN_OUT, others, session.signed_in.principal.subject)
    return len(others)


async def end_anybodys(context: AppContext, principal: Principal, id_: str) -> None:
    """Whosever it is. Raises NotPermitted, NOT_FOUND."""
    await _end(context, principal, Act.OPERATE, [_digest(id_)], None)


async def _end(
    context: AppContext, principal: Principal, act: Act, digests: Sequence[bytes], subject: str | None
) -> None:
    """`subject`: whose they have to be; None: anybody's."""
    async with context.transaction(principal, act) as tx:
        require(principal, act)
        ended = [await _end_one(context, tx, one, subject) for one in digests]
        if not any(ended):
            raise OneThingError(FailureCode.NOT_FOUND, "这个登录已经不在了，请刷新页面。")
        access_log.add(tx, act, context.clock.now(), detail="session_ended", found=sum(ended))
    await context.lockouts.look()


async def _end_one(context: AppContext, tx: Transaction, digest: bytes, subject: str | None) -> bool:
    row = await page_sessions.get(tx, digest)
    if row is None or subject not in (None, row.subject):
        return False
    await page_sessions.end(tx, digest)
    try:
        signed_in = await context.signed_in(token_of(context, digest, row))
    except OneThingError:
        return True  # of no use already, or nobody can tell now: without its session nobody has the token
    now = context.clock.now()
    await lockouts.add(tx, "token", signed_in.token_id, now, reason="session_ended", until=signed_in.expires_at)
    return True


def _view(head: PageSessionHead, session: PageSession) -> SignedInHere:
    return SignedInHere(
        id=head.digest.hex(),
        subject=head.subject,
        browser=head.browser,
        shared=head.shared,
        began_at=head.began_at,
        seen_at=head.seen_at,
        ends_at=head.ends_at,
        is_this=head.digest == digest_of(session.secret),
    )


def _digest(id_: str) -> bytes:
    """Raises NOT_FOUND for what is none."""
    try:
        digest = bytes.fromhex(id_) if len(id_) == _ID_LENGTH else b""
    except ValueError:
        digest = b""
    if not digest:
        raise OneThingError(FailureCode.NOT_FOUND, "这个登录已经不在了，请刷新页面。")
    return digest
