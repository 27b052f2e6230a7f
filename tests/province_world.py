"""A made-up province: for any number of sites, stations and days the rightly signed bundles that they would send.

    world = World(seed=7, sites=3, stations=2, days=40)
    for made in world.bundles: ...        # as they came to be: by day of making
    world.keys                            # [(site, station, Key)], also those of re-imaged PCs

With `troubles`, PCs are off for weeks, restate days, are restored (a new epoch), re-imaged (a new lineage and key) and
find out late what day it was. The bytes are real: kiosk/export/formats.py writes them. What must come of them says
the plain model in province_model.py; what happens at a PC, province_day.py. A nation's worth, fast: province_nation.py.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from kiosk.export import batch, formats
from kiosk.export.signing import Key
from tests.province_day import PC, Line, text_id

RESTATED_DAYS = 35
LEFT_FREE = 100  # numbers and revisions that a restored station leaves out
SOFTWARE = "0.7.0"


@dataclass(frozen=True)
class Made:
    """A bundle as a station made it on `made_on`. The model reads its plain fields, receivers its bytes."""

    site: str
    station: str
    lineage: str
    epoch: str
    day: str
    revision: int
    sequence: int
    previous: str
    made_on: str
    lines: tuple[Line, ...]
    content: bytes
    key: Key

    @cached_property
    def sha256(self) -> str:
        """What names the bytes."""
        return sha256(self.content).hexdigest()

    @cached_property
    def signed(self) -> batch.Signed:
        """As it is sent."""
        return batch.signed(self.key, self.content)

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.site}_{self.station}_{self.day}_r{self.revision}.jsonl.gz"


@dataclass
class Series:
    """The memory of a PC: what numbers it gives next. A restore goes on with an older state of it."""

    lineage: str
    epoch: str
    key: Key
    sequence: int = 0
    previous: str = formats.NO_PREVIOUS
    revisions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Troubles:
    """How often things happen: `revised` of all bundles; the others for each PC and day."""

    revised: float = 0.05
    off: float = 0.008
    restored: float = 0.004
    reimaged: float = 0.003


CALM = Troubles(0, 0, 0, 0)


class Station:
    """One PC with its store: tells its days, and remembers what it has told."""

    def __init__(self, seed: int, pc: PC, troubles: Troubles) -> None:
        self.seed, self.pc, self.troubles = seed, pc, troubles
        self.dice = random.Random(f"{seed}/{pc.site}/{pc.station}/life")
        self.times_told: dict[date, int] = {}
        self.keys: list[Key] = []
        self.images = self.epochs = 0
        self.policy = text_id(seed, "policy", digits=64)
        self.series = self._image()
        self.older = self._kept()

    def days(self, first: date, count: int) -> Iterator[list[Made]]:
        """For every day what the PC makes on it: nothing while it is off, all that it owes when it is on again."""
        self.first, owed = first, list[date]()
        off = 0
        for today in (first + timedelta(days=number) for number in range(count)):
            made: list[Made] = []
            owed.append(today)
            off = off - 1 if off else self._off_for()
            if off and today != first + timedelta(days=count - 1):
                yield made
                continue
            off = 0
            if today != first:
                made += self._trouble(today)
            made += [self._tell(day, today, idle=day != today) for day in owed]
            owed.clear()
            if self.dice.random() < self.troubles.revised:
                back = [day for day in self.times_told if 0 < (today - day).days <= RESTATED_DAYS]
                made += [self._tell(day, today) for day in self.dice.sample(back, min(1, len(back)))]
            if today.weekday() == 0:
                self.older = self._kept()
            yield made

    def _off_for(self) -> int:
        return self.dice.randrange(2, 25) if self.dice.random() < self.troubles.off else 0

    def _trouble(self, today: date) -> list[Made]:
        """Now and then a PC is restored from a copy, or given a new image in the middle of its day."""
        if self.dice.random() < self.troubles.reimaged:
            made = [self._tell(today, today)]
            self.series = self._image()
            self.times_told = {}
            self.first = today
            self.older = self._kept()
            return made
        if self.dice.random() < self.troubles.restored:
            through = self.series.revisions
            given = self.series.sequence
            self.series = self.older
            self.series.epoch = self._new_epoch()
            self.series.sequence = given + LEFT_FREE
            self.series.revisions = {day: revision + LEFT_FREE for day, revision in through.items()}
            self.older = self._kept()
            lost = [day for day in self.times_told if 0 < (today - day).days <= 7]
            return [self._tell(day, today) for day in lost]
        return []

    def _tell(self, day: date, today: date, idle: bool = False) -> Made:
        series, again = self.series, self.times_told.get(day, 0)
        self.times_told[day] = again + 1
        lines = self.pc.lines(day, again, first=day == self.first, idle=idle)
        series.sequence += 1
        revision = series.revisions[day.isoformat()] = series.revisions.get(day.isoformat(), 0) + 1
        fields: dict[str, Any] = {
            "site": self.pc.site, "station": self.pc.station, "epoch": series.epoch, "day": day.isoformat(),
            "revision": revision, "sequence": series.sequence, "previous": series.previous,
        }  # fmt: skip
        content = written(lines, {**fields, "lineage": series.lineage, "policy": self.policy,
                                  "created": f"{today}T16:{self.dice.randrange(30, 60)}:00+00:00"})  # fmt: skip
        made = Made(**fields, lineage=series.lineage, made_on=today.isoformat(), lines=tuple(lines), content=content,
                    key=series.key)  # fmt: skip
        series.previous = made.sha256
        return made

    def _image(self) -> Series:
        """A store that begins with nothing: its own memory, series and key."""
        self.images += 1
        lineage = self._new_epoch()
        self.keys.append(key_of(self.seed, self.pc.site, self.pc.station, self.images))
        return Series(lineage, lineage, self.keys[-1])

    def _new_epoch(self) -> str:
        self.epochs += 1
        return text_id(self.seed, self.pc.site, self.pc.station, "epoch", self.epochs)

    def _kept(self) -> Series:
        """A copy of the store, as it is kept each week."""
        now = self.series
        return Series(now.lineage, now.epoch, now.key, now.sequence, now.previous, dict(now.revisions))


class World:
    """All sites of a province with their stations. `stations`: of each site; `last` is the last day."""

    def __init__(self, seed: int, sites: int = 3, stations: int | Sequence[int] = 2, days: int = 40,
                 last: date = date(2026, 11, 21), troubles: Troubles = Troubles()) -> None:  # fmt: skip
        sizes = [stations] * sites if isinstance(stations, int) else list(stations)
        self.seed, self.last, self.first = seed, last, last - timedelta(days=days - 1)
        self.count = days
        self.stations = [
            Station(seed, pc_of(seed, site, station), troubles)
            for site, size in enumerate(sizes, 1)
            for station in range(1, size + 1)
        ]

    @cached_property
    def bundles(self) -> list[Made]:
        """Everything, day by day as it came to be; of one station in the order of its series."""
        lives = [station.days(self.first, self.count) for station in self.stations]
        return [made for today in zip(*lives, strict=True) for of_one in today for made in of_one]

    @property
    def keys(self) -> list[tuple[str, str, Key]]:
        """Whose keys there are, once `bundles` were made: (site, station, key)."""
        assert self.bundles
        return [(one.pc.site, one.pc.station, key) for one in self.stations for key in one.keys]


def pc_of(seed: int, site: int, station: int) -> PC:
    """The station-th PC of the site-th site: TH-001, 01; the first one of a site keeps its journal."""
    dice = random.Random(f"{seed}/{site}/{station}/pc")
    return PC(seed, f"TH-{site:03}", f"{station:02}", busy=dice.uniform(1, 9), writes=station == 1)


def key_of(seed: int, site: str, station: str, image: int) -> Key:
    """A key that is always the same for the same PC and image."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Key(Ed25519PrivateKey.from_private_bytes(sha256(f"{seed}/{site}/{station}/{image}".encode()).digest()))


def written(lines: Sequence[Line], fields: dict[str, Any]) -> bytes:
    """The bytes of a bundle, as a station writes them."""
    return formats.write(formats.Manifest(software=SOFTWARE, rows=formats.rows_of(lines), **fields), lines)


def arrivals(bundles: Sequence[Made], dice: random.Random, replays: float = 0.1) -> list[Made]:
    """Any order, and a share of them again at some later moment."""
    mixed = list(bundles)
    dice.shuffle(mixed)
    for one in dice.sample(mixed, int(replays * len(mixed))):
        mixed.insert(dice.randrange(mixed.index(one) + 1, len(mixed) + 1), one)
    return mixed
