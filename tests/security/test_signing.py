"""Certificate signatures: anybody can verify, any change shows, and the signed bytes have one written form."""

import base64
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.security.signing import CertificateSigner, CertificateVerifier, Signature, canonical_json, content_digest

signer = CertificateSigner(b"s" * 32)
verifier = CertificateVerifier([signer.public_key])

keys = st.text(st.characters(max_codepoint=127), max_size=8)
texts = st.text() | st.text(alphabet='䶮𠮷👩‍👧\x00\x1f\x7f"\\/\u2028é')
contents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


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


@given(content=contents)
def test_the_written_form_is_the_one_of_the_standard_library_too(content: Any) -> None:
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert canonical_json(content) == written


def test_order_of_keys_does_not_matter_and_text_is_not_normalised() -> None:
    assert canonical_json({"b": 1, "a": [2, {"d": 3, "c": 4}]}) == b'{"a":[2,{"c":4,"d":3}],"b":1}'
    assert canonical_json("é") != canonical_json("e\u0301")


@pytest.mark.parametrize(
    "content",
    [1.0, {"fee": 0.1}, 2**53, -(2**53), {"名": "x"}, {1: "x"}, date(2026, 11, 21), b"x", {"x": "\ud800"}, {1}],
)
def test_what_could_be_written_in_two_ways_is_refused(content: Any) -> None:
    with pytest.raises(ValueError, match="content"):
        canonical_json(content)


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
