"""Which Host headers are ours. A page elsewhere could reach us through a name that points here (DNS rebinding)."""

import ipaddress
import re
from collections.abc import Collection

_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?", re.ASCII)
OWN_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class Hosts:
    """The loopback names, `names`, and the very address that a connection came to: no attack can name that."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self.names = OWN_HOSTS | {name.lower() for name in names}

    def knows(self, here: str, host: str) -> bool:
        """Whether a request that came to our address `here` (empty: not known) may carry this Host header."""
        name = host_name(host)
        return name in self.names or (bool(here) and address(name) == here)


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets, in small letters; empty where it is none."""
    found = _HOST.fullmatch(host)
    return (found["six"] or found["name"].rstrip(".")).lower() if found else ""


def address(text: str) -> str:
    """An IP address as it stands in a Host header: IPv4 that came in by IPv6 as IPv4, without a zone."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)


def is_loopback(text: str) -> bool:
    """Whether only this PC reaches this address."""
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return text == "localhost"


def only_this_pc(listen: str) -> bool:
    """Whether nobody but this PC reaches what listens on `listen` (host:port)."""
    return is_loopback(listen.rpartition(":")[0].strip("[]"))
