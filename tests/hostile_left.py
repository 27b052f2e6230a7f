"""What a session may have left, looked for in every place that a hostile program can reach."""

import os
import re
import subprocess
from contextlib import suppress
from pathlib import Path

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.ext import res

from kiosk.supervisor import cgroup, ipc
from tests.citizens_browser import of_user, words_of
from tests.running import RunningStation

# The places of a Debian machine where everybody may write, and those where things of users are laid for them.
PLACES = (
    "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/run/user", "/var/crash", "/var/mail",
    "/var/spool/cron/crontabs", "/var/spool/cron/atjobs", "/var/spool/cron/atspool", "/var/lib/systemd/linger",
)  # fmt: skip
# What a person at the screen would feel, as the X server's own tools tell it.
TOLD = (
    ["xset", "q"], ["xhost"], ["xrandr", "--verbose"], ["xrandr", "--listmonitors"], ["xmodmap", "-pke"],
    ["xmodmap", "-pp"], ["xprop", "-root", "-notype"], ["setxkbmap", "-query"], ["xinput", "list", "--short"],
)  # fmt: skip
# They name the moment, or what was pressed last.
CHANGING = re.compile(r"Timestamp|_XKB_RULES|LED mask|^\s*clones|_NET_|_OB_|InterpRegistry")


def settings(display: str) -> dict[str, object]:
    """How the X server stands, for whoever sits before it."""
    env = {**os.environ, "DISPLAY": display}
    found: dict[str, object] = {}
    for command in TOLD:
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(command, env=env, capture_output=True, timeout=10, check=False)
            lines = done.stdout[:200_000].decode("latin-1").splitlines()
            found[" ".join(command)] = sorted(line for line in lines if not CHANGING.search(line))
    with suppress(Exception):
        server = Display(display)
        try:
            found["held"] = [number for number, bits in enumerate(server.query_keymap()) if bits]
            names = map(server.get_atom_name, server.screen().root.list_properties())
            found["properties"] = sorted(name for name in names if not CHANGING.search(name))
        finally:
            server.close()
    return found


def strangers(station: RunningStation) -> list[str]:
    """Clients of the X server that are neither the station's nor this test's, windows of nobody, and selections."""
    ours = {os.getpid(), *station.living()}
    display = Display(station.display)
    try:
        display.res_query_version(1, 2)
        answer = display.res_query_client_ids([{"client": 0, "mask": res.LocalClientPIDMask}])
        mask, root = display.display.info.resource_id_mask, display.screen().root
        display.composite_query_version()
        above = root.composite_get_overlay_window().overlay_window
        windows = [one.id for place in (root, above) for one in place.query_tree().children]
        names = (Xatom.PRIMARY, Xatom.SECONDARY, display.get_atom("CLIPBOARD"))
        selected = [display.get_atom_name(one) for one in names if display.get_selection_owner(one) != X.NONE]
    finally:
        display.close()
    pids = {client.value[0] for client in answer.ids if client.spec["client"] and client.value}
    known = {client.spec["client"] & ~mask for client in answer.ids}
    found = [f"the selection {name}" for name in selected]
    found += [f"window {one:#x} of nobody" for one in windows if one & ~mask not in {0, above.id & ~mask, *known}]
    for pid in sorted(pids - ours):
        with suppress(OSError):
            words = words_of(pid)
            if "kiosk.lockscreen" not in words:
                found.append(f"{pid} {words}")
            continue
        found.append(f"{pid}, which is dead")
    return found


def kept_in_the_kernel(uid: int) -> list[str]:
    """What lives without a process: System V IPC, POSIX queues, keys."""
    found = [f"{kind} {len(held)}" for kind in ("shm", "sem", "msg") if (held := ipc.owned(kind, uid))]
    with ipc.queues() as folder:
        names = [] if folder is None else os.listdir(folder)
        found += [f"queue {name}" for name in names if os.stat(name, dir_fd=folder).st_uid == uid]
    # Asked as the user: the kernel shows nobody else's. Keyrings themselves come back empty.
    told = subprocess.run(["cat", "/proc/keys"], user=uid, capture_output=True, text=True, timeout=10, check=True)
    rows = [line.split(maxsplit=8) for line in told.stdout.splitlines()]
    return found + [f"key {row[8]}" for row in rows if row[5] == str(uid) and row[7] != "keyring"]


def files(uid: int) -> list[str]:
    """What belongs to a user in the places of all."""
    found = []
    for place in PLACES:
        for where, folders, names in os.walk(place):
            for name in (*folders, *names):
                with suppress(OSError):
                    if os.lstat(os.path.join(where, name)).st_uid == uid:
                        found.append(os.path.join(where, name))
    return found


def left(station: RunningStation, uid: int, before: dict[str, object]) -> dict[str, object]:
    """Everything that is there and should not be; empty when nothing is left."""
    theirs = station.paths.citizen_home
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    found: dict[str, object] = {
        "processes": [words_of(pid) for pid in of_user(uid)],
        "groups": [str(one) for one in cgroup.leftovers(station.paths.home)],
        "files": files(uid),
        "home": sorted(map(str, theirs.iterdir())) if theirs.exists() else [],
        "mounts": [line for line in mounts.splitlines() if str(theirs) in line],
        "kernel": kept_in_the_kernel(uid),
        "clients": strangers(station),
        "settings": differing(before, settings(station.display)),
    }
    return {name: value for name, value in found.items() if value}


def differing(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    """What is not as it was."""
    found = {}
    for name in before.keys() | after.keys():
        one, other = before.get(name), after.get(name)
        if one != other:
            lists = isinstance(one, list) and isinstance(other, list)
            found[name] = [x for x in (*one, *other) if (x in one) != (x in other)][:8] if lists else [one, other]  # type: ignore[misc]
    return found
