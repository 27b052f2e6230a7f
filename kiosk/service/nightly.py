"""The nightly export in threads of its own: the loop never waits for a disk, a stick or a server.

`Nightly.shown`, which panel, status and `kiosk check` tell, has these keys; all moments are UTC, ISO 8601:

    last_day        the latest day that has a bundle, or None
    waiting_days    days of which the province is not known to have everything (without a province: not in the folder)
    waiting_bundles the same as a number of files
    trouble         what went wrong last, a sentence with what to do (a Said), or None
    province        the name of the province that this station joined, or None
    unsigned        whether what is written bears no signature, because this station has joined no province
    way             how it goes there: "https", "place" (a folder or an address of [export] to), "stick", or "none"
    to              that folder or address, without a password in it; ""
    last_sent       when the province, or the folder, last had something new, or None
    confirmed_day   the last day up to which the province has confirmed every one, or None
    carried_days    of waiting_days those that lie in the folder or went on a stick, and are not confirmed yet
    refused         [{day, code, sentence}] of what the province has put aside, newest first, at most MOST_REFUSED
    refused_days    how many days that is in all
    damaged_days    days that neither the outbox nor the ledger has whole, so that no way can bring them
    card            the version of the province's card, or None
    next            when it is tried again by itself, or None: nothing waits, or the date is not trusted
    next_seconds    the same in seconds from now, or None
    sending         {"done", "of"} bundles while a courier is under way, or None
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.clock import Clock
from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.export.delivery import deliver
from kiosk.export.run import Exporter, export_run
from kiosk.service.by_folder import ByFolder
from kiosk.service.way_up import WayUp
from kiosk.service.way_up_facts import way_facts
from kiosk.store.prune import prune
from kiosk.translations import together

log = logging.getLogger(__name__)

# Days that are due are caught up on soon after the start, then looked for every ten minutes.
FIRST_LOOK, LOOK_EVERY, SOONEST = 5.0, 600.0, 1.0


class Nightly:
    """Asks every ten minutes what is due, makes it, and brings it away. `shown` is what panel and status tell."""

    def __init__(self, exporter: Exporter, clock: Clock) -> None:
        self._exporter, self._clock = exporter, clock
        self._stop, self._wake = threading.Event(), threading.Event()
        self._one_at_a_time = threading.Lock()
        self._way_up = WayUp(exporter, clock)
        self._trouble: KioskError | None = None
        self.by_folder = ByFolder(lambda: self._exporter, self._way_up, self._one_at_a_time, self._show)
        # What else is asked at every look, once the days that are over are told.
        self.then: Callable[[], object] = lambda: None
        # Known from the first moment: a station that has bundles must not say that it has none.
        self._shown = self._facts()
        self._thread = threading.Thread(target=self._run, name="nightly", daemon=True)

    @property
    def about(self) -> tuple[str, str]:
        """Version of the software, and hash of the policy: as the next bundle will say them."""
        return self._exporter.identity.software, self._exporter.identity.policy

    @property
    def shown(self) -> dict[str, Any]:
        """As above; what a courier is doing is as of this moment."""
        return {**self._shown, "sending": self._way_up.progress}

    def adopt(self, exporter: Exporter) -> None:
        """Go on under other rules, from the next run on."""
        with self._one_at_a_time:
            self._exporter = self._way_up.exporter = exporter

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Stop before the next look, and end what a courier is doing."""
        self._stop.set()
        self._wake.set()
        self._way_up.stop()

    def look_soon(self) -> None:
        """Look at once: the station joined a province, or somebody asked. Returns before anything is done."""
        self._wake.set()

    def _run(self) -> None:
        pause = FIRST_LOOK
        while not self._stop.is_set():
            self._wake.wait(pause)
            self._wake.clear()
            if self._stop.is_set():
                return
            pause = self._look()

    def _look(self) -> float:
        """One look; seconds until the next."""
        try:
            self._make()
            self.then()
        except KioskError as error:
            log.warning("export: %s", error.message)
        if self._stop.is_set():
            return LOOK_EVERY
        try:
            wait = self._way_up.look()
            self._show()
        except KioskError as error:
            log.warning("export: %s", error.message)
            wait = LOOK_EVERY
        return min(LOOK_EVERY, max(SOONEST, wait))

    def run(self, day: str | None = None) -> list[dict[str, Any]]:
        """Make what is due (or `day` as it stands) and bring it to the folder; trouble is shown until a run goes well.

        What goes to the province goes soon after. A refused `day` is the asker's matter alone: it is raised, and what
        is shown stays.
        """
        made = self._make(day)
        self._wake.set()
        return made

    def _make(self, day: str | None = None) -> list[dict[str, Any]]:
        with self._one_at_a_time:
            try:
                results = export_run(self._exporter, self._clock.read(), day)
            except (RefusedError, UsageError):
                raise
            except KioskError as error:
                self._trouble = error
                self._show()
                raise
            self._trouble = None
            try:
                self._bring()
            except KioskError as error:
                # The bundles are made; that they could not be brought away is shown, and tried again.
                self._trouble = error
            self._show()
        return [{"day": one.day, "revision": one.revision, "file": one.path.name, "new": one.new} for one in results]

    def _bring(self) -> None:
        """To a folder without a province: its files bear no signature, so nobody else is needed for it."""
        now = self._clock.read()
        if self._way_up.enrolled() is None and deliver(self._exporter):
            self._way_up.brought()
        try:
            prune(self._exporter.store, self._exporter.outbox, now)
        except OSError as error:
            log.warning("export: what the province has cannot be let go of: %s", error)

    def _show(self) -> None:
        self._shown = self._facts()

    def _facts(self) -> dict[str, Any]:
        told = way_facts(self._way_up, self._clock.read())  # first: by it a trouble may be over
        trouble = self._trouble or next(iter(self._way_up.trouble.values()), None)
        return {"trouble": None if trouble is None else together(trouble.message, trouble.hint), **told}

    def status(self) -> dict[str, Any]:
        """How far the export is, asked from the store."""
        self._show()
        return self.shown

    def send(self) -> dict[str, Any]:
        """Everything to the province now; what `status` tells, and how many it `confirmed` and `refused_now`.

        RefusedError where the station sends to none, KioskError with what went wrong.
        """
        try:
            counts = self._way_up.send_now()
        finally:
            self._show()
        return {**self.shown, "confirmed": counts["confirmed"], "refused_now": counts["refused"]}

    def write_to(self, folder: Path) -> dict[str, Any]:
        """Bring bundles to a folder: a stick."""
        return self.by_folder.write_to(folder)

    def action(self, action: str, day: str | None = None, to: str = "") -> Any:
        """What a command asks: run, status, send or write."""
        match action:
            case "run":
                return self.run(day)
            case "status":
                return self.status()
            case "send":
                return self.send()
            case "write":
                return self.write_to(Path(to))
            case _:
                raise UsageError("no such action")
