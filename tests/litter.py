"""What a clever citizen might leave behind: `python tests/litter.py MARK` makes all of it, prints `made`, and stays.

MARK is part of every name. Started inside a session as the citizen; the test looks for all of it before and after.
"""

import os
import signal
import socket
import sys
import time
from pathlib import Path

from Xlib import X, Xatom
from Xlib.display import Display

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
    display.sync()
    print("made", flush=True)
    time.sleep(600)


if __name__ == "__main__":
    main(sys.argv[1])
