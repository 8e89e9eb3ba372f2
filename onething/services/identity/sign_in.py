"""Signing in for trying things out. Elsewhere people sign in at their own issuer (OIDC), and there is no such act."""

import hashlib

from onething.domain.errors import FailureCode, OneThingError
from onething.security.demo_accounts import WrongCredentials
from onething.security.limits import Allowance
from onething.services.core.context import AppContext
from onething.services.summaries.responses import ResponseModel
from onething.store.connection.actor import Actor
from onething.store.record import access_log

_SIGN_IN = "sign_in"


class Token(ResponseModel):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105  the scheme's name, not a secret
    expires_in: int


async def sign_in(context: AppContext, username: str, password: str) -> Token:
    """Raises WrongCredentials, LimitReached for more wrong ones of one name than are told, from wherever they come, or
    NOT_FOUND where there are no accounts. Each leaves a line, failures a sum."""
    if context.accounts is None or context.issuer is None:
        raise OneThingError(FailureCode.NOT_FOUND, "本系统使用统一身份认证，请从统一身份认证平台登录。")
    try:
        principal = context.accounts.sign_in(username, password)
    except WrongCredentials as refused:
        # an unknown name may be a password, typed into the wrong field
        known = username if context.accounts.of(username) else None
        context.refusals.add(_SIGN_IN, refused.code, detail=known)
        context.limits.take(Allowance.SIGN_IN, f"account/{hashlib.sha256(username.encode()).hexdigest()}")
        raise
    async with context.database.transaction(Actor.of(principal)) as tx:
        access_log.add(tx, _SIGN_IN, context.clock.now())
    issued = context.issuer.issue(principal, context.accounts.identity_number(username))
    return Token(access_token=issued.access_token, expires_in=issued.expires_in)
