"""The lock's and the bar's line to the service: lines of JSON over its socket, watched by Tk, never blocking.

Reconnects every 100 ms for ever. `heard` says how long ago the last `state` came, which is what failing closed needs.
"""

import contextlib
import os
import socket
import time
import tkinter
from collections.abc import Callable

from kiosk import messages

RECONNECT_MS = 100
SILENCE_SECONDS = 3.0


def seconds() -> float:
    """Seconds since boot, those of a suspend too: whoever wakes the PC must find it covered (DESIGN.md 3)."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Connection:
    """Calls `on_state(message)` for each state `on_up()` when the line stands, `on_lost()` when it breaks."""

    def __init__(
        self, tk: tkinter.Misc, path: os.PathLike[str], on_state: Callable[[messages.Message], None],
        on_lost: Callable[[], None], on_up: Callable[[], None],
    ) -> None:  # fmt: skip
        self._tk, self._path = tk, path
        self._on_state, self._on_lost, self._on_up = on_state, on_lost, on_up
        self._socket: socket.socket | None = None
        self._buffer = messages.LineBuffer()
        self._unsent = b""
        self.last_state: float | None = None
        self._state: messages.Message | None = None  # the last one that came over this line
        self.lost_since = seconds()
        self.on_staff: Callable[[messages.Message], None] = lambda _message: None  # what is said to this lock alone

    @property
    def up(self) -> bool:
        """Whether a line to the service stands and a state came over it within SILENCE_SECONDS."""
        return self._socket is not None and self.last_state is not None and self.silent_for() <= SILENCE_SECONDS

    @property
    def connected(self) -> bool:
        """Whether a line stands, however silent."""
        return self._socket is not None

    def silent_for(self) -> float:
        """Seconds since the last state; since the start when none came yet."""
        return seconds() - (self.last_state if self.last_state is not None else self.lost_since)

    def connect(self) -> None:
        """Try now, and again every RECONNECT_MS until it works."""
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.setblocking(False)
        try:
            line.connect(os.fspath(self._path))
        except OSError:
            line.close()
            self._tk.after(RECONNECT_MS, self.connect)
            return
        self._socket, self._buffer, self._unsent, self._state = line, messages.LineBuffer(), b"", None
        self._tk.tk.createfilehandler(line, tkinter.READABLE, self._readable)
        self._on_up()

    def send(self, verb: str, **fields: object) -> bool:
        """Send one message; False when there is no line."""
        if self._socket is None:
            return False
        self._unsent += messages.encode(verb, **fields)
        return self._flush()

    def _flush(self) -> bool:
        if self._socket is None:
            return False
        try:
            sent = self._socket.send(self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._lose()
            return False
        self._unsent = self._unsent[sent:]
        return True

    def _readable(self, line: socket.socket, _mask: int) -> None:
        data = messages.arrived(line)
        if data is None:
            return
        if not data:
            self._lose()
            return
        if self._unsent:
            self._flush()
        self._take(data)

    def _take(self, data: bytes) -> None:
        try:
            for line in self._buffer.feed(data):
                message = messages.decode(line)
                if message["verb"] == "state":  # each one, in order: a change and the next may come together
                    self._hear(message, new=True)
                elif message["verb"] == "same" and self._state is not None:
                    self._hear(self._state, new=False)
                elif message["verb"] == "staff":
                    self.on_staff(message)
        except messages.Malformed:
            self._lose()

    def _hear(self, state: messages.Message, new: bool) -> None:
        """The first word after a suspend may come before anybody looked at the silence: cover first, then hear it."""
        silent = self.last_state is not None and self.silent_for() > SILENCE_SECONDS
        if silent:
            self._on_lost()
        self._state, self.last_state = state, seconds()
        if new or silent:
            self._on_state(state)

    def _lose(self) -> None:
        line, self._socket = self._socket, None
        if line is None:
            return
        with contextlib.suppress(OSError, ValueError, tkinter.TclError):
            self._tk.tk.deletefilehandler(line)
        line.close()
        self.lost_since = seconds()
        self._on_lost()
        self._tk.after(RECONNECT_MS, self.connect)
