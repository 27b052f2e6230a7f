"""The nightly export in a thread of its own: the loop never waits for a disk or a stick."""

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kiosk.clock import Clock
from kiosk.errors import KioskError, RefusedError, UsageError
from kiosk.export.run import Exporter, deliver, export_run, export_status, export_write_to

log = logging.getLogger(__name__)

# Days that are due are caught up on soon after the start, then looked for every ten minutes.
FIRST_LOOK, LOOK_EVERY = 5.0, 600.0


class Nightly:
    """Asks every ten minutes what is due, makes it, and brings it away. `shown` is what panel and status tell."""

    def __init__(self, exporter: Exporter, clock: Clock) -> None:
        self._exporter, self._clock = exporter, clock
        self._stop = threading.Event()
        self._one_at_a_time = threading.Lock()
        # What else is asked at every look, once the days that are over are told.
        self.then: Callable[[], object] = lambda: None
        # Known from the first moment: a station that has bundles must not say that it has none.
        self.shown: dict[str, Any] = asdict(export_status(exporter))
        self._thread = threading.Thread(target=self._run, name="nightly", daemon=True)

    @property
    def about(self) -> tuple[str, str]:
        """Version of the software, and hash of the policy: as the next bundle will say them."""
        return self._exporter.identity.software, self._exporter.identity.policy

    def adopt(self, exporter: Exporter) -> None:
        """Go on under other rules, from the next run on."""
        with self._one_at_a_time:
            self._exporter = exporter

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Stop before the next look."""
        self._stop.set()

    def _run(self) -> None:
        pause = FIRST_LOOK
        while not self._stop.wait(pause):
            pause = LOOK_EVERY
            try:
                self.run()
                self.then()
            except KioskError as error:
                log.warning("export: %s", error.message)

    def run(self, day: str | None = None) -> list[dict[str, Any]]:
        """Make what is due (or `day` as it stands) and deliver it; the trouble stays shown until a run goes well.

        A refused `day` is the asker's matter alone: it is raised, and what is shown stays.
        """
        with self._one_at_a_time:
            try:
                results = export_run(self._exporter, self._clock.read(), day)
            except (RefusedError, UsageError):
                raise
            except KioskError as error:
                self._show(error)
                raise
            try:
                deliver(self._exporter)
                self._show(None)
            except KioskError as error:
                # The bundles are made; that they could not be brought away is shown, and tried again.
                self._show(error)
        return [{"day": one.day, "revision": one.revision, "file": one.path.name, "new": one.new} for one in results]

    def _show(self, trouble: KioskError | None) -> None:
        self.shown = asdict(export_status(self._exporter, trouble))

    def status(self) -> dict[str, Any]:
        """How far the export is, asked from the store."""
        return {**asdict(export_status(self._exporter)), "trouble": self.shown["trouble"]}

    def write_to(self, folder: Path) -> list[str]:
        """Copy all bundles to a folder."""
        with self._one_at_a_time:
            return export_write_to(self._exporter, folder)

    def action(self, action: str, day: str | None = None, to: str = "") -> Any:
        """What a command asks: run, status or write."""
        match action:
            case "run":
                return self.run(day)
            case "status":
                return self.status()
            case "write":
                return self.write_to(Path(to))
            case _:
                raise UsageError("no such action")
