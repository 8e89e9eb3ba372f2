"""What somebody had filled in when their session ended: kept for a while, and given back to the same account alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from onething.domain.principal import Principal
from onething.security.page_sessions import digest_of, new_secret
from onething.services.core.context import AppContext
from onething.store.connection.actor import Actor
from onething.store.tables import kept_forms, page_sessions
from onething.store.tables.kept_forms import KeptFormRow

_KEPT = timedelta(minutes=30)  # assumed


@dataclass(frozen=True)
class KeptForm:
    """`path`: where it goes; `fields` in their order."""

    path: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)


async def keep(context: AppContext, session_secret: str, form: KeptForm) -> str | None:
    """The secret that brings it back; None where nobody knows any more whose session it was."""
    session, now = digest_of(session_secret), context.clock.now()
    if session is None:
        return None
    async with context.database.transaction(Actor.page_session(session, now)) as tx:
        row = await page_sessions.get(tx, session)
    if row is None:
        return None
    secret = new_secret()
    digest = digest_of(secret) or b""
    sealed = context.sealer.seal_json(form.fields, context=_place(digest))
    kept = KeptFormRow(row.subject, form.path, sealed, now + _KEPT)
    async with context.database.transaction(Actor.page_session(digest, now)) as tx:
        await kept_forms.add(tx, digest, kept, now)
    return secret


async def give_back(context: AppContext, principal: Principal, secret: str) -> KeptForm | None:
    """None where nothing is kept. To another account it is not given, nor to anybody afterwards."""
    digest, now = digest_of(secret), context.clock.now()
    if digest is None:
        return None
    async with context.database.transaction(Actor.page_session(digest, now)) as tx:
        row = await kept_forms.get(tx, digest)
        if row is None or now >= row.until:
            return None
        if row.subject != principal.subject:
            await kept_forms.drop(tx, digest)
            return None
    fields: Iterable[list[str]] = context.sealer.open_json(row.fields, context=_place(digest))
    return KeptForm(row.path, tuple((name, value) for name, value in fields))


def _place(digest: bytes) -> str:
    return f"kept_form/{digest.hex()}"
