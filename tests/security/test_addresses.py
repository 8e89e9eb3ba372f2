"""Whom a request comes from: nothing that a caller writes moves it, and proxies are seen through as far as they are
trusted."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.security.addresses import UNKNOWN, TrustedProxies, address_of, counted_as, is_public

PROXIES = TrustedProxies.from_setting("10.0.0.0/8, 192.168.7.7, 2001:db8:aaaa::/48")
NOBODY = TrustedProxies()

trusted = st.one_of(
    st.ip_addresses(network="10.0.0.0/8"),
    st.just(ipaddress.ip_address("192.168.7.7")),
    st.ip_addresses(network="2001:db8:aaaa::/48"),
).map(str)
strangers = st.one_of(
    st.ip_addresses(network="203.0.113.0/24"), st.ip_addresses(network="2001:db8:bbbb::/48")
).map(str)  # fmt: skip
written = st.one_of(trusted, strangers, st.text(max_size=30).filter(lambda text: "," not in text), st.just("unknown"))


@given(
    caller=strangers,
    spoofed=st.lists(written),
    chain=st.lists(trusted, min_size=1, max_size=4),
    cut=st.integers(0, 6),
)
def test_whatever_a_caller_writes_the_proxies_know_better(
    caller: str, spoofed: list[str], chain: list[str], cut: int
) -> None:
    """Each proxy appends whom it was called by; the last one is our peer. The header may come in several lines."""
    *through, peer = chain
    entries = [*spoofed, caller, *through]
    lines = [", ".join(part) for part in (entries[:cut], entries[cut:]) if part]
    assert address_of(peer, lines, PROXIES) == caller


@given(peer=strangers, spoofed=st.lists(written))
def test_nobody_else_is_believed(peer: str, spoofed: list[str]) -> None:
    assert address_of(peer, [", ".join(spoofed)], PROXIES) == peer
    assert address_of(peer, spoofed, NOBODY) == peer


@given(peer=trusted, spoofed=st.lists(written), good=strangers, proxies=st.lists(trusted, max_size=3))
def test_what_cannot_be_read_ends_the_walk(peer: str, spoofed: list[str], good: str, proxies: list[str]) -> None:
    """At the last that could: the right-most proxy before it."""
    entries = [*spoofed, good, "un.readable", *proxies]
    assert address_of(peer, [",".join(entries)], PROXIES) == (proxies[0] if proxies else peer)


@given(peer=trusted, only=st.lists(trusted, min_size=1))
def test_where_all_are_trusted_it_is_the_first_of_them(peer: str, only: list[str]) -> None:
    assert address_of(peer, [", ".join(only)], PROXIES) == only[0]


@pytest.mark.parametrize(
    ("entry", "address"),
    [
        ("203.0.113.9:51234", "203.0.113.9"),
        ("[2001:db8:bbbb::1]:443", "2001:db8:bbbb::1"),
        ("[2001:db8:bbbb::1]", "2001:db8:bbbb::1"),
        ("2001:DB8:BBBB:0::1", "2001:db8:bbbb::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("[::ffff:203.0.113.9]:80", "203.0.113.9"),
        *((wrong, "10.0.0.1") for wrong in ("", "unknown", "203.0.113.9:", "203.0.113.9:x", "[2001:db8::1", "1.2.3",
                                            "203.0.113.09", "fe80::1%eth0", "203.0.113.9 10.0.0.2", "_hidden")),
    ],
)  # fmt: skip
def test_how_proxies_write(entry: str, address: str) -> None:
    assert address_of("10.0.0.1", [entry], PROXIES) == address


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        (None, UNKNOWN), ("", UNKNOWN), ("testclient", UNKNOWN),
        ("::ffff:203.0.113.9", "203.0.113.9"), ("fe80::1%eth0", "fe80::1"),
    ],
)  # fmt: skip
def test_peers(peer: str | None, address: str) -> None:
    assert address_of(peer, ["8.8.8.8"], PROXIES) == address


def test_a_mapped_peer_is_trusted_as_what_it_is() -> None:
    assert address_of("::ffff:10.0.0.1", ["203.0.113.9"], PROXIES) == "203.0.113.9"
    mapped = TrustedProxies.from_setting("::ffff:10.0.0.0/104")
    assert address_of("10.0.0.1", ["203.0.113.9"], mapped) == "203.0.113.9"


@given(one=st.ip_addresses(v=6), low=st.integers(0, 2**64 - 1))
def test_a_site_of_ipv6_counts_as_one(one: ipaddress.IPv6Address, low: int) -> None:
    neighbour = ipaddress.IPv6Address(int(one) >> 64 << 64 | low)
    if one.ipv4_mapped is None and neighbour.ipv4_mapped is None:
        assert counted_as(str(one)) == counted_as(str(neighbour))
        assert ipaddress.ip_network(counted_as(str(one))).prefixlen == 64
    further = ipaddress.IPv6Address(int(one) ^ 1 << 64)
    assert counted_as(str(one)) != counted_as(str(further))


@given(one=st.ip_addresses(v=4))
def test_an_address_of_ipv4_counts_alone(one: ipaddress.IPv4Address) -> None:
    assert counted_as(str(one)) == str(one)
    assert counted_as(UNKNOWN) == UNKNOWN


@pytest.mark.parametrize("entry", ["10.0.0.1/8", "proxy.example", "10.0.0.0/33", "10.0.0.1:80"])
def test_a_setting_that_is_no_network_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match=entry.replace(".", r"\.")):
        TrustedProxies.from_setting(f"192.168.0.1,{entry}")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b::a00:1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),  # site-local, deprecated by RFC 3879 and in use all the same
        ("::a00:1", False),  # IPv4-compatible 10.0.0.1 (RFC 4291 § 2.5.5.1)
        ("::ffff:0:a00:1", False),  # the same, translated (RFC 2765)
        ("", False),
    ],
)
def test_what_is_of_the_public_network(address: str, public: bool) -> None:
    assert is_public(address) is public
