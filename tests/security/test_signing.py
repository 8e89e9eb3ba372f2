"""Certificate signatures: anybody can verify, any change shows, and the signed bytes have one written form."""

import base64
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.security.canonical import canonical_json
from onething.security.signing import CertificateSigner, CertificateVerifier, Signature, content_digest
from tests.security.test_canonical import contents

signer = CertificateSigner(b"s" * 32)
verifier = CertificateVerifier([signer.public_key])


@given(content=contents)
def test_what_was_signed_is_genuine(content: Any) -> None:
    assert verifier.is_genuine(content, signer.sign(content))


@given(content=contents, other=contents)
def test_other_content_is_not_genuine(content: Any, other: Any) -> None:
    same = canonical_json(content) == canonical_json(other)
    assert verifier.is_genuine(other, signer.sign(content)) == same
    # also with the digest made to fit
    assert verifier.is_genuine(other, replace(signer.sign(content), digest=content_digest(other))) == same


@given(data=st.data())
def test_any_changed_byte_of_the_signature_shows(data: st.DataObject) -> None:
    signature = signer.sign({"holder": "䶮"})
    value = bytearray(signature.value)
    value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
    assert not verifier.is_genuine({"holder": "䶮"}, replace(signature, value=bytes(value)))


@given(value=st.binary(max_size=70))
def test_garbage_is_no_signature(value: bytes) -> None:
    digest = content_digest({"holder": "䶮"})
    assert not verifier.is_genuine({"holder": "䶮"}, Signature(digest, signer.key_id, value))


def test_certificates_outlive_their_key() -> None:
    newer = CertificateSigner(b"n" * 32)
    both = CertificateVerifier([newer.public_key, signer.public_key])
    assert both.is_genuine({"no": "1"}, signer.sign({"no": "1"}))
    assert both.is_genuine({"no": "1"}, newer.sign({"no": "1"}))
    assert not verifier.is_genuine({"no": "1"}, newer.sign({"no": "1"}))


def test_another_key_under_a_known_id_is_not_genuine() -> None:
    forged = replace(CertificateSigner(b"n" * 32).sign({"no": "1"}), key_id=signer.key_id)
    assert not verifier.is_genuine({"no": "1"}, forged)


def test_the_setting_is_a_base64_seed() -> None:
    encoded = base64.b64encode(b"s" * 32).decode()
    assert CertificateSigner.from_setting(encoded).public_key == signer.public_key
    with pytest.raises(ValueError, match="5 bytes"):
        CertificateSigner.from_setting("c2hvcnQ=")
