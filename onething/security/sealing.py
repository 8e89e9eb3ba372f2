"""Sealing of personal data: AES-256-GCM under a keyring, each value bound to the place it belongs to.

Layout of a sealed value: version (1 byte), length of the key id (1), key id (ASCII), nonce (12), ciphertext and its
tag (16). Header and context are authenticated, so a value moved to another case or field does not open. Nonces are
random 96-bit: change the active key before 2^32 values were sealed under it (NIST SP 800-38D, 8.3).
"""

import os
import re
from collections.abc import Mapping
from typing import Any, Self

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from onething.domain.errors import FailureCode, OneThingError
from onething.security.keys import KEY_BYTES, decode_key

_VERSION = 1
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class SealBroken(OneThingError):
    """Wrong key, wrong context, or tampered with. Says nothing of the content, nor which of the three it was."""

    def __init__(self) -> None:
        super().__init__(FailureCode.INTERNAL, "加密数据无法打开：密钥不符、位置不符或内容被改动。")


class Sealer:
    """Seals with the active key, opens with any key of the ring: a key is retired once nothing sealed by it is left."""

    def __init__(self, keyring: Mapping[str, bytes], active: str) -> None:
        """`keyring`: key id → 32 bytes. ValueError for a bad id, a key of another length, or an unknown `active`."""
        for key_id, key in keyring.items():
            if not _KEY_ID.fullmatch(key_id):
                raise ValueError("sealing key id: 1 to 32 letters, digits, '_' or '-'")
            if len(key) != KEY_BYTES:
                raise ValueError(f"sealing key {key_id}: {len(key)} bytes where {KEY_BYTES} are needed")
        if active not in keyring:
            raise ValueError("the active sealing key is not in the keyring")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keyring.items()}
        self._keyring = dict(keyring)
        self._active = active

    @classmethod
    def from_setting(cls, text: str) -> Self:
        """From `k1:base64,k2:base64`; the first key is active. Raises ValueError without quoting a key."""
        keyring: dict[str, bytes] = {}
        for position, entry in enumerate(text.split(","), start=1):
            key_id, colon, encoded = entry.strip().partition(":")
            if not colon or not _KEY_ID.fullmatch(key_id):
                raise ValueError(f"sealing keys: entry {position} is not of the form id:base64")
            if key_id in keyring:
                raise ValueError(f"sealing keys: the id {key_id} occurs twice")
            keyring[key_id] = decode_key(f"sealing key {key_id}", encoded)
        return cls(keyring, active=next(iter(keyring)))

    def seal(self, plaintext: bytes, *, context: str) -> bytes:
        """`context` says where the value belongs, such as `20261121000001/form`; opening needs the same."""
        header = bytes([_VERSION, len(self._active)]) + self._active.encode("ascii")
        nonce = os.urandom(_NONCE_BYTES)
        return header + nonce + self._ciphers[self._active].encrypt(nonce, plaintext, _bound(header, context))

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """What was sealed. Raises SealBroken."""
        header, nonce, ciphertext = _split(sealed)
        cipher = self._ciphers.get(header[2:].decode("ascii", "replace"))
        if cipher is None:
            raise SealBroken
        try:
            return cipher.decrypt(nonce, ciphertext, _bound(header, context))
        except InvalidTag:
            raise SealBroken from None

    def derived(self, purpose: str) -> Mapping[str, bytes]:
        """Key id → 32 bytes for that purpose alone, of every key of the ring, the active one first (HKDF-SHA256, RFC
        5869). They tell nothing of the ring's keys, nor of what another purpose gives."""
        ids = [self._active, *(key_id for key_id in self._keyring if key_id != self._active)]
        return {key_id: _expanded(self._keyring[key_id], purpose) for key_id in ids}

    def seal_json(self, value: Any, *, context: str) -> bytes:
        """Seals any JSON value. Text is kept to the byte, never normalised; TypeError for what JSON can't hold."""
        return self.seal(orjson.dumps(value), context=context)

    def open_json(self, sealed: bytes, *, context: str) -> Any:
        """The value that `seal_json` was given. Raises SealBroken."""
        plaintext = self.open(sealed, context=context)
        try:
            return orjson.loads(plaintext)
        except orjson.JSONDecodeError:
            # the decode error carries the document: it must not travel on, not even as a cause
            raise SealBroken from None


def _split(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    if len(sealed) < 2 or sealed[0] != _VERSION:
        raise SealBroken
    nonce_at = 2 + sealed[1]
    ciphertext_at = nonce_at + _NONCE_BYTES
    if len(sealed) < ciphertext_at + _TAG_BYTES:
        raise SealBroken
    return sealed[:nonce_at], sealed[nonce_at:ciphertext_at], sealed[ciphertext_at:]


def _expanded(key: bytes, purpose: str) -> bytes:
    made = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"onething/derived/" + purpose.encode())
    return made.derive(key)


def _bound(header: bytes, context: str) -> bytes:
    # the header states its own length, so header and context can't run into each other
    return header + context.encode("utf-8")
