"""Calls that programs sign for each other, as Standard Webhooks has it: HMAC-SHA256 over id, timestamp and body.

Headers: `webhook-id` (the same at every repeat), `webhook-timestamp` (seconds since 1970), `webhook-signature` (one or
several `v1,<base64>`, separated by blanks). Who called too long ago is refused; within that window a replay says
nothing new, for what is recorded carries a key of its own.
"""

import base64
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from onething.domain.calendar.time_source import TimeSource
from onething.domain.errors import FailureCode, OneThingError
from onething.security.keys import decode_key

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
REPLAY_WINDOW_S = 300
ANYBODY = "*"
_NAME = re.compile(r"(sources|departments|events)/[a-z][a-z0-9-]{0,59}|\*")
_SIGNATURES_AT_MOST = 10


class BadSignature(OneThingError):
    """Does not say which secret or part was wrong, nor whether there is such a counterpart."""

    def __init__(self, detail: str) -> None:
        super().__init__(FailureCode.BAD_SIGNATURE, detail)


def sign(secret: bytes, id_: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of one call."""
    return {
        ID: id_,
        TIMESTAMP: str(timestamp),
        SIGNATURE: f"v1,{base64.b64encode(_mac(secret, id_, timestamp, body)).decode()}",
    }


class SharedSecrets:
    """Secrets by who shares them: `sources/business-licence`, `departments/amr`, `events/medical-certificates`.

    Several while they change.
    """

    def __init__(self, secrets: Iterable[tuple[str, bytes]] = ()) -> None:
        """ValueError for a name of another kind."""
        self._by_name: dict[str, tuple[bytes, ...]] = {}
        for name, secret in secrets:
            if not _NAME.fullmatch(name):
                raise ValueError(
                    "callback secrets: a name is not sources/<code>, departments/<code> or events/<system>"
                )
            self._by_name[name] = (*self._by_name.get(name, ()), secret)

    @classmethod
    def from_setting(cls, text: str) -> Self:
        """From `sources/a:<base64 of 32 bytes>,departments/b:…`; `*` is whoever has none of their own (trials only).
        Raises ValueError without quoting a secret."""
        parts = [part.strip().partition(":") for part in text.split(",") if part.strip()]
        return cls((name, decode_key("callback secrets", secret)) for name, _, secret in parts)

    @property
    def open_to_anybody(self) -> bool:
        return ANYBODY in self._by_name

    def of(self, name: str) -> Sequence[bytes]:
        """The newest last; none for whoever shares nothing with us."""
        return self._by_name.get(name) or self._by_name.get(ANYBODY, ())

    def verify(self, name: str, headers: Mapping[str, str], body: bytes, clock: TimeSource) -> str:
        """The call's id. Raises BadSignature. `headers` by lower-case names."""
        return _verified(self.of(name), headers, body, clock)

    def verify_some(self, kind: str, headers: Mapping[str, str], body: bytes, clock: TimeSource) -> None:
        """Of a counterpart of that kind (`events`), whichever it is: who is known once the body has been read is
        verified then. Raises BadSignature, so that nobody unknown makes us read one."""
        of_kind = (one for name, secrets in self._by_name.items() if name.partition("/")[0] in (kind, ANYBODY)
                   for one in secrets)  # fmt: skip
        _verified(tuple(of_kind), headers, body, clock)


def _verified(secrets: Sequence[bytes], headers: Mapping[str, str], body: bytes, clock: TimeSource) -> str:
    id_, sent = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not id_ or not (sent.isascii() and sent.isdigit() and len(sent) <= 12):
        raise BadSignature(f"缺少签名：请带上 {ID}、{TIMESTAMP}（秒）和 {SIGNATURE}。")
    if abs(clock.now().timestamp() - int(sent)) > REPLAY_WINDOW_S:
        raise BadSignature(
            f"{TIMESTAMP} 与本系统时间相差超过 {REPLAY_WINDOW_S // 60} 分钟：请校准时钟，重新签名后再发。"
        )
    given = [_decoded(one) for one in headers.get(SIGNATURE, "").split(" ")[:_SIGNATURES_AT_MOST]]
    right = [_mac(secret, id_, int(sent), body) for secret in secrets]
    if not any(hmac.compare_digest(one, two) for one in given for two in right):
        raise BadSignature("签名不符：请核对密钥，并对 id.timestamp.body 的原始字节签名。")
    return id_


def _mac(secret: bytes, id_: str, timestamp: int, body: bytes) -> bytes:
    return hmac.digest(secret, f"{id_}.{timestamp}.".encode() + body, "sha256")


def _decoded(signature: str) -> bytes:
    version, _, text = signature.partition(",")
    try:
        return base64.b64decode(text, validate=True) if version == "v1" else b""
    except ValueError:
        return b""
