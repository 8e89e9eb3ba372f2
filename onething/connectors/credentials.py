"""How we say who we are, source by source. Secrets come from the settings and go into the one call, nowhere else."""

import base64
import ssl
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import httpx
import orjson

from onething.domain.calendar.time_source import TimeSource
from onething.domain.lookups.answers import Cause, SourceAnswerMalformed, SourceUnavailable
from onething.domain.sources.source import ApiKey, Authentication, ClientCredentials, Hmac, MutualTls
from onething.security.keys import decode_key
from onething.security.signed_calls import sign

_EARLY = timedelta(seconds=30)  # a token is renewed before it ends
_SHORTEST_S, _LONGEST_S = 1, 24 * 3600


class SourceCredentials:
    """The secrets by the names that definitions know them by, and the tokens got for them."""

    def __init__(self, secrets: Mapping[str, str], clock: TimeSource) -> None:
        self._secrets = secrets
        self._clock = clock
        self._tokens: dict[ClientCredentials, tuple[str, datetime]] = {}

    @classmethod
    def from_setting(cls, text: str, clock: TimeSource) -> "SourceCredentials":
        """From `name:secret,name:secret`."""
        parts = (part.strip().partition(":") for part in text.split(",") if part.strip())
        return cls({name: secret for name, _, secret in parts}, clock)

    def check(self, authentications: Iterable[Authentication | None]) -> None:
        """ValueError that names what is missing or can't be used, and quotes no secret."""
        for one in authentications:
            if one is None:
                continue
            if not self._secrets.get(one.secret):
                raise ValueError(f"source secrets: {one.secret} is missing")
            if isinstance(one, Hmac):
                decode_key(f"source secrets: {one.secret}", self._secrets[one.secret])
            if isinstance(one, MutualTls):
                self.tls(one)

    def tls(self, how: MutualTls) -> ssl.SSLContext:
        """For a client that shows our certificate. ValueError if the file can't be used."""
        context = ssl.create_default_context()
        try:
            context.load_cert_chain(self._secrets[how.secret])
        except (OSError, ssl.SSLError):
            raise ValueError(f"source secrets: {how.secret} is no PEM file with certificate and key") from None
        return context

    async def headers(
        self, client: httpx.AsyncClient, name: str, how: Authentication | None, key: str, body: bytes
    ) -> Mapping[str, str]:
        """What the call has to carry. `name` is the counterpart's, for errors.

        Raises SourceUnavailable and SourceAnswerMalformed if there is no token to be had.
        """
        match how:
            case ApiKey():
                return {how.header: self._secrets[how.secret]}
            case Hmac():
                secret = decode_key(how.secret, self._secrets[how.secret])
                return sign(secret, key, int(self._clock.now().timestamp()), body)
            case ClientCredentials():
                return {"Authorization": f"Bearer {await self._token(client, name, how)}"}
            case MutualTls() | None:
                return {}

    def refused(self, how: Authentication | None) -> None:
        """The counterpart did not take it (401): a token is not to be shown again."""
        if isinstance(how, ClientCredentials):
            self._tokens.pop(how, None)

    async def _token(self, client: httpx.AsyncClient, name: str, how: ClientCredentials) -> str:
        token, until = self._tokens.get(how, ("", self._clock.now()))
        if self._clock.now() < until:
            return token
        asked = {"grant_type": "client_credentials", **({"scope": how.scope} if how.scope else {})}
        basic = base64.b64encode(f"{how.client_id}:{self._secrets[how.secret]}".encode()).decode()
        answer = await client.post(how.token_path, data=asked, headers={"Authorization": f"Basic {basic}"})
        if answer.status_code >= 500:
            raise SourceUnavailable(name, Cause.SERVER_ERROR)
        try:
            told = orjson.loads(answer.content)
            token, seconds = str(told["access_token"]), float(told.get("expires_in", 60))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
            raise SourceAnswerMalformed(name, f"token, status {answer.status_code}") from None
        good_for = timedelta(seconds=min(max(seconds, _SHORTEST_S), _LONGEST_S))
        self._tokens[how] = (token, self._clock.now() + max(good_for - _EARLY, good_for / 2))
        return token
