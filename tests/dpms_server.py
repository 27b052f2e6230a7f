"""A display with DPMS: every byte goes to a real X server, but DPMS, which those without a monitor lack, is done here.

What a client asks of it is written down. A request that the server does not know becomes one that it knows, so that the
numbers of all requests stay the same on both sides.
"""

import contextlib
import os
import socket
import struct
import threading
from pathlib import Path

MAJOR = 200  # no extension of the server behind has this number
QUERY_EXTENSION, GET_INPUT_FOCUS, NO_OPERATION = 98, 43, 127
VERSION, CAPABLE, TIMEOUTS, SET_TIMEOUTS, ENABLE, DISABLE, FORCE, INFO = range(8)
REPLY, GENERIC_EVENT = 1, 35


class DpmsServer:
    """Listens as a display of its own. `asked`: what was, in order; `level`: 0 is on, 3 off."""

    def __init__(self, behind: str) -> None:
        self._behind = f"\0/tmp/.X11-unix/X{behind.removeprefix(':')}"
        self.asked: list[tuple[int, ...]] = []
        self.level = 0
        self._closing = False
        self._lines: list[socket.socket] = []
        number = next(n for n in range(700, 900) if not Path(f"/tmp/.X11-unix/X{n}").exists())
        self.display = f":{number}"
        self._path = f"/tmp/.X11-unix/X{number}"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self._path)
        self._listener.listen()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        """Hang up on everybody."""
        self._closing = True
        for line in (self._listener, *self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for line in (self._listener, *self._lines):
            line.close()
        os.unlink(self._path)

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._behind)
            self._lines += [client, server]
            ours: dict[int, int] = {}  # requests whose answers are ours, by their number: what was asked
            for run in (self._requests, self._answers):
                thread = threading.Thread(target=self._quietly, args=(run, client, server, ours))
                self._threads.append(thread)
                thread.start()

    def _quietly(self, run: object, client: socket.socket, server: socket.socket, ours: dict[int, int]) -> None:
        with contextlib.suppress(OSError, EOFError):
            run(client, server, ours)  # type: ignore[operator]
        for line in (client, server):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _requests(self, client: socket.socket, server: socket.socket, ours: dict[int, int]) -> None:
        head = _exactly(client, 12)
        name, data = struct.unpack("<HH", head[6:10])
        server.sendall(head + _exactly(client, _padded(name) + _padded(data)))
        number = 0
        while True:
            head = _exactly(client, 4)
            words = struct.unpack("<H", head[2:])[0]
            if not words:
                head += _exactly(client, 4)
                words = struct.unpack("<I", head[4:])[0]
            whole = head + _exactly(client, 4 * words - len(head))
            number = (number + 1) & 0xFFFF
            if whole[0] == QUERY_EXTENSION and whole[8:12] == b"DPMS" and whole[4:6] == b"\x04\0":
                ours[number] = -1
            elif whole[0] == MAJOR:
                whole = self._obey(number, whole, ours)
            server.sendall(whole)

    def _obey(self, number: int, whole: bytes, ours: dict[int, int]) -> bytes:
        what = whole[1]
        self.asked.append((what, *struct.unpack(f"<{(len(whole) - 4) // 2}H", whole[4:])))
        if what in (VERSION, CAPABLE, TIMEOUTS, INFO):
            ours[number] = what
            return bytes((GET_INPUT_FOCUS, 0, 1, 0))
        if what == FORCE:
            self.level = self.asked[-1][1]
        return bytes((NO_OPERATION, 0, 1, 0))

    def _answers(self, client: socket.socket, server: socket.socket, ours: dict[int, int]) -> None:
        head = _exactly(server, 8)
        client.sendall(head + _exactly(server, 4 * struct.unpack("<H", head[6:])[0]))
        while True:
            packet = _exactly(server, 32)
            kind = packet[0] & 0x7F
            if kind in (REPLY, GENERIC_EVENT):
                packet += _exactly(server, 4 * struct.unpack("<I", packet[4:8])[0])
            number = struct.unpack("<H", packet[2:4])[0]
            if kind == REPLY and number in ours:
                packet = packet[:4] + struct.pack("<I", 0) + self._answer(ours.pop(number)).ljust(24, b"\0")
            client.sendall(packet)

    def _answer(self, what: int) -> bytes:
        return {
            -1: bytes((1, MAJOR, 0, 0)), VERSION: struct.pack("<HH", 1, 2), CAPABLE: b"\1",
            TIMEOUTS: struct.pack("<HHH", 600, 600, 600), INFO: struct.pack("<HB", self.level, 1),
        }[what]  # fmt: skip


def _padded(length: int) -> int:
    return length + -length % 4


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = line.recv(count - len(found))
        if not more:
            raise EOFError
        found += more
    return found
