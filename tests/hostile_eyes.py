"""Eyes that see from outside whether a hostile program does what it is for: each would say no where it does not."""

import os
import secrets
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk.supervisor import ipc
from tests import hostile_server, hostile_x_eyes
from tests.hostile_ground import Ground
from tests.hostile_left import settings

Sees = Callable[[Ground], bool]


def _caught(ground: Ground) -> bool:
    ground.press("k")
    return any(line.startswith("caught") for line in ground.heard)


def _copied(ground: Ground) -> bool:
    command = ["xclip", "-selection", "clipboard", "-o"]
    env = {**os.environ, "DISPLAY": ground.display}
    done = subprocess.run(command, env=env, capture_output=True, timeout=5, check=False)
    return ground.mark.encode() in done.stdout


def _spoilt(ground: Ground) -> bool:
    return settings(ground.display) != ground.before


def _stands(least: int, states: str = "RSDTt") -> Sees:
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
    """Whether somebody else is there at every look."""
    looks = []
    for _look in range(20):
        looks.append(ground.members())
        time.sleep(0.005)
    return len(set.union(*looks) - set.intersection(*looks)) >= 10


def _bombed(ground: Ground) -> bool:
    return len(ground.members()) > 350


def _killed(ground: Ground) -> bool:
    """Whether a process of the same user that does nothing is ended, by kill -9."""
    victim = subprocess.Popen(["sleep", "600"], user=ground.uid, extra_groups=[], cwd="/")
    try:
        return victim.wait(1.5) == -9
    except subprocess.TimeoutExpired:
        victim.kill()
        victim.wait(5)
        return False


def _lies(*places: str) -> Sees:
    """Whether something with the mark in its name lies in each; `~` is the home."""

    def seen(ground: Ground) -> bool:
        found = [ground.home if place == "~" else Path(f"{ground.root}{place}") for place in places]
        return all(any(folder.glob(f"*{ground.mark}*")) for folder in found)

    return seen


def _kept(ground: Ground) -> bool:
    return min(len(ipc.owned(kind, ground.uid)) for kind in ("shm", "sem", "msg")) > 3


def _floods(ground: Ground) -> bool:
    """Whether it holds many connections; where it is refused there are none, and it tries all the same."""
    if ground.answer == "refused":
        return _stands(9)(ground)
    there = f":{ground.port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    return sum(row[2].endswith(there) and row[7] == str(ground.uid) for row in rows) >= 8


def _entered(ground: Ground) -> bool:
    """Whether it is in another group than those it was begun in; where it is refused it still is in its own."""
    named = set(ground.named())
    return bool(named) and (ground.answer == "refused") == (named <= ground.members())


def _no_watch(ground: Ground) -> bool:
    """Whether another program of theirs can watch no file any more."""
    command = ["python3", "-c", "import ctypes; exit(ctypes.CDLL(None).inotify_init1(0) == -1)"]
    return subprocess.run(command, user=ground.uid, extra_groups=[], cwd="/", timeout=20, check=False).returncode == 1


def _told(ground: Ground) -> bool:
    """Whether it knows a colour that stands on the screen for a moment."""
    colour = secrets.randbelow(1 << 24)
    with hostile_x_eyes.window_of(ground.display, 0, 280, colour):
        time.sleep(0.3)
    word = colour.to_bytes(3, "little").hex()
    return any(word in line for line in ground.heard)


SEEN: dict[str, Sees] = {
    **dict.fromkeys(("logs_keys_by_record", "logs_keys_by_raw_events", "logs_keys_by_asking"), _caught),
    "records_the_screen": _told,
    "takes_what_is_copied": _copied,
    **dict.fromkeys(hostile_server.ATTACKS, _spoilt),
    **hostile_x_eyes.SEEN,
    **{name: _stands(1) for name in ("daemon", "namespaced", "hidden")},
    "restless": _restless,
    "bomb": _bombed,
    "stops_itself": _stands(5, "T"),
    "traces_its_children": _stands(6),
    "takes_our_names": _stands(5),
    "leaves_its_group": _entered,
    "leaves_zombies": _zombies,
    "takes_the_processor": _stands(25),
    "takes_the_memory": _stands(4),
    "kills_all_it_may": _killed,
    "begins_with_every_program": _lies("/tmp"),
    "swaps_folders_for_links": _lies("~", "/tmp"),
    "nests_a_thousand_folders": _lies("~", "/tmp"),
    "gives_names_that_are_none": _lies("~", "/tmp", "/dev/shm"),
    "makes_files_to_the_last": _lies("~", "/tmp", "/dev/shm"),
    "fills_every_place": _lies("~", "/tmp", "/dev/shm"),
    "mounts_over_its_home": _stands(1),
    "takes_all_watches": _no_watch,
    "takes_our_places": _lies("/tmp"),
    "keeps_things_in_the_kernel": _kept,
    "floods_the_menu": _floods,
    "floods_the_panel": _floods,
}
# What they reach for is refused in a session: what they get elsewhere is seen in their answer. And the windows that a
# plain locker loses against, in test_hostile_windows_beat_a_plain_locker.py.
BY_THEIR_WORD = {
    "speaks_to_the_service", "ends_and_reads_others", "reaches_for_the_machine", "asks_to_be_run_later",
    "hold_keyboard", "retained", "in_the_overlay", "shaped_overlay", "small_overlay", "killed_clients",
}  # fmt: skip


def seen(ground: Ground) -> bool:
    """Whether it does, seen from outside, what it is for."""
    return ground.name in BY_THEIR_WORD or SEEN[ground.name](ground)
