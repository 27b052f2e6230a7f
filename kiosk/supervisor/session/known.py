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
from kiosk.supervisor.event_log import log

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
# Nor are these opened by a word in a script ("foot", "kitty"): policy.toml itself must name the program.
NEVER = "TerminalEmulator"
SCRIPT = 1 << 16  # bytes of a script that are looked at
_REMARK = re.compile(r"(?m)(^|(?<=\s))#.*$")


def entries(offered: Iterable[list[str]]) -> dict[str, dict[str, str]]:
    """What lies in the place of the machine's desktop entries, as room.py takes it: those of `offered` and the office.

    Without what else they could start ("actions"), and none that sets a program up or needs a terminal.
    """
    words = [*(command[0] for command in offered), *OFFICE]
    allowed = {path for path in map(_place, words) if path and not GENERAL.fullmatch(os.path.basename(path))}
    laid: dict[str, dict[str, str]] = {folder: {} for folder in MACHINES if os.path.isdir(folder)}
    for folder, name, text in _of_the_machine():
        said = _said(text)
        if not _of_a_kind(said, "Settings") and said.get("Terminal") != "true" and _started(said) in allowed:
            laid[folder][name] = "".join(f"{line}\n" for line in _first_group(text))
    return laid


def shut(commands: Iterable[list[str]], offered: Iterable[list[str]]) -> list[str]:
    """Programs of this machine that nobody may start in a session of these `commands`, the menu's `offered` besides."""
    offered = list(offered)
    needed = {_place(command[0]) for command in commands} | {_place(name) for name in OFFICE}
    needed |= {os.path.realpath(sys.executable)}
    needed |= {path for command in offered for path in _places(" ".join(command))}
    entries = [_said(text) for _folder, _name, text in _of_the_machine()]
    found = {_started(said) for said in entries}
    never = {_place(name) for name in SHUT} | {_started(said) for said in entries if _of_a_kind(said, NEVER)}
    of_scripts = {path for command in offered for path in _places(_script(command[0]))} - needed
    for path in sorted(of_scripts & never - {""}):
        log(f"{path} stays shut: a script names it, and policy.toml does not")
    left = (found | never) - needed - (of_scripts - never)
    return sorted(path for path in left if path and not GENERAL.fullmatch(os.path.basename(path)))


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


def _of_a_kind(said: dict[str, str], kind: str) -> bool:
    return kind in said.get("Categories", "").split(";")


def _script(program: str) -> str:
    """What a program says, where it is a script: a site's own may start others. Without its remarks."""
    try:
        with open(_place(program), "rb") as script:
            head = script.read(SCRIPT)
    except OSError:
        return ""
    return _REMARK.sub("", head.decode(errors="replace")) if head.startswith(b"#!") else ""


def _places(said: str) -> set[str]:
    """Every program that is named there."""
    return {path for path in map(_place, set(re.findall(r"[\w./+-]+", said))) if path}
