"""The issuers file: what is left out grants nothing, what would be unsafe is refused with the place and the reason."""

from pathlib import Path

import pytest

from onething.security.identity.issuers import IssuersUnusable, load

GOOD = """
issuers:
  - code: gov
    issuer: https://sso.example
    audience: onething-api
    roles: [officer, leader]
    mfa: [otp]
    levels: {loa2: 2}
  - code: people
    issuer: https://id.example
    audience: onething-api
    role: citizen
    roles: [citizen]
    jwks_file: people.jwks.json
"""


def test_a_good_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "issuers.yaml"
    file.write_text(GOOD)
    gov, people = load(file)
    assert (gov.max_lifetime_s, gov.algorithms, gov.token_types) == (900, {"ES256"}, {"at+jwt"})
    assert people.jwks_file == tmp_path / "people.jwks.json"
    assert (people.levels, people.mfa) == ({}, frozenset())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("https://sso.example", "http://sso.example", "https"),
        ("roles: [officer, leader]", "roles: [officer, worker]", "worker"),
        ("roles: [citizen]", "roles: [agent]", "roles"),
        ("code: people", "code: gov", "code"),
        ("https://id.example", "https://sso.example", "issuer"),
        ("mfa: [otp]", "algorithms: [HS256]", "algorithms"),
        ("mfa: [otp]", "algorithms: [none]", "algorithms"),
        ("mfa: [otp]", "max_lifetime_s: 90000", "max_lifetime_s"),
        ("levels: {loa2: 2}", "levels: {loa2: 9}", "level"),
        ("mfa: [otp]", "jwks: [otp]", "jwks"),
        ("code: gov", "code: 'gov:'", "code"),
        ("issuers:", "issuers: [", "YAML"),
    ],
)
def test_what_is_unsafe_is_refused(tmp_path: Path, before: str, after: str, said: str) -> None:
    file = tmp_path / "issuers.yaml"
    assert before in GOOD
    file.write_text(GOOD.replace(before, after))
    with pytest.raises(IssuersUnusable, match=said):
        load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(IssuersUnusable, match=r"issuers\.yaml"):
        load(tmp_path / "issuers.yaml")
