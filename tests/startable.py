"""Run as a citizen's program: what could be started from where it runs, by a desktop's own ways, as JSON.

`python startable.py NAME…`: the names of programs of which it tells the ones that can be started.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

LISTS = ("mimeapps.list", "openbox-mimeapps.list", "defaults.list", "mimeinfo.cache")


def _folders() -> list[Path]:
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    others = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(one, "applications") for one in (home, *others.split(":"))]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def entries() -> dict[str, list[str]]:
    """Each desktop entry that is seen, with all the commands that it may start."""
    found = {}
    for folder in _folders():
        for path in sorted(folder.rglob("*.desktop")):
            found[path.name] = [line.partition("=")[2] for line in _lines(path) if line.startswith(("Exec", "TryExec"))]
    return found


def handlers() -> dict[str, list[str]]:
    """Which entries that are seen are named for which kind of file or address."""
    seen, found = set(entries()), {}
    config = Path(os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config"))
    for path in (folder / name for folder in (config, Path("/etc/xdg"), *_folders()) for name in LISTS):
        for line in _lines(path):
            kind, _equals, names = line.partition("=")
            if there := [name for name in names.split(";") if name in seen]:
                found.setdefault(kind, []).extend(there)
    return found


def can_be_started(name: str) -> bool:
    """Whether the system starts this program at all."""
    try:
        quiet = subprocess.DEVNULL
        with subprocess.Popen([name, "--version"], stdin=quiet, stdout=quiet, stderr=quiet) as begun:
            begun.kill()
    except OSError:
        return False
    return True


def names_on_the_bus() -> list[str]:
    """What the session's bus would start for whoever asks; nothing where there is no bus."""
    ask = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
    command = [*ask, "org.freedesktop.DBus.ListActivatableNames"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    return sorted(line.split('"')[1] for line in told.splitlines() if "string" in line)


if __name__ == "__main__":
    seen = {
        "entries": entries(),
        "handlers": handlers(),
        "writable": [str(folder) for folder in _folders() if os.access(folder, os.W_OK)],
        "started": [name for name in sys.argv[1:] if can_be_started(name)],
        "bus": names_on_the_bus(),
        "system bus": os.path.exists("/run/dbus/system_bus_socket"),
    }
    print(json.dumps(seen))
