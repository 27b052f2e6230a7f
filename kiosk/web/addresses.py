"""Under which names and addresses this PC is reached: what its certificate must say, and what a Host header may say."""

import fcntl
import ipaddress
import re
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from kiosk.web.hosts import address

SIOCGIFADDR = 0x8915  # linux/sockios.h: the address of an interface
IPV6 = Path("/proc/net/if_inet6")
PASSING = 0x01 | 0x08 | 0x20 | 0x40  # linux/if_addr.h: of a day, in use elsewhere, running out, not yet sure
NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def own_names() -> list[str]:
    """The host name, and the same as the local network says it (mDNS)."""
    name = socket.gethostname().lower().rstrip(".")
    if not NAME.fullmatch(name) or name == "localhost":
        return []
    return [name] if "." in name else [name, f"{name}.local"]


def own_addresses() -> list[str]:
    """The addresses of this PC that others reach, IPv4 first; a cable that is not plugged in has none."""
    found = [*_ipv4(), *_ipv6()]
    return [one for one in dict.fromkeys(found) if _reachable(one)]


def reached_at(listen: str, names: tuple[str, ...] = ()) -> list[str]:
    """All that a certificate for what listens on `listen` must name; `names`: those of site.toml, put first."""
    host = listen.rpartition(":")[0].strip("[]")
    only = address(host)
    addresses = own_addresses() if host in ("0.0.0.0", "::") else [only or host]
    loopback = ["localhost", "127.0.0.1", "::1"]
    return list(dict.fromkeys([*(name.lower() for name in names), *own_names(), *addresses, *loopback]))


def _ipv4() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _number, name in socket.if_nameindex():
            try:
                told = fcntl.ioctl(asking.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # an interface without an address
            yield socket.inet_ntoa(told[20:24])


def _ipv6() -> Iterator[str]:
    try:
        lines = IPV6.read_text(encoding="ascii").splitlines()
    except OSError:
        return
    for line in lines:
        digits, _number, _length, _scope, flags, _name = line.split()
        if not int(flags, 16) & PASSING:
            yield str(ipaddress.IPv6Address(bytes.fromhex(digits)))


def _reachable(text: str) -> bool:
    one = ipaddress.ip_address(text)
    return not (one.is_loopback or one.is_link_local or one.is_unspecified)
