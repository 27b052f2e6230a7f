"""What a clever citizen might leave behind: `python tests/litter.py MARK` makes all of it, prints `made`, and stays.

MARK is part of every name. Started inside a session as the citizen; the test looks for all of it before and after.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.ext import xtest

PLACES = ("/tmp", "/var/tmp", "/dev/shm")


def daemonise(name: str, ignore: bool) -> None:
    """A process in a session of its own, whose parent is gone; its name stands in its command line."""
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    if ignore:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
    # Signals that are ignored stay so in the new program, and the mark in its environment is gone.
    os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", name], {})


def kernel_objects(mark: str) -> None:
    """One of each kind that lives in the kernel without a process; the shared memory holds the mark."""
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    private, new = 0, 0o1600  # IPC_PRIVATE, IPC_CREAT
    shared = libc.shmget(private, 4096, new)
    ctypes.memmove(libc.shmat(shared, None, 0), mark.encode(), len(mark))
    made = (shared, libc.semget(private, 1, new), libc.msgget(private, new))
    queue = libc.mq_open(f"/{mark}".encode(), os.O_CREAT | os.O_RDWR, 0o600, None)
    assert min(*made, queue) >= 0


def spoil_display(display: Display, mark: str) -> None:
    """Everything that the next one would stumble over: dead keys, a swapped pointer, a held key, a text kept."""
    root = display.screen().root
    for name in ("CUT_BUFFER0", "FOREIGN"):
        root.change_property(display.get_atom(name), Xatom.STRING, 8, mark.encode())
    for key in ("36", "10", "11", "12", "13"):
        subprocess.run(["xmodmap", "-e", f"keycode {key} = dead_acute"], check=True)
    display.set_pointer_mapping([3, 2, 1, *range(4, len(display.get_pointer_mapping()) + 1)])
    display.set_screen_saver(7, 7, 1, 1)
    display.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOff, bell_percent=3)
    xtest.fake_input(display, X.KeyPress, 37)  # Control, and never let go
    display.sync()


def main(mark: str) -> None:
    """Make it all."""
    for place in PLACES:
        folder = Path(place, f"{mark}-folder", "deep")
        folder.mkdir(parents=True)
        folder.joinpath("secret").write_text(mark)
        Path(place, f"{mark}-file").write_text(mark)
        Path(place, f".{mark}-link").symlink_to("/etc/passwd")
    Path(os.environ["HOME"], f"{mark}-homework").write_text(mark)
    line = socket.socket(socket.AF_UNIX)
    line.bind(f"/tmp/{mark}-socket")
    line.listen()
    daemonise(f"{mark}-daemon", ignore=False)
    daemonise(f"{mark}-stubborn", ignore=True)
    display = Display()
    window = display.screen().root.create_window(0, 0, 40, 40, 0, X.CopyFromParent, override_redirect=True)
    window.change_property(Xatom.WM_NAME, Xatom.STRING, 8, mark.encode())
    window.map()
    # A client can ask the server to keep its windows when it dies.
    display.set_close_down_mode(X.RetainPermanent)
    window.set_selection_owner(display.get_atom("CLIPBOARD"), X.CurrentTime)
    window.set_selection_owner(Xatom.PRIMARY, X.CurrentTime)
    spoil_display(display, mark)
    kernel_objects(mark)
    print("made", flush=True)
    time.sleep(600)


if __name__ == "__main__":
    main(sys.argv[1])
