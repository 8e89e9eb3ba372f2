"""Attacks on whoever reads tokens, as a table: a name → what makes the token. Every one differs from a token that is
read (`citizen_token`, `officer_token`) in the one thing that its name says."""

import hmac
import json
import string
import zlib
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.security.clock import MovableClock
from tests.security.forge import P256_ORDER, Json, Key, Sign, base64url, changed, key, raw_signature, segment, token
from tests.support import people

# -- two issuers, and what they publish ---------------------------------------------------------------------------

CITIZENS, STAFF = "https://citizens.example.gov.cn", "https://staff.example.gov.cn/realms/city"
AUDIENCE = "urn:onething:api"
LIFETIME_S = 900
"""As long as a token may live."""
NOW = int(MovableClock().now().timestamp())
YEAR_10000 = 253402300800
CANARY = "SECRETNAME"

CITIZEN_KEY = key("c1", "ES256")
NOT_FOR_US = key("c2", "EdDSA")
"""The citizens' issuer signs with it too, but we want ES256 of it."""
OFFICER_KEYS = {algorithm: key(f"s-{algorithm}", algorithm) for algorithm in ("ES256", "EdDSA", "RS256")}
WEAK_KEY = key("s-weak", "RS256", 1024)
ENCRYPTION_KEY = key("s-enc", "ES256")
SECRET = b"published by mistake: 32 bytes.."
STRANGER = key("x1", "ES256")

PUBLISHED: dict[str, list[Json]] = {
    CITIZENS: [CITIZEN_KEY.jwk, NOT_FOR_US.jwk],
    STAFF: [
        *(one.jwk for one in OFFICER_KEYS.values()),
        WEAK_KEY.jwk,
        {**ENCRYPTION_KEY.jwk, "use": "enc"},
        {"kty": "oct", "kid": "s-oct", "k": base64url(SECRET), "alg": "HS256"},
        {"kty": "of the future", "kid": "s-future"},
    ],
}
"""Issuer → the keys of its JWKS. Some are not fit for signing: they take nothing from the others."""


# -- tokens that are read -----------------------------------------------------------------------------------------


def citizen_claims(**changes: Any) -> Json:
    claims = {
        "iss": CITIZENS,
        "aud": AUDIENCE,
        "sub": "u-1",
        "jti": "t-1",
        "iat": NOW - 10,
        "exp": NOW + 590,
        "client_id": "pages",
        "role": "citizen",
        "region": people.REGION,
        "name": CANARY,
        "identity_number": people.ZHANG.id_number,
        "acr": "face",
        "amr": ["face"],
        "auth_time": NOW - 60,
    }
    return changed(claims, changes)


def officer_claims(**changes: Any) -> Json:
    its_own = {"iss": STAFF, "sub": "o-1", "role": "officer", "department": "psb", "identity_number": ...}
    return citizen_claims(**{**its_own, "acr": "password", "amr": ["pwd", "otp"], **changes})


def citizen_token(header: Json | None = None, sign: Sign = CITIZEN_KEY.sign, **changes: Any) -> str:
    return token(changed(CITIZEN_KEY.header, header or {}), citizen_claims(**changes), sign)


def officer_token(signer: Key = OFFICER_KEYS["ES256"], header: Json | None = None, **changes: Any) -> str:
    return token(changed(signer.header, header or {}), officer_claims(**changes), signer.sign)


# -- how attacks are made -----------------------------------------------------------------------------------------

Attack = Callable[[], str]


def _claims(**changes: Any) -> Attack:
    return lambda: citizen_token(**changes)


def _officer(**changes: Any) -> Attack:
    return lambda: officer_token(**changes)


def _officer_by(name: str, algorithm: str) -> Attack:
    """With the officers' key of that name, in another way than it is for."""
    signer = OFFICER_KEYS[name]
    header = {**signer.header, "alg": algorithm}
    return lambda: token(header, officer_claims(), lambda message: signer.sign(message, algorithm))


def _officer_of_type(kind: str, **claims: Any) -> Attack:
    return lambda: officer_token(header={"typ": kind}, **claims)


def _header(**changes: Any) -> Attack:
    return lambda: citizen_token(changes)


def _content(payload: object) -> Attack:
    """Signed as it should be, whatever it is."""
    return lambda: token(CITIZEN_KEY.header, payload, CITIZEN_KEY.sign)


def _literal(claim: str, literal: str) -> Attack:
    """The claim as this text of JSON."""
    return _content(json.dumps(citizen_claims(**{claim: "LITERAL"})).replace('"LITERAL"', literal))


def _twice(members: Json, name: str, first: object) -> str:
    """JSON with a member that stands there twice: some take the first, some the last."""
    return f'{{"{name}": {json.dumps(first)}, {json.dumps(members)[1:]}'


def _signed(sign: Sign, **header: Any) -> Attack:
    return lambda: citizen_token(header, sign)


def _by(signer: Key, **header: Any) -> Attack:
    """By another key under the name of the right one."""
    return _signed(signer.sign, alg=signer.algorithm, **header)


def _hmac(secret: bytes, algorithm: str = "HS256") -> Attack:
    """By a secret that everybody can know."""
    return _signed(lambda message: hmac.digest(secret, message, f"sha{algorithm[2:]}"), alg=algorithm)


def _numbers(r: int, s: int) -> Attack:
    return _signed(lambda _: raw_signature(r, s))


def _written(put_together: Callable[[str, str, str], str]) -> Attack:
    """The three parts of a token that is read, written in another way."""
    return lambda: put_together(*citizen_token().split("."))


def _idle_bits(signature: str) -> str:
    """Its last character changed in bits that mean nothing: of 86 characters, 512 bits leave four."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    return signature[:-1] + alphabet[alphabet.index(signature[-1]) ^ 1]


def _standard_alphabet() -> str:
    """`+` and `/` of plain base64, in a signature that has them."""
    while True:
        signed, _, signature = citizen_token().rpartition(".")
        plain = signature.replace("-", "+").replace("_", "/")
        if plain != signature:
            return f"{signed}.{plain}"


def _as_json(*, general: bool) -> Attack:
    def put_together(header: str, payload: str, signature: str) -> str:
        one = {"protected": header, "signature": signature}
        return json.dumps({"payload": payload, **({"signatures": [one]} if general else one)})

    return _written(put_together)


def _unencoded() -> str:
    """RFC 7797: signed over the payload itself."""
    header = segment({**CITIZEN_KEY.header, "b64": False, "crit": ["b64"]})
    payload = json.dumps(citizen_claims()).encode()
    return f"{header}.{base64url(payload)}.{base64url(CITIZEN_KEY.sign(header.encode() + b'.' + payload))}"


def _encrypted() -> str:
    header = segment({"alg": "dir", "enc": "A256GCM", "kid": CITIZEN_KEY.kid, "typ": "at+jwt"})
    return f"{header}..{base64url(bytes(12))}.{segment(citizen_claims())}.{base64url(bytes(16))}"


def _foreign_signature() -> str:
    """Of another token by the same key."""
    signature = citizen_token(sub="u-2").rpartition(".")[2]
    return f"{citizen_token().rpartition('.')[0]}.{signature}"


_public = CITIZEN_KEY.public
_SECRETS = {
    "PEM": _public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "PEM without its last line break": _public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip(),
    "DER": _public(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "point": _public(Encoding.X962, PublicFormat.UncompressedPoint),
    "JWK": json.dumps(CITIZEN_KEY.jwk).encode(),
    "x": CITIZEN_KEY.jwk["x"].encode(),
    "kid": CITIZEN_KEY.kid.encode(),
    "nothing": b"",
}
"""Form of the public key → what a careless library takes for a shared secret."""

_OTHER_ALGORITHMS = ("ES384", "ES512", "ES256K", "RS256", "PS256", "EdDSA")
_KIDS: dict[str, Any] = {
    "path": "../../../../dev/null",
    "SQL": "c1' or '1'='1",
    "command": "c1; cat /etc/passwd",
    "address": "http://127.0.0.1/c1",
    "of the other issuer": OFFICER_KEYS["ES256"].kid,
    "huge": "c" * 100_000,
    "with a null byte": "c1\0",
    "empty": "",
    "number": 1,
    "null": None,
    "list": ["c1"],
    "object": {"c1": "c1"},
}
_DEEP = "[" * 2_000


# -- the table ----------------------------------------------------------------------------------------------------

ATTACKS: dict[str, Attack] = {
    # nobody signed it
    **{
        f"alg {alg!r}, {len(signature)} bytes of signature": _signed(lambda _, signature=signature: signature, alg=alg)
        for alg in ("none", "None", "NONE", "nOnE", " none", "", None, ..., 0, ["none"], "ES256 ")
        for signature in (b"", bytes(64))
    },
    "no signature": _signed(lambda _: b""),
    "the signature of another token": _foreign_signature,
    "a signature for other claims": _written(lambda h, _, s: f"{h}.{segment(citizen_claims(sub='u-2'))}.{s}"),
    # signed by what everybody has
    **{f"HS256 with the public key as {form}": _hmac(secret) for form, secret in _SECRETS.items()},
    **{f"{algorithm} with the public key": _hmac(_SECRETS["PEM"], algorithm) for algorithm in ("HS384", "HS512")},
    "a symmetric key that the issuer publishes": lambda: token(
        {"alg": "HS256", "typ": "at+jwt", "kid": "s-oct"},
        officer_claims(),
        lambda message: hmac.digest(SECRET, message, "sha256"),
    ),
    # signed by somebody else, or with something else
    "a stranger's key under a known kid": _by(STRANGER),
    "a stranger's key under its own kid": _by(STRANGER, kid=STRANGER.kid),
    "the other issuer's key under this one's kid": _by(OFFICER_KEYS["ES256"]),
    "the other issuer's key under its kid there": _by(OFFICER_KEYS["ES256"], kid=OFFICER_KEYS["ES256"].kid),
    "a citizens' key for an officer": lambda: officer_token(CITIZEN_KEY),
    **{f"{alg} under the kid of an ES256 key": _by(key("x1", alg)) for alg in _OTHER_ALGORITHMS},
    "another curve under ES256": _signed(key("x1", "ES384").sign, alg="ES256"),
    "ES256K on the right curve's kid": _signed(lambda m: key("x1", "ES256K").sign(m), alg="ES256"),
    "RS256 of 1024 bits": lambda: officer_token(WEAK_KEY),
    **{f"RS256's key with {alg}": _officer_by("RS256", alg) for alg in ("PS256", "RS512")},
    "a key for encrypting": lambda: officer_token(ENCRYPTION_KEY),
    "an algorithm that this issuer may not use": lambda: citizen_token(NOT_FOR_US.header, NOT_FOR_US.sign),
    # its own key along with it
    "jwk": _by(STRANGER, jwk=STRANGER.jwk),
    "jwk and its kid": _by(STRANGER, jwk=STRANGER.jwk, kid=STRANGER.kid),
    "jku": _by(STRANGER, jku="http://127.0.0.1:9/jwks", kid=STRANGER.kid),
    "x5u": _by(STRANGER, x5u="http://127.0.0.1:9/x5u", kid=STRANGER.kid),
    "x5c": _by(STRANGER, x5c=["MIIBszCCAVmgAwIBAgIUAAAA"]),
    "x5t": _by(STRANGER, x5t=base64url(bytes(20))),
    **{f"kid: {what}": _by(STRANGER, kid=kid) for what, kid in _KIDS.items()},
    "no kid, a stranger's key": _by(STRANGER, kid=...),
    "an HMAC with the empty file that the kid names": lambda: citizen_token(
        {"alg": "HS256", "kid": "../../../../dev/null"}, lambda message: hmac.digest(b"", message, "sha256")
    ),
    # numbers that some accept as a signature of anything
    "r = s = 0": _numbers(0, 0),
    "r = 0, s = 1": _numbers(0, 1),
    "r = 1, s = 0": _numbers(1, 0),
    "r = s = 1": _numbers(1, 1),
    "r = s = order": _numbers(P256_ORDER, P256_ORDER),
    "r = order, s = 1": _numbers(P256_ORDER, 1),
    "all bits": _signed(lambda _: b"\xff" * 64),
    "DER": _signed(CITIZEN_KEY.der),
    "63 bytes": _signed(lambda message: CITIZEN_KEY.sign(message)[:-1]),
    "65 bytes": _signed(lambda message: CITIZEN_KEY.sign(message) + b"\0"),
    "r and s of 33 bytes": _signed(lambda message: raw_signature(*CITIZEN_KEY.numbers(message), length=33)),
    "s and r exchanged": _signed(lambda message: raw_signature(*reversed(CITIZEN_KEY.numbers(message)))),
    # extensions
    "crit of what it has": _header(crit=["exp"]),
    "crit of what nobody knows": _header(crit=["x"], x=1),
    "crit, empty": _header(crit=[]),
    "crit, no list": _header(crit="exp"),
    "b64 false": _header(b64=False),
    "b64 false and critical": _unencoded,
    "compressed": lambda: token(
        {**CITIZEN_KEY.header, "zip": "DEF"},
        zlib.compress(json.dumps(citizen_claims()).encode())[2:-4],
        CITIZEN_KEY.sign,
    ),
    "said to be compressed": _header(zip="DEF"),
    "said to be encrypted": _header(enc="A256GCM"),
    "encrypted": _encrypted,
    "a token in a token": lambda: token({**CITIZEN_KEY.header, "cty": "JWT"}, citizen_token(), CITIZEN_KEY.sign),
    # another type
    **{
        f"typ {typ!r}": _header(typ=typ)
        for typ in (..., None, "", "JWT", "jwt", "logout+jwt", "dpop+jwt", "jwt+at", "at+jwt2", 1, ["at+jwt"])
    },
    "an ID token": lambda: citizen_token({"typ": "JWT"}, aud="pages", nonce="n", client_id=...),
    **{
        f"an ID token for us, with {mark}, of who may give tokens of any type": _officer_of_type("JWT", **{mark: value})
        for mark, value in {"nonce": "n", "at_hash": "h", "c_hash": "h", "s_hash": "h", "typ": "ID"}.items()
    },
    "a logout token": lambda: citizen_token({"typ": "logout+jwt"}, events={"backchannel-logout": {}}),
    # not JSON, or not one object
    "claims: a list": _content([citizen_claims()]),
    "claims: a text": _content(json.dumps(json.dumps(citizen_claims()))),
    "claims: null": _content(None),
    "claims: nothing": _content(b""),
    "claims: not JSON": _content("iss=citizens"),
    "claims: deep": _content(_DEEP),
    "claims: UTF-16": _content(json.dumps(citizen_claims()).encode("utf-16")),
    "claims: a byte order mark": _content(b"\xef\xbb\xbf" + json.dumps(citizen_claims()).encode()),
    "claims: not UTF-8": _content(json.dumps(citizen_claims()).encode().replace(CANARY.encode(), b"\xff\xfe")),
    "claims: and more after them": _content(json.dumps(citizen_claims()) + "{}"),
    "claims: a null byte after them": _content(json.dumps(citizen_claims()) + "\0"),
    "header: a list": lambda: token([CITIZEN_KEY.header], citizen_claims(), CITIZEN_KEY.sign),
    "header: deep": lambda: token(_DEEP, citizen_claims(), CITIZEN_KEY.sign),
    "header: not UTF-8": lambda: token(b'{"alg":"ES256","kid":"\xff"}', citizen_claims(), CITIZEN_KEY.sign),
    # the same thing said twice
    **{
        f"{claim} twice": _content(_twice(citizen_claims(), claim, first))
        for claim, first in {
            "sub": "u-2",
            "iss": STAFF,
            "role": "agent",
            "exp": NOW + 60,
            "jti": "t-2",
            "name": "x",
        }.items()
    },
    "alg twice": lambda: token(_twice(CITIZEN_KEY.header, "alg", "none"), citizen_claims(), CITIZEN_KEY.sign),
    "kid twice": lambda: token(_twice(CITIZEN_KEY.header, "kid", "x1"), citizen_claims(), CITIZEN_KEY.sign),
    # left out
    **{f"without {claim}": _claims(**{claim: ...}) for claim in ("iss", "aud", "sub", "jti", "iat", "exp")},
    **{f"without {claim}": _claims(**{claim: ...}) for claim in ("role", "region")},
    "no claims": _content({}),
    # of another issuer, or for another API
    **{
        f"iss {iss!r}": _claims(iss=iss)
        for iss in (
            *(STAFF, "https://evil.example", f"{CITIZENS}/", CITIZENS.upper(), f" {CITIZENS}", f"{CITIZENS}\0"),
            *(f"{CITIZENS}.evil.example", "citizens", "", None, 1, [CITIZENS], {"iss": CITIZENS}),
        )
    },
    **{
        f"aud {aud!r}": _claims(aud=aud)
        for aud in (
            *("urn:other:api", f"{AUDIENCE}:x", AUDIENCE.upper(), f"{AUDIENCE} urn:other:api", "", "*", None, 1, []),
            *(["urn:other:api"], [AUDIENCE, 1], {"aud": AUDIENCE}),
        )
    },
    # whom it is about
    **{
        f"sub {what}": _claims(sub=sub)
        for what, sub in {
            "empty": "",
            "null": None,
            "number": 1,
            "true": True,
            "list": ["u-1"],
            "very long": "u" * 10_000,
            "with a null byte": "u-1\0",
            "with a line break": "u-1\nadmin",
            "with a lone surrogate": "u-\ud800",
        }.items()
    },
    "sub with a surrogate, escaped in another way": _literal("sub", '"\\uDFFF\\uD800"'),
    "name with a surrogate": _claims(name="\udc00"),
    "name very long": _claims(name="n" * 10_000),
    "name, a number": _claims(name=1),
    "jti empty": _claims(jti=""),
    "jti very long": _claims(jti="t" * 10_000),
    "jti, a number": _claims(jti=1),
    "jti with a null byte": _claims(jti="t\0"),
    # when
    **{
        f"exp {exp!r}": _claims(exp=exp)
        for exp in (
            *(NOW, NOW - 1, 0, -1, None, True, "", str(NOW + 60), NOW + 60.5, [NOW + 60]),
            *(YEAR_10000, 10**30, 9999999999),
        )
    },
    **{f"exp {literal}": _literal("exp", literal) for literal in ("NaN", "Infinity", "1e400", "9" * 5000)},
    "a second longer than tokens may live": _claims(iat=NOW, exp=NOW + LIFETIME_S + 1),
    "a lifetime of years": _claims(iat=NOW, exp=NOW + 10**8),
    "a lifetime that looks short, from the future": _claims(iat=NOW + 10**6, exp=NOW + 10**6 + 60),
    **{
        f"iat {iat!r}": _claims(iat=iat)
        for iat in (NOW + 61, NOW + 600, -1, None, True, str(NOW), [NOW], 10**30, NOW - LIFETIME_S)
    },
    "iat NaN": _literal("iat", "NaN"),
    "iat after exp": _claims(iat=NOW + 50, exp=NOW + 40),
    **{f"nbf {nbf!r}": _claims(nbf=nbf) for nbf in (NOW + 61, NOW + 600, YEAR_10000, "", str(NOW), True, 10**30)},
    "nbf NaN": _literal("nbf", "NaN"),
    **{f"auth_time {at!r}": _claims(auth_time=at) for at in (NOW + 61, YEAR_10000, -1, "", str(NOW), True, [NOW])},
    # what it may do
    **{
        f"role {role!r} by who may not give it": _claims(role=role, department=department)
        for roles, department in {
            ("officer", "leader", "department_system"): "psb",
            ("counter", "supervisor", "admin"): ...,
        }.items()
        for role in roles
    },
    **{
        f"role {role!r}": _claims(role=role)
        for role in ("worker", "emperor", "Citizen", "citizen ", "citizen,agent", "", "*", None, 1, True)
    },
    **{
        f"roles {roles}": _claims(role=roles)
        for roles in ([], ["citizen", "agent"], [["citizen"]], ["officer"], [None], {"citizen": True})
    },
    **{f"{role} by staff's": _officer(role=role, department=...) for role in ("citizen", "agent", "worker")},
    "an officer without a department": _officer(department=...),
    **{
        f"an officer of department {department!r}": _officer(department=department)
        for department in (None, "", "../psb", "PSB", "psb\0", 1, ["psb"], ["psb", "amr"], "*", "psb,amr")
    },
    "a citizen with a department": _claims(department="psb"),
    **{
        f"identity number {number!r}": _claims(identity_number=number)
        for number in ("", " ", 1, True, [people.ZHANG.id_number], {"number": people.ZHANG.id_number})
    },
    **{
        f"region {region!r}": _claims(region=region)
        for region in ("", "hangzhou", "33010", "3301000", "３３０１００", "330100\n", None, 330100, ["330100"], "*")
    },
    # the same parts, written in another way
    "two parts": _written(lambda h, p, _: f"{h}.{p}"),
    "one part": _written(lambda h, _, __: h),
    "four parts": _written(lambda h, p, s: f"{h}.{p}.{s}.{s}"),
    "five parts": _written(lambda h, p, s: f"{h}.{p}.{s}.{s}.{s}"),
    "nothing": lambda: "",
    "two dots": lambda: "..",
    "no header": _written(lambda _, p, s: f".{p}.{s}"),
    "no claims part": _written(lambda h, _, s: f"{h}..{s}"),
    "as JSON": _as_json(general=False),
    "as JSON with several signatures": _as_json(general=True),
    **{
        f"{what} {place} the token": _written(
            lambda h, p, s, mark=mark, place=place: f"{mark}{h}.{p}.{s}" if place == "before" else f"{h}.{p}.{s}{mark}"
        )
        for what, mark in {"a space": " ", "a line break": "\n", "a null byte": "\0", "a tab": "\t", "=": "="}.items()
        for place in ("before", "after")
    },
    "a space in the signature": _written(lambda h, p, s: f"{h}.{p}.{s[:9]} {s[9:]}"),
    "a line break in the signature": _written(lambda h, p, s: f"{h}.{p}.{s[:9]}\r\n{s[9:]}"),
    "an exclamation mark in the signature": _written(lambda h, p, s: f"{h}.{p}.{s[:9]}!{s[9:]}"),
    "padding": _written(lambda h, p, s: f"{h}.{p}.{s}=="),
    "padding in the middle": _written(lambda h, p, s: f"{h}.{p}.{s[:40]}=={s[40:]}"),
    "plain base64": _standard_alphabet,
    "idle bits of the signature": _written(lambda h, p, s: f"{h}.{p}.{_idle_bits(s)}"),
    "garbage after the signature": _written(lambda h, p, s: f"{h}.{p}.{s}AAAA"),
    "full-width letters": _written(lambda h, p, s: f"{h}.{p}.{chr(ord(s[0]) + 0xFEE0)}{s[1:]}"),
    "a lone surrogate": _written(lambda h, p, s: f"{h}.{p}.{s}\ud800"),
    "very long": _claims(more="m" * 1_000_000),
}
