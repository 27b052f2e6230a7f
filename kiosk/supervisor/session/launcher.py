"""Programs of the menu: started where the policy names them, a few at once, and brought to the front when they run."""

import shutil
from collections.abc import Callable

from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.processes import Process
from kiosk.supervisor.session.session import Session

# So many at once: who touches a tile ten times because nothing seems to happen gets no ten office programs.
MOST = 4
SOUND_AFTER = 0.5  # when the fresh lock has come


class Launcher:
    """Which program of the policy runs as which process. A new supervisor knows the processes, not the programs."""

    def __init__(self, keeper: Keeper, say: Callable[..., bool]) -> None:
        self._keeper, self._say = keeper, say
        self._running: dict[str, Process] = {}

    def begin(self) -> None:
        """What a session begins with once: a plain ground behind the windows, and the volume of the policy."""
        self._keeper.start("ground")
        self.set_volume()

    def set_volume(self) -> None:
        """As loud as the policy says: who comes next may have START read aloud, before their session begins."""
        if shutil.which("amixer"):
            self._ours("volume", str(self._keeper.maker.volume))

    def end(self, came: Callable[[], None]) -> None:
        """The session's programs are dead: nobody turns it down again. No end waits for a sound card."""
        self._keeper.loop.after(SOUND_AFTER, self.set_volume)
        came()

    def run(self, session: Session, name: str) -> None:
        """Start the program of this name (programs.py), or show its window again."""
        command = session.station.programs.named(name)
        if command is None:
            log("a program was asked for that is not there")
            return
        running = self._running.get(name)
        if running is not None and running.pid in self._keeper.children.by_pid:
            self._ours("raise", str(running.pid))
            return
        if len(self._keeper.children.of("program")) >= MOST:
            log(f"{MOST} programs run already")
            return
        try:
            process = session.spawn("program", command)
        except OSError as error:
            log(f"a program cannot be started: {error.strerror}")
            self._say("trouble", code="program_not_started", detail=command[0])
            return
        self._running[name] = process
        self._keeper.take(process, lambda _status: self._forget(name, process))

    def _ours(self, role: str, word: str) -> None:
        """Have one of our own programs do something once."""
        try:
            self._keeper.take(self._keeper.children.start(role, word), lambda _status: None)
        except OSError as error:
            log(f"{role} cannot be started: {error.strerror}")

    def _forget(self, name: str, process: Process) -> None:
        if self._running.get(name) is process:
            del self._running[name]
