"""Certificates and anchors: a digest of the content and an Ed25519 signature over it, so that anybody with the public
key can verify."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onething.security.canonical import canonical_json
from onething.security.keys import decode_key

# what is signed can't be mistaken for anything else that the same key may sign
_CERTIFICATE = b"onething/certificate/v1\n"
_ANCHOR = b"onething/anchor/v1\n"


@dataclass(frozen=True)
class Signature:
    digest: str  # SHA-256 of the canonical content, hex
    key_id: str  # first 16 hex digits of the public key's SHA-256
    value: bytes  # 64 bytes


def content_digest(content: Any) -> str:
    """SHA-256 of the canonical bytes, hex."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


class CertificateSigner:
    _label = _CERTIFICATE

    def __init__(self, seed: bytes) -> None:
        """`seed`: 32 bytes, or ValueError."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw()
        self.key_id = key_id_of(self.public_key)

    @classmethod
    def from_setting(cls, text: str) -> Self:
        """From base64 of the seed. Raises ValueError without quoting it."""
        return cls(decode_key("certificate key", text))

    def sign(self, content: Any) -> Signature:
        """ValueError as `canonical_json`. Signing the same content again gives the same signature."""
        digest = content_digest(content)
        return Signature(digest, self.key_id, self._key.sign(_signed_bytes(self._label, digest)))


class CertificateVerifier:
    """Knows today's public key and the earlier ones: a certificate outlives the key that signed it."""

    _label = _CERTIFICATE

    def __init__(self, public_keys: Iterable[bytes]) -> None:
        """Raw public keys of 32 bytes each, or ValueError."""
        self._keys = {key_id_of(key): Ed25519PublicKey.from_public_bytes(key) for key in public_keys}

    def is_genuine(self, content: Any, signature: Signature) -> bool:
        """Whether a known key signed exactly this content."""
        key = self._keys.get(signature.key_id)
        if key is None or content_digest(content) != signature.digest:
            return False
        try:
            key.verify(signature.value, _signed_bytes(self._label, signature.digest))
        except InvalidSignature:
            return False
        return True


class AnchorSigner(CertificateSigner):
    """As a certificate's, for anchors of the journal: neither signature stands for the other, even by one key."""

    _label = _ANCHOR


class AnchorVerifier(CertificateVerifier):
    """Of what an `AnchorSigner` signed."""

    _label = _ANCHOR


def key_id_of(public_key: bytes) -> str:
    return hashlib.sha256(public_key).hexdigest()[:16]


def _signed_bytes(label: bytes, digest: str) -> bytes:
    return label + digest.encode("ascii")
