"""One string, planted during a session in every place we could think of, is in none of them after it.

Each place is looked at by the same eyes before the end, as the control, and after it.
"""

import json
import os
import pwd
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from Xlib import Xatom
from Xlib.display import Display

from kiosk.supervisor import ipc
from tests import canary
from tests.citizens_browser import of_user, wait_for_menu
from tests.running import CITIZEN, LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

OPEN_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/var/crash")
SPOOLS = ("/var/spool", "/var/mail", "/var/log", "/var/lib/systemd", "/run")
MOST = 8 << 20  # bytes of a file that are looked at


class Eyes:
    """Looks for the string. `room`: the root of the session's own view of the files, while there is one."""

    def __init__(self, station: RunningStation, mark: str, room: Path | None) -> None:
        self.station, self.mark, self.room = station, mark, room
        self.uid = pwd.getpwnam(CITIZEN).pw_uid
        self.forms = (mark.encode(), mark.encode("utf-16-le"))

    def look(self) -> dict[str, bool]:
        """For each place, whether the string is in it."""
        theirs = self.station.paths.citizen_home
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
            "a daemon": self._in_processes(),
            "a socket without a file": self.mark
            in Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace"),
            "cron's spool": Path("/var/spool/cron/crontabs", CITIZEN).exists(),
        }

    def anywhere_else(self) -> list[str]:
        """Files that must never have held it: all of ours but the home itself, and the machine's logs and spools."""
        home = self.station.paths
        ours = [path for path in home.home.iterdir() if path != home.citizen_home]
        places = [*ours, self.station.log_path, *map(Path, (*OPEN_PLACES, *SPOOLS))]
        found = (path for place in places for path in self._holders(place))
        return sorted(str(path) for path in found if home.citizen_home not in path.parents)

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

    def _in_processes(self) -> bool:
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if b"sleep(900)" in words and self.forms[0] in words:
                return True
        return False


BUFFERS = {"CUT_BUFFER0": "a cut buffer", "RESOURCE_MANAGER": "resources of X"}


def canary_places() -> tuple[str, ...]:
    """The open places that the planter writes to."""
    return tuple(name for name in canary.PLANTS if name.startswith("/"))


def _room_of(pid: int) -> str:
    return os.readlink(f"/proc/{pid}/ns/mnt")


def _holders_of(room: str) -> list[str]:
    """Processes that are in a room of mounts or keep it by a descriptor."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        for link in (entry / "ns/mnt", *(entry / "fd").glob("*")):
            try:
                if os.readlink(link) == room:
                    found.append(entry.name)
            except OSError:
                continue
    return found


def _browse(station: RunningStation, mark: str) -> None:
    """An address with the string, of our own menu: our service hears it too, and must not keep it."""
    station.key("ctrl+l")
    subprocess.run(
        ["xdotool", "type", f"127.0.0.1:{station.menu}/{mark}\n"], env=station.env, check=True, timeout=20
    )  # fmt: skip


def _plant_cron(uid: int) -> Callable[[], None]:
    """What a `crontab` that is setuid would make; how to take away the folder if there is no cron here."""
    folder = Path("/var/spool/cron/crontabs")
    made = [path for path in (folder.parent, folder) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CITIZEN).write_text("* * * * * true\n", encoding="utf-8")
    os.chown(folder / CITIZEN, uid, -1)

    def remove() -> None:
        (folder / CITIZEN).unlink(missing_ok=True)
        for path in reversed(made):
            path.rmdir()

    return remove


def _fill(station: RunningStation) -> None:
    """A home that fills up is told to the bar, and that there is space again."""
    station.wait(lambda: station.status()["home"] and not station.status()["home"]["full"], "space in the home is told")
    place = f"{station.paths.citizen_home}/big"
    for script, full in ((f"head -c 9G /dev/zero > {place}", True), (f"rm {place}", False)):
        station.as_citizen("sh", "-c", script, room=True).wait(30)
        station.wait(lambda full=full: station.status()["home"]["full"] is full, f"full: {full}")  # type: ignore[misc]


def test_a_string_planted_in_every_place_is_in_none_after_the_session(home: Path, xvfb: Callable[..., str]) -> None:
    mark = f"canary{secrets.token_hex(8)}"
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        wait_for_menu(station, "vi")
        _browse(station, mark)
        source = Path(canary.__file__).read_text(encoding="utf-8")
        planter = station.as_citizen(sys.executable, "-c", source, mark, stdout=subprocess.PIPE, room=True)
        assert planter.stdout is not None
        assert json.loads(planter.stdout.readline()) == [], "planted everywhere"
        room = _room_of(planter.pid)
        assert room != _room_of(os.getpid()), "the session has a room of its own"
        eyes = Eyes(station, mark, Path(f"/proc/{planter.pid}/root"))
        remove_cron = _plant_cron(eyes.uid)
        try:
            # The control: the same eyes find it in every place, and nowhere where we would have put it ourselves.
            for place in eyes.look():
                station.wait(lambda place=place: eyes.look()[place], f"found in {place}", 40)  # type: ignore[misc]
            found = eyes.look()
            print(f"\nlooked in {len(found)} places: {', '.join(found)}")
            assert len(found) >= 12 and eyes.anywhere_else() == []
            assert station.kiosk("session", "finish").returncode == 0
            station.wait_state("free")
            planter.wait(5)  # not by us: its session ended
            after = Eyes(station, mark, None)
            assert [place for place, there in after.look().items() if there] == []
            assert after.anywhere_else() == []
        finally:
            remove_cron()
            planter.stdout.close()
            planter.kill()
            planter.wait(20)
        assert of_user(eyes.uid) == []
        # The child that wipes lets go of the room last, and nobody waits for that.
        station.wait(lambda: _holders_of(room) == [], "the room goes with the last who holds it")
        # The next citizen finds nothing either, from within.
        station.sign_in()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the next browser's window")
        browser = station.pids("browser")[-1]
        next_eyes = Eyes(station, mark, Path(f"/proc/{browser}/root"))
        assert [place for place, there in next_eyes.look().items() if there and place != "shared memory"] == []
        assert station.pids("browser")[-1] == browser, station.log()
        _fill(station)
    assert mark not in station.log()
