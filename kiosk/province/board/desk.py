"""What the board's pages may ask, and how they order: the one object that every page is given."""

import logging
import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from kiosk.clock import LOCAL
from kiosk.errors import KioskError
from kiosk.province.board.figures_cache import FiguresCache
from kiosk.province.board.sites_now import SitesNow, look
from kiosk.province.home import Home, load
from kiosk.province.indicators.ask import Ask
from kiosk.province.indicators.figures import Figures, figures
from kiosk.province.indicators.world import World, open_world
from kiosk.province.lake.editions import CURRENT
from kiosk.province.memory.ledger import Ledger
from kiosk.province.orders import carry_out, utc_now

if TYPE_CHECKING:
    import sqlite3

Ts = TypeVarTuple("Ts")
T = TypeVar("T")
LOG = logging.getLogger("kiosk.province")
LOOK_AGAIN = 60.0  # seconds after which the sites' state is looked up anew, while the page shows the one before


class Desk:
    """Reads lake and ledger, never writes them: `order` has that done by whoever has the home."""

    def __init__(
        self, home: Home, now: Callable[[], datetime] = utc_now, engine: str = "duckdb", url: str = ""
    ) -> None:
        self.home, self.now = home, now
        self._name = load(home.path).province.name
        self._cache = FiguresCache(lambda: open_world(home, engine, url), self._state)
        self._sites: tuple[float, date, SitesNow] | None = None
        self._looking = threading.Lock()

    @property
    def name(self) -> str:
        """The province's."""
        return self._name

    def start(self) -> None:
        """Begin to reckon in the background."""
        self._cache.start()

    def close(self) -> None:
        """End it."""
        self._cache.close()

    def today(self) -> date:
        """Today in Vietnam."""
        return self.now().astimezone(LOCAL).date()

    def told(self, work: "Callable[[World, *Ts], T]", *args: *Ts) -> T:
        """`work(world, *args)` for any function that reckons (trend, most_opened…), kept: arguments must be hashable.

        Raises NotYet, which every page leaves alone: the app then shows that it is being reckoned, and comes again.
        """
        return self._cache.told(work, *args)

    def figures(self, ask: Ask, codes: tuple[str, ...] = ()) -> Figures:
        """The figures of an ask; as `told`."""
        return self._cache.told(figures, ask, codes)

    def world(self) -> World:
        """Of which edition and register the figures are: only to read its facts. NotYet, KioskError as `told`."""
        return self._cache.world()

    @contextmanager
    def reading(self) -> "Iterator[sqlite3.Connection]":
        """The ledger's connection for a short look: opened each time, as a restore puts another file there."""
        ledger = Ledger.read_only(self.home)
        try:
            with ledger.reading() as db:
                yield db
        finally:
            ledger.close()

    def order(self, name: str, /, **fields: Any) -> Any:
        """Have an order done (orders.ORDERS). KioskError as it raised it."""
        return carry_out(self.home.path, name, **fields)

    def sites(self) -> SitesNow:
        """How every site stands today, by the ledger alone: at most a minute old."""
        kept, today = self._sites, self.today()
        if kept is None or kept[1] != today:
            with self._looking:
                if self._sites is None or self._sites[1] != today:
                    return self._look(today)
                return self._sites[2]
        if time.monotonic() - kept[0] > LOOK_AGAIN and self._looking.acquire(blocking=False):
            threading.Thread(target=self._look_beside, args=(today,), name="sites", daemon=True).start()
        return kept[2]

    def forget_sites(self) -> None:
        """Something was ordered that their state shows: the next page looks anew."""
        self._sites = None

    def _look_beside(self, today: date) -> None:
        try:
            self._look(today)
        except KioskError as error:
            LOG.warning("%s", error)  # what was seen a minute ago is shown on
        finally:
            self._looking.release()

    def _look(self, today: date) -> SitesNow:
        with self.reading() as db:
            found = look(db, today, self.now())
        self._sites = (time.monotonic(), today, found)
        return found

    def is_built(self) -> bool:
        """Whether there is an edition of the lake, so that there may be figures."""
        return (self.home.lake / CURRENT).exists()

    def _state(self) -> Hashable:
        """What an answer depends on: the edition, and what officers changed of the register and beside it."""
        try:
            edition = os.readlink(self.home.lake / CURRENT)
        except OSError:
            edition = ""
        with self.reading() as db:
            deeds = db.execute(
                "SELECT max(id) FROM deeds WHERE deed NOT LIKE 'board%' AND deed NOT LIKE 'task%'"
            ).fetchone()[0]
        return edition, deeds
