"""The citizen's USB sticks during a session: opened where file choosers look, saved to, synced, made safe to pull out.

What the service hears of each is {id, label, free_mb, state, detail}. States: ready (detail: why nothing can be written
to it, or empty), saving and saved (copying.py), ejected, trouble (detail: unknown, unreadable, full, too_big, nothing,
pulled, failed, or why nothing can be written: policy, read_only, repair, foreign). A stick that stayed in when its
session ended is not opened for the next citizen.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from kiosk.clock import boot_id
from kiosk.supervisor.asked import Allowed, SticksPolicy
from kiosk.supervisor.chores import Chores
from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.session.session import Session
from kiosk.supervisor.sticks import plugged
from kiosk.supervisor.sticks import work as stick_work
from kiosk.supervisor.sticks.copying import Copying
from kiosk.supervisor.sticks.stick import Stick

SYNC_EVERY = 15.0
OPEN_WITHIN, SYNC_WITHIN, EJECT_WITHIN, LEAVE_WITHIN = 30.0, 20.0, 60.0, 2.0
SHOWN_AFTER = 20.0


def extra_devices(environ: Mapping[str, str]) -> tuple[str, ...]:
    """KIOSK_STICKS: patterns of devices that count as sticks though the kernel does not call them removable.

    For card readers built into some PCs; it comes from whoever starts the supervisor: systemd, or a test.
    """
    return tuple(environ.get("KIOSK_STICKS", "").split())


class Sticks:
    """Looks for sticks while a session lives, and only as root, for whom else could mount them?"""

    def __init__(self, keeper: Keeper, chores: Chores, allowed: Allowed, say: Callable[..., bool]) -> None:
        self._keeper, self._chores, self._say = keeper, chores, say
        self._citizen, self._root = keeper.maker.citizen, keeper.maker.paths.sticks
        self._allowed = allowed
        self._extra = extra_devices(os.environ)
        self.first: Callable[[], None] = lambda: None  # what must be known before anything is told of a stick
        self._in: dict[str, Stick] = {}
        self._lost: dict[str, Stick] = {}  # pulled out too early: told of for a while
        self._kept = keeper.maker.paths.processes.with_name("sticks.json")
        self._spent = self._load()
        self._staffs: set[str] = set()
        self._synced = 0.0
        self._told: list[dict[str, Any]] = []
        self._copying = Copying(keeper, chores, lambda: self._policy.read_only, self._is_in, self.tell)

    # -- what is plugged in

    def look(self) -> None:
        """Once a second: what came, what was pulled out, and what waits to be written."""
        if self._citizen.uid is None or self._keeper.session is None or not self._policy.allowed:
            return
        found = {device.id: device for device in plugged.devices(self._extra, self._root)}
        for name in self._in.keys() - found.keys():
            self._pulled(self._in.pop(name))
        if self._spent - found.keys():
            self._spend(self._spent & found.keys())
        for name in found.keys() - self._in.keys() - self._spent:
            self._open(found[name])
        if time.monotonic() - self._synced > SYNC_EVERY:
            self.write_out()
        self.tell()

    @property
    def _policy(self) -> SticksPolicy:
        """What the session that lives was opened with."""
        session = self._keeper.session
        return self._allowed.sticks_in(session.wishes.sticks if session is not None else "")

    def _open(self, device: plugged.Device) -> None:
        stick = self._in[device.id] = Stick(device)
        session, read_only = self._keeper.session, self._policy.read_only

        def opened(answer: dict[str, Any] | None) -> None:
            found = answer or {"trouble": "unreadable"}
            stick.label, stick.place = str(found.get("label", "USB")), str(found.get("place", ""))
            stick.free_mb = int(found.get("free_mb", 0))
            stick.closed = str(found.get("closed", ""))
            stick.now(*("trouble", str(found["trouble"])) if "trouble" in found else ("ready", stick.closed))
            log(f"stick opened: {stick.state} {stick.detail}".rstrip())
            if not self._is_in(stick) or self._keeper.session is not session:
                self._let_go([stick])
            self.tell()

        self._chores.do(
            "stick",
            lambda: stick_work.open_stick(device, self._root, self._citizen, read_only),
            opened,
            OPEN_WITHIN,
        )

    def _pulled(self, stick: Stick) -> None:
        """Pulled out, asked or not: what still pointed there is taken away, and nothing waits for it."""
        log("stick pulled out")
        if stick.state == "saving":
            if stick.saving is not None:
                stick.saving.kill()
            stick.now("trouble", "pulled")
            self._lost[stick.device.id] = stick
            self._keeper.loop.after(SHOWN_AFTER, lambda: self._forget(stick))
        self._let_go([stick])

    def _is_in(self, stick: Stick) -> bool:
        return self._in.get(stick.device.id) is stick

    def _forget(self, stick: Stick) -> None:
        self._lost.pop(stick.device.id, None)
        self.tell()

    def _let_go(self, sticks: list[Stick]) -> None:
        places = [stick.place for stick in sticks if stick.place]
        for stick in sticks:
            stick.place = ""
        if places:
            self._chores.do("stick", lambda: stick_work.close_sticks(places), lambda _done: None, EJECT_WITHIN)

    def write_out(self) -> None:
        """Write out what waits in memory: now and then, and at each warning, after which many pull theirs out."""
        self._synced = time.monotonic()
        places = [stick.place for stick in self._in.values() if stick.place and stick.state != "ejected"]
        if places:
            self._chores.do("sync", lambda: stick_work.sync(places), lambda _done: None, SYNC_WITHIN)

    @property
    def left_in(self) -> set[str]:
        """Ids of sticks that citizens left in when they went."""
        return self._spent - self._staffs

    def keep_out(self, name: str) -> None:
        """This one is staff's: no citizen finds it open as long as it is in."""
        self._staffs.add(name)
        self._spend(self._spent | {name})

    # -- what the citizen asks for

    def save(self, session: Session, name: str) -> None:
        """Copy their documents to a new folder on the stick."""
        if (stick := self._in.get(name)) is not None:
            self._copying.save(session, stick)

    def eject(self, _session: Session, name: str) -> None:
        """Make it safe to pull out."""
        stick = self._in.get(name)
        if stick is None or stick.saving is not None or stick.state == "ejected":
            return
        places, stick.place = [stick.place] if stick.place else [], ""

        def done(safe: bool | None) -> None:
            stick.now(*("ejected",) if safe else ("trouble", "failed"))
            self.tell()

        self._chores.do("stick", lambda: stick_work.close_sticks(places), done, EJECT_WITHIN)

    # -- the end

    def leave(self, came: Callable[[], None]) -> None:
        """With the session: synced and unmounted, and `came` called, at the latest after LEAVE_WITHIN."""
        left, self._in, self._lost = list(self._in.values()), {}, {}
        self._spend(self._spent | {stick.device.id for stick in left})
        places = [stick.place for stick in left if stick.place]
        self.tell()
        if not places:
            stick_work.detach(self._root)
            came()
            return

        def done(safe: bool | None) -> None:
            if not safe:
                log("a stick was not synced in time")
                self._chores.do("stick", lambda: stick_work.detach(self._root), lambda _done: None, EJECT_WITHIN)
            came()

        self._chores.do("stick", lambda: stick_work.leave(places, self._root), done, LEAVE_WITHIN)

    def tell(self) -> None:
        """Report the sticks, if something changed."""
        shown = [stick for stick in (*self._in.values(), *self._lost.values()) if stick.state != "opening"]
        sticks = [one.told() for one in shown]
        if sticks != self._told:
            self.first()
            if self._say("sticks", sticks=sticks):
                self._told = sticks

    def tell_anew(self) -> None:
        """A new service knows of none."""
        self._told = []
        self.tell()

    def _spend(self, spent: set[str]) -> None:
        """Remembered for a successor: these were opened for somebody who has left."""
        self._spent = spent
        try:
            self._kept.write_text(json.dumps({"boot": boot_id(), "spent": sorted(spent)}), encoding="utf-8")
        except OSError:
            log("spent sticks cannot be written down")

    def _load(self) -> set[str]:
        try:
            kept = json.loads(self._kept.read_text(encoding="utf-8"))
            return set(kept["spent"]) if kept["boot"] == boot_id() else set()
        except (OSError, ValueError, KeyError, TypeError):
            return set()
