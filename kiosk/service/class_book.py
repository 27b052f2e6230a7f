"""The training class of this PC: its title, since when, and, when it is over, that its people still have to be written.

A class may end without anybody at the panel (closing, its longest time, a power cut). What is known of it waits in the
store until staff type how many came; then it becomes a line of the journal.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.clock import LOCAL
from kiosk.lean_sqlite import Database
from kiosk.service.refusals import SENTENCES, Gone
from kiosk.store import facts, journal
from kiosk.store.journal_lines import keyed

if TYPE_CHECKING:
    from kiosk.service.reconcile import Reconciler

KEY = "class"


class ClassBook:
    """`shown` is the state's `class`: None where none runs and none waits to be written."""

    def __init__(self, station: "Reconciler") -> None:
        self._station = station
        kept = station.store.run(lambda db: facts.get(db, KEY))
        self._known: dict[str, str] | None = None if kept is None else json.loads(kept)
        live = station.recorder.live
        self._beat = live.wall_beat if live is not None else station.clock.read().wall

    def begin(self, title: str, now: datetime) -> None:
        """A class has begun; `waits` was asked before."""
        self._beat = now
        self._keep({"title": title, "began": now.isoformat(), "ended": ""})

    def shown(self) -> dict[str, str] | None:
        """Title, begin and end as on the wall, and the day; an empty `ended` while it runs. `key`: which one."""
        self._look()
        known = self._known
        if known is None:
            return None
        began = datetime.fromisoformat(known["began"]).astimezone(LOCAL)
        ended = f"{datetime.fromisoformat(known['ended']).astimezone(LOCAL):%H:%M}" if known["ended"] else ""
        return {"title": known["title"], "day": f"{began:%Y-%m-%d}", "began": f"{began:%H:%M}", "ended": ended,
                "key": known["began"]}  # fmt: skip

    def waits(self) -> bool:
        """Whether a class is over and not written down yet."""
        shown = self.shown()
        return shown is not None and bool(shown["ended"])

    def write(self, key: str, fields: Mapping[str, object], who: str, now: datetime) -> None:
        """The class as a line of the journal. WrongEntry where a field is wrong; then it still waits.

        RefusedError where it is not the class `key` that waits: somebody else has written that one down.
        """
        known = self._meant(key)
        began = datetime.fromisoformat(known["began"]).astimezone(LOCAL)
        # A clock that was set back meanwhile must not leave a line in the future.
        day = min(began.date(), now.astimezone(LOCAL).date())

        def work(db: Database) -> None:
            journal.add(db, "class", day, fields, who, now, key=f"class {known['began']}")
            facts.put(db, KEY, None)

        self._station.store.run(work)
        self._known = None

    def forget(self, key: str) -> None:
        """It was none, or it is written down already. RefusedError like write."""
        self._meant(key)
        self._keep(None)

    def written(self, key: str) -> journal.Line | None:
        """What stands in the journal of the class `key`."""
        return self._station.store.run(keyed, f"class {key}")

    def _meant(self, key: str) -> dict[str, str]:
        if self._known is None or self._known["began"] != key:
            raise Gone(*SENTENCES["changed"])
        return self._known

    def _look(self) -> None:
        """The live row is the truth: without one of a class, the class is over since its last beat."""
        live = self._station.recorder.live
        if live is not None and live.entry == "class":
            self._beat = live.wall_beat
        elif self._known is not None and not self._known["ended"]:
            over = {**self._known, "ended": self._beat.isoformat()}
            self._known = over
            # Not now: a screen may be waiting for this very state.
            self._station.loop.call_soon(lambda: self._keep(over))

    def _keep(self, known: dict[str, str] | None) -> None:
        self._known = known
        text = None if known is None else json.dumps(known, ensure_ascii=False)
        self._station.recorder.keep(lambda db: facts.put(db, KEY, text))
