"""What a data source is: whom it belongs to, what it is asked and answers, and how patiently it is asked again.

A file `definitions/sources/<code>.yaml` holds one `SourceDefinition`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from onething.domain.base import Code, FieldId, Strict, Text


class SourceEffect(StrEnum):
    NONE = "none"  # a look-up leaves nothing behind
    RELEASABLE = "releasable"  # it holds something (a reserved name) until it is released


class SourceGives(StrEnum):
    RECORD = "record"
    LICENCE = "licence"  # a licence in electronic form, with what it says


class SourceStyle(StrEnum):
    """How a source answers. What it may do beside: answer at once, whatever its style."""

    ANSWERS = "answers"  # in the call; 202 is asked again as a failure is
    POLL = "poll"  # 202, and the same key asks for what has become of it
    CALLBACK = "callback"  # 202, and it calls us when it knows; asked again seldom, in case the call got lost


class Seen(StrEnum):
    """What is counted of a source. Seconds: `waited` from asked to answered, `age` of the record as it came."""

    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_YET = "not_yet"  # it lives, and has no answer yet
    FAILED = "failed"
    WAITED = "waited"
    AGE = "age"


Counts = Mapping[tuple[str, Seen, int], int]
"""(code of the source, what was seen, bucket of its seconds or 0) → how often. Buckets: `domain.spread`."""


class SourceParam(Strict):
    """A look-up parameter, sent as text. `personal` marks what must stay sealed."""

    id: FieldId
    label: Text
    personal: bool = False
    required: bool = True


class SourceFieldType(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"  # text, as 2026-03-02


ReplyPath = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*){0,5}$", max_length=200)
]
"""Names of objects' members in a reply, from the outermost."""


class SourceField(SourceParam):
    """A field of the record, at `from` in the reply (else `record.<id>`). Without a type any text, number or truth
    value will do."""

    type: SourceFieldType | None = None
    from_: ReplyPath | None = Field(None, alias="from")

    @property
    def path(self) -> str:
        return self.from_ or f"record.{self.id}"


class FastRetry(Strict):
    """The first `attempts` delays: `first_s`, then each `factor` times the one before."""

    first_s: float = Field(gt=0, le=60)
    factor: float = Field(default=2, ge=1, le=10)
    attempts: int = Field(ge=0, le=20)


class SlowRetry(Strict):
    every_s: float = Field(gt=0, le=24 * 3600)


class RetrySchedule(Strict):
    fast: FastRetry
    slow: SlowRetry


SecretName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
"""What a secret is called in the setting that holds it. Secrets themselves never stand in a definition."""


class ApiKey(Strict):
    kind: Literal["api_key"] = "api_key"
    secret: SecretName
    header: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,59}$")] = "X-Api-Key"


class Hmac(Strict):
    """Every call is signed as Standard Webhooks has it, its idempotency key being the id. The secret is base64 of 32
    bytes."""

    kind: Literal["hmac"] = "hmac"
    secret: SecretName


class ClientCredentials(Strict):
    """OAuth 2.0 (RFC 6749, 4.4): a token for client id and secret, kept for as long as it is good."""

    kind: Literal["oauth2_client_credentials"] = "oauth2_client_credentials"
    token_path: Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9-]+)+$", max_length=200)]
    client_id: Text
    secret: SecretName
    scope: Text | None = None


class MutualTls(Strict):
    """Our side shows a certificate. The secret is the path of a PEM file that holds it and its key."""

    kind: Literal["mtls"] = "mtls"
    secret: SecretName


Authentication = Annotated[ApiKey | Hmac | ClientCredentials | MutualTls, Field(discriminator="kind")]


KEPT_AT_MOST_MINUTES = 60 * 24 * 7
"""Assumed: personal data that no case needs any more stays no longer than that."""


class SourceDefinition(Strict):
    """One data source of one department. Patience is the source's own; a bundle may set another."""

    code: Code
    name: Text
    department: Code
    path: Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9-]+)+$", max_length=200)]
    params: tuple[SourceParam, ...] = Field(min_length=1)
    fields: tuple[SourceField, ...] = Field(min_length=1)
    as_of_from: ReplyPath = "as_of"  # where a reply says of when the record is
    gives: SourceGives = SourceGives.RECORD
    effect: SourceEffect = SourceEffect.NONE
    timeout_s: float = Field(gt=0, le=50)  # an attempt lasts at most 60 s, with its records around it
    authentication: Authentication | None = None
    per_second: float | None = Field(default=None, gt=0, le=10_000)  # calls at most, of all workers together
    style: SourceStyle = SourceStyle.ANSWERS
    status_path: Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9-]+)+$", max_length=200)] | None = None
    ask_again_s: float | None = Field(default=None, ge=1, le=24 * 3600)  # after a 202: poll, or chase the callback
    retry: RetrySchedule
    patience_minutes: int = Field(ge=1, le=60 * 24 * 60)
    fresh_for_minutes: int | None = Field(default=None, ge=1, le=KEPT_AT_MOST_MINUTES)  # asked again only after that
    stale_ok_minutes: int | None = Field(default=None, ge=1, le=KEPT_AT_MOST_MINUTES)  # before the fallback
    max_concurrent: int | None = Field(default=None, ge=1, le=1000)  # calls at once at most, of all workers together

    @model_validator(mode="after")
    def _style_says_when_to_ask_again(self) -> Self:
        if (self.style is SourceStyle.ANSWERS) != (self.ask_again_s is None):
            raise ValueError("ask_again_s belongs to the styles poll and callback, and to no other")
        return self

    @model_validator(mode="after")
    def _only_who_is_polled_has_a_status(self) -> Self:
        if self.status_path is not None and self.style is not SourceStyle.POLL:
            raise ValueError("status_path belongs to the style poll: where its Location may lead, if not below path")
        return self

    @property
    def kept_minutes(self) -> int:
        """How long a record that came is kept for others who ask the same; 0: not at all."""
        return max(self.fresh_for_minutes or 0, self.stale_ok_minutes or 0)

    @model_validator(mode="after")
    def _only_what_can_be_repeated_is_kept(self) -> Self:
        if self.kept_minutes and self.effect is not SourceEffect.NONE:
            raise ValueError("fresh_for_minutes, stale_ok_minutes: what a source holds for one case serves no other")
        if self.kept_minutes and self.style is SourceStyle.CALLBACK:
            raise ValueError("fresh_for_minutes, stale_ok_minutes: a callback does not say what was asked")
        return self

    @model_validator(mode="after")
    def _reply_holds_every_value_once(self) -> Self:
        paths = [self.as_of_from, *(field.path for field in self.fields)]
        for path in paths:
            if paths.count(path) > 1 or any(other.startswith(path + ".") for other in paths):
                raise ValueError(f"from: {path} is the place of more than one value")
        fixed = self.as_of_from == "as_of" and all(path.startswith("record.") for path in paths if path != "as_of")
        if self.style is SourceStyle.CALLBACK and not fixed:
            raise ValueError("from: a source that calls back has as_of and everything else within record")
        return self

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for what, listed in (("params", self.params), ("fields", self.fields)):
            names = [field.id for field in listed]
            if len(set(names)) != len(names):
                raise ValueError(f"{what}: the same id twice")
        return self


def delay_of_accepted(source: SourceDefinition, attempt: int, told_s: float | None) -> float:
    """Seconds to wait after a 202, which may have `told_s` (Retry-After). A source that calls back knows no better than
    its definition when a call of its is lost."""
    if source.ask_again_s is None:
        return told_s or next_delay(source, attempt)
    return source.ask_again_s if source.style is SourceStyle.CALLBACK else told_s or source.ask_again_s


def next_delay(source: SourceDefinition, attempt: int) -> float:
    """Seconds to wait after the `attempt`-th attempt (from 1) failed: fast first, then slow, never slower than slow."""
    fast, slow = source.retry.fast, source.retry.slow
    if attempt > fast.attempts:
        return slow.every_s
    return min(fast.first_s * fast.factor ** (attempt - 1), slow.every_s)
