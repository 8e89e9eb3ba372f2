"""The issuers file: whose tokens are accepted, with which keys and algorithms, and which roles each may give.

YAML, `issuers:` with one entry for each; docs/operating.md explains it. What an entry leaves out grants nothing: no
roles, no level, no second factor.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from onething.domain.base import Strict
from onething.domain.identity import IdType
from onething.domain.principal import Region, Role

Algorithm = Literal["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512", "EdDSA"]
"""Asymmetric only: who can check a token must not be able to make one."""

IssuerCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,19}$")]
ClaimPath = Annotated[str, StringConstraints(pattern=r"^[^.\s]{1,100}(\.[^.\s]{1,100}){0,5}$")]
_LONGEST_LIFETIME_S = 12 * 3600
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class IssuersUnusable(ValueError):
    """The issuers file can't be read; the message says where and what to do."""


class ClaimPaths(Strict):
    """Where a token says what, a dot leading into objects: `realm_access.roles`."""

    role: ClaimPath = "role"
    department: ClaimPath = "department"
    region: ClaimPath = "region"
    scopes: ClaimPath = "scopes"  # of `outlet:<code>` and `region:<code>`: where in their division somebody works
    name: ClaimPath = "name"
    identity: ClaimPath | None = None  # who is not trusted to say whose number it is says none
    identity_kind: ClaimPath | None = None  # of which kind of paper that is; none: resident identity cards
    level: ClaimPath = "acr"


class PageSignIn(Strict):
    """How people sign in to the pages with an issuer (OpenID Connect, code and PKCE). `name`: on the button.
    `client_secret_file`: of a confidential client; none: a public one. `scope`: with `offline_access` a session
    outlives the first token. `parameters`: more of the authorization request, such as `prompt`."""

    client_id: str = Field(min_length=1, max_length=200)
    name: str = Field(min_length=1, max_length=40)
    scope: str = Field("openid offline_access", pattern=r"^[\x21-\x7e]+( [\x21-\x7e]+)*$")
    client_secret_file: Path | None = None
    parameters: Mapping[str, str] = Field(default_factory=dict)


class Issuer(Strict):
    """Whom we trust. `code` stands before the subject wherever one of its callers is named (`code:sub`), so that the
    callers of two issuers never are the same.

    `roles`: which it may give; `role`: what all its callers are, where it gives none. `levels`: value of the level's
    claim → 0 none, 1 real name (实名), 2 real person (实人), 3 in person. `identity_kinds`: its word for a kind of
    paper → ours, where they differ. `mfa`: values of `amr` that count as a second factor. Keys: `jwks_url`,
    `jwks_file`, or neither: found by the issuer's discovery document. `pages`: people sign in to the pages with it;
    none: its callers are programs, or come with tokens of their own.
    """

    code: IssuerCode
    issuer: str = Field(min_length=1, max_length=500)
    audience: str = Field(min_length=1, max_length=500)
    algorithms: frozenset[Algorithm] = frozenset({"ES256"})
    token_types: frozenset[str] = frozenset({"at+jwt"})
    roles: frozenset[Role] = frozenset()
    role: Role | None = None
    role_names: Mapping[str, Role] = Field(default_factory=dict, description="its word → ours")
    region: Region | None = Field(None, description="of callers whose token names none")
    claims: ClaimPaths = ClaimPaths()
    levels: Mapping[str, int] = Field(default_factory=dict)
    identity_kinds: Mapping[str, IdType] = Field(default_factory=dict)
    mfa: frozenset[str] = frozenset()
    max_lifetime_s: int = Field(900, ge=1, le=_LONGEST_LIFETIME_S)
    jwks_url: str | None = None
    jwks_file: Path | None = None
    pages: PageSignIn | None = None

    @field_validator("token_types")
    @classmethod
    def _lower(cls, types: frozenset[str]) -> frozenset[str]:
        return frozenset(one.lower() for one in types)

    @field_validator("levels")
    @classmethod
    def _known_levels(cls, levels: Mapping[str, int]) -> Mapping[str, int]:
        if any(level not in range(4) for level in levels.values()):
            raise ValueError("a level is 0, 1, 2 or 3")
        return levels

    @field_validator("roles")
    @classmethod
    def _of_people_and_systems(cls, roles: frozenset[Role]) -> frozenset[Role]:
        if Role.WORKER in roles:
            raise ValueError("worker is the role of our own processes: no issuer gives it")
        return roles

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.role is not None and self.role not in self.roles:
            raise ValueError("`role` must be one of `roles`")
        if self.jwks_url and self.jwks_file:
            raise ValueError("either `jwks_url` or `jwks_file`")
        # of an issuer whose keys are a file the name is a name; all else is fetched, and so has to be what it seems
        if not self.jwks_file or self.pages:
            require_safe(self.jwks_url or self.issuer)
        return self

    def subject(self, sub: str) -> str:
        """How facts name a caller of this issuer."""
        return f"{self.code}:{sub}"


class _File(Strict):
    issuers: tuple[Issuer, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _all_different(self) -> Self:
        for what, values in (
            ("code", [one.code for one in self.issuers]),
            ("issuer", [one.issuer for one in self.issuers]),
        ):
            if len(set(values)) < len(values):
                raise ValueError(f"two entries have the same `{what}`")
        return self


def load(file: Path) -> tuple[Issuer, ...]:
    """The entries of an issuers file, a relative `jwks_file` from its folder. Raises IssuersUnusable."""
    try:
        read = _File.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as unreadable:
        raise IssuersUnusable(f"读不了 {file}（{type(unreadable).__name__}）：请核对路径和权限。") from None
    except yaml.YAMLError:
        raise IssuersUnusable(f"{file} 不是 YAML：请核对缩进和引号。") from None
    except ValidationError as wrong:
        found = "；".join(f"{'.'.join(map(str, one['loc'])) or 'issuers'}：{one['msg']}" for one in wrong.errors()[:10])
        raise IssuersUnusable(f"{file} 有误：{found}。写法见 docs/operating.md“登录”。") from None
    return tuple(_beside(file, one) for one in read.issuers)


def _beside(file: Path, issuer: Issuer) -> Issuer:
    found: dict[str, object] = {}
    if issuer.jwks_file:
        found["jwks_file"] = file.parent / issuer.jwks_file
    if issuer.pages and issuer.pages.client_secret_file:
        secret = file.parent / issuer.pages.client_secret_file
        found["pages"] = issuer.pages.model_copy(update={"client_secret_file": secret})
    return issuer.model_copy(update=found)


def require_safe(url: str) -> None:
    """Raises ValueError unless keys may be fetched from there."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return
    raise ValueError("keys are fetched by https only (http: from this machine itself)")
