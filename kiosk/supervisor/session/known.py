"""Which of the machine's programs a session knows: those of the policy, and no others that a desktop would offer.

What a browser, a file dialog or a link opens with goes by desktop entries, the machine's and the citizen's own: in the
session's room there are only those of allowed programs, and no place for others. What the other entries of the machine
start, and terminals and tools to set the PC up, cannot be started there at all.
"""

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from kiosk.settings import SESSION_PATH

MACHINES = ("/usr/share/applications", "/usr/local/share/applications")
CITIZENS = ".local/share/applications"
FIXED = (".local", ".local/share")  # who could move these out of the way would have a place for entries again

# Opens the citizen's documents also where the menu does not offer it.
OFFICE = ("libreoffice", "soffice")
# Many things are started by these, and each by itself is no program of a desktop.
GENERAL = re.compile(
    r"(ba|da|z|k|fi)?sh|env|(python|perl|ruby|java|node|tcl|wish)[\d.]*|g?awk|busybox|xdg-open|gio|gapplication|"
    r"dbus-\S+|flatpak|snap"
)
BEFORE = ("env", "sudo", "pkexec", "nice", "nohup", "exec")  # words before the program that an entry starts
# Terminals, what opens a thing by its kind past the desktop entries, and tools that set up what a session stands on.
SHUT = (
    "x-terminal-emulator", "xterm", "uxterm", "lxterm", "koi8rxterm", "xdg-terminal-exec", "gnome-terminal",
    "gnome-terminal.real", "gnome-console", "kgx", "ptyxis", "xfce4-terminal", "lxterminal", "mate-terminal", "konsole",
    "terminator", "tilix", "kitty", "alacritty", "foot", "urxvt", "rxvt", "mlterm", "stterm", "qterminal",
    "deepin-terminal", "run-mailcap", "mimeopen", "exo-open", "gmrun", "dmenu_run", "rofi", "fcitx5-configtool",
    "fcitx5-config-qt", "fcitx-configtool", "im-config", "obconf", "obconf-qt", "lxappearance", "lxrandr", "arandr",
    "xfce4-settings-manager", "gnome-control-center", "systemsettings", "nm-connection-editor", "nmtui", "pavucontrol",
    "synaptic", "gdebi-gtk", "gnome-software", "system-config-printer", "dconf-editor", "gparted",
)  # fmt: skip
SCRIPT = 1 << 16  # bytes of a script that are looked at


def entries(offered: Iterable[list[str]]) -> dict[str, dict[str, str]]:
    """What lies in the place of the machine's desktop entries, as room.py takes it: those of `offered` and the office.

    Without what else they could start ("actions"), and none that sets a program up or needs a terminal.
    """
    words = [*(command[0] for command in offered), *OFFICE]
    allowed = {path for path in map(_place, words) if path and not GENERAL.fullmatch(os.path.basename(path))}
    laid: dict[str, dict[str, str]] = {folder: {} for folder in MACHINES if os.path.isdir(folder)}
    for folder, name, text in _of_the_machine():
        said = _said(text)
        sets_up = "Settings" in said.get("Categories", "").split(";")
        if not sets_up and said.get("Terminal") != "true" and _started(said) in allowed:
            laid[folder][name] = "".join(f"{line}\n" for line in _first_group(text))
    return laid


def shut(commands: Iterable[list[str]], offered: Iterable[list[str]]) -> list[str]:
    """Programs of this machine that nobody may start in a session of these `commands`, the menu's `offered` besides."""
    needed = {_place(command[0]) for command in commands} | {_place(name) for name in OFFICE}
    needed |= {os.path.realpath(sys.executable)}
    needed |= {path for command in offered for path in _named(command)}
    found = {_started(_said(text)) for _folder, _name, text in _of_the_machine()} | {_place(name) for name in SHUT}
    return sorted(path for path in found - needed if path and not GENERAL.fullmatch(os.path.basename(path)))


def _of_the_machine() -> Iterator[tuple[str, str, str]]:
    """Folder, name below it and text of each entry."""
    for folder in MACHINES:
        for path in sorted(Path(folder).rglob("*.desktop")):
            try:
                yield folder, str(path.relative_to(folder)), path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue


def _first_group(text: str) -> Iterator[str]:
    inside = False
    for line in text.splitlines():
        if line.startswith("["):
            inside = line.strip() == "[Desktop Entry]"
        if inside and not line.startswith(("Actions=", "DBusActivatable=")):
            yield line


def _said(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in _first_group(text))
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def _started(said: dict[str, str]) -> str:
    """The program that an entry starts; empty where it starts none that is here."""
    try:
        words = shlex.split(said.get("Exec", ""))
    except ValueError:
        return ""
    left = [word for word in words if word not in BEFORE and not re.match(r"\w+=", word)]
    return _place(left[0]) if left else ""


def _place(word: str) -> str:
    """Where the program of this name really lies; empty where there is none."""
    found = shutil.which(word, path=SESSION_PATH)
    return os.path.realpath(found) if found else ""


def _named(command: list[str]) -> Iterator[str]:
    """Every program that a command of the policy names, also in its script: a site's own may start others."""
    said = " ".join(command)
    with_script = _place(command[0])
    try:
        with open(with_script, "rb") as script:
            head = script.read(SCRIPT)
    except OSError:
        head = b""
    if head.startswith(b"#!"):
        said += " " + head.decode(errors="replace")
    yield from filter(None, map(_place, set(re.findall(r"[\w./+-]+", said))))
