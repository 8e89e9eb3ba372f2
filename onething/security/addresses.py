"""Where a request comes from: the peer, or what trusted proxies say of who is behind them. Pure: no sockets."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network

UNKNOWN = "-"
"""Of a peer without an address."""
_MAPPED_BITS = 96  # ::ffff:0:0/96 holds the IPv4 addresses
_IPV4 = 2**32 - 1
_NAT64 = IPv6Network("64:ff9b::/96")
_SITE_BITS = 64  # what one subscriber of IPv6 has at the least, with 2^64 addresses in it to choose from


class TrustedProxies:
    """Those whose `X-Forwarded-For` is believed."""

    def __init__(self, networks: Iterable[IpNetwork] = ()) -> None:
        self._networks = tuple(networks)

    @classmethod
    def from_setting(cls, text: str) -> Self:
        """From `10.0.0.7,192.168.0.0/24,2001:db8::/48`. Raises ValueError that names the entry which is none of these,
        also where bits stand behind the mask."""
        return cls(_network(one.strip()) for one in text.split(",") if one.strip())

    def __contains__(self, address: IpAddress) -> bool:
        return any(address in network for network in self._networks)


def address_of(peer: str | None, forwarded_for: Iterable[str], trusted: TrustedProxies) -> str:
    """The right-most address that no trusted proxy has, as text; `forwarded_for`: the headers of that name, in order.

    Each proxy appends whom it was called by, so whoever calls writes what stands on the left. Hence the walk from the
    right, only while who has spoken is trusted; what can't be read ends it at the last that could. IPv4 inside IPv6 is
    IPv4.
    """
    address = _plain((peer or "").partition("%")[0])  # a link-local peer names its interface
    if address is None:
        return UNKNOWN
    entries = [entry for header in forwarded_for for entry in header.split(",")]
    while address in trusted and entries:
        before = _without_port(entries.pop().strip())
        if before is None:
            break
        address = before
    return str(address)


def is_public(address: str) -> bool:
    """Whether it is one of the public network. IPv6 that holds an IPv4 address is what that is; what is reserved, or
    was for sites, is nobody's there."""
    known = _plain(address.partition("%")[0])
    if isinstance(known, IPv6Address):
        inside = known.sixtofour or (IPv4Address(int(known) & _IPV4) if known in _NAT64 else None)
        if known.teredo is not None or (inside is None and (known.is_reserved or known.is_site_local)):
            return False
        known = inside or known
    return known is not None and known.is_global and not known.is_multicast


def counted_as(address: str) -> str:
    """What calls are counted by: the address, or of IPv6 its /64."""
    known = _plain(address)
    if isinstance(known, IPv6Address):
        return str(IPv6Network((known, _SITE_BITS), strict=False))
    return str(known or address)


def _network(text: str) -> IpNetwork:
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError(f"{text!r} is neither an address nor a network such as 192.168.0.0/24") from None
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped is not None and network.prefixlen >= _MAPPED_BITS:
        return IPv4Network((mapped, network.prefixlen - _MAPPED_BITS))
    return network


def _plain(text: str) -> IpAddress | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _without_port(entry: str) -> IpAddress | None:
    """Some proxies add the port: `1.2.3.4:5678`, `[2001:db8::1]:5678`."""
    if "%" in entry:
        return None
    if entry.startswith("["):
        inside, bracket, port = entry[1:].partition("]")
        return _plain(inside) if bracket and _is_port(port) else None
    host, colon, port = entry.partition(":")
    return _plain(host) if "." in host and _is_port(colon + port) else _plain(entry)


def _is_port(text: str) -> bool:
    """Nothing, or a colon and digits."""
    number = text.removeprefix(":")
    return not text or (text != number and number.isascii() and number.isdigit() and len(number) <= 5)
