"""One citizen's session: a home, a group of processes, a window manager and a browser. Made, ended, wiped.

Program names come from policy.toml, which the citizen cannot write; what is wiped is computed here, never asked for.
"""

import os
import subprocess
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from kiosk.settings import SESSION_PATH, Paths, Site
from kiosk.supervisor import cgroup, home, layout, linux, marked
from kiosk.supervisor.asked import SoundPolicy
from kiosk.supervisor.limits import Limits
from kiosk.supervisor.processes import Bounds, Process, handed_on, spawn
from kiosk.supervisor.session import browser, desktop, fittings, input_method, office, room
from kiosk.supervisor.session.environment import environment
from kiosk.supervisor.session.programs import Programs
from kiosk.supervisor.session.room import Fittings
from kiosk.supervisor.session.wishes import Wishes
from kiosk.supervisor.users import Identity

BUS_WITHIN = 0.5
S = TypeVar("S", bound="Session")


def _wait_for(socket: Path) -> None:
    """Until the bus listens, some milliseconds: a program that finds none asks only once."""
    deadline = time.monotonic() + BUS_WITHIN
    while not socket.exists() and time.monotonic() < deadline:
        time.sleep(0.002)


@dataclass(frozen=True)
class SessionMaker:
    """What all sessions of this station share. `citizen`: whose they are; `home_of`: whose home, where not theirs.

    `staff`: who sits at the panel on the PC itself; None where nobody does.
    """

    paths: Paths
    site: Site
    citizen: Identity
    programs: Programs
    display: dict[str, str]
    home_mb: int
    volume: int = SoundPolicy.volume  # percent, at the start of each session
    staff: Identity | None = None
    home_of: Path | None = None
    limits: Limits = Limits()

    @property
    def where(self) -> Path:
        """The home of these sessions."""
        return self.home_of or self.paths.citizen_home

    def of_staff(self) -> "SessionMaker":
        """The same for staff: their user, their home."""
        who = self.staff or self.citizen
        return replace(self, citizen=who, staff=None, home_of=self.paths.staff_home)

    def all_kinds(self) -> "tuple[SessionMaker, ...]":
        """The citizens' and that of staff: for whoever does not know whose session it was."""
        return (self, self.of_staff()) if self.staff is not None else (self,)

    def make(self, session_id: str, wishes: Wishes) -> "Session":
        """A new session, with a control group of its own where there can be one."""
        return Session(session_id, self.group(session_id), wishes, self)

    def group(self, session_id: str) -> Path | None:
        """The control group of a new session; None where there can be none."""
        return cgroup.create(self.paths.home, session_id, self.limits)

    def adopted(self, kind: type[S], session_id: str, group: str, wishes: dict[str, Any], pids: list[int]) -> S:
        """The session that an earlier supervisor opened and that still lives in `pids`."""
        session = kind(session_id, Path(group) if group else None, Wishes(**wishes), self)
        session.leaders = [(pid, linux.start_time(pid)) for pid in pids]
        session.room = next((found for found in map(room.of, pids) if found is not None), None)
        return session

    def try_room(self) -> frozenset[str]:
        """The walls of a room as these sessions get, made and gone again; NoRoomError where it cannot be built."""
        if self.citizen.uid is None:
            return frozenset()
        built, walls = Session("trial", None, Wishes(), self).build()
        if built is not None:
            os.close(built)
        return walls


@dataclass
class Session:
    """A session that lives. `group` is None where there is no usable cgroup; then `id` is the mark, and `leaders` are

    the programs that were started in it. `room`, `walls`: room.py. `saved`: the files that lie on a stick too
    (belongings.py).
    """

    id: str
    group: Path | None
    wishes: Wishes
    station: SessionMaker
    room: int | None = None
    walls: frozenset[str] = frozenset()
    leaders: list[marked.Leader] = field(default_factory=list)
    saved: frozenset[tuple[int, int]] = frozenset()

    bar: ClassVar[bool] = True
    once: ClassVar[tuple[str, ...]] = ()  # roles whose end is the end of it all
    window_rules: ClassVar[str] = "openbox.xml"

    def furnish(self) -> None:
        """A room of its own around the home; in it its programs find what binds them. OSError where it cannot be built.

        None for an ordinary user, who can make no rooms, and none where the machine has none (room.make).
        """
        if self.station.citizen.uid is None:
            return
        if self.bar:
            room.open_media(self.station.paths.sticks)
        self.room, self.walls = self.build()

    def build(self) -> tuple[int | None, frozenset[str]]:
        """A room as it gets, and its walls: room.make."""
        paths = self.station.paths
        return room.make(paths.home, paths.sticks, self.station.home_mb, self._fittings())

    def _fittings(self) -> Fittings:
        return fittings.of_citizens(self, self._first_page()[0])

    def prepare(self) -> None:
        """An empty home with what its programs read first, and the desktop's settings; OSError where it cannot be."""
        home.make(self._home, self.station.citizen, self.station.home_mb)
        for name in ("tmp", ".run", *desktop.FOLDERS):
            self._folder(self._home / name)
        for name, text in self._files().items():
            path = self._home / name
            self._folder(path.parent)
            path.write_text(text, encoding="utf-8")
            self._give(path)
        shared = layout.desktop(self.station.paths)
        (shared / self.window_rules).write_text(self._windows(), encoding="utf-8")
        (shared / "bus.conf").write_text(input_method.bus_conf(self._home), encoding="utf-8")
        self.furnish()

    @property
    def _home(self) -> Path:
        return self.station.where

    def _windows(self) -> str:
        return desktop.openbox(self.wishes.top)

    def _files(self) -> dict[str, str]:
        wishes, typing = self.wishes, self.station.programs.input_method
        menu, downloads = wishes.menu_address(self.station.site.menu_listen), self._home / "Downloads"
        return {
            f"{browser.PROFILE}/Default/Preferences": browser.preferences(menu, downloads, wishes.lang, wishes.large),
            **desktop.files(self.browser_command(), wishes.large, wishes.contrast),
            **office.files(wishes.lang),
            **(typing.files(vietnamese=wishes.lang == "vi") if typing else {}),
        }

    def _folder(self, path: Path) -> None:
        """This folder of the home and those above it, all the citizen's."""
        if not path.exists():
            self._folder(path.parent)
            path.mkdir(mode=0o700)
            self._give(path)

    def _give(self, path: Path) -> None:
        citizen = self.station.citizen
        if citizen.uid is not None and citizen.gid is not None:
            os.chown(path, citizen.uid, citizen.gid)

    def kept(self) -> tuple[str, ...]:
        """The roles that live as long as the session, in the order in which they start."""
        typing = ("bus", "typing") if self.station.programs.input_method else ()
        return ("wm", *typing, "browser")

    def start(self, role: str) -> Process:
        """Start one of the session's own programs; `browse` shows the menu in the running browser."""
        shared = layout.desktop(self.station.paths)
        match role:
            case "wm":
                command = [*self.station.programs.window_manager]
                if Path(command[0]).name == "openbox":
                    command += ["--config-file", str(shared / self.window_rules)]
            case "ground":
                command = desktop.ground_command(self.wishes.contrast)
            case "bus":
                command = input_method.bus_command(shared / "bus.conf")
            case "typing":
                command = input_method.command()
            case _:
                command = [*self.browser_command(), *self._first_page()]
        process = self.spawn(role, command)
        if role == "bus":
            _wait_for(input_method.bus_socket(self._home))
        return process

    def helper(self, role: str, command: list[str], output: int) -> Process:
        """Start one of our own programs as the citizen: as shut in as theirs, who could get out through it (/proc)."""
        env = {"PATH": SESSION_PATH, "LANG": "C.UTF-8", marked.VARIABLE: self.id, **handed_on()}
        return spawn(role, command, self.station.citizen, env, output, self._bounds())

    def spawn(self, role: str, command: list[str], output: int = subprocess.DEVNULL) -> Process:
        """Start a program as the citizen, within the session. OSError when it cannot be started.

        What it prints goes nowhere: a browser names addresses, and nothing of a session may outlive it.
        """
        bounds = self._bounds(self._home / "Documents")
        process = spawn(role, command, self.station.citizen, self.environment(), output, bounds)
        self.leaders.append((process.pid, process.start))
        return process

    def _bounds(self, start_in: Path | None = None) -> Bounds:
        return Bounds(self.group, self.room, start_in, self.station.limits)

    def browser_command(self) -> list[str]:
        """The browser, as it is started and as files are opened in it."""
        command, wishes = self.station.programs.browser, self.wishes
        if not browser.is_chromium(command):
            return command
        return [*command, *browser.switches(self._home, wishes.lang, wishes.large, wishes.contrast, wishes.voice)]

    def environment(self) -> dict[str, str]:
        """What its programs are told."""
        return environment(self)

    def _first_page(self) -> list[str]:
        return [self.wishes.menu_address(self.station.site.menu_listen)]

    def strike(self) -> None:
        """Begin to kill: what dies of it takes its time, in which other things can be done."""
        if self.group:
            cgroup.strike(self.group)

    def kill(self, wait: float = 2.0) -> bool:
        """Kill every process of the session, also daemonised ones, and `wait` for it twice; True when none is left."""
        gone = cgroup.kill(self.group, wait) if self.group else True
        uid = self.station.citizen.uid
        # What was started past the group (cron, at) still belongs to the citizen's user: nothing of theirs may stay.
        finder = marked.finder(self.id, self.leaders) if uid is None else (lambda: marked.owned_by(uid))
        gone = marked.kill_all(finder, wait) and gone
        if self.group:
            cgroup.remove(self.group)
        return gone

    def leave_room(self) -> None:
        """Let go of the room: when nobody is in it any more, all that lies in it is gone."""
        if self.room is not None:
            os.close(self.room)
            self.room = None
