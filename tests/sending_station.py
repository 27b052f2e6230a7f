"""A station's memory and its nightly thread as the service has it, on a made-up clock, sending to a receiver."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from store_support import ended, reading

from kiosk.clock import Clock, Reading
from kiosk.export.outbox import Identity
from kiosk.export.run import Exporter
from kiosk.service.nightly import Nightly
from kiosk.settings import Paths
from kiosk.store import Store, sessions

SITE, STATION = "TH-012", "03"


class PlayClock(Clock):
    """Reads what the test says."""

    def __init__(self, now: Reading) -> None:
        super().__init__()
        self.now = now

    def read(self) -> Reading:
        return self.now

    def passes(self, **time: float) -> None:
        """Goes on, both clocks."""
        gone = timedelta(**time)
        self.now = Reading(
            self.now.boot + gone.total_seconds(), self.now.boot_id, self.now.wall + gone, self.now.trusted
        )


@dataclass
class Sender:
    """`visits` is the plain model: what was counted by day."""

    home: Path
    to: Path | None = None
    far: str = ""
    spread: float = 0.0
    visits: dict[str, int] = field(default_factory=dict)
    clock: PlayClock = field(default_factory=lambda: PlayClock(reading("2026-11-21T23:40:00+07:00")))

    def __post_init__(self) -> None:
        self.paths = Paths(self.home)
        self.open()

    def open(self) -> None:
        """As the service starts."""
        self.store = Store(self.paths.store)
        self.nightly = Nightly(self.exporter(), self.clock)

    def exporter(self) -> Exporter:
        """What it exports by."""
        identity = Identity(SITE, STATION, "0.1.0", "")
        return Exporter(self.store, self.paths.outbox, identity, "23:30", lambda day: 450, self.to, far=self.far,
                        spread=self.spread, paths=self.paths)  # fmt: skip

    def close(self) -> None:
        """As the service stops."""
        self.nightly.stop()
        self.store.close()

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def visit(self, day: str, times: int = 1) -> None:
        """Counts visits."""
        for _time in range(times):
            self.store.run(sessions.record, ended(day), [])
        self.visits[day] = self.visits.get(day, 0) + times

    def days(self, count: int) -> None:
        """A visit on each of the last days, and their bundles."""
        last = datetime.fromisoformat(self.clock.now.day)
        for back in range(count):
            self.visit(f"{last - timedelta(days=back):%Y-%m-%d}", 1 + back % 3)
        self.nightly.run()

    def shown(self) -> dict[str, object]:
        """The status."""
        return self.nightly.status()
