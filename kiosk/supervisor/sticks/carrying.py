"""A stick of staff's, for a moment, so that the service can write the province's bundles onto it and read receipts.

Never while a citizen is here, and never one that a citizen left in. What the service hears is `carry`: {state, place,
free_mb, detail}. States: open (detail: why nothing can be written to it, or empty), closed (it may be pulled out),
trouble (detail: none, several, left, busy, pulled, taken, late, failed, not_root, or a word of carry.py).
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.supervisor.chores import Chores
from kiosk.supervisor.event_log import log
from kiosk.supervisor.keeper import Keeper
from kiosk.supervisor.sticks import carry, plugged
from kiosk.supervisor.sticks.sticks import Sticks, extra_devices

OPEN_WITHIN, CLOSE_WITHIN = 30.0, 60.0
LONGEST = 600.0  # of one stay, should the service forget it


class Carrying:
    """`busy`: whether a session is just being ended."""

    def __init__(
        self,
        keeper: Keeper,
        chores: Chores,
        sticks: Sticks,
        busy: Callable[[], bool],
        say: Callable[..., bool],
    ) -> None:
        self._keeper, self._chores, self._sticks = keeper, chores, sticks
        self._service = keeper.children.service
        self._busy, self._say = busy, say
        self._root: Path = keeper.maker.paths.carry
        self._extra = extra_devices(os.environ)
        self._device: plugged.Device | None = None
        self._turn = 0
        self._closing = False

    def order(self, action: str) -> None:
        """open or close, as the service says."""
        if action == "open":
            self._open() if self._device is None and not self._closing else self._tell("trouble", "busy")
        elif action == "close" and self._device is not None:
            self._close(lambda safe: self._tell("closed") if safe else self._tell("trouble", "failed"))

    def _open(self) -> None:
        device, word = self._the_one()
        if device is None:
            self._tell("trouble", word)
            return
        self._device, self._turn = device, self._turn + 1
        turn, service, root = self._turn, self._service, self._root
        self._sticks.keep_out(device.id)

        def opened(found: dict[str, Any] | None) -> None:
            if self._turn != turn or self._device is None:
                # Given up meanwhile: what was mounted after all goes too.
                self._chores.do("stick", lambda: carry.close(root), lambda _safe: None, CLOSE_WITHIN)
            elif found is None or "trouble" in found:
                self._device = None
                self._tell("trouble", str((found or {}).get("trouble", "unreadable")))
            else:
                log("a stick is open for the province's bundles")
                self._tell("open", found["closed"], found["place"], found["free_mb"])

        self._chores.do("stick", lambda: carry.open_for(service, device, root), opened, OPEN_WITHIN)
        self._keeper.loop.after(LONGEST, lambda: self._give_up("late") if self._turn == turn else None)

    def _the_one(self) -> tuple[plugged.Device | None, str]:
        """The stick to take, or why there is none."""
        session = self._keeper.session
        if self._service.uid is None:
            return None, "not_root"
        if self._busy() or (session is not None and session.bar):
            return None, "busy"
        found = plugged.devices(self._extra, self._root)
        ours = [device for device in found if device.id not in self._sticks.left_in]
        if len(ours) != 1:
            return None, "several" if ours else "left" if found else "none"
        return ours[0], ""

    def _close(self, done: Callable[[bool], None]) -> None:
        self._device, self._closing, root = None, True, self._root

        def closed(safe: bool | None) -> None:
            self._closing = False
            done(bool(safe))

        self._chores.do("stick", lambda: carry.close(root), closed, CLOSE_WITHIN)

    def _give_up(self, word: str) -> None:
        if self._device is not None:
            log(f"the stick of the province's bundles is let go: {word}")
            self._close(lambda _safe: None)
            self._tell("trouble", word)

    def look(self) -> None:
        """Once a second: was it pulled out?"""
        if self._device is not None and self._device.id not in {
            one.id for one in plugged.devices(self._extra, self._root)
        }:
            self._give_up("pulled")

    def make_way(self) -> None:
        """A citizen's session begins: it is theirs to plug in sticks now."""
        self._give_up("taken")

    def tidy(self) -> None:
        """At the start, at the end, and for a new service: nothing is left open."""
        self._device, root = None, self._root
        if self._service.uid is not None and carry.is_open(root):
            self._chores.do("stick", lambda: carry.close(root), lambda _safe: None, CLOSE_WITHIN)

    def _tell(self, state: str, detail: str = "", place: str = "", free_mb: int = 0) -> None:
        self._say("carry", state=state, place=place, free_mb=free_mb, detail=detail)
