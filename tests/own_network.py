"""Who reaches which port of this PC: `unshare --net python tests/own_network.py UID` prints a JSON of what was tried.

A network of its own: addresses of both kinds and of a local network, a neighbour on it, and a server on every port.
Tried by the citizen's user and by another: without our rules, with them, after a flush, and when they are taken away.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.supervisor import port_wall

PANEL, DOOR, MENU, CUPS, USB_PRINTER = 8080, 47113, 8081, 631, 60000
PORTS = (PANEL, DOOR, MENU, CUPS, USB_PRINTER)
HERE = ("127.0.0.1", "0.0.0.0", "127.9.9.9", "10.99.0.1", "::1", "::", "fd99::1", "::ffff:10.99.0.1")
NEIGHBOUR = ("10.99.0.2", "fd99::2")
NOBODY, MPTCP = 65534, 262
NAME = port_wall.table(Path("/nowhere"))
OF_OTHERS = "add table inet others\nadd chain inet others c { type filter hook output priority 5; policy accept; }\n"


def serve() -> None:
    """Say hello to whoever comes, on every port, on every address."""
    for port in PORTS:
        line = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
        threading.Thread(target=_greet, args=[line], daemon=True).start()


def _greet(line: socket.socket) -> None:
    while True:
        with line.accept()[0] as one:
            one.sendall(b"hello")


def reached(address: str, port: int, protocol: int = 0) -> bool:
    """Whether whoever runs this is greeted there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM, protocol) as line:
            line.settimeout(5)
            line.connect((address, port))
            return line.recv(5) == b"hello"
    except OSError:
        return False


def connects(port: int) -> bool:
    """Whether whoever runs this gets a connection on this PC."""
    with socket.socket() as line:
        line.settimeout(10)
        return line.connect_ex(("127.0.0.1", port)) == 0


def _kinds() -> list[int]:
    """TCP, and where the kernel has it the kind that opens connections of the kernel's own."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, MPTCP).close()
    except OSError:
        return [0]
    return [0, MPTCP]


def tried(uid: int) -> dict[str, list[int]]:
    """Address -> the ports that are reached by this user; a port counts where any kind of connection gets through."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
        found = {
            address: sorted({port for port in PORTS for kind in _kinds() if reached(address, port, kind)})
            for address in (*HERE, *NEIGHBOUR)
        }
        os.write(theirs, json.dumps(found).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as answer:
        told: dict[str, list[int]] = json.loads(answer.read())
    os.waitpid(child, 0)
    return told


def held_open(uid: int) -> Callable[[], bool]:
    """A connection to the panel that this user has; whether it still carries a word."""
    line = socket.create_server(("127.0.0.1", 0))
    port = int(line.getsockname()[1])
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        os.setuid(uid)
        with socket.create_connection(("127.0.0.1", port), 5) as up:
            while theirs.recv(1):
                up.send(b"word")
        os._exit(0)
    peer, _who = line.accept()
    peer.settimeout(0.5)

    def carries() -> bool:
        ours.send(b"!")
        try:
            return peer.recv(4) == b"word"
        except OSError:
            return False

    assert carries(), "the control"
    port_wall.nft("-f", "-", told=port_wall.rules(NAME, uid, [port]))
    return carries


def neighbour() -> "subprocess.Popen[bytes]":
    """A PC beside this one, with servers on the same ports."""
    code = "from tests import own_network; own_network.serve(); print(1, flush=True); import time; time.sleep(300)"
    other = subprocess.Popen(
        ["unshare", "--net", sys.executable, "-c", f"input()\n{code}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while os.readlink(f"/proc/{other.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for here, there in (("ip link set lo up", ""), (f"ip link add v0 type veth peer name v1 netns {other.pid}", ""),
                        ("ip addr add 10.99.0.1/24 dev v0", "ip addr add 10.99.0.2/24 dev v1"),
                        ("ip -6 addr add fd99::1/64 dev v0 nodad", "ip -6 addr add fd99::2/64 dev v1 nodad"),
                        ("ip link set v0 up", "ip link set v1 up")):  # fmt: skip
        subprocess.run(here.split(), check=True)
        if there:
            subprocess.run(["nsenter", f"--net=/proc/{other.pid}/ns/net", *there.split()], check=True)
    assert other.stdin is not None and other.stdout is not None
    other.stdin.write(b"\n")
    other.stdin.flush()
    assert other.stdout.readline() == b"1\n"
    return other


def main() -> None:
    """All of it."""
    citizen = int(sys.argv[1])
    other, told = neighbour(), dict[str, Any]()
    try:
        serve()
        port_wall.nft("-f", "-", told=OF_OTHERS)
        theirs = port_wall.shown("others")
        wanted = port_wall.rules(NAME, citizen, [PANEL, DOOR])
        told["kinds"], told["before"] = _kinds(), tried(citizen)
        told["put"] = port_wall.keep(NAME, wanted, "")
        told["citizen"], told["others"] = tried(citizen), tried(NOBODY)
        told["again"] = port_wall.keep(NAME, wanted, told["put"]["seen"])
        port_wall.nft("flush", "chain", "inet", NAME, "closed")
        told["flushed"] = tried(citizen)["127.0.0.1"]
        told["mended"] = port_wall.keep(NAME, wanted, told["put"]["seen"])
        told["after"] = tried(citizen)["127.0.0.1"]
        told["moved"] = port_wall.keep(NAME, port_wall.rules(NAME, citizen, [MENU]), "")
        told["at_menu"] = tried(citizen)["127.0.0.1"]
        told["cut"] = not held_open(citizen)()
        port_wall.take_away(Path("/nowhere"))
        port_wall.take_away(Path("/nowhere"))
        told["left"], told["theirs"] = port_wall.shown(NAME), port_wall.shown("others") == theirs != ""
        told["open"] = tried(citizen)["127.0.0.1"]
    finally:
        other.kill()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
