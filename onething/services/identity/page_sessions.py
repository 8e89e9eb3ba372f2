"""Sessions of the pages: a browser shows a secret, behind which the token stands that signs its user in.

What a token may do, until when it is in force and who is locked out is judged at each request, as for programs.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, OneThingError
from onething.security.identity.claims import SignedIn
from onething.security.identity.refusals import NotSignedIn
from onething.security.page_sessions import digest_of, new_secret, times_of
from onething.services.core.context import AppContext
from onething.services.identity import lockouts
from onething.store.connection.actor import Actor
from onething.store.tables import page_sessions
from onething.store.tables.page_sessions import PageSessionRow

_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PageSession:
    """`until`: when it ends unless it is used; `ends_at`: when it ends all the same."""

    secret: str = field(repr=False)
    signed_in: SignedIn
    shared: bool
    until: datetime
    ends_at: datetime


async def begin(context: AppContext, token: str, *, shared: bool) -> PageSession:
    """A new one, with a secret of its own. Raises NotSignedIn, as `AppContext.signed_in`, for a token that is of no
    use."""
    signed_in, secret, now = await context.signed_in(token), new_secret(), context.clock.now()
    times = times_of(signed_in.principal.role, shared=shared)
    ends_at = min(now + times.whole, signed_in.expires_at)
    digest = _digest(secret)
    async with context.database.transaction(Actor.page_session(digest, now)) as tx:
        await page_sessions.add(
            tx,
            digest,
            subject=signed_in.principal.subject,
            token=context.sealer.seal(token.encode(), context=_place(digest)),
            shared=shared,
            at=now,
            ends_at=ends_at,
        )
    return PageSession(secret, signed_in, shared, min(now + times.idle, ends_at), ends_at)


async def find(context: AppContext, secret: str) -> PageSession | None:
    """The session of the browser that shows this secret; being asked for, it is in use. None once it has ended, or
    its user may not come in any more."""
    digest, now = digest_of(secret), context.clock.now()
    if digest is None:
        return None
    async with context.database.transaction(Actor.page_session(digest, now)) as tx:
        row = await page_sessions.get(tx, digest)
        if row is None or now >= row.ends_at:
            return None
        session = await _opened(context, secret, digest, row)
        if session is not None and now - row.seen_at >= _NOTED_EVERY:
            await page_sessions.seen(tx, digest, now)
        return session


async def end(context: AppContext, session: PageSession) -> None:
    """Signed out: the browser's secret is of no use any more, nor is the token."""
    digest = _digest(session.secret)
    async with context.database.transaction(Actor.page_session(digest, context.clock.now())) as tx:
        await page_sessions.end(tx, digest)
    await lockouts.sign_out(context, session.signed_in)
    await context.lockouts.look()


async def _opened(context: AppContext, secret: str, digest: bytes, row: PageSessionRow) -> PageSession | None:
    token = context.sealer.open(row.token, context=_place(digest)).decode()
    try:
        signed_in = await context.signed_in(token)
    except NotSignedIn:
        return None
    idle = times_of(signed_in.principal.role, shared=row.shared).idle
    now = context.clock.now()
    if now >= row.seen_at + idle + _NOTED_EVERY:
        return None
    return PageSession(secret, signed_in, row.shared, min(now + idle, row.ends_at), row.ends_at)


def _digest(secret: str) -> bytes:
    digest = digest_of(secret)
    if digest is None:
        raise OneThingError(FailureCode.INTERNAL, "会话编号无法使用，请重新登录。")
    return digest


def _place(digest: bytes) -> str:
    return f"page_session/{digest.hex()}"
