"""Bundles onto a stick that staff plug into this PC: the supervisor opens it, the export writes to it, it is closed.

What goes on is told in `shown`, from memory. Every way out of it ends with the stick closed, and nothing is lost by any
of them: what was not written whole waits as before, and is written the next time.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kiosk.errors import NO_ROOM, KioskError
from kiosk.messages import Message
from kiosk.rules.station import State
from kiosk.service.refusals import refusal
from kiosk.store import audit

if TYPE_CHECKING:
    from kiosk.service.reconcile import Reconciler

log = logging.getLogger(__name__)

Phase = Literal["idle", "opening", "writing", "closing", "done", "trouble"]
BUSY: frozenset[Phase] = frozenset({"opening", "writing", "closing"})
PATIENCE = 120.0  # seconds for the supervisor to open or to close a stick


@dataclass(frozen=True)
class Carried:
    """`word`: of a trouble, one of the supervisor's or silent, pulled, full; else `said`, the export's own sentence.

    Bundles: `written` to it now, `confirmed` and `refused` by receipts on it, `waiting` still; receipts that are
    `unproved`. `at`: when, UTC.
    """

    phase: Phase = "idle"
    word: str = ""
    said: str = ""
    written: int = 0
    confirmed: int = 0
    refused: int = 0
    waiting: int = 0
    unproved: int = 0
    at: str = ""


def carried(told: Mapping[str, Any]) -> Carried:
    """What `Nightly.write_to` told."""
    confirmed, refused, waiting, unproved = (int(told[it]) for it in ("confirmed", "refused", "waiting", "unproved"))
    return Carried("idle", "", "", len(told["written"]), confirmed, refused, waiting, unproved)


class Carrying:
    """`write` brings to a folder what waits, after it has read the receipts there (Nightly.write_to)."""

    def __init__(self, station: "Reconciler", write: Callable[[Path], Mapping[str, Any]]) -> None:
        self._station, self._write = station, write
        self.shown = Carried()
        self._turn = 0

    def begin(self, who: str) -> None:
        """Have the stick opened, and write. RefusedError where somebody uses this PC. From the web's threads."""
        self._station.ask(lambda: self._begin(who))

    def _begin(self, who: str) -> None:
        station = self._station
        if self.shown.phase in BUSY:
            return
        if station.peers is None or not station.station.supervisor_here:
            raise refusal("no_supervisor")
        if station.station.state in (State.ASKING, State.OPEN, State.ENDING, State.CLASS):
            raise refusal("busy")
        now = station.clock.read()
        station.recorder.keep(lambda db: audit.note(db, now.wall, who, "carry"))
        self.shown = Carried()
        self._step("opening")
        station.order("carry", action="open")

    def told(self, message: Message) -> None:
        """What the supervisor says of the stick. In the station's thread."""
        state, word = message["state"], message["detail"]
        if state == "open" and self.shown.phase == "opening":
            self._step("writing")
            arguments = (Path(message["place"]), word, self._turn)
            threading.Thread(target=self._work, args=arguments, name="carrying", daemon=True).start()
        elif state == "open":
            self._station.order("carry", action="close")  # nobody waits for it any more
        elif state == "closed" and self.shown.phase == "closing":
            self._end(self.shown.word)
        elif state == "trouble" and self.shown.phase in BUSY:
            self._end(self.shown.word or word)

    def _work(self, place: Path, closed: str, turn: int) -> None:
        """Not in the station's thread: a stick is slow. `closed`: why nothing can be written there, if so."""
        found, word = Carried(), closed
        try:
            found = carried(self._write(place))
        except KioskError as error:
            log.warning("a stick for the province: %s", error.message)
            word = _word(place, closed, error.code)
            found = Carried(said="" if word else error.message)
        except Exception as error:  # the border of a thread: whatever happens, the stick is closed
            log.error("a stick for the province failed: %s", type(error).__name__)
            word = "failed"
        self._station.loop.call_soon(lambda: self._written(turn, replace(found, word=word)))

    def _written(self, turn: int, found: Carried) -> None:
        if turn != self._turn or self.shown.phase != "writing":
            return
        self.shown = found
        self._step("closing")
        self._station.order("carry", action="close")

    def _step(self, phase: Phase) -> None:
        self._turn += 1
        self.shown = replace(self.shown, phase=phase)
        if phase != "writing":
            turn = self._turn
            self._station.loop.after(PATIENCE, lambda: self._end("silent") if turn == self._turn else None)

    def _end(self, word: str) -> None:
        phase: Phase = "trouble" if word or self.shown.said else "done"
        at = self._station.clock.read().wall.isoformat(timespec="seconds")
        self.shown = replace(self.shown, phase=phase, word=word, at=at)
        self._turn += 1


def _word(place: Path, closed: str, code: str) -> str:
    """Why no more could be written, where staff can do something about it; else the export's own words are told."""
    if closed:
        return closed
    try:
        there = os.path.ismount(place)
    except OSError:
        there = False
    if not there:
        return "pulled"
    return "full" if code == NO_ROOM else ""
