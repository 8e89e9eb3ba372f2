"""The secrets of one subscription: the newest, and those that it took the place of, for a while."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onething.security.sealing import Sealer
from onething.security.signed_calls import SIGNATURE, sign

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)
_MOST = 3


@dataclass(frozen=True)
class WebhookSecrets:
    """`retained`: `(base64, until)`, the newest first; the newest has no end."""

    retained: tuple[tuple[str, datetime | None], ...]

    @classmethod
    def new(cls) -> "WebhookSecrets":
        return cls(((_fresh(), None),))

    @classmethod
    def opened(cls, sealer: Sealer, id_: str, sealed: bytes) -> "WebhookSecrets":
        """Raises SealBroken."""
        value: list[list[Any]] = sealer.open_json(sealed, context=_context(id_))
        return cls(tuple((text, datetime.fromisoformat(until) if until else None) for text, until in value))

    def sealed(self, sealer: Sealer, id_: str) -> bytes:
        value = [[text, until.isoformat() if until else None] for text, until in self.retained]
        return sealer.seal_json(value, context=_context(id_))

    @property
    def newest(self) -> str:
        """As its owner is shown it, once."""
        return PREFIX + self.retained[0][0]

    def rotated(self, now: datetime) -> "WebhookSecrets":
        """A new one; the one before signs too until `OVERLAP` is over."""
        ending = ((text, until or now + OVERLAP) for text, until in self.retained)
        return WebhookSecrets(((_fresh(), None), *(one for one in ending if one[1] > now))[:_MOST])

    def headers(self, id_: str, now: datetime, body: bytes) -> dict[str, str]:
        """Signed by each that holds at `now`."""
        signed = [sign(key, id_, int(now.timestamp()), body) for key in self._keys(now)]
        return {**signed[0], SIGNATURE: " ".join(one[SIGNATURE] for one in signed)}

    def _keys(self, now: datetime) -> Sequence[bytes]:
        return [base64.b64decode(text) for text, until in self.retained if until is None or until > now]


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _context(id_: str) -> str:
    return f"subscription/{id_}"
