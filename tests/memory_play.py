"""A station's memory played through days, beside a plain model: visits by day, kept by nothing of ours."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from store_support import ended, live, reading

from kiosk.clock import Reading
from kiosk.export import formats
from kiosk.export.outbox import Identity
from kiosk.export.run import Exporter, Result, export_run
from kiosk.rules.answers import Answers
from kiosk.rules.policy import Policy
from kiosk.rules.tallies import tally_rows
from kiosk.service.keeping import Keeper
from kiosk.service.memory import open_memory
from kiosk.settings import Paths, Site
from kiosk.store import Store, sessions, usage

SITE = Site(code="TH-012", station="03")
FIRST = date(2026, 10, 20)


def at(day: int, clock: str = "12:00") -> Reading:
    """A trusted reading on the `day`th day of the play."""
    return reading(f"{(FIRST + timedelta(days=day)).isoformat()}T{clock}:00+07:00", boot=1_000.0 + day * 86_400)


@dataclass
class Play:
    """One home. `visits` is the model: how many were acknowledged on each day."""

    home: Path
    seed: int = 1
    visits: Counter[str] = field(default_factory=Counter)
    today: int = 0

    def __post_init__(self) -> None:
        self.random, self.paths = Random(self.seed), Paths(self.home)

    def now(self, clock: str = "12:00") -> Reading:
        """The reading of today."""
        return at(self.today, clock)

    def open(self) -> Store:
        """As the service opens it."""
        return open_memory(self.paths, SITE, self.now())

    def keeper(self, store: Store) -> Keeper:
        """As the service has it, with the clock of the play."""
        return Keeper(store, SITE, Policy(), self.now, lambda: True)

    def visit(self, store: Store, times: int = 1) -> None:
        """Visits with answers, each acknowledged before the model counts it."""
        for _time in range(times):
            day = self.now().day
            answers = Answers("FST_Y", self.random.choice(("SEX_F", "SEX_M")), "AGE_31_59", frozenset({"GRP_POOR"}))
            store.run(sessions.start, live("s", {"codes": list(answers.codes())}))
            store.run(sessions.end, "s", ended(day, seconds=600), tally_rows(answers, day[:7]))
            self.visits[day] += 1

    def export(self, store: Store, clock: str = "23:45") -> list[Result]:
        """What is due at that hour."""
        identity = Identity(SITE.code, SITE.station, "0.1.0", "")
        return export_run(Exporter(store, self.paths.outbox, identity, "23:30", lambda day: 450), self.now(clock))

    def days(self, store: Store, count: int, *, most: int = 4, copy: bool = True) -> None:
        """Whole days: visits, opens, a copy at noon, the export at night."""
        keeper = self.keeper(store)
        for _day in range(count):
            self.visit(store, self.random.randint(0, most))
            store.run(usage.opened, self.now().day, {"guides/rice": 2})
            if copy:
                keeper.copy(self.now())
            self.visit(store, self.random.randint(0, most))
            self.export(store)
            self.today += 1

    def counted(self, store: Store) -> Counter[str]:
        """Visits by day as the store has them."""
        rows = store.run(lambda db: db.execute("SELECT day, count FROM day_totals WHERE code = 'visits'").fetchall())
        return Counter(dict(rows))

    def chain(self) -> list[formats.Manifest]:
        """All manifests of the outbox, in sequence; each must name the bytes of the one before it."""
        files = [path.read_bytes() for path in self.paths.outbox.glob("*.jsonl.gz")]
        read = sorted(((formats.read(data).manifest, formats.file_hash(data)) for data in files), key=_sequence)
        previous = formats.NO_PREVIOUS
        for manifest, own in read:
            assert manifest.previous == previous, manifest
            previous = own
        return [manifest for manifest, _own in read]


def _sequence(pair: tuple[formats.Manifest, str]) -> int:
    return pair[0].sequence
