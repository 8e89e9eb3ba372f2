"""Sessions of the pages: a browser shows a secret, behind which the token stands that signs its user in.

What a token may do, until when it is in force and who is locked out is judged at each request, as for programs. A token
that has ended is renewed where its issuer gives another; who is not let in any more by the issuer is out here, too.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from onething.domain.errors import FailureCode, OneThingError
from onething.security.identity.claims import SignedIn
from onething.security.identity.code_flow import Tokens
from onething.security.identity.refusals import IdentityUnavailable, NotSignedIn
from onething.security.page_sessions import browser_of, digest_of, new_secret, times_of
from onething.services.core.context import AppContext
from onething.services.identity import lockouts
from onething.store.connection.actor import Actor
from onething.store.connection.database import Transaction
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


async def begin(
    context: AppContext, tokens: Tokens, *, issuer: str | None = None, shared: bool, browser: str, earlier: str
) -> PageSession:
    """A new one, with a secret of its own. `browser`: what it calls itself; `earlier`: the secret that it has shown so
    far, whose session ends, whoever it was. Raises NotSignedIn, as `AppContext.signed_in`, for a token of no use."""
    signed_in, secret, now = await context.signed_in(tokens.access), new_secret(), context.clock.now()
    times = times_of(signed_in.principal.role, shared=shared)
    ends_at = now + times.whole if tokens.refresh else min(now + times.whole, signed_in.expires_at)
    digest = _digest(secret)
    sealed = _Sealed(context, digest)
    row = PageSessionRow(
        subject=signed_in.principal.subject,
        token=sealed.seal(tokens.access),
        issuer=issuer,
        refresh=sealed.seal(tokens.refresh) if tokens.refresh else None,
        shared=shared,
        browser=browser_of(browser),
        began_at=now,
        seen_at=now,
        ends_at=ends_at,
    )
    async with context.database.transaction(Actor.page_session(digest, now)) as tx:
        await page_sessions.add(tx, digest, row)
    await _end_earlier(context, earlier, signed_in)
    return PageSession(secret, signed_in, shared, min(now + times.idle, ends_at), ends_at)


async def find(context: AppContext, secret: str, *, used: bool = True) -> PageSession | None:
    """The session of the browser that shows this secret. `used`: somebody does something, so it goes on. None once it
    has ended, or its user may not come in any more. Raises IdentityUnavailable while nobody can tell."""
    digest, now = digest_of(secret), context.clock.now()
    if digest is None:
        return None
    async with context.database.transaction(Actor.page_session(digest, now)) as tx:
        row = await page_sessions.get(tx, digest)
        if row is None or now >= row.ends_at:
            return None
        signed_in = await _signed_in(context, tx, digest, row)
        if signed_in is None:
            return None
        idle = times_of(signed_in.principal.role, shared=row.shared).idle
        if now >= row.seen_at + idle + _NOTED_EVERY:
            return None
        if used and now - row.seen_at >= _NOTED_EVERY:
            await page_sessions.seen(tx, digest, now)
        since = now if used else row.seen_at
        return PageSession(secret, signed_in, row.shared, min(since + idle, row.ends_at), row.ends_at)


async def end(context: AppContext, session: PageSession) -> None:
    """Signed out: the browser's secret is of no use any more, nor is the token."""
    digest = _digest(session.secret)
    async with context.database.transaction(Actor.page_session(digest, context.clock.now())) as tx:
        await page_sessions.end(tx, digest)
    await lockouts.sign_out(context, session.signed_in)
    await context.lockouts.look()


async def _end_earlier(context: AppContext, secret: str, instead: SignedIn) -> None:
    """One browser has one session: nobody could sign out of the one whose secret it shows no more."""
    digest = digest_of(secret)
    if digest is None:
        return
    async with context.database.transaction(Actor.page_session(digest, context.clock.now())) as tx:
        row = await page_sessions.get(tx, digest)
        if row is None:
            return
        await page_sessions.end(tx, digest)
    try:
        signed_in = await context.signed_in(token_of(context, digest, row))
    except (
        NotSignedIn,
        IdentityUnavailable,
    ):  # it has ended, or nobody can read it now: its secret is gone all the same
        return
    if signed_in.token_id != instead.token_id:
        await lockouts.sign_out(context, signed_in)
        await context.lockouts.look()


def token_of(context: AppContext, digest: bytes, row: PageSessionRow) -> str:
    return _Sealed(context, digest).open(row.token)


async def _signed_in(context: AppContext, tx: Transaction, digest: bytes, row: PageSessionRow) -> SignedIn | None:
    try:
        return await context.signed_in(token_of(context, digest, row))
    except NotSignedIn:
        if row.refresh is None:
            return None
    try:
        return await _renewed(context, tx, digest, row)
    except NotSignedIn:
        return None


async def _renewed(context: AppContext, tx: Transaction, digest: bytes, row: PageSessionRow) -> SignedIn | None:
    """Of several requests at once one asks the issuer: what it gave before may be of no use once it has given another.
    Raises NotSignedIn, IdentityUnavailable."""
    now, sealed = await page_sessions.get_alone(tx, digest), _Sealed(context, digest)
    if now is None or now.refresh is None:
        return None
    flow = context.code_flows.get(now.issuer or "")
    if flow is None:
        return None
    if now.token != row.token:
        return await context.signed_in(sealed.open(now.token))
    tokens = await flow.refresh(sealed.open(now.refresh))
    found = await context.signed_in(tokens.access)
    refresh = sealed.seal(tokens.refresh) if tokens.refresh else None
    at = context.clock.now()
    await page_sessions.renewed(tx, digest, token=sealed.seal(tokens.access), refresh=refresh, at=at)
    return found


def _digest(secret: str) -> bytes:
    digest = digest_of(secret)
    if digest is None:
        raise OneThingError(FailureCode.INTERNAL, "会话编号无法使用，请重新登录。")
    return digest


class _Sealed:
    """What is kept of a session belongs to that one."""

    def __init__(self, context: AppContext, digest: bytes) -> None:
        self._sealer = context.sealer
        self._place = f"page_session/{digest.hex()}"

    def seal(self, text: str) -> bytes:
        return self._sealer.seal(text.encode(), context=self._place)

    def open(self, sealed: bytes) -> str:
        return self._sealer.open(sealed, context=self._place).decode()
