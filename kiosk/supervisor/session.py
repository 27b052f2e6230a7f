"""One citizen's session: a home, a group of processes, a window manager and a browser. Made, ended, wiped.

Program names come from policy.toml, which the citizen cannot write; what is wiped is computed here, never asked for.
"""

import json
import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.settings import Paths, Site
from kiosk.supervisor import cgroup, home, layout, marked, room
from kiosk.supervisor.cookies import lend
from kiosk.supervisor.processes import Bounds, Process, spawn
from kiosk.supervisor.users import Identity

# What the browser would otherwise ask a first-time user: to translate, to save a password, to be the default browser.
BROWSER_PREFERENCES = {
    "translate": {"enabled": False},
    "credentials_enable_service": False,
    "profile": {"password_manager_enabled": False, "default_content_setting_values": {"notifications": 2}},
    "autofill": {"profile_enabled": False, "credit_card_enabled": False},
    "browser": {"check_default_browser": False},
    "intl": {"selected_languages": "vi,en"},
}

OPENBOX = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <theme><font place="ActiveWindow"><name>Noto Sans</name><size>12</size></font></theme>
  <margins><top>TOP</top></margins>
  <desktops><number>1</number></desktops>
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <keyboard>
    <keybind key="A-Tab"><action name="NextWindow"/></keybind>
    <keybind key="A-F4"><action name="Close"/></keybind>
    <keybind key="W-d"><action name="ToggleShowDesktop"/></keybind>
  </keyboard>
  <mouse>
    <context name="Titlebar">
      <mousebind button="Left" action="Drag"><action name="Move"/></mousebind>
      <mousebind button="Left" action="DoubleClick"><action name="ToggleMaximize"/></mousebind>
    </context>
    <context name="Client">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
    </context>
    <context name="Close"><mousebind button="Left" action="Click"><action name="Close"/></mousebind></context>
    <context name="Maximize">
      <mousebind button="Left" action="Click"><action name="ToggleMaximize"/></mousebind>
    </context>
    <context name="Iconify"><mousebind button="Left" action="Click"><action name="Iconify"/></mousebind></context>
  </mouse>
  <menu/>
  <applications>
    <application type="normal"><maximized>yes</maximized></application>
  </applications>
</openbox_config>
"""


@dataclass(frozen=True)
class Programs:
    """Commands of a session, as argument lists."""

    window_manager: list[str]
    browser: list[str]

    @classmethod
    def from_policy(cls, policy: dict[str, Any]) -> "Programs":
        """The [programs] of policy.toml; a value that cannot be split falls back to Debian's names."""
        table = policy.get("programs", {})
        return cls(_split(table.get("window_manager"), "openbox"), _split(table.get("browser"), "chromium"))

    def missing(self) -> list[str]:
        """Programs that are not on this machine."""
        return [command[0] for command in (self.window_manager, self.browser) if shutil.which(command[0]) is None]


def _split(value: object, default: str) -> list[str]:
    try:
        return shlex.split(str(value or default)) or [default]
    except ValueError:
        return [default]


@dataclass(frozen=True)
class Wishes:
    """What the citizen chose at the sign-in: language and how to see."""

    lang: str = "vi"
    large: bool = False
    contrast: bool = False
    top: int = 0  # pixels at the top of the screen that belong to the time bar

    def menu_address(self, listen: str) -> str:
        """Where the browser starts: the menu, told how this citizen sees."""
        lang = self.lang if self.lang in ("vi", "en") else "vi"
        return f"http://{listen}/enter?lang={lang}&large={int(self.large)}&contrast={int(self.contrast)}"


@dataclass(frozen=True)
class SessionMaker:
    """What all sessions of this station share."""

    paths: Paths
    site: Site
    citizen: Identity
    programs: Programs
    display: dict[str, str]
    home_mb: int

    def make(self, session_id: str, wishes: Wishes) -> "Session":
        """A new session, with a control group of its own where there can be one."""
        return Session(session_id, cgroup.create(self.paths.home, session_id), wishes, self)

    def adopted(self, session_id: str, group: str, wishes: dict[str, Any], pids: list[int]) -> "Session":
        """The session that an earlier supervisor opened and that still lives in `pids`."""
        session = Session(session_id, Path(group) if group else None, Wishes(**wishes), self)
        session.room = next((found for found in map(room.of, pids) if found is not None), None)
        if session.room is None:
            session.furnish()
        return session


@dataclass
class Session:
    """A session that lives. `group` is None where there is no usable cgroup; then `id` is the mark. `room`: room.py."""

    id: str
    group: Path | None
    wishes: Wishes
    station: SessionMaker
    room: int | None = None

    def furnish(self) -> None:
        """A room of its own around the home, where there can be one."""
        paths = self.station.paths
        self.room = room.make(paths.home, paths.sticks, self.station.citizen, self.station.home_mb)

    def prepare(self) -> None:
        """An empty home and the desktop's configuration; OSError when either cannot be made."""
        home.make(self.station.paths.citizen_home, self.station.citizen, self.station.home_mb)
        for name in ("tmp", ".run", "Downloads", ".browser", ".browser/Default"):
            folder = self.station.paths.citizen_home / name
            folder.mkdir(mode=0o700)
            self._give(folder)
        preferences = self.station.paths.citizen_home / ".browser/Default/Preferences"
        preferences.write_text(json.dumps(BROWSER_PREFERENCES), encoding="utf-8")
        self._give(preferences)
        (layout.desktop(self.station.paths) / "openbox.xml").write_text(
            OPENBOX.replace("TOP", str(self.wishes.top)), encoding="utf-8"
        )
        self.furnish()

    def _give(self, path: Path) -> None:
        citizen = self.station.citizen
        if citizen.uid is not None and citizen.gid is not None:
            os.chown(path, citizen.uid, citizen.gid)

    def kept(self) -> tuple[str, ...]:
        """The roles that live as long as the session, in the order in which they start."""
        return ("wm", "browser")

    def start(self, role: str) -> Process:
        """Start one of the session's programs: `wm`, `browser`, or `browse` (show the menu in the running browser).

        What they print goes nowhere: a browser names addresses, and nothing of a session may outlive it.
        """
        where = str(self.station.paths.citizen_home)
        if role == "wm":
            command = [*self.station.programs.window_manager]
            if Path(command[0]).name == "openbox":
                command += ["--config-file", str(layout.desktop(self.station.paths) / "openbox.xml")]
        else:
            command = [*self.station.programs.browser]
            if "chrom" in Path(command[0]).name:
                command += self._chromium_switches(where)
            command.append(self.wishes.menu_address(self.station.site.menu_listen))
        bounds = Bounds(self.group, self.room)
        return spawn(role, command, self.station.citizen, self._environment(where), subprocess.DEVNULL, bounds)

    def _chromium_switches(self, where: str) -> list[str]:
        # Nothing of the citizen's may outlive the session, nothing may ask questions, nothing may call home.
        switches = [
            f"--user-data-dir={where}/.browser",
            f"--disk-cache-size={32 << 20}",
            "--no-first-run --no-default-browser-check --password-store=basic --disable-sync --disable-breakpad",
            "--disable-background-networking --disable-component-update --disable-features=Translate",
            f"--start-maximized --lang={self.wishes.lang}",
        ]
        if self.wishes.large:
            switches.append("--force-device-scale-factor=1.25")
        return " ".join(switches).split()

    def _environment(self, where: str) -> dict[str, str]:
        return {
            **lend(self.station.display, Path(where) / ".Xauthority", self.station.citizen),
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/games",
            "HOME": where,
            "TMPDIR": f"{where}/tmp",
            "XDG_RUNTIME_DIR": f"{where}/.run",
            "XDG_DOWNLOAD_DIR": f"{where}/Downloads",
            "LANG": "C.UTF-8",
            "LANGUAGE": self.wishes.lang,
            marked.VARIABLE: self.id,
        }

    def kill(self) -> bool:
        """Kill every process of the session, also daemonised ones; True when none is left."""
        gone = cgroup.kill(self.group) if self.group else True
        uid = self.station.citizen.uid
        # What was started past the group (cron, at) still belongs to the citizen's user: nothing of theirs may stay.
        finder = marked.finder(self.id) if uid is None else (lambda: marked.owned_by(uid))
        gone = marked.kill_all(finder) and gone
        if self.group:
            cgroup.remove(self.group)
        return gone

    def leave_room(self) -> None:
        """Let go of the room: when nobody is in it any more, all that lies in it is gone."""
        if self.room is not None:
            os.close(self.room)
            self.room = None
