"""The service's own parts in this process, where SQLite can tell every statement that it is given."""

from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.rules import events as ev
from kiosk.service.__main__ import Service
from kiosk.service.checked_settings import load_checked
from kiosk.service.last_good import Loaded
from kiosk.settings import Paths
from kiosk.store import Store
from scripts.benchmarks.stage import POLICY, folder
from tests.running import CITIZEN, SITE


@contextmanager
def service() -> Iterator[Service]:
    """A service put together as `python -m kiosk.service` does it, believing that a supervisor is there.

    It opens no port; those in its settings are never used.
    """
    with folder() as place:
        (place / "site.toml").write_text(SITE.format(panel=1024, menu=1025, citizen=CITIZEN), encoding="utf-8")
        (place / "policy.toml").write_text(POLICY, encoding="utf-8")
        paths = Paths(place)
        made = Service(paths, Loaded(*load_checked(paths)))
        try:
            made.station.happen(ev.SupervisorHere(True))
            yield made
        finally:
            made.store.close()
            made.loop.close()


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """All statements that SQLite runs meanwhile, as it expands them."""
    seen: list[str] = []
    store.run(lambda db: db.conn.set_trace_callback(seen.append))
    # The transaction that set it up ends after it: its COMMIT is not of those to be seen.
    store.run(lambda db: None)
    seen.clear()
    try:
        yield seen
    finally:
        store.run(lambda db: db.conn.set_trace_callback(None))
