"""What the supervisor tells of the session's printing: jobs that wait, pages, trouble. Numbers only, never a title.

Pages go into the record of the session; the rest is forgotten with it. Sentences for the codes of trouble are here,
because panel and bar say the same.
"""

from typing import TYPE_CHECKING, Any

from kiosk.clock import Reading
from kiosk.messages import Message
from kiosk.rules.station import State
from kiosk.service.refusals import refusal
from kiosk.web.words import Sentence, says

if TYPE_CHECKING:
    from kiosk.service.reconcile import Reconciler

MOST_JOBS, MOST_PAGES = 40, 100_000

# What keeps the printer from printing, by code (supervisor/printing), as staff should read it.
TROUBLES: dict[str, Sentence] = {
    "paper": says("The printer is out of paper."),
    "jam": says("Paper is stuck in the printer."),
    "cover": says("A cover of the printer is open."),
    "ink": says("The printer is out of ink or toner."),
    "offline": says("The printer does not answer. Is it switched on?"),
    "stopped": says("The printer was stopped. Start it again in the printer settings (CUPS)."),
    "refused": says("The printer did not take the job. Please try again."),
    "no_printer": says("No printer is set up on this computer."),
    "no_cups": says("The printing service of this computer (CUPS) does not run."),
    "not_installed": says("Printing needs CUPS. Install it with: sudo apt install cups"),
    "desk": says("Printing cannot start on this computer. Please run kiosk check."),
    "open": says("The printer cannot be closed to citizens, so anybody might print. Please run kiosk check."),
}


class PrintFacts:
    """Of the running session. `shown` goes into the state message."""

    def __init__(self, station: "Reconciler") -> None:
        self._station = station
        self.forget()

    def forget(self) -> None:
        """Another session, or none."""
        self._jobs: list[dict[str, Any]] = []
        self._waiting, self._trouble = 0, ""

    def told(self, message: Message) -> None:
        """How things stand, of the session that runs."""
        session = self._station.station.session
        if session is None or session.id != message["session"] or self._station.station.state is not State.OPEN:
            return
        self._jobs = [job for job in map(_job, message["jobs"][:MOST_JOBS]) if job is not None]
        self._waiting = max(len(self._jobs), min(message["waiting"], 10 * MOST_JOBS))
        self._trouble = message["trouble"] if message["trouble"] in TROUBLES else ""
        self._station.recorder.printed(session.id, max(0, min(message["pages"], MOST_PAGES)))
        self._station.push(self._station.clock.read())

    def shown(self, now: Reading) -> dict[str, Any] | None:
        """None where the policy lets nobody print. `jobs` are for the panel; "minutes": how long one has waited."""
        station = self._station
        policy = station.policy.print if station.station.session is None else station.opened_under.print
        live = station.recorder.live
        if policy.mode == "off":
            return None
        jobs = [
            {name: job[name] for name in ("id", "pages", "over")}
            | {"minutes": max(0, int(now.boot - job["since"]) // 60)}
            for job in self._jobs
        ]
        return {
            "mode": policy.mode,
            "waiting": self._waiting,
            "pages": live.pages if live is not None else 0,
            "pages_max": policy.pages_max,
            "trouble": self._trouble or None,
            "jobs": jobs,
        }

    def order(self, action: str, job: int | None) -> int:
        """Have the supervisor `release` or `cancel` a job, or None: all; how many pages. RefusedError without one."""
        station, peers = self._station.station, self._station.peers
        meant = [one for one in self._jobs if job in (None, one["id"])]
        if station.session is None or station.state is not State.OPEN or action not in ("release", "cancel"):
            raise refusal("no_session")
        if not meant:
            raise refusal("no_job")
        which = {} if job is None else {"job": job}
        if peers is None or not peers.send("supervisor", "print", session=station.session.id, action=action, **which):
            raise refusal("no_supervisor")
        # Not shown until the supervisor has said how it went; "all" leaves those that pass the limit.
        gone = meant if job is not None or action == "cancel" else [one for one in meant if not one["over"]]
        self._jobs = [one for one in self._jobs if one not in gone]
        self._waiting = max(0, self._waiting - len(gone))
        self._station.push(self._station.clock.read())
        return sum(int(one["pages"]) for one in gone)


def _job(raw: object) -> dict[str, Any] | None:
    """A job with its numbers and nothing else."""
    if not isinstance(raw, dict):
        return None
    numbers = {name: raw.get(name) for name in ("id", "pages", "since")}
    if not all(isinstance(one, int) and 0 <= one <= 2**31 for one in numbers.values()):
        return None
    return {**numbers, "over": raw.get("over") is True}
