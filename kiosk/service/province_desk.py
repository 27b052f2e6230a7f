"""What staff may see and do about the province: the enrolment, what waits, sending now, a stick, files by hand.

What a poll asks for is told from memory; the strokes of the latest days are asked of the store when something changed.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kiosk.clock import Reading
from kiosk.errors import KioskError
from kiosk.export.enrolment import Enrolled
from kiosk.service.by_hand import ByHand
from kiosk.service.carrying import Carried, Carrying
from kiosk.service.enrolling import Changed, Enrolling
from kiosk.service.nightly import Nightly
from kiosk.store import Store, sent_days
from kiosk.store.acknowledged import place
from kiosk.store.sent_days import Sent

log = logging.getLogger(__name__)

DAYS = 30


@dataclass(frozen=True)
class Seen:
    """All that the page shows. `export`: Nightly.shown; `days`: by day, from `first` to `last`; `names`: ours now."""

    enrolled: Enrolled | None
    trouble: KioskError | None
    export: Mapping[str, Any]
    carried: Carried
    days: Mapping[str, Sent]
    first: date
    last: date
    sending: bool
    names: tuple[str, str]


class ProvinceDesk:
    """`seen` for the pages; the rest is what staff order."""

    def __init__(
        self,
        enrolling: Enrolling,
        nightly: Nightly,
        carrying: Carrying,
        by_hand: ByHand,
        store: Store,
        names: Callable[[], tuple[str, str]],
        read: Callable[[], Reading],
    ) -> None:
        self._enrolling, self._nightly, self._carrying, self.by_hand = enrolling, nightly, carrying, by_hand
        self._store, self._names, self._read = store, names, read
        self._days: tuple[object, Mapping[str, Sent]] = (None, {})
        self._sending = threading.Lock()

    @property
    def enrolled(self) -> Enrolled | None:
        """At which province, if at one."""
        return self._enrolling.enrolled

    def look(self) -> None:
        """Read the enrolment anew: the courier may have brought a newer card."""
        self._enrolling.look()

    def seen(self) -> Seen:
        """From memory, as long as nothing changed."""
        now, export = self._read(), self._nightly.shown
        last = now.local.date()
        first = last - timedelta(days=DAYS - 1)
        enrolled = self._enrolling.enrolled
        if enrolled is not None and export.get("card") not in (None, enrolled.version):
            enrolled = self._enrolling.look()  # a courier has brought a newer card
        days = self._latest(export, first) if enrolled is not None else {}
        sending = self._sending.locked() or bool(export.get("sending"))
        return Seen(enrolled, self._enrolling.trouble, export, self._carrying.shown, days, first, last, sending,
                    self._names())  # fmt: skip

    def _latest(self, export: Mapping[str, Any], first: date) -> Mapping[str, Sent]:
        names = ("last_day", "waiting_bundles", "last_sent", "confirmed_day", "refused_days")
        key = (first, self._names(), *(export.get(name) for name in names))
        known, days = self._days
        if known != key:
            days = self._store.run(sent_days.since, place(*self._names()), first.isoformat())
            self._days = (key, days)
        return days

    def join(self, url: str, code: str, take_over: bool, leave_behind: bool, who: str) -> Changed:
        """Join a province. KioskError in words."""
        return self._enrolling.join(url, code, take_over, who, leave_behind)

    def send_now(self) -> None:
        """Send what waits, aside; what comes of it stands in `seen`."""
        threading.Thread(target=self._send, name="sending", daemon=True).start()

    def _send(self) -> None:
        if not self._sending.acquire(blocking=False):
            return
        try:
            self._nightly.send()
        except KioskError as error:
            log.warning("sending: %s", error.message)  # shown as the export's trouble
        finally:
            self._sending.release()

    def carry(self, who: str) -> None:
        """Onto the stick in this PC. RefusedError where somebody uses it."""
        self._carrying.begin(who)
