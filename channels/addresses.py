"""Whose request it is: addresses of clients, of this machine, and of the operator's proxies."""

from __future__ import annotations

import ipaddress
from typing import Iterable, Mapping


def is_loopback(address: str) -> bool:
    """Tell whether `address` is an IP address of this machine alone."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def client_address(peer: str, headers: Mapping[str, str], proxies: Iterable[str]) -> str:
    """Return whose request it is: `peer`, or what the operator's own `proxies` say in X-Forwarded-For.

    Read from its end: what stands before a strange address may be that stranger's invention.
    """
    known = frozenset(proxies)
    address = peer
    for forwarded in reversed(headers.get("X-Forwarded-For", "").split(",")):
        if address not in known or not forwarded.strip():
            break
        address = forwarded.strip()
    return address


def network(address: str) -> str:
    """Return what is counted as one client: an IPv4 address, or the /64 network that one IPv6 customer has."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    return str(ip if ip.version == 4 else ipaddress.ip_network(f"{ip}/64", strict=False))
