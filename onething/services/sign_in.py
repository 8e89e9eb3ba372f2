"""Signing in on the embedded stack. Production uses an issuer of its own (OIDC), and this act does not exist there."""

from onething.domain.errors import FailureCode, OneThingError
from onething.security.demo_accounts import WrongCredentials
from onething.services.core.context import Office
from onething.services.summaries.responses import View
from onething.store.connection.actor import Actor
from onething.store.record import access_log


class Token(View):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105  the scheme's name, not a secret
    expires_in: int


async def sign_in(office: Office, username: str, password: str, address: str) -> Token:
    """Raises WrongCredentials, TooManyRequests, or NOT_FOUND where there are no accounts. Each try leaves a line."""
    if office.accounts is None or office.issuer is None:
        raise OneThingError(FailureCode.NOT_FOUND, "本系统使用统一身份认证，请从统一身份认证平台登录。")
    office.sign_in_limit.check(address)
    try:
        caller = office.accounts.sign_in(username, password)
    except WrongCredentials:
        async with office.database.transaction(Actor.anybody()) as tx:
            await access_log.add(tx, "sign_in", office.clock.now(), detail="refused")
        raise
    async with office.database.transaction(Actor.of(caller)) as tx:
        await access_log.add(tx, "sign_in", office.clock.now())
    issued = office.issuer.issue(caller)
    return Token(access_token=issued.access_token, expires_in=issued.expires_in)
