"""Where a hostile program runs, and the eyes that see from outside that it does what it is for."""

import os
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from Xlib import X
from Xlib.display import Display

from kiosk.supervisor import ipc
from tests import hostile_files, hostile_processes, hostile_reach, hostile_screen, hostile_server, hostile_x, lasting
from tests.citizens_browser import of_user, words_of
from tests.hostile_left import settings
from tests.watching import Eye

# The modules are given whole to Python: a session has a /tmp of its own, and a checkout may lie in ours.
MODULES = (hostile_x, hostile_screen, hostile_server, lasting, hostile_processes, hostile_files, hostile_reach)
SOURCES = {
    name: Path(str(module.__file__)).read_text(encoding="utf-8")
    for module in MODULES
    for name in (lasting.WAYS if module is lasting else module.ATTACKS)
}
SPEECHLESS = set(lasting.WAYS)  # they print nothing and leave their first process at once


class Ground:
    """One run of one program. `heard`: its lines so far; `quiet`: whether nobody holds its end of the line any more."""

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


def _shows(ground: Ground) -> bool:
    with Eye(ground.display) as eye:
        return eye.shows(hostile_screen.COLOUR)


def _caught(ground: Ground) -> bool:
    ground.press("k")
    return any(line.startswith("caught") for line in ground.heard)


def _swallowed(ground: Ground) -> bool:
    """Whether a plain window that somebody maps is not seen."""
    display = Display(ground.display)
    try:
        root = display.screen().root
        made = root.create_window(300, 300, 40, 40, 0, X.CopyFromParent, background_pixel=0x123456)
        made.map()
        display.sync()
        with Eye(ground.display) as eye:
            return eye.pixels(310, 310, 1, 1) != [0x123456]
    finally:
        display.close()


def _pressed(ground: Ground) -> bool:
    display = Display(ground.display)
    try:
        return any(display.query_keymap()) and display.screen().root.query_pointer().root_y < 60
    finally:
        display.close()


def _copied(ground: Ground) -> bool:
    command = ["xclip", "-selection", "clipboard", "-o"]
    env = {**os.environ, "DISPLAY": ground.display}
    done = subprocess.run(command, env=env, capture_output=True, timeout=5, check=False)
    return ground.mark.encode() in done.stdout


def _spoilt(ground: Ground) -> bool:
    return settings(ground.display) != ground.before


def _stands(least: int, states: str = "RSDTt") -> Callable[[Ground], bool]:
    def seen(ground: Ground) -> bool:
        found = 0
        for pid in ground.named():
            with suppress(OSError):
                stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
                found += stat.rpartition(")")[2].split()[0] in states
        return found >= least

    return seen


def _zombies(ground: Ground) -> bool:
    found = 0
    for entry in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            text = entry.read_text(encoding="utf-8", errors="replace")
            found += "State:\tZ" in text and f"Uid:\t{ground.uid}\t" in text
    return found >= 300


def _restless(ground: Ground) -> bool:
    return len(of_user(ground.uid)) >= 1


def _bombed(ground: Ground) -> bool:
    return len(of_user(ground.uid)) > 200


def _lies(*places: str) -> Callable[[Ground], bool]:
    """Whether something with the mark in its name lies in each; `~` is the home."""

    def seen(ground: Ground) -> bool:
        found = [ground.home if place == "~" else Path(f"{ground.root}{place}") for place in places]
        return all(any(folder.glob(f"*{ground.mark}*")) for folder in found)

    return seen


def _kept(ground: Ground) -> bool:
    return min(len(ipc.owned(kind, ground.uid)) for kind in ("shm", "sem", "msg")) > 3


def _any(ground: Ground) -> bool:
    """Its own word: what it does is seen by a plain locker elsewhere, or in what it answers."""
    return True


SEEN: dict[str, Callable[[Ground], bool]] = {
    "shows_a_false_start_screen": _shows,
    **dict.fromkeys(
        ("logs_keys_by_record", "logs_keys_by_raw_events", "logs_keys_by_asking", "records_the_screen"), _caught
    ),
    "presses_keys_and_buttons": _pressed,
    "takes_what_is_copied": _copied,
    "hides_all_windows": _swallowed,
    "hides_all_windows_without_a_name": _swallowed,
    "catches_what_is_mapped": _swallowed,
    "manages_the_windows_instead": _swallowed,
    **dict.fromkeys(hostile_server.ATTACKS, _spoilt),
    "eats_the_servers_memory": _any,
    "keeps_the_server_busy": _any,
    **{name: _stands(1) for name in ("daemon", "namespaced", "hidden")},
    "restless": _restless,
    "bomb": _bombed,
    "stops_itself": _stands(5, "T"),
    "traces_its_children": _stands(6),
    "takes_our_names": _stands(5),
    "leaves_its_group": _stands(2),
    "leaves_zombies": _zombies,
    "takes_the_processor": _stands(25),
    "takes_the_memory": _stands(4),
    "kills_all_it_may": lambda ground: bool(ground.named()),
    "begins_with_every_program": _lies("/tmp"),
    "swaps_folders_for_links": _lies("~", "/tmp"),
    "nests_a_thousand_folders": _lies("~", "/tmp"),
    "gives_names_that_are_none": _lies("~", "/tmp", "/dev/shm"),
    "makes_files_to_the_last": _lies("~", "/tmp", "/dev/shm"),
    "fills_every_place": _lies("~", "/tmp", "/dev/shm"),
    "mounts_over_its_home": _stands(1),
    "takes_all_watches": _lies("~"),
    "takes_our_places": _lies("/tmp"),
    "keeps_things_in_the_kernel": _kept,
    "floods_the_menu": _stands(9),
    "floods_the_panel": _stands(9),
}


def seen(ground: Ground) -> bool:
    """Whether it does, seen from outside, what it is for."""
    return SEEN.get(ground.name, _any)(ground)
