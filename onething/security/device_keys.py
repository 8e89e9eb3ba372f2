"""Keys of a computer at the counter, under which it keeps what it could not send: one for each account there.

Derived, so that nobody has to keep them: whoever signs in again at the same computer is given the same. `device` is
random and stays with what is kept; without the account it gives nothing.
"""

import hashlib
import re
from dataclasses import dataclass, field

from onething.security.sealing import Sealer

_DEVICE = re.compile(r"[0-9a-f]{32}")
_OWNER_BYTES = 16


@dataclass(frozen=True)
class DeviceKey:
    """`key_id`: of the sealing key that it comes from; `owner`: what stands beside entries in place of a name."""

    key_id: str
    key: bytes = field(repr=False)
    owner: str


def device_keys(sealer: Sealer, account: str, device: str) -> tuple[DeviceKey, ...]:
    """Of every sealing key that is in force, the active one's first. Raises ValueError for what is no device."""
    if not _DEVICE.fullmatch(device):
        raise ValueError("a device is 32 hexadecimal digits")
    account_hash = hashlib.sha256(account.encode()).hexdigest()
    keys = sealer.derived(f"outbox/{device}/{account_hash}/key")
    owners = sealer.derived(f"outbox/{device}/{account_hash}/owner")
    return tuple(DeviceKey(one, key, owners[one][:_OWNER_BYTES].hex()) for one, key in keys.items())
