"""Of what figures are reckoned: an engine over one edition of the lake, and the province's register of that moment."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.province.guides import Guide, known, starter
from kiosk.province.indicators.baseline import Entry, listed
from kiosk.province.indicators.engine import Engine, opened
from kiosk.province.register.state import Register

if TYPE_CHECKING:
    from kiosk.province.home import Home


@dataclass(frozen=True)
class World:
    """`name`: the province's. `edition`, `built`: of the lake's edition. `incomplete`: days whose bundles are damaged.

    `pcs`: site -> PCs that ever joined there. `unknown`: sites that send and are not in the register: in no figure.
    `guides`: item -> what it is, as far as the province knows. `baseline`: figures of the years before kiosk.
    """

    engine: Engine
    register: Register
    name: str = ""
    edition: int = 0
    built: str = ""
    incomplete: Mapping[str, int] = field(default_factory=dict)
    pcs: Mapping[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    guides: Mapping[str, Guide] = field(default_factory=starter)
    baseline: tuple[Entry, ...] = ()


@contextmanager
def open_world(home: "Home", engine: str = "duckdb", url: str = "") -> Iterator[World]:
    """The newest edition and the register as it is now. KioskError where nothing was built or the engine is away."""
    from kiosk.province.lake.lake import reading
    from kiosk.province.settings import read_settings

    name = read_settings(home.settings).province.name
    with reading(home) as lake:
        register, stations, guides, baseline = _of_ledger(home)
        about = lake.edition.about
        with opened(lake, engine, url) as ready:
            yield World(
                ready, register, name, lake.edition.number, about.built, about.incomplete, Counter(stations),
                tuple(sorted(set(stations) - set(register.sites))), guides, baseline,
            )  # fmt: skip


def _of_ledger(home: "Home") -> tuple[Register, list[str], Mapping[str, Guide], tuple[Entry, ...]]:
    """The register, the site of every PC that ever joined, guides, baseline; only read: it may be served meanwhile."""
    from kiosk.province.memory.ledger import Ledger

    ledger = Ledger.read_only(home)
    try:
        with ledger.reading() as db:
            db.execute("BEGIN")  # one moment of all of it
            stations = [str(site) for (site,) in db.execute("SELECT site FROM stations")]
            return _register(db), stations, known(db), tuple(listed(db))
    finally:
        ledger.close()


def _register(db: sqlite3.Connection) -> Register:
    """The register; an empty one in a ledger that older software made and newer has not opened yet."""
    from kiosk.province.register import register
    from kiosk.province.register.units import Units

    made = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'frozen_lists'").fetchone()
    return Register({}, Units({})) if made is None else register.read(db)
