"""The wall before the ports of this PC: rules of nftables keep the citizen's user off the panel, on every address.

Closed to that user alone: the panel's port, staff's door while they are at the PC, and printers that ask no program of
this PC who it is (CUPS, ipp-usb). The menu, the Internet and a citizen's own programs stay open, and so does another
PC's panel, which asks for a PIN as it asks everybody. The table is ours alone, named after the station's home, and put
in one transaction; who changes any rule of this PC makes us look, and what is gone is put back.
"""

import os
import select
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError
from kiosk.settings import SYSTEM_PATH, Paths, load_site
from kiosk.supervisor import layout
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.event_log import log

WITHIN, AGAIN_AFTER, RESTS = 5.0, 60.0, 5.0
PRINTERS = "631, 60000-60009"  # CUPS by the network, and where ipp-usb gives a USB printer an address of its own
# linux/netfilter/nfnetlink.h and nf_tables.h: the number of the ruleset's state.
_NETFILTER, _GETGEN, _NEWGEN, _GEN_ID = 12, 10 << 8 | 16, 10 << 8 | 15, 1
_BEGINS = "tcp flags & (fin | syn | rst | ack) == syn"


def table(home: Path) -> str:
    """Our table's name: another station's on this machine is not ours to change."""
    return layout.mark(home)


def rules(name: str, uid: int, ports: Iterable[int]) -> str:
    """What `nft -f` reads: our table anew, whatever it held.

    Whatever address of this PC is asked for goes by `lo`. A connection that no user can be named for is a kernel's
    (MPTCP has made some): it could be anybody's, so it does not begin.
    """
    closed = ", ".join(str(port) for port in sorted(set(ports))) or "0"
    return f"""
add table inet {name}
delete table inet {name}
table inet {name} {{
    chain output {{
        type filter hook output priority filter; policy accept;
        oifname "lo" tcp dport {{ {closed} }} goto closed
        oifname "lo" tcp dport {{ {PRINTERS} }} {_BEGINS} goto closed
    }}
    chain closed {{
        meta skuid {uid} reject with tcp reset
        meta skuid != {uid} return
        {_BEGINS} reject with tcp reset
    }}
}}
"""


def nft(*words: str, told: str = "", held: tuple[int, ...] = ()) -> tuple[str, str]:
    """(what `nft` says, why it did not); the second is empty where it did. `held`: descriptors that it keeps open."""
    program = shutil.which("nft", path=SYSTEM_PATH)
    if program is None:
        return "", "no_nft"
    try:
        done = subprocess.run(
            [program, *words], input=told, capture_output=True, text=True, timeout=WITHIN, check=False, pass_fds=held
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", type(error).__name__
    said = done.stderr.strip().partition("\n")[0]
    return done.stdout, "" if done.returncode == 0 else said[:100] or f"exit_{done.returncode}"


def shown(name: str) -> str:
    """Our table as the kernel has it; empty where there is none."""
    return nft("-s", "list", "table", "inet", name)[0]


def take_away(home: Path) -> None:
    """Remove our table, where there is one."""
    nft("-f", "-", told=f"add table inet {table(home)}\ndelete table inet {table(home)}\n")


def generation() -> int:
    """A number that the kernel changes with every change of any rule; -1 where it tells none."""
    ask = struct.pack("=IHHIIBBH", 20, _GETGEN, 1, 0, 0, 0, 0, 0)
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETFILTER) as line:
            line.settimeout(0.2)
            line.sendto(ask, (0, 0))
            answer = line.recv(4096)
    except OSError:
        return -1
    if len(answer) < 28 or struct.unpack_from("=H", answer, 4)[0] != _NEWGEN:
        return -1
    return int(struct.unpack_from(">I", answer, 24)[0])


def keep(name: str, wanted: str, seen: str, held: tuple[int, ...] = ()) -> dict[str, Any]:
    """Have the rules stand, `seen` being how they were shown last: why they do not, how they are shown now, and when;

    `back`: they were not as they had been seen, and are put back.
    """
    at = generation()
    if seen and shown(name) == seen:
        return {"why": "", "seen": seen, "at": at, "back": False}
    _said, why = nft("-f", "-", told=wanted, held=held)
    at = generation()
    now = "" if why else shown(name)
    return {"why": why if now else why or "gone", "seen": now, "at": at, "back": bool(seen and now)}


class PortWall:
    """`why_not`: why the wall does not stand, empty where it does; `changed` is called when that has changed.

    `door`: the port that staff come in by, 0 where nobody does.
    """

    def __init__(self, paths: Paths, uid: int | None, chores: Chores, changed: Callable[[], None]) -> None:
        self._paths, self._uid, self._chores, self._changed = paths, uid, chores, changed
        self.why_not = "not_root" if uid is None else "not_yet"
        self._name, self._panels = table(paths.home), set[int]()
        self._looked: tuple[object, ...] = ()
        self._ports: tuple[int, ...] = ()
        self._seen, self._busy, self._again, self._rested = "", False, 0.0, 0.0
        self._at_work = -1  # reads its end once nothing of a chore is left, its nft neither

    def look(self, door: int = 0) -> None:
        """Once a second: cheap while nobody has changed a rule or a setting."""
        if self._uid is None or self._busy:
            return
        now = generation(), self._settings(), door
        told = not self.why_not and now[0] >= 0  # else nobody tells us: it is tried now and then
        if now == self._looked and (told or time.monotonic() < self._again):
            return
        if now[1:] == self._looked[1:] and time.monotonic() < self._rested:
            return  # others may change rules all the time
        self._rested = time.monotonic() + RESTS
        self._looked, ports = now, (*sorted(self._panel_ports()), *((door,) if door else ()))
        seen = self._seen if ports == self._ports else ""
        self._ports, self._busy = ports, True
        name, wanted = self._name, rules(self._name, self._uid, ports)
        self._at_work, held = os.pipe()
        self._chores.do("ports", lambda: keep(name, wanted, seen, (held,)), self._kept, 3 * WITHIN + 1, (held,))
        os.close(held)

    def take_away(self) -> None:
        """At the end of it all; an `nft` that outlives its killed chore would put the rules back behind us."""
        if self._uid is None:
            return
        if self._busy:
            select.select([self._at_work], [], [], WITHIN)
        take_away(self._paths.home)

    def _kept(self, told: Any) -> None:
        self._busy, self._again = False, time.monotonic() + AGAIN_AFTER
        os.close(self._at_work)
        found = told if isinstance(told, dict) else {"why": "no_answer", "seen": "", "at": -1, "back": False}
        if found["back"]:
            log("the ports' rules were changed, put back")
        # Seen at this state of the rules, and not at one that came meanwhile.
        self._seen, self._looked = str(found["seen"]), (found["at"], *self._looked[1:])
        if found["why"] != self.why_not:
            self.why_not = str(found["why"])
            log(f"the ports' rules {'do not stand: ' + self.why_not if self.why_not else 'stand'}")
            self._changed()

    def _settings(self) -> tuple[int, int]:
        with suppress(OSError):
            info = self._paths.site_toml.stat()
            return info.st_mtime_ns, info.st_ino
        return 0, 0

    def _panel_ports(self) -> set[int]:
        """What site.toml says now, and has said since we started: a service that runs since has not read it anew."""
        with suppress(KioskError, ValueError):
            self._panels.add(int(load_site(self._paths).panel_listen.rpartition(":")[2]))
        return self._panels
