"""Signing in for trying things out. Elsewhere people sign in at their own issuer (OIDC), and there is no such act."""

from onething.domain.errors import FailureCode, OneThingError
from onething.security.demo_accounts import WrongCredentials
from onething.services.core.context import AppContext
from onething.services.summaries.responses import ResponseModel
from onething.store.connection.actor import Actor
from onething.store.record import access_log


class Token(ResponseModel):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105  the scheme's name, not a secret
    expires_in: int


async def sign_in(context: AppContext, username: str, password: str, address: str) -> Token:
    """Raises WrongCredentials, TooManyRequests, or NOT_FOUND where there are no accounts. Each try leaves a line."""
    if context.accounts is None or context.issuer is None:
        raise OneThingError(FailureCode.NOT_FOUND, "本系统使用统一身份认证，请从统一身份认证平台登录。")
    context.sign_in_limit.check(address)
    try:
        principal = context.accounts.sign_in(username, password)
    except WrongCredentials:
        async with context.database.transaction(Actor.anybody()) as tx:
            await access_log.add(tx, "sign_in", context.clock.now(), detail="refused")
        raise
    async with context.database.transaction(Actor.of(principal)) as tx:
        await access_log.add(tx, "sign_in", context.clock.now())
    issued = context.issuer.issue(principal, context.accounts.identity_number(username))
    return Token(access_token=issued.access_token, expires_in=issued.expires_in)
