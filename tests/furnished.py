"""A station as it is after a year: people and what they did, tickets, waiting numbers, programs, a library, a journal.

Pictures are taken of it, and the test of those pictures reads the same pages without a browser.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from flask import Flask
from menu_shelf import grown_library
from province_support import WAITING, FakeCarrying, FakeNightly, days_told, desk_of, join
from small_world import SITE
from store_support import reading
from test_first_day import Empty
from test_panel_walk import of
from test_settings_on_the_panel import fields_of
from web_faces import NOON, OWN_PAGE, Station
from whole_panel import whole_panel

from kiosk.report import Reports
from kiosk.rules.roles import CLERK, TECHNICIAN
from kiosk.service import demo_journal
from kiosk.settings import Paths
from kiosk.store import Store, journal
from kiosk.store.failures import full_disk
from kiosk.store.pins import Managers
from tests.panel_shots import Shot

POLICY = Path(__file__).resolve().parent.parent / "policies" / "library.toml"
STARS = {"starter/health_oresol": True, "made/i0": True}
WANTED = [("hộ chiếu", 9), ("lịch cắt điện", 6), ("giá lợn hơi", 4)]
PIN = "274916"


class Furnished:
    """The panels of such a station, one for each world of a `Shot`."""

    def __init__(self, store: Store, home: Path) -> None:
        self.station = Station(starred=STARS, wanted=WANTED)
        self._new, self._begun = Empty(_made(home / "new")), Empty(_made(home / "begun"))
        self._begun.begin()
        _furnish(store)
        policy = POLICY.read_text(encoding="utf-8")
        self._store, self._nightly, self._stick = store, FakeNightly(), FakeCarrying()
        join(Paths(home / "joined"))  # since October
        province = desk_of(store, home / "joined", SITE, self._nightly, self._stick)
        whole = whole_panel(
            self.station, store, home / "whole", library=grown_library(), policy=policy, site=SITE, province=province
        )
        _use(whole)
        apart = desk_of(store, home / "alone", SITE, self._nightly, self._stick)
        alone = whole_panel(self.station, store, home / "alone", policy=policy, site=SITE, province=apart)
        self.apps = {"whole": whole, "full": whole, "alone": alone, "new": self._new.client.application,
                     "begun": self._begun.client.application}  # fmt: skip

    @contextmanager
    def standing(self, shot: Shot) -> Iterator[Flask]:
        """The panel as the picture wants it."""
        self.station.state = dict[str, object](shot.state)
        self._nightly.shown, self._stick.shown = {**WAITING, **shot.way}, shot.stick
        told = self._nightly.shown  # and the strokes of its page say the same
        refused = tuple(one["day"] for one in told["refused"])
        self._store.run(days_told, refused=refused, waiting=told["waiting_days"])
        disk = patch.object(Reports, "make", side_effect=full_disk(Path("/var/lib/kiosk")))
        with disk if shot.world == "full" else nullcontext():
            yield self.apps[shot.world]

    def close(self) -> None:
        self._new.store.close()
        self._begun.store.close()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _furnish(store: Store) -> None:
    managers, day = Managers(store, reading), NOON.date()
    managers.add("Lan", PIN)
    managers.add("Hạnh", "739155", CLERK, who="Lan")
    managers.add("Tùng", "860342", TECHNICIAN, who="Lan")
    managers.set_role("Tùng", CLERK, who="Lan")
    managers.set_role("Tùng", TECHNICIAN, who="Lan")
    store.run(demo_journal.write, [day - timedelta(days=number) for number in range(20, 0, -1)], 1)
    store.run(journal.open_fault, "internet", "Mất mạng từ sáng", "Hạnh", reading().wall)


def _use(app: Flask) -> None:
    """A sheet of tickets, one ticket, and a setting that was changed: by the panel itself."""
    client = of(app)
    for count in ("24", "1"):
        fields = {**fields_of(client.get("/s/03/tickets").text), "count": count}
        assert client.post("/s/03/tickets", data=fields, headers=OWN_PAGE).status_code == 303
    for page, changed in (("minutes", {"minutes": "50"}), ("fee", {"vi": "In: 500 đồng một trang",
                                                                   "en": "Printing: 500 đồng a page"})):  # fmt: skip
        fields = {**fields_of(client.get(f"/s/03/settings/{page}").text), **changed, "sure": "1"}
        assert client.post(f"/s/03/settings/{page}", data=fields, headers=OWN_PAGE).status_code == 303
