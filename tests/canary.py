"""Plants one string in every place where a session could leave something: `python -c THIS MARK`, as a program of the
session. Prints a JSON list of what could not be planted, and stays.
"""

import ctypes
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from Xlib import X, Xatom
from Xlib.display import Display

SYS_ADD_KEY, USER_KEYRING = 248, -4  # x86-64
# What a person saves; what LibreOffice, dconf and desktops remember; what the next programs would read first.
REMEMBERED = (
    "letter", "Downloads/form.pdf", "Documents/work", ".config/program/settings", ".config/dconf/user",
    ".config/libreoffice/4/user/registrymodifications.xcu", ".cache/thumbnails/large/one.png",
    ".local/share/gvfs-metadata/home", ".profile", ".bashrc", ".xsessionrc", ".pam_environment",
    ".config/environment.d/1.conf", ".config/autostart/1.desktop", ".config/mimeapps.list",
)  # fmt: skip
RECENT = '<?xml version="1.0"?><xbel version="1.0"><bookmark href="file:///MARK"/></xbel>'
KEPT: list[object] = []


def plain_files(mark: str) -> None:
    """What a person saves, and what programs remember of it."""
    home = Path(os.environ["HOME"])
    for name in REMEMBERED:
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(mark)
    recent = home / ".local/share/recently-used.xbel"
    recent.parent.mkdir(parents=True, exist_ok=True)
    recent.write_text(RECENT.replace("MARK", mark))


def temporary(place: str) -> Callable[[str], None]:
    """A place of temporary files."""

    def plant(mark: str) -> None:
        Path(place, f"{mark}-file").write_text(mark)

    return plant


def clipboard(selection: str) -> Callable[[str], None]:
    """A text copied or selected; xclip stays to hand it out."""

    def plant(mark: str) -> None:
        subprocess.run(["xclip", "-selection", selection, "-i"], input=mark.encode(), check=True, timeout=10)

    return plant


def root_property(mark: str) -> None:
    """A cut buffer: the X server keeps it without any program."""
    display = Display()
    display.screen().root.change_property(display.get_atom("CUT_BUFFER0"), Xatom.STRING, 8, mark.encode())
    display.sync()


def resources(mark: str) -> None:
    """The X server's resource database."""
    subprocess.run(["xrdb", "-merge"], input=f"canary.text: {mark}\n".encode(), check=True, timeout=10)


def window(mark: str) -> None:
    """A window above all that asks the server to outlive its program, with the string as its title."""
    display = Display()
    made = display.screen().root.create_window(0, 0, 60, 60, 0, X.CopyFromParent, override_redirect=True)
    made.change_property(Xatom.WM_NAME, Xatom.STRING, 8, mark.encode())
    made.map()
    display.set_close_down_mode(X.RetainPermanent)
    display.sync()
    KEPT.append(display)


def shared_memory(mark: str) -> None:
    """System V: lives in the kernel, in no folder."""
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    number = libc.shmget(0, 4096, 0o1600)
    ctypes.memmove(libc.shmat(number, None, 0), mark.encode(), len(mark))


def message_queue(mark: str) -> None:
    """POSIX: lives in the kernel too, under its name."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mq_open(f"/{mark}".encode(), os.O_CREAT | os.O_RDWR, 0o600, None) < 0:
        raise OSError(ctypes.get_errno(), "mq_open")


def key(mark: str) -> None:
    """In the kernel's keyring of this user, which no process need hold."""
    libc = ctypes.CDLL(None, use_errno=True)
    text = mark.encode()
    if libc.syscall(SYS_ADD_KEY, b"user", text, text, len(text), USER_KEYRING) < 0:
        raise OSError(ctypes.get_errno(), "add_key")


def daemon(mark: str) -> None:
    """A program that left its parents, with the string in its words and its environment."""
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(900)", mark], {"CANARY": mark})


def hidden_socket(mark: str) -> None:
    """A socket that has a name and no file."""
    line = socket.socket(socket.AF_UNIX)
    line.bind(f"\0{mark}")
    KEPT.append(line)


PLANTS: dict[str, Callable[[str], None]] = {
    "files of the home": plain_files,
    **{place: temporary(place) for place in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock")},
    "the clipboard": clipboard("clipboard"),
    "the selection": clipboard("primary"),
    "a cut buffer": root_property,
    "resources of X": resources,
    "a window that stays": window,
    "shared memory": shared_memory,
    "a message queue": message_queue,
    "the kernel's keyring": key,
    "a daemon": daemon,
    "a socket without a file": hidden_socket,
}


def main(mark: str) -> None:
    """Plant all, say what could not be planted, stay."""
    refused = []
    for name, plant in PLANTS.items():
        try:
            plant(mark)
        except (OSError, subprocess.SubprocessError) as error:
            refused.append(f"{name}: {error}")
    print(json.dumps(refused), flush=True)
    time.sleep(900)


if __name__ == "__main__":
    main(sys.argv[1])
