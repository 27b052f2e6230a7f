"""Restarting and switching off the PC for staff: whoever uses it is ended first, then the supervisor is asked.

Only root can; where the supervisor cannot either (no root, nothing to do it with), its answer is shown as a trouble.
"""

from typing import TYPE_CHECKING, Literal

from kiosk.rules import events as ev
from kiosk.rules.station import State
from kiosk.service.refusals import refusal
from kiosk.store import audit

if TYPE_CHECKING:
    from kiosk.service.reconcile import Reconciler

Act = Literal["restart", "power_off"]
ACTS: tuple[Act, ...] = ("restart", "power_off")
NOT_DONE = "power_not_done"
# A PC that wipes longer than this is not switched off under the wiping; staff are told to try again.
PATIENCE = 60.0
LOOK = 0.1


class Power:
    """One wish at a time."""

    def __init__(self, station: "Reconciler") -> None:
        self._station = station
        self._wanted: Act | None = None
        self._until = 0.0

    def want(self, act: str, session: str, who: str) -> None:
        """In the station's thread. `session` is whom the page showed at the PC: another one is not thrown out."""
        station = self._station
        chosen = next((one for one in ACTS if one == act), None)
        if chosen is None:
            raise refusal("changed")
        if station.peers is None or not station.station.supervisor_here:
            raise refusal("no_supervisor")
        running = station.station.session
        if (running.id if running is not None else "") != session:
            raise refusal("changed")
        if station.station.state is State.ASKING:
            raise refusal("busy")  # somebody answers, who has no session yet to be compared
        self._forget_trouble()
        now = station.clock.read()
        self._wanted, self._until = chosen, now.boot + PATIENCE
        if station.station.state is State.OPEN:
            station.happen(ev.Finish("manager"))
        station.recorder.keep(lambda db: audit.note(db, now.wall, who, chosen, ""))
        self._look()

    def done(self, ok: bool, detail: str) -> None:
        """The supervisor's answer: nothing to say where the PC goes down; else the panel tells why it does not."""
        if not ok:
            self._station.site_facts["troubles"].append({"code": NOT_DONE, "detail": detail[:40]})

    def _look(self) -> None:
        """As soon as nobody is there and nothing is being wiped."""
        station, act = self._station, self._wanted
        if act is None:
            return
        if station.station.state not in (State.OPEN, State.ENDING):
            self._wanted = None
            station.order("power", action=act)
        elif station.clock.read().boot < self._until:
            station.loop.after(LOOK, self._look)
        else:
            self._wanted = None
            self.done(False, "ETIMEDOUT")

    def _forget_trouble(self) -> None:
        known: list[dict[str, str]] = self._station.site_facts["troubles"]
        known[:] = [trouble for trouble in known if trouble["code"] != NOT_DONE]
