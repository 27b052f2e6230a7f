"""What can be started in a session: the written list, found from inside a real one, and what else was tried.

Each try first works on the machine around the session, as the same user with a home of the usual kind.
"""

import json
import os
import pprint
import pwd
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kiosk.supervisor.session import known, office_locked
from tests import macros, startable
from tests.citizens_browser import of_user, wait_for_menu, words_of
from tests.conftest import servers
from tests.running import CITIZEN, LONG, RunningStation
from tests.startable_hands import around, inside, put
from tests.test_programs_run_in_a_session import active, touch
from tests.typist import staff_opens, type_word

pytestmark = [pytest.mark.slow, pytest.mark.root]

OFFERED = """
[[program]]
name = { vi = "Sổ tay", en = "Notes" }
command = "mousepad --disable-server"
[[program]]
name = { vi = "Bảng tính", en = "Spreadsheet" }
command = "libreoffice --calc"
[[program]]
name = { vi = "Thư", en = "Letters" }
command = "SCRIPT"
"""
# A site's own way to start its programs; that it names a terminal gives nobody one.
SCRIPT = """#!/bin/sh
# Not by vim.
terminal=xterm
echo "see the foot of the page, or x-terminal-emulator"
exec mousepad --disable-server "$@"
"""
# All that any way of opening something may come to: the browser, and the programs of this policy.
PROGRAMS = {"chromium", "mousepad", "libreoffice"}
KEYS = {"A-Tab": "NextWindow", "A-S-Tab": "PreviousWindow", "A-F4": "Close", "W-d": "ToggleShowDesktop"}
POINTER = {"Focus", "Raise", "Move", "ToggleMaximize", "Close"}
OB = "{http://openbox.org/3.4/rc}"
PARTS = {"classicui", "dbus", "dbusfrontend", "unikey", "xcb", "xim"}  # of fcitx5, those that are libraries

ENTRY = "[Desktop Entry]\nType=Application\nName=x\nExec=sh {mark}.sh\nMimeType=x-scheme-handler/taken;\n"
TAKEN = "[Default Applications]\nx-scheme-handler/taken=taken.desktop\ninode/directory=taken.desktop\n"
RC = """<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard><keybind key="W-x">
<action name="Execute"><command>touch {mark}</command></action></keybind></keyboard></openbox_config>"""
OPENERS = (("xdg-open", "taken:1"), ("gio", "open", "taken:1"), ("xdg-open", "{home}"), ("gio", "open", "{home}"))


@pytest.fixture(scope="module")
def station() -> Iterator[RunningStation]:
    """One session for all of it."""
    with servers() as start, tempfile.TemporaryDirectory(prefix="kiosk-test-") as folder:
        Path(folder).chmod(0o755)
        script = Path(folder, "letters")
        script.write_text(SCRIPT, encoding="utf-8")
        script.chmod(0o755)
        offered = OFFERED.replace("SCRIPT", str(script))
        with RunningStation(Path(folder, "home"), start("1366x768"), LONG + offered) as running:
            staff_opens(running)
            wait_for_menu(running, "vi")
            yield running


@pytest.fixture
def plain() -> Iterator[Path]:
    """A home of the usual kind, outside of any session."""
    with tempfile.TemporaryDirectory(prefix="kiosk-plain-", dir="/var/tmp") as folder:
        os.chown(folder, pwd.getpwnam(CITIZEN).pw_uid, -1)
        yield Path(folder)


def running(station: RunningStation) -> set[str]:
    """What the citizen's processes are."""
    return {Path(words_of(pid).split(" ")[0]).name for pid in of_user(pwd.getpwnam(CITIZEN).pw_uid)}


def test_the_list_of_what_can_be_started(station: RunningStation, plain: Path) -> None:
    code = Path(startable.__file__).read_text(encoding="utf-8")
    shut = [name for name in known.SHUT if shutil.which(name)] + ["vim"] * bool(shutil.which("vim"))
    ask = (sys.executable, "-c", code, *shut)
    control, found = json.loads(around(station, plain, *ask)), json.loads(inside(station, *ask))
    pprint.pp(found)
    assert {"debian-xterm.desktop", "python3.11.desktop"} & set(control["entries"]) and control["started"] == shut
    commands = {line.split()[0].strip('"') for entry in found["entries"].values() for line in entry}
    assert {Path(command).name for command in commands} <= PROGRAMS
    assert "kiosk-browser.desktop" in found["entries"] and "org.xfce.mousepad.desktop" in found["entries"]
    assert {name for names in found["handlers"].values() for name in names} <= set(found["entries"])
    assert not {"inode/directory", "application/x-desktop", "x-scheme-handler/mailto"} & set(found["handlers"])
    assert found["started"] == [] and found["writable"] == [] and found["bus"] == ["org.freedesktop.DBus"]
    assert not found["system bus"]


def actions(rules: Path) -> tuple[dict[str, str], set[str], set[str]]:
    """What openbox does at which key, what at a button of the mouse, and which menus it reads."""
    whole = ElementTree.parse(rules)
    named = {key.get("key", ""): key[0].get("name", "") for key in whole.iter(f"{OB}keybind") if len(key)}
    pressed = {one.get("name", "") for press in whole.iter(f"{OB}mousebind") for one in press.iter(f"{OB}action")}
    return named, pressed, {file.text or "" for menu in whole.iter(f"{OB}menu") for file in menu.iter(f"{OB}file")}


def test_the_window_manager_starts_nothing(station: RunningStation) -> None:
    keys, buttons, menus = actions(Path("/etc/xdg/openbox/rc.xml"))
    assert "Execute" in keys.values() and "ShowMenu" in buttons and menus, "the control: Debian's own"
    words = words_of(station.pids("wm")[-1]).split()
    assert actions(Path(words[words.index("--config-file") + 1])) == (KEYS, POINTER, set())


def test_a_file_of_the_citizens_starts_nothing_whatever_it_is(station: RunningStation, plain: Path) -> None:
    home = station.paths.citizen_home
    for mark, where in ((plain / "ran", plain), (home / "ran", home)):
        for name in (".config/mimeapps.list", ".config/openbox-mimeapps.list"):
            put(where, name, TAKEN)
        put(where, "Downloads/taken.desktop", ENTRY.format(mark=mark))
        put(where, "ran.sh", f"#!/bin/sh\ntouch {mark}\n")
        put(where, "Downloads/taken.sh", f"#!/bin/sh\ntouch {mark}\n")
    put(plain, ".local/share/applications/taken.desktop", ENTRY.format(mark=plain / "ran"))
    assert "taken" in inside(station, "sh", "-c", "cp ~/Downloads/taken.desktop ~/.local/share/applications 2>&1")
    inside(station, "sh", "-c", "chmod 700 ~/Downloads/*; mv ~/.local ~/.away; cp -r ~/.away ~/.local")
    for opener in OPENERS:
        around(station, plain, *(word.format(home=plain) for word in opener))
        station.wait((plain / "ran").exists, f"the control: {opener}")
        (plain / "ran").unlink()
        inside(station, *(word.format(home=home) for word in opener))
    for name in ("taken.desktop", "taken.sh"):
        for opens in (["xdg-open"], ["gio", "open"]):
            inside(station, *opens, f"{home}/Downloads/{name}")
    time.sleep(1.0)
    assert not (home / "ran").exists()
    print(sorted(running(station)))
    assert not running(station) & {"xterm", "sh", "vim", "display-im6.q16"}


def test_a_dialog_for_files_lays_no_entry(station: RunningStation) -> None:
    """By the hands of a citizen, in a real program."""
    home = station.paths.citizen_home
    touch(station, 0)
    station.wait(lambda: "Mousepad" in active(station), "the program's window, with the keyboard")

    def saves(where: Path) -> None:
        def asked() -> bool:
            if "Mousepad" in active(station):
                station.key("ctrl+shift+s")
            time.sleep(1.0)
            return active(station) == "Save As"

        station.wait(asked, "the dialog")
        station.key("ctrl+a")
        type_word(station, str(where))
        time.sleep(1.0)
        station.key("Return")

    def typed() -> bool:
        type_word(station, "x ")
        return active(station).startswith("*")

    station.wait(typed, "something to save")

    def as_they_are() -> bool:
        if station.status()["typing"] == "vi":
            station.key("ctrl+space")
            time.sleep(1.0)
        return bool(station.status()["typing"] != "vi")

    station.wait(as_they_are, "letters as they are")

    def kept() -> bool:
        saves(home / "Documents" / "a.desktop")
        time.sleep(2.0)
        if found := (home / "Documents" / "a.desktop").exists():
            return found
        station.key("Escape", "Escape")
        return False

    station.wait(kept, "the control: a place of theirs", 40)
    saves(home / known.CITIZENS / "a.desktop")
    time.sleep(2.0)
    assert "a.desktop" not in inside(station, "ls", str(home / known.CITIZENS))
    station.key("Escape", "Escape")


def test_the_office_starts_nothing_whatever_the_citizen_wishes(station: RunningStation, plain: Path) -> None:
    home = station.paths.citizen_home
    told = {}
    for where, run in ((plain, partial(around, station, plain)), (home, partial(inside, station))):
        command = ["soffice", f"-env:UserInstallation=file://{where}/office", *macros.RUN]
        run(*command)  # the first start makes the library anew
        for name, text in macros.telling(where / "office", where / "told").items():
            put(where, f"office/{name}", text)
        run(*command)
        station.wait((where / "told").exists, "its own words")
        told[where] = (where / "told").read_text(encoding="utf-8").replace(" ", "").splitlines()
    assert told[plain] == ["False|0|/usr/bin/xterm|False"], "the control: their wish counts"
    assert told[home][0] == "True|3||True"
    assert set(told[home][1:]) == set(office_locked.COMMANDS)


def parts() -> set[str]:
    """Those of an input method that the citizen's processes have loaded."""
    maps = (Path(f"/proc/{pid}/maps") for pid in of_user(pwd.getpwnam(CITIZEN).pw_uid))
    words = {word for one in maps if one.exists() for word in one.read_text(encoding="utf-8").split()}
    return {Path(word).stem.removeprefix("lib") for word in words if "/fcitx5/lib" in word}


def test_the_input_method_has_the_parts_that_typing_needs(station: RunningStation, plain: Path) -> None:
    put(station.paths.citizen_home, ".config/fcitx5/config", "[Behavior/EnabledAddons]\n0=quickphrase\n1=clipboard\n")
    restart = ["dbus-send", "--session", "--print-reply", "--dest=org.fcitx.Fcitx5", "/controller"]
    inside(station, *restart, "org.fcitx.Fcitx.Controller1.Restart")
    time.sleep(2.0)  # a restarted one would load all that it finds
    station.wait(lambda: parts() == PARTS, "the parts of typing and no others")
    with station.as_citizen("env", f"HOME={plain}", "dbus-run-session", "fcitx5", "--disable", "xcb") as other:
        station.wait(lambda: "quickphrase" in parts(), "the control: it loads more by itself")
        other.kill()


def test_its_own_rules_for_windows_are_not_read(station: RunningStation, plain: Path) -> None:
    home = station.paths.citizen_home
    put(home, ".config/openbox/rc.xml", RC.format(mark=home / "ran"))
    put(plain, ".config/openbox/rc.xml", RC.format(mark=plain / "ran"))
    inside(station, "openbox", "--reconfigure")
    inside(station, "openbox", "--restart")
    station.wait(lambda: station.pids("wm"), "the window manager")
    time.sleep(1.0)
    station.key("super+x")
    with station.as_citizen("env", f"HOME={plain}", "openbox", "--replace") as other:

        def pressed() -> bool:
            station.key("super+x")
            return (plain / "ran").exists()

        station.wait(pressed, "the control: it reads them by itself")
        other.kill()
    assert not (home / "ran").exists()
