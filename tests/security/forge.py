"""Makes JSON Web Tokens byte by byte, right and wrong ones: libraries refuse to make most of what attackers send."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Json = dict[str, Any]
Sign = Callable[[bytes], bytes]
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def segment(content: object) -> str:
    """One part of a token: bytes as they are, text as UTF-8, anything else as JSON."""
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    return base64url(content if isinstance(content, bytes) else json.dumps(content).encode())


def changed(original: Json, changes: Json) -> Json:
    """With these members changed; `...` takes one out."""
    return {name: value for name, value in (original | changes).items() if value is not ...}


def token(header: object, payload: object, sign: Sign) -> str:
    """In compact form, signed over exactly these bytes."""
    signed = f"{segment(header)}.{segment(payload)}"
    return f"{signed}.{base64url(sign(signed.encode()))}"


def raw_signature(r: int, s: int, length: int = 32) -> bytes:
    """Of an elliptic curve, as tokens have it."""
    return r.to_bytes(length, "big") + s.to_bytes(length, "big")


@dataclass(frozen=True)
class Key:
    """A key of an issuer: `algorithm` is what it signs with by default."""

    kid: str
    algorithm: str
    private: PrivateKey

    def sign(self, message: bytes, algorithm: str = "") -> bytes:
        """The signature in the form of tokens."""
        algorithm = algorithm or self.algorithm
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(message)
        digest = _HASHES[algorithm.rstrip("K")[-3:]]()
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(message, _rsa_padding(algorithm, digest), digest)
        r, s = self.numbers(message)
        return raw_signature(r, s, (self.private.key_size + 7) // 8)

    def numbers(self, message: bytes) -> tuple[int, int]:
        """r and s of a signature of an elliptic curve."""
        return decode_dss_signature(self.der(message))

    def der(self, message: bytes) -> bytes:
        """A signature of an elliptic curve as other protocols have it."""
        assert isinstance(self.private, ec.EllipticCurvePrivateKey)
        return self.private.sign(message, ec.ECDSA(_HASHES[self.algorithm.rstrip("K")[-3:]]()))

    @property
    def header(self) -> Json:
        return {"alg": self.algorithm, "typ": "at+jwt", "kid": self.kid}

    @cached_property
    def jwk(self) -> Json:
        """As the issuer publishes it."""
        return {**_public_parts(self.private), "kid": self.kid, "use": "sig", "alg": self.algorithm}

    def public(self, encoding: Encoding, form: PublicFormat) -> bytes:
        return self.private.public_key().public_bytes(encoding, form)


@cache
def key(kid: str, algorithm: str, curve_or_bits: str | int = "") -> Key:
    """A new key, the same one for the same arguments. `curve_or_bits`: where it is not the algorithm's usual one."""
    if algorithm[:2] == "Ed":
        return Key(kid, algorithm, ed25519.Ed25519PrivateKey.generate())
    if algorithm[:2] in ("RS", "PS"):
        return Key(kid, algorithm, rsa.generate_private_key(65537, int(curve_or_bits or 2048)))
    usual = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "ES256K": "secp256k1"}
    return Key(kid, algorithm, ec.generate_private_key(_CURVES[str(curve_or_bits or usual[algorithm])]()))


_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
    "secp256k1": ec.SECP256K1,
}


def _rsa_padding(algorithm: str, digest: hashes.HashAlgorithm) -> padding.AsymmetricPadding:
    if algorithm.startswith("PS"):
        return padding.PSS(padding.MGF1(digest), digest.digest_size)
    return padding.PKCS1v15()


def _public_parts(private: PrivateKey) -> Json:
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url(private.public_key().public_bytes_raw())}
    if isinstance(private, rsa.RSAPrivateKey):
        whole = private.public_key().public_numbers()
        return {"kty": "RSA", "n": _number(whole.n), "e": _number(whole.e)}
    point = private.public_key().public_numbers()
    length = (private.key_size + 7) // 8
    crv = next(name for name, curve in _CURVES.items() if isinstance(private.curve, curve))
    return {"kty": "EC", "crv": crv, "x": _number(point.x, length), "y": _number(point.y, length)}


def _number(value: int, length: int = 0) -> str:
    return base64url(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))
