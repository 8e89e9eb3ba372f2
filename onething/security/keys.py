"""Keys as settings carry them: base64 text of an exact number of bytes."""

import base64
import binascii

KEY_BYTES = 32


def decode_key(name: str, text: str, *, length: int = KEY_BYTES) -> bytes:
    """The key that the setting `name` holds, exactly `length` bytes of it.

    Raises ValueError that names the setting and never quotes it.
    """
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        # `from None`: the library's error may quote what it was given
        raise ValueError(f"{name}: not valid base64") from None
    if len(key) != length:
        raise ValueError(f"{name}: {len(key)} bytes where {length} are needed")
    return key


def require_key(name: str, key: bytes) -> bytes:
    """`key`, or ValueError if it is shorter than 256 bits."""
    if len(key) < KEY_BYTES:
        raise ValueError(f"{name}: {len(key)} bytes where at least {KEY_BYTES} are needed")
    return key
