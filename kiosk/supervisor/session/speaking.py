"""The voice of the citizen's pages: one small program of the session, started with the first words, ended with it.

It runs as the citizen (kiosk/lockscreen/voice/teller.py says why); words are passed on to it and kept nowhere. Of what
it answers only numbers are taken. It has a line of its own, so that neither its words nor its silence hold anything up.
"""

import json
import socket
import sys
from collections.abc import Callable
from typing import Any

from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.processes import Process
from kiosk.supervisor.session.session import Session

MODULE = "kiosk.lockscreen.voice.teller"
MOST_HEARD = 4096


class Speaking:
    """`say` reports to the service: what was said, and whether to its end."""

    def __init__(self, keeper: Keeper, say: Callable[..., bool]) -> None:
        self._keeper, self._report = keeper, say
        self._process: Process | None = None
        self._line: socket.socket | None = None
        self._heard = b""
        self._session = ""
        self._number = 0

    def say(self, session: Session, number: int, parts: list[Any]) -> None:
        """Say these parts instead of whatever is being said; `number` names them in the report."""
        if self._line is None or self._session != session.id:
            self._begin(session)
        self._number = number
        if not self._tell({"say": number, "parts": parts}):
            self._said(number, whole=False)

    def hush(self) -> None:
        """Be silent; a voice that was never used is not woken for it."""
        if self._line is not None:
            self._tell({"hush": True})

    def _begin(self, session: Session) -> None:
        self._end()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        command = [sys.executable, "-P", "-m", MODULE, str(session.station.paths.audio)]
        try:
            process = session.helper("voice", command, theirs.fileno())
        except OSError as error:
            log(f"the voice cannot be started: {error.strerror}")
            ours.close()
            return
        finally:
            theirs.close()
        self._process, self._line, self._session, self._heard = process, ours, session.id, b""
        self._keeper.loop.watch(ours.fileno(), self._hear)
        self._keeper.take(process, lambda _status: self._gone(process))

    def _tell(self, order: dict[str, Any]) -> bool:
        """One line; a voice that does not listen hangs, and is ended."""
        line = json.dumps(order, ensure_ascii=False).encode() + b"\n"
        try:
            if self._line is not None and self._line.send(line) == len(line):
                return True
        except OSError:
            pass
        self._end()
        return False

    def _hear(self) -> None:
        if self._line is None:
            return
        try:
            data = self._line.recv(MOST_HEARD)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._end()
            return
        *lines, self._heard = (self._heard + data)[-MOST_HEARD:].split(b"\n")
        for line in lines:
            self._understand(line)

    def _understand(self, line: bytes) -> None:
        """What runs as the citizen may say anything."""
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            return
        if isinstance(told, dict) and told.get("said") == self._number and not isinstance(told["said"], bool):
            self._said(self._number, told.get("whole") is True)

    def _said(self, number: int, whole: bool) -> None:
        self._number = 0
        if number:
            self._report("said", session=self._session, number=number, whole=whole)

    def _gone(self, process: Process) -> None:
        if self._process is process:
            self._end()

    def _end(self) -> None:
        """Let go of the line; a voice that hears nobody any more ends by itself, one that hangs is killed."""
        line, process, self._line, self._process = self._line, self._process, None, None
        if line is not None:
            self._keeper.loop.forget(line.fileno())
            line.close()
        if process is not None and process.pid in self._keeper.children.by_pid:
            process.kill()
        self._said(self._number, whole=False)
