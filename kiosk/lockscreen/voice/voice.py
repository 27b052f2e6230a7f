"""One voice: says sentences by small programs of Debian, one after another, never two at once, and stops at once.

Recordings of the site come first (`KIOSK_HOME/audio/<lang>/<name>.ogg`), espeak-ng says the rest; either writes sound
into a player. Nothing here waits: a child is started, looked after every LOOK_MS, and killed when it shall be silent.
The children die with this process, whatever ends it, so that no sentence is heard in somebody else's session.
"""

import ctypes
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kiosk.sound import can_speak as can_speak
from kiosk.sound import installed, playable, player, synthesis

if TYPE_CHECKING:
    import tkinter

LOOK_MS, DYING_MS = 80, 10
PR_SET_PDEATHSIG = 1


class Part(NamedTuple):
    """A sentence: the name of a recording of it, and its words."""

    name: str
    text: str


def recording(folder: Path, lang: str, name: str) -> Path | None:
    """The site's recording of a sentence, if there is one that can be played."""
    path = folder / lang / f"{name}.ogg"
    return path if name and playable(path) else None


class Run(NamedTuple):
    """A program that writes sound, and what it reads: from a file in memory, as arguments are seen by every user."""

    command: tuple[str, ...]
    text: str = ""


class Voice:
    """Speaks for one process. `on_silence` is called when all was said, not when it was cut off."""

    def __init__(self, tk: "tkinter.Misc", folder: Path, on_silence: Callable[[], None]) -> None:
        self._tk, self._folder, self._on_silence = tk, folder, on_silence
        self._waiting: list[Run] = []
        self._children: list[int] = []
        self._dying: list[int] = []
        self._looking = False

    @property
    def speaking(self) -> bool:
        """Whether something is being said."""
        return bool(self._children or self._waiting)

    def say(self, lang: str, parts: list[Part]) -> None:
        """Say these sentences instead of whatever is being said."""
        self.stop()
        self._waiting = runs(self._folder, lang, parts)
        self._next()

    def stop(self) -> None:
        """Be silent now."""
        self._waiting = []
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)  # nobody else reaps our children, so the pid is still its own
        self._dying += self._children
        self._children = []
        self._look()

    def _next(self) -> None:
        """Begin what waits; not before the last sound is over, or there would be two voices for a moment."""
        if self._waiting and not self._dying:
            try:
                pipeline(self._waiting.pop(0), self._children)
            except OSError:  # no process or file to be had just now: the screen can still be read
                self.stop()
        self._look_soon()

    def _look_soon(self) -> None:
        if not self._looking and (self._children or self._dying):
            self._looking = True
            self._tk.after(DYING_MS if self._dying else LOOK_MS, self._looked)

    def _looked(self) -> None:
        self._looking = False
        self._look()

    def _look(self) -> None:
        spoke = bool(self._children)
        self._dying = [pid for pid in self._dying if not _ended(pid)]
        self._children = [pid for pid in self._children if not _ended(pid)]
        if not self._children:
            self._next()
        if spoke and not self.speaking:
            self._on_silence()
        self._look_soon()


def runs(folder: Path, lang: str, parts: list[Part]) -> list[Run]:
    """What to run for these sentences, in order; those without a recording that follow each other go together."""
    voice = synthesis(lang)
    decoder = installed("oggdec")
    found: list[Run] = []
    for part in parts:
        file = recording(folder, lang, part.name) if decoder else None
        if file:
            found.append(Run(("oggdec", "-Q", "-o", "-", str(file))))
        elif found and found[-1].command == voice:
            found[-1] = Run(voice, f"{found[-1].text}\n\n{part.text}")
        else:
            found.append(Run(voice, part.text))
    return found


def pipeline(run: Run, children: list[int]) -> None:
    """Start a run into the player; adds the pids of both to `children`. OSError when they cannot be started."""
    words = os.memfd_create("words")
    os.write(words, run.text.encode())
    os.lseek(words, 0, os.SEEK_SET)
    hears, speaks = os.pipe()
    try:
        children.append(_start(run.command, words, speaks))
        children.append(_start(player(), hears, -1))
    finally:
        for file in (words, hears, speaks):
            os.close(file)


def _start(command: Sequence[str], reads: int, writes: int) -> int:
    """A child that dies with us. Forked by hand: the subprocess module is a megabyte, and its child would not."""
    libc, parent = ctypes.CDLL(None), os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            nothing = os.open(os.devnull, os.O_WRONLY)
            for file, place in ((reads, 0), (writes if writes >= 0 else nothing, 1), (nothing, 2)):
                os.dup2(file, place)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.execvp(command[0], list(command))
    finally:
        os._exit(127)


def _ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
