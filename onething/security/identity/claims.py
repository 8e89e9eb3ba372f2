"""What a token with a good signature says, and whether it is in force. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import Field, StrictInt, StringConstraints, ValidationError

from onething.domain.base import Tolerant
from onething.domain.characters import UnusableText, cleaned, is_blank
from onething.domain.identity import IdType
from onething.domain.principal import Assurance, OutletScope, Principal, Role
from onething.security.blind_index import BlindIndex
from onething.security.identity.issuers import Issuer
from onething.security.identity.refusals import NotSignedIn

_LAST_MOMENT = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())
_AHEAD = timedelta(seconds=60)  # how far an issuer's clock may be before ours
_MARKS_OF_ID_TOKENS = ("nonce", "at_hash", "c_hash", "s_hash")
_ROLES = frozenset(Role)
_OUTLET, _REGION = "outlet:", "region:"
_KINDS = {kind.value: kind for kind in IdType}

Seconds = Annotated[StrictInt, Field(ge=0, le=_LAST_MOMENT)]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a valid token says. What is opened with it ends at `expires_at`. `token_id`: the issuer's code and `jti`."""

    principal: Principal
    issued_at: datetime
    expires_at: datetime
    token_id: str


class _Registered(Tolerant):
    """RFC 7519's and RFC 9068's claims; others are looked for by their paths, or ignored."""

    # what is printed, logged and compared: no controls, nothing invisible, no halves of characters
    sub: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]
    jti: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]
    iat: Seconds
    exp: Seconds
    nbf: Seconds | None = None
    auth_time: Seconds | None = None


def signed_in(payload: Mapping[str, Any], issuer: Issuer, index: BlindIndex, now: datetime) -> SignedIn:
    """Raises NotSignedIn unless the claims are whole, in force at `now`, and what the issuer may say."""
    try:
        claims = _Registered.model_validate(payload)
    except ValidationError:
        # the validation error quotes the claims, a name among them
        raise _incomplete() from None
    if payload.get("typ") == "ID" or any(mark in payload for mark in _MARKS_OF_ID_TOKENS):
        raise NotSignedIn("这是身份令牌（ID token），不是访问令牌，请用访问令牌。")
    issued_at, expires_at = _moment(claims.iat), _moment(claims.exp)
    if now >= expires_at:
        raise NotSignedIn("登录已过期，请重新登录。")
    if issued_at > now + _AHEAD or (claims.nbf is not None and _moment(claims.nbf) > now):
        raise NotSignedIn("登录凭证尚未生效，请稍后再试。")
    if not 0 < claims.exp - claims.iat <= issuer.max_lifetime_s:
        raise NotSignedIn("登录凭证的有效期超过了允许的长度，请联系管理员。")
    principal = _principal(payload, claims, issuer, index, now)
    return SignedIn(principal, issued_at, expires_at, f"{issuer.code}:{claims.jti}")


def _principal(
    payload: Mapping[str, Any], claims: _Registered, issuer: Issuer, index: BlindIndex, now: datetime
) -> Principal:
    paths = issuer.claims
    try:
        return Principal(
            subject=issuer.subject(claims.sub),
            role=_role(_at(payload, paths.role), issuer),
            department=_at(payload, paths.department),
            region=(region := _at(payload, paths.region) or issuer.region),
            outlets=_outlets(_at(payload, paths.scopes), region),
            name=_name(_at(payload, paths.name), claims.sub),
            identity=_identity(payload, issuer, index),
            assurance=_assurance(payload, claims, issuer, now),
        )
    except (ValidationError, ValueError, AttributeError, TypeError):
        raise _incomplete() from None


def _outlets(stated: object, region: object) -> OutletScope | None:
    """Of `outlet:<code>` and `region:<code>`, as a list or with blanks between; other words are for somebody else. None
    where no outlet is named. Raises ValueError for what is written otherwise: nobody has a division for a slip."""
    words = stated.split() if isinstance(stated, str) else stated
    if words is None:
        return None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError("scopes are words")
    named = {kind: [word for word in words if word.startswith(kind)] for kind in (_OUTLET, _REGION)}
    if any(word != f"{_REGION}{region}" for word in named[_REGION]):
        raise ValueError("a scope of another division")
    own = tuple(dict.fromkeys(word.removeprefix(_OUTLET) for word in named[_OUTLET]))
    return OutletScope(own=own, sees=frozenset(own), region_too=bool(named[_REGION])) if own else None


def _name(stated: object, sub: str) -> str:
    """What people are called is printed. Raises ValueError for what could not be."""
    if not stated:
        return sub
    if not isinstance(stated, str):
        raise ValueError("a name is text")
    try:
        name = cleaned(stated)
    except UnusableText as unusable:
        raise ValueError(unusable.detail) from None
    return sub if is_blank(name) else name


def _identity(payload: Mapping[str, Any], issuer: Issuer, index: BlindIndex) -> str | None:
    """Blind index of the number that the issuer vouches for; None where it states none, or one of a paper that we don't
    know: what is left out grants nothing."""
    paths = issuer.claims
    number = _at(payload, paths.identity) if paths.identity else None
    if number is None:
        return None
    stated = _at(payload, paths.identity_kind) if paths.identity_kind else None
    kind = IdType.RESIDENT_ID if stated is None else issuer.identity_kinds.get(stated) or _KINDS.get(stated)
    return None if kind is None else index.of_identity(kind, number).hex()


def _role(stated: object, issuer: Issuer) -> Role:
    """The one role among what the token says that the issuer may give. Raises NotSignedIn for none and for several."""
    if stated is None and issuer.role is not None:
        return issuer.role
    words = [one for one in (stated if isinstance(stated, list) else [stated]) if isinstance(one, str)]
    roles = {issuer.role_names.get(word) or (Role(word) if word in _ROLES else None) for word in words} - {None}
    given = [role for role in roles if role in issuer.roles]
    if len(given) != 1:
        raise NotSignedIn("登录凭证没有给出本系统认可的角色，请联系管理员。")
    return given[0]


def _assurance(payload: Mapping[str, Any], claims: _Registered, issuer: Issuer, now: datetime) -> Assurance:
    level, methods = _at(payload, issuer.claims.level), payload.get("amr")
    signed_in_at = None if claims.auth_time is None else _moment(claims.auth_time)
    if signed_in_at is not None and signed_in_at > now + _AHEAD:
        raise _incomplete()
    return Assurance(
        level=issuer.levels.get(level, 0) if isinstance(level, str) else 0,
        mfa=isinstance(methods, list) and any(one in issuer.mfa for one in methods if isinstance(one, str)),
        signed_in_at=signed_in_at,
    )


def _at(payload: Mapping[str, Any], path: str) -> Any:
    """None where there is nothing."""
    found: Any = payload
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _incomplete() -> NotSignedIn:
    return NotSignedIn("登录凭证内容不完整，请重新登录。")
