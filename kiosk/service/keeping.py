"""Copies and retention in a thread of their own: hourly while open, a day's and a month's first, and what is old goes.

Nothing here makes a citizen wait: the store gives its image in small steps and deletes in small slices, all behind
whatever is urgent.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.clock import Reading
from kiosk.errors import KioskError
from kiosk.rules.policy import Policy
from kiosk.service.memory import TOLD_DAYS, loss_facts, set_aside_facts
from kiosk.settings import Site
from kiosk.store import Store, audit, copies, images
from kiosk.store.folding import Kept, fold
from kiosk.translations import _

log = logging.getLogger(__name__)

FIRST_LOOK, LOOK_EVERY, HOUR = 120.0, 60.0, 3600.0


class Keeper:
    """`shown` is what panel, status and check tell: the newest copy, troubles, losses, what lies set aside."""

    def __init__(
        self, store: Store, site: Site, policy: Policy, read: Callable[[], Reading], is_open: Callable[[], bool]
    ) -> None:
        self._store, self._site, self._read, self._is_open = store, site, read, is_open
        self._kept = Kept(**policy.retention.model_dump())
        self._folder = copies.folder_of(store.path)
        self._stop = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._copied: float | None = None
        self._folded = ""
        self._copy: str | None = None
        self._trouble: KioskError | None = None
        self.shown: dict[str, Any] = {}
        self._show()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Stop before the next slice; a copy that is being written is finished or forgotten."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(10.0)

    def _run(self) -> None:
        pause = FIRST_LOOK
        while not self._stop.wait(pause):
            pause = LOOK_EVERY
            try:
                self.look(self._read())
            except KioskError as error:
                log.warning("copies: %s", error.message)

    def look(self, now: Reading) -> None:
        """Do what is due: a copy, at most one fold a day. A trouble stays shown until it goes well."""
        try:
            if self._copied is None or now.boot - self._copied >= HOUR:
                # When the disk refuses, the next try is in an hour too: a full disk must not be written to all day.
                self._copied = now.boot
                if self._is_open():
                    self.copy(now)
            if now.trusted and now.day != self._folded:
                fold(self._store, now, self._kept, self._stop.is_set)
                self._folded = now.day
            self._trouble = None if self._copied == now.boot else self._trouble
        except KioskError as error:
            self._trouble = error
            raise
        finally:
            self._show()

    def copy(self, now: Reading) -> list[Path]:
        """Makes the copies that are due now, one after the other from one image of one moment each."""
        with self._one_at_a_time:
            have, about = copies.listed(self._folder), self._about(now)
            made = []
            for kind in copies.due(have, now.day, now.trusted):
                image = self._store.image()
                try:
                    made.append(copies.keep(image, self._folder, kind, now.day, about))
                finally:
                    image.close()
            self._copy = about["at"]
            return made

    def backup(self, folder: Path, who: str) -> str:
        """One file with its sha256 for a folder or stick, without what may not leave the PC; its path."""
        now = self._read()
        path = folder / f"kiosk_{self._site.code}_{self._site.station}_{now.wall:%Y%m%dT%H%M%S}Z.db"
        with self._one_at_a_time, copies.explained(folder):
            folder.mkdir(exist_ok=True)
            image = self._store.image()
            try:
                images.strip(image, now.day, leaves=True)
                copies.put(image, path, self._about(now) | {"kind": "backup"})
            finally:
                image.close()
        self._store.run(audit.note, now.wall, who, "backup", path.name)
        return str(path)

    def _about(self, now: Reading) -> dict[str, str]:
        return {"at": now.wall.isoformat(), "site": self._site.code, "station": self._site.station}

    def _show(self) -> None:
        found = copies.listed(self._folder)
        newest = self._copy or (None if not found else found[0].day)
        self.shown = {
            "copy": newest,
            "copies": len(found),
            "losses": loss_facts(self._store),
            "set_aside": set_aside_facts(self._store.path),
            "trouble": None if self._trouble is None else self._trouble.message,
        }

    def troubles(self, now: datetime) -> list[dict[str, str]]:
        """What belongs among the troubles of the state message."""
        told = [] if self._trouble is None else [{"code": "not_copied", "detail": self._trouble.message}]
        for loss in self.shown["losses"]:
            if abs(now - datetime.fromisoformat(loss["at"])) < timedelta(days=TOLD_DAYS):
                told.append({"code": "store_new" if loss["new_epoch"] else "store_restored", "detail": words(loss)})
        return told


def words(loss: dict[str, Any]) -> str:
    """A loss in a sentence of numbers, for the technician on the phone."""
    return _(
        "{at}: complete up to {known_to}; {days} days rebuilt from bundles, {saved} visits saved from the damaged file,"
        " {sessions} single sessions and the answers of {answers} visits lost; set aside as {set_aside}",
        at=loss["at"][:16],
        known_to=(loss["known_to"] or "-")[:16],
        days=loss["days"],
        saved=loss["saved"],
        sessions=loss["sessions"],
        answers=loss["answers_gone"],
        set_aside=loss["set_aside"],
    )
