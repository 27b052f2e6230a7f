"""Where a hostile program runs, and what it says; the eyes that look at it from outside are in hostile_eyes.py."""

import os
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from tests import hostile_files, hostile_processes, hostile_reach, hostile_screen, hostile_server, hostile_x, lasting
from tests.citizens_browser import of_user, words_of

# The modules are given whole to Python: a session has a /tmp of its own, and a checkout may lie in ours.
MODULES = (hostile_x, hostile_screen, hostile_server, lasting, hostile_processes, hostile_files, hostile_reach)
SOURCES = {
    name: Path(str(module.__file__)).read_text(encoding="utf-8")
    for module in MODULES
    for name in (lasting.WAYS if module is lasting else module.ATTACKS)
}
SPEECHLESS = set(lasting.WAYS)  # they print nothing and leave their first process at once


class Ground:
    """One run of one program. `heard`: its lines so far; `quiet`: whether nobody holds its end of the line any more.

    `group`: the control group of its session, where it has one; `port`: what a flood is sent to.
    """

    group: Path | None = None
    port = 0

    def __init__(self, name: str, mark: str, display: str, uid: int, home: Path, before: dict[str, object]) -> None:
        self.name, self.mark, self.display, self.uid, self.home = name, mark, display, uid, home
        self.before, self.heard, self._reader = before, list[str](), threading.Thread()

    def listen(self, process: "subprocess.Popen[bytes]") -> None:
        """Read what it prints, also what its children do after it."""
        self.process = process
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.heard.append(line.decode(errors="replace").strip())

    @property
    def quiet(self) -> bool:
        """Whether all that could say something is dead."""
        return not self._reader.is_alive()

    @property
    def answer(self) -> str:
        """Its first line; `up` of those that have none."""
        return "up" if self.name in SPEECHLESS else next(iter(self.heard), "")

    @property
    def root(self) -> Path:
        """The files as it sees them."""
        for pid in of_user(self.uid):
            with suppress(OSError):
                if (Path(f"/proc/{pid}/root") / "tmp").exists():
                    return Path(f"/proc/{pid}/root")
        return Path("/nowhere")

    def members(self) -> set[int]:
        """The processes of its session, in one look, which costs the same however many there are."""
        if self.group is None:
            return set(of_user(self.uid))
        return set(map(int, (self.group / "cgroup.procs").read_text(encoding="ascii").split()))

    def named(self) -> list[int]:
        """Living processes with the mark in their words."""
        found = []
        for pid in of_user(self.uid):
            with suppress(OSError):
                if self.mark in words_of(pid):
                    found.append(pid)
        return found

    def press(self, key: str) -> None:
        """A key on the keyboard, as the next person would press it."""
        env = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["xdotool", "key", key], env=env, check=True, timeout=10)
