"""Sessions of the pages: the cookie's secret, what is derived from it, and how long each lasts.

The secret is in the browser only; the record keeps its digest. All times are assumed: GB/T 22239-2019 8.1.4.1 b asks
for a session that ends when nobody uses it, and names no minutes.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from onething.domain.principal import Role

_SECRET_BYTES = 32
_MASK_BYTES = 16
_LONGEST_SECRET = 64
_FORMS = b"onething/forms"


@dataclass(frozen=True)
class SessionTimes:
    idle: timedelta
    whole: timedelta


_OF_STAFF = SessionTimes(idle=timedelta(minutes=30), whole=timedelta(hours=12))
_SHARED = SessionTimes(idle=timedelta(minutes=5), whole=timedelta(hours=8))
_APPLYING = SessionTimes(idle=timedelta(minutes=30), whole=timedelta(hours=8))
TIMES: Mapping[Role, SessionTimes] = MappingProxyType(
    {
        Role.CITIZEN: _APPLYING,
        Role.AGENT: _APPLYING,
        Role.COUNTER: SessionTimes(idle=timedelta(minutes=60), whole=timedelta(hours=12)),
    }
)


def times_of(role: Role, *, shared: bool) -> SessionTimes:
    """`shared`: at a public computer, as its user said."""
    return _SHARED if shared else TIMES.get(role, _OF_STAFF)


_MACHINES = (
    ("HarmonyOS", "鸿蒙设备"),
    ("OpenHarmony", "鸿蒙设备"),
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"),
    ("Mac OS X", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("AlipayClient", "支付宝"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
LONGEST_IDLE = max(one.idle for one in (_OF_STAFF, *TIMES.values()))
"""Nobody's session goes on that was not used for so long."""


def browser_of(user_agent: str) -> str:
    """By which its user knows it again, and no more of it than that."""
    found = (next((name for sign, name in signs if sign in user_agent), "") for signs in (_MACHINES, _BROWSERS))
    return "，".join(filter(None, found)) or "不认识的浏览器"


def new_secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest_of(secret: str) -> bytes | None:
    """Under which the record knows it; None for what can't be one."""
    if not secret.isascii() or not 0 < len(secret) <= _LONGEST_SECRET:
        return None
    return hashlib.sha256(secret.encode()).digest()


def form_token(secret: str) -> str:
    """For a form of this session. Masked anew each time: pages are compressed, and what repeats in them can be guessed
    by their length."""
    mask = secrets.token_bytes(_MASK_BYTES)
    return (mask + _masked(secret, mask)).hex()


def is_form_token(secret: str, token: str) -> bool:
    """Whether the form was rendered for this session."""
    try:
        shown = bytes.fromhex(token)
    except ValueError:
        return False
    mask, masked = shown[:_MASK_BYTES], shown[_MASK_BYTES:]
    return len(mask) == _MASK_BYTES and hmac.compare_digest(masked, _masked(secret, mask))


def _masked(secret: str, mask: bytes) -> bytes:
    own = hmac.digest(secret.encode(), _FORMS, "sha256")[:_MASK_BYTES]
    return bytes(one ^ other for one, other in zip(own, mask, strict=True))
