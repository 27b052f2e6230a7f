"""Which items the manager puts forward on the menu: in memory, kept as one fact of the store, told in the journal."""

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.errors import RefusedError
from kiosk.lean_sqlite import Database
from kiosk.service.reconcile import Reconciler
from kiosk.store import audit, facts
from kiosk.web.words import says

# More on the first page are no longer put forward.
MOST = 6
TOO_MANY = says("Six items are put forward already. Please take one off first.")


class Starring:
    """The stars. An item that a pack puts forward by itself is taken off by False."""

    def __init__(self, station: Reconciler) -> None:
        self._station = station
        self._stars: dict[str, bool] = station.store.run(facts.stars)

    def stars(self) -> Mapping[str, bool]:
        """Item -> put forward or taken off; the newest star first."""
        return MappingProxyType(self._stars)

    def star(self, item: str, on: bool, who: str) -> None:
        """Put an item forward, or take it off, in the name of a manager. RefusedError when there are enough."""
        self._station.ask(lambda: self.star_now(item, on, who))

    def star_now(self, item: str, on: bool, who: str) -> None:
        """The same, already in the station's thread."""
        rest = {name: value for name, value in self._stars.items() if name != item}
        if on and sum(rest.values()) >= MOST:
            raise RefusedError(TOO_MANY.text)
        made = {item: on, **rest}
        self._stars = made  # another dict each time: the menu's threads read it meanwhile
        now = self._station.clock.read()

        def keep(db: Database) -> None:
            facts.keep_stars(db, made)
            audit.note(db, now.wall, who, "star" if on else "no_star", item)

        self._station.recorder.keep(keep)
