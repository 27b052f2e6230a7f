"""Eyes that look for one string in every place where a session could leave something."""

import os
import pwd
import subprocess
from pathlib import Path

from Xlib import Xatom
from Xlib.display import Display

from kiosk.supervisor import ipc
from tests import canary
from tests.running import CITIZEN, RunningStation

OPEN_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/var/crash")
SPOOLS = ("/var/spool", "/var/mail", "/var/log", "/var/lib/systemd", "/run")
MOST = 8 << 20  # bytes of a file that are looked at


class Eyes:
    """Looks for the string. `room`: the root of the session's own view of the files, while there is one.

    `user`, `theirs`: whose session it is, and where its home lies; the citizen's where nothing is said.
    """

    def __init__(
        self, station: RunningStation, mark: str, room: Path | None, user: str = CITIZEN, theirs: Path | None = None
    ) -> None:
        self.station, self.mark, self.room, self.user = station, mark, room, user
        self.uid = pwd.getpwnam(user).pw_uid
        self.theirs = theirs or station.paths.citizen_home
        self.forms = (mark.encode(), mark.encode("utf-16-le"))

    def look(self) -> dict[str, bool]:
        """For each place, whether the string is in it."""
        theirs = self.theirs
        return {
            "files of the home": self._below(theirs / "letter", theirs / "Documents", theirs / ".config"),
            "downloads": self._below(theirs / "Downloads"),
            "what was used lately": self._below(theirs / ".local", theirs / ".cache"),
            "the browser's profile": self._below(theirs / ".browser"),
            **{place: self._below(self._seen(place)) or self._below(Path(place)) for place in canary_places()},
            "the clipboard": self._selected("clipboard"),
            "the selection": self._selected("primary"),
            **self._on_display(),
            "shared memory": bool(ipc.owned("shm", self.uid)),
            "a message queue": self._queued(),
            "the kernel's keyring": self._in_keyring(),
            "a daemon": self._in_processes(b"sleep(900)"),
            "a process that cron started": self._in_processes(b"sleep(800)"),
            "a socket without a file": self.mark
            in Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace"),
            "cron's spool": Path("/var/spool/cron/crontabs", self.user).exists(),
            "at's spool": self._below(Path("/var/spool/cron/atjobs")),
            "a job at the print desk": self._below(self.station.paths.printing),
        }

    def anywhere_else(self) -> list[str]:
        """Files that must never have held it: all of ours but the home itself, and the machine's logs and spools."""
        home = self.station.paths
        ours = [path for path in home.home.iterdir() if path not in (self.theirs, home.printing)]
        places = [*ours, self.station.log_path, *map(Path, (*OPEN_PLACES, *SPOOLS))]
        found = (path for place in places for path in self._holders(place))
        known = (self.theirs, home.printing, Path("/var/spool/cron"))  # looked at by `look`
        return sorted(str(path) for path in found if not any(one in path.parents for one in known))

    def anybody(self) -> list[str]:
        """Living processes, whoever's, that have it in their words or their environment."""
        found = (entry.name for entry in Path("/proc").glob("[0-9]*") if self.forms[0] in _words(entry))
        return [name for name in found if int(name) != os.getpid()]

    def _seen(self, place: str) -> Path:
        return Path(f"{self.room}{place}") if self.room is not None else Path(place)

    def _below(self, *places: Path) -> bool:
        return any(True for place in places for _path in self._holders(place))

    def _holders(self, place: Path) -> list[Path]:
        found = []
        # What others make and remove meanwhile is passed over by `walk`.
        below = (Path(where, name) for where, _folders, names in os.walk(place) for name in names)
        for path in below if place.is_dir() else (place,):
            try:
                if path.is_symlink() or not path.is_file():
                    continue
                with path.open("rb") as file:
                    held = file.read(MOST)
            except OSError:
                continue
            if any(form in held for form in self.forms) or self.mark in path.name:
                found.append(path)
        return found

    def _selected(self, which: str) -> bool:
        told = subprocess.run(
            ["xclip", "-selection", which, "-o"], env=self.station.env, capture_output=True, timeout=10, check=False
        )
        return self.forms[0] in told.stdout

    def _on_display(self) -> dict[str, bool]:
        display = Display(self.station.display)
        try:
            root = display.screen().root
            held = {name: root.get_full_property(display.get_atom(name), Xatom.STRING) for name in BUFFERS}
            texts = {name: value.value if value else b"" for name, value in held.items()}
            names = [window.get_wm_name() for window in root.query_tree().children]
        finally:
            display.close()
        known = {
            BUFFERS[name]: self.forms[0] in (text if isinstance(text, bytes) else text.encode())
            for name, text in texts.items()
        }
        return {**known, "a window that stays": self.mark in map(str, names)}

    def _queued(self) -> bool:
        with ipc.queues() as folder:
            return folder is not None and self.mark in os.listdir(folder)

    def _in_keyring(self) -> bool:
        """Asked as the citizen: the kernel shows nobody else's."""
        told = subprocess.run(["cat", "/proc/keys"], user=self.uid, capture_output=True, timeout=10, check=True)
        return self.forms[0] in told.stdout

    def _in_processes(self, words: bytes) -> bool:
        found = map(_words, Path("/proc").glob("[0-9]*"))
        return any(words in one and self.forms[0] in one for one in found)


def _words(entry: Path) -> bytes:
    """The words and the environment of a process, by its folder in /proc."""
    try:
        return (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
    except OSError:
        return b""


BUFFERS = {"CUT_BUFFER0": "a cut buffer", "RESOURCE_MANAGER": "resources of X"}


def canary_places() -> tuple[str, ...]:
    """The open places that the planter writes to."""
    return tuple(name for name in canary.PLANTS if name.startswith("/"))
