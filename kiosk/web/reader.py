"""A connection as a file of bytes, into which is put what was read of it already, and no more is ever read from it.

A request is answered when it is whole. One that says in some odd way that more of it is to come would else hold a
thread until it comes: to whoever reads it, it ends where what was gathered ends.
"""

import io
import select
import socket
from typing import Any

from cheroot.makefile import StreamReader, StreamWriter

MOMENT = 1  # milliseconds


class _Ended(socket.SocketIO):
    """A connection of which nothing more is read."""

    def readinto(self, buffer: Any) -> int:
        """The end."""
        return 0


class Reader(StreamReader):
    """A reader into which bytes are put that were read already."""

    _read_buf: bytes
    _read_pos: int

    def __init__(self, sock: Any, mode: str = "r", size: int = io.DEFAULT_BUFFER_SIZE) -> None:
        super().__init__(sock, mode, size)
        self._raw: socket.SocketIO
        self._raw.close()
        self._raw = _Ended(sock, "r")

    def take(self, piece: bytes) -> None:
        """Have `piece` read after what waits."""
        self._read_buf, self._read_pos = self.waiting() + piece, 0

    def waiting(self) -> bytes:
        """What was put in and not read yet."""
        return self._read_buf[self._read_pos :]

    def taken_back(self) -> bytes:
        """The same, and it waits here no longer."""
        waiting, self._read_buf, self._read_pos = self.waiting(), b"", 0
        return waiting


def file_of(sock: Any, mode: str = "r", size: int = 0) -> Any:
    """A socket to read from or to write to, as cheroot asks for it."""
    return Reader(sock, mode, size) if "r" in mode else StreamWriter(sock, mode, size)


def more_within(line: socket.socket) -> bool:
    """Whether more is said in a moment. Not by select(2), which takes no descriptor above 1,023."""
    asked = select.poll()
    asked.register(line, select.POLLIN)
    return bool(asked.poll(MOMENT))
