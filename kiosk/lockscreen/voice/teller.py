"""`python -m kiosk.lockscreen.voice.teller AUDIO`: reads aloud what the citizen's pages ask to have read.

It runs as the citizen, within the session's bounds, because the words are those of packs, books and archives: what a
voice could be tricked into by them is no more than the citizen could do anyway, and all of it ends with the session.

Orca, the desktop's screen reader, is not used: in Debian 12 it brings 52 packages and 82 MB, a bus and a speech server
of its own, and makes the browser keep a second tree of every page, which a PC of 2 GB has no room for. So web sites and
office programs are not read aloud, and the menu says so.

Its line to the supervisor is its standard output, which is heard and spoken on. `{"say", "parts"}`: say these instead
of whatever is being said; `{"hush"}`: be silent. It answers `{"said", "whole"}`, whole unless it was cut off.
"""

import json
import os
import re
import select
import signal
import socket
import sys
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from kiosk.lockscreen.voice.aloud import aloud
from kiosk.lockscreen.voice.voice import Part, Run, pipeline, runs

# A voice that nobody has needed for so long gives its memory back; the next words start another one.
IDLE_SECONDS = 300.0
NICE = 10
LANGS = ("vi", "en")
# What a voice takes as an order (espeak-ng: sounds in double brackets), or spells out for minutes.
_ODD = re.compile(r"[\[\]<>|_*#~^=\\{}]+|(?<=(.))\1{4,}")


class Teller:
    """One voice: at most one thing is said, by one voice and one player at a time."""

    def __init__(self, line: socket.socket, audio: Path) -> None:
        self._line, self._audio = line, audio
        self._heard = b""
        self._waiting: list[Run] = []
        self._living: dict[int, int] = {}  # pidfd -> pid
        self._number = 0

    def run(self) -> int:
        """Until the supervisor hangs up, or nobody wants to hear anything any more."""
        while True:
            waited = [self._line.fileno(), *self._living]
            ready, _, _ = select.select(waited, [], [], None if self._number else IDLE_SECONDS)
            if not ready:
                return 0
            for pidfd in [one for one in ready if one in self._living]:
                self._reap(pidfd)
            if self._line.fileno() in ready and not self._hear():
                self._stop()
                return 0
            self._go_on()

    def _hear(self) -> bool:
        data = self._line.recv(65_536)
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            self._stop()
            if "say" in order:
                self._number, self._waiting = order["say"], self._told(order["parts"])
        return bool(data)

    def _told(self, parts: list[dict[str, str]]) -> list[Run]:
        """What to run for these parts, each in its own language."""
        found: list[Run] = []
        for lang, same in groupby(parts, lambda part: part["lang"] if part["lang"] in LANGS else LANGS[0]):
            found += runs(self._audio, lang, [Part(part.get("name", ""), spoken(lang, part["text"])) for part in same])
        return found

    def _go_on(self) -> None:
        """Begin what waits; what cannot be begun is over, and so is what was said to its end."""
        if self._living or not self._number:
            return
        if self._waiting:
            started: list[int] = []
            with suppress(OSError):
                pipeline(self._waiting.pop(0), started)
            self._living = {os.pidfd_open(pid): pid for pid in started}
            if self._living:
                return
        self._answer(whole=True)

    def _stop(self) -> None:
        """Silence now. The dead are waited for: they die at once, and two voices must never be heard."""
        self._waiting = []
        for pid in self._living.values():
            os.kill(pid, signal.SIGKILL)
        for pidfd in list(self._living):
            self._reap(pidfd)
        if self._number:
            self._answer(whole=False)

    def _reap(self, pidfd: int) -> None:
        os.waitpid(self._living.pop(pidfd), 0)
        os.close(pidfd)

    def _answer(self, whole: bool) -> None:
        said, self._number = self._number, 0
        with suppress(OSError):
            self._line.sendall(json.dumps({"said": said, "whole": whole}).encode() + b"\n")


def spoken(lang: str, text: str) -> str:
    """A piece of a page for the ear: in numbers and words, without what no voice can say."""
    plain = " ".join(_ODD.sub(" ", text).split())
    return aloud(lang, plain)


def main() -> int:
    """Begin."""
    with suppress(OSError):
        os.nice(NICE)
    return Teller(socket.socket(fileno=1), Path(sys.argv[1])).run()


if __name__ == "__main__":
    sys.exit(main())
