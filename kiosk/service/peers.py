"""The service's unix socket: who is at the other end, what they may say, and pushing state to them.

A peer's role is uid and pid: the kernel tells both (SO_PEERCRED), the supervisor has told whom it started as what. The
role is looked up at every message, because a lock screen may connect before the supervisor has named it.
"""

import logging
import socket
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kiosk.loop import Loop
from kiosk.messages import VERBS, LineBuffer, Malformed, Message, arrived, check, decode, encode, peer_credentials
from kiosk.service.listener import Listener
from kiosk.service.peer_roles import Roles
from kiosk.settings import Paths

log = logging.getLogger(__name__)

MAX_PEERS = 32
SCREENS = ("lock", "bar")
MAX_UNHEARD = 8  # lines of a peer that nobody has named yet


@dataclass
class Peer:
    """One connection."""

    connection: socket.socket
    pid: int
    uid: int
    lines: LineBuffer = field(default_factory=LineBuffer)
    unheard: list[bytes] = field(default_factory=list)
    heard_as: str = ""  # the role in which it was last heard
    shown: bytes = b""  # the state that it was last sent

    def send(self, line: bytes) -> bool:
        """Send without waiting; False when the peer does not read or is gone."""
        try:
            return self.connection.send(line) == len(line)
        except OSError:
            return False


class Peers:
    """All connections, by role. `hear(role, peer, message)` is called in the loop for each allowed message."""

    def __init__(self, paths: Paths, loop: Loop, hear: Callable[[str, Peer, Message], None]) -> None:
        self._loop, self._hear = loop, hear
        self._peers: dict[int, Peer] = {}
        self._roles = Roles(paths.processes)
        self._state = b""  # the line that the screens were told last
        self.supervisor_gone: Callable[[], None] = lambda: None
        self._listener = Listener(paths.socket, loop, self._accept)

    def name(self, role: str, pid: int, uid: int) -> None:
        """The supervisor started process `pid` of user `uid` as `role`. The newest of a role comes last."""
        self._roles.name(role, pid, uid)
        for fd, peer in list(self._peers.items()):
            if peer.pid == pid:
                self._tell(fd, peer)
                try:
                    self._hear_out(peer)
                except Malformed as why:
                    self._dismiss(fd, why)

    def forget(self, pid: int) -> None:
        """The process is gone: its number may be given to another."""
        self._roles.forget(pid)
        for fd, peer in list(self._peers.items()):
            if peer.pid == pid:
                self._drop(fd)

    def named(self, role: str) -> list[int]:
        """Process numbers of a role, oldest first."""
        return self._roles.named(role)

    def send(self, role: str, verb: str, **fields: Any) -> bool:
        """Say something to every peer of a role; False when there was none. Who does not read is dropped."""
        line, sent = encode(verb, **fields), False
        for fd, peer in list(self._peers.items()):
            if self._roles.of(peer.pid, peer.uid) == role:
                if peer.send(line):
                    sent = True
                else:
                    self._drop(fd)
        return sent

    def show(self, state: Message) -> None:
        """Tell every screen the station's state; one that has just this already hears only that it holds."""
        line = encode("state", **state)
        if line != self._state:  # by what it says: parts of it may have been changed in place
            self._state = line
        for fd, peer in list(self._peers.items()):
            self._tell(fd, peer)

    def _tell(self, fd: int, peer: Peer) -> None:
        """The state, to a screen that we know as one. A new one hears it as soon as it is there: a citizen may wait."""
        if not self._state or self._roles.of(peer.pid, peer.uid) not in SCREENS:
            return
        line = encode("same") if peer.shown is self._state else self._state
        peer.shown = self._state
        if not peer.send(line):
            self._drop(fd)

    def _accept(self, connection: socket.socket) -> None:
        if len(self._peers) >= MAX_PEERS:
            connection.close()
            return
        connection.setblocking(False)
        pid, uid = peer_credentials(connection)
        fd = connection.fileno()
        peer = self._peers[fd] = Peer(connection, pid, uid)
        self._loop.watch(fd, lambda: self._read(fd))
        self._tell(fd, peer)

    def _read(self, fd: int) -> None:
        peer = self._peers[fd]
        data = arrived(peer.connection)
        if data is None:
            return
        if not data:
            self._drop(fd)
            return
        try:
            peer.unheard.extend(peer.lines.feed(data))
            self._hear_out(peer)
        except Malformed as why:
            self._dismiss(fd, why)

    def _hear_out(self, peer: Peer) -> None:
        """Hear what a peer has said, once we know who it is: it may be faster than the supervisor's word."""
        role = self._roles.of(peer.pid, peer.uid)
        if role is None or (role == "cli" and self._speaks_as_a_screen(peer)):
            if len(peer.unheard) > MAX_UNHEARD:
                raise Malformed("nobody we know")
            return
        lines, peer.unheard, peer.heard_as = peer.unheard, [], role
        for line in lines:
            message = check(decode(line), VERBS[role])
            try:
                self._hear(role, peer, message)
            except Exception as error:  # the border: whatever a peer says, the service goes on
                where = traceback.extract_tb(error.__traceback__)[-1]
                log.error("%s of %s failed: %s in %s:%s", message["verb"], role, type(error).__name__, *where[:2])

    def _speaks_as_a_screen(self, peer: Peer) -> bool:
        """Where all run as one user, a lock that the supervisor has not named yet looks like a command."""
        return any(decode(line)["verb"] in (VERBS["lock"].keys() | VERBS["bar"].keys()) for line in peer.unheard)

    def _dismiss(self, fd: int, why: Malformed) -> None:
        log.warning("a peer was dropped: %s", why)
        self._drop(fd)

    def _drop(self, fd: int) -> None:
        peer = self._peers.pop(fd, None)
        if peer is not None:
            self._loop.forget(fd)
            peer.connection.close()
            if peer.heard_as == "supervisor":
                # Not now: we may be in the middle of carrying out what an event ordered.
                self._loop.call_soon(self._mourn)

    def close(self) -> None:
        """Hang up on everybody and stop listening; for a service that does not end with its process."""
        for fd in list(self._peers):
            self._drop(fd)
        self._listener.close()

    def _mourn(self) -> None:
        """The supervisor hung up; tell it, unless the next one is here already."""
        if not any(peer.heard_as == "supervisor" for peer in self._peers.values()):
            self.supervisor_gone()
