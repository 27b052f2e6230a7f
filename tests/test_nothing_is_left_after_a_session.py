"""Processes, files, sockets, windows and the clipboard of a session are gone after it; the next one knows nothing."""

import contextlib
import os
import pwd
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import BadWindow

from kiosk.supervisor import ipc
from tests.citizens_browser import of_user, words_of
from tests.litter import PLACES
from tests.running import CITIZEN, LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]


def _files(mark: str) -> list[str]:
    return sorted(str(path) for place in PLACES for path in Path(place).glob(f"*{mark}*"))


def _processes(mark: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        found += [word.decode() for word in words if word.startswith(mark.encode() + b"-")]
    return sorted(found)


def _name(window: Any) -> object:
    try:
        return window.get_wm_name()
    except BadWindow:
        return None  # it went while we looked


def _on_display(name: str, mark: str) -> tuple[list[str], int]:
    """(names of the windows with the mark, how many of clipboard and primary selection have an owner)."""
    display = Display(name)
    try:
        names = [_name(window) for window in display.screen().root.query_tree().children]
        selections = (display.get_atom("CLIPBOARD"), Xatom.PRIMARY)
        owners = [display.get_selection_owner(selection) for selection in selections]
    finally:
        display.close()
    return [str(one) for one in names if one == mark], sum(owner != X.NONE for owner in owners)


def _settings(name: str) -> dict[str, object]:
    """What a session can change on the X server and the next one would feel."""
    display = Display(name)
    try:
        root, keys, saver = display.screen().root, display.get_keyboard_control(), display.get_screen_saver()
        return {
            "keys": [list(row) for row in display.get_keyboard_mapping(8, 120)],
            "modifiers": [list(row) for row in display.get_modifier_mapping()],
            "pointer": list(display.get_pointer_mapping()),
            "held": [number for number, bits in enumerate(display.query_keymap()) if bits],
            "saver": (saver.timeout, saver.interval),
            "repeat and bell": (keys.global_auto_repeat, keys.bell_percent),
            "properties": sorted({"CUT_BUFFER0", "FOREIGN"} & set(map(display.get_atom_name, root.list_properties()))),
        }
    finally:
        display.close()


def _in_the_kernel(uid: int) -> dict[str, int]:
    """How many there are of each kind of thing that needs no process to live."""
    found = {kind: len(ipc.owned(kind, uid)) for kind in ("shm", "sem", "msg")}
    with ipc.queues() as folder:
        names = [] if folder is None else os.listdir(folder)
        return found | {"mqueue": sum(os.stat(name, dir_fd=folder).st_uid == uid for name in names)}


def _may_dump(uid: int) -> list[str]:
    """The user's processes that may leave a core dump, or may allow it to themselves: command line and limits."""
    found = []
    for pid in of_user(uid):
        with contextlib.suppress(OSError, StopIteration):  # it has ended meanwhile
            limits = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8").splitlines()
            soft, hard = next(line for line in limits if line.startswith("Max core")).split()[4:6]
            if (soft, hard) != ("0", "0"):
                found.append(f"{words_of(pid)}: {soft} {hard}")
    return found


def _holds(folder: Path, canary: bytes) -> list[str]:
    """Files below the folder that hold the canary, as text or as Chromium's two-byte text."""
    forms = (canary, canary.decode().encode("utf-16-le"))
    found = []
    for path in folder.rglob("*"):
        try:
            if path.is_file() and any(form in path.read_bytes() for form in forms):
                found.append(path.name)
        except OSError:
            continue
    return found


def _mounted(path: Path) -> bool:
    return f" {path} tmpfs " in Path("/proc/self/mounts").read_text(encoding="utf-8")


def test_nothing_of_a_session_outlives_it(home: Path, xvfb: Callable[..., str]) -> None:
    mark, uid = f"canary{secrets.token_hex(6)}", pwd.getpwnam(CITIZEN).pw_uid
    with RunningStation(home, xvfb(), LONG) as station:
        theirs = station.paths.citizen_home
        before = _settings(station.display)
        assert before["held"] == [] and before["properties"] == []
        station.sign_in()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the browser's window")
        assert of_user(uid) and _may_dump(uid) == []
        _browse(station, mark)
        station.wait(lambda: _holds(theirs / ".browser", mark.encode()), "the browser remembers the address", 30)
        litter = station.as_citizen(
            sys.executable, str(Path(__file__).with_name("litter.py")), mark, stdout=subprocess.PIPE
        )
        assert litter.stdout is not None and litter.stdout.readline() == b"made\n"
        station.wait(lambda: len(_processes(mark)) == 2, "two daemons")
        # The control: all of it is there.
        assert len(_files(mark)) == 3 * len(PLACES) + 1
        assert _mounted(theirs) and list(theirs.glob(f"{mark}*"))
        assert _on_display(station.display, mark) == ([mark], 2)
        # The control; the browser makes shared memory of its own.
        assert min(_in_the_kernel(uid).values()) >= 1
        spoiled = _settings(station.display)
        assert [name for name in before if name != "modifiers" and before[name] == spoiled[name]] == []
        assert station.kiosk("session", "finish").returncode == 0
        station.wait_state("free")
        litter.stdout.close()
        litter.wait(5)
        assert (_processes(mark), _files(mark)) == ([], [])
        assert of_user(uid) == []
        assert not any(_in_the_kernel(uid).values())
        assert _settings(station.display) == before
        assert not _mounted(theirs) and list(theirs.iterdir()) == []
        # Also the window that asked the server to outlive its program.
        station.wait(lambda: _on_display(station.display, mark) == ([], 0), "nothing on the display", 5)
        station.sign_in()
        station.wait(lambda: any("Chromium" in title for title in station.titles()), "the next browser's window")
        time.sleep(2)
        assert _holds(theirs, mark.encode()) == []
        assert station.status()["state"] == "open"
    assert mark not in station.log()
    assert not _mounted(theirs) and list(theirs.iterdir()) == []


def _browse(station: RunningStation, mark: str) -> None:
    """Go to an address of the menu that carries the mark."""
    station.key("ctrl+l")
    subprocess.run(
        ["xdotool", "type", f"127.0.0.1:{station.menu}/{mark}\n"], env=station.env, check=True, timeout=20
    )  # fmt: skip
