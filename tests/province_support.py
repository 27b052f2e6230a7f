"""The page of the province for tests: a real enrolment, real strokes, and a way up that says what a test wants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from sqlite_utils import Database
from web_faces import NOON

from kiosk.clock import Reading
from kiosk.errors import RefusedError
from kiosk.export import enrolment
from kiosk.export.enrolment import Enrolled, card_of
from kiosk.export.sealed import CARD, seal, unproved
from kiosk.export.signing import Key
from kiosk.service.by_hand import ByHand
from kiosk.service.carrying import Carried
from kiosk.service.enrolling import Enrolling
from kiosk.service.province_desk import ProvinceDesk
from kiosk.settings import Paths, Site
from kiosk.store import Store, acknowledged, bundles
from kiosk.translations import _

NOW = Reading(1_000.0, "boot-1", NOON, True)
URL = "https://so-lieu.thanhhoa.example.vn:8443"
# As nightly.py says them.
QUIET: Mapping[str, Any] = {
    "last_day": "2026-11-19", "waiting_days": 0, "waiting_bundles": 0, "trouble": None, "province": "Thanh Hóa",
    "way": "https", "to": "", "last_sent": "2026-11-19T16:41:00+00:00", "confirmed_day": "2026-11-19",
    "carried_days": 0, "unsigned": False, "refused": [], "refused_days": 0, "next": None, "next_seconds": None,
    "sending": None,
}  # fmt: skip
WAITING: Mapping[str, Any] = {
    **QUIET, "waiting_days": 9, "waiting_bundles": 9, "last_sent": "2026-11-10T16:52:00+00:00",
    "confirmed_day": "2026-11-10", "next": "2026-11-20T03:15:00+00:00", "next_seconds": 1980.0, "refused_days": 2,
    "refused": [{"day": "2026-11-03", "code": "FUTURE_DAY",
                 "sentence": _("its day has not come yet: check the date of this computer")},
                {"day": "2026-11-02", "code": "WRONG_SITE",
                 "sentence": _("it belongs to another site or another computer")}],
    "trouble": _("Nobody answers at {where}.", where="so-lieu.thanhhoa.example.vn:8443"),
}  # fmt: skip


@dataclass
class FakeNightly:
    """`written`: files that lie in a folder afterwards; `told` what is answered of a folder (by_folder.py)."""

    shown: dict[str, Any] = field(default_factory=lambda: dict(QUIET))
    written: dict[str, bytes] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    refuse: str = ""
    sent: int = 0
    seen: dict[str, bytes] = field(default_factory=dict)

    def send(self) -> dict[str, Any]:
        self.sent += 1
        return self.shown

    def copy_to(self, folder: Path) -> dict[str, Any]:
        if self.refuse:
            raise RefusedError(self.refuse)
        for name, content in self.written.items():
            (folder / name).write_bytes(content)
        return self._answer() | {"written": list(self.written)}

    def read_from(self, folder: Path) -> dict[str, Any]:
        self.seen = {path.name: path.read_bytes() for path in (folder / "receipts").iterdir()}
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        return {"written": [], "confirmed": 0, "refused": 0, "waiting": 0, "unproved": 0, "unsigned": 0, **self.told}


@dataclass
class FakeCarrying:
    """A stick that does what the test says."""

    shown: Carried = field(default_factory=Carried)
    refuse: str = ""
    asked: list[str] = field(default_factory=list)

    def begin(self, who: str) -> None:
        if self.refuse:
            raise RefusedError(self.refuse)
        self.asked.append(who)


def card(key: Key, **changes: Any) -> str:
    """What a province says of itself."""
    told = {"name": "Thanh Hóa", "version": 1, "key": key.public.hex(), "next_key": None, "urls": [URL],
            "certificate": "", **changes}  # fmt: skip
    return seal(key, CARD, told)


def join(paths: Paths, site: str = "TH-017", station: str = "03") -> Enrolled:
    """As if a code had been typed on 1 October."""
    paths.enrolment.mkdir(parents=True, exist_ok=True)
    key, sealed = Key.make(), card(Key.make())
    key.save(paths.enrolment / enrolment.KEY)
    found = Enrolled(
        site, station, key.id, "2026-10-01T02:00:00+00:00", "https", card_of(unproved(sealed, CARD), sealed)
    )
    enrolment.put(paths, found)
    return found


def days_told(
    db: Database, site: str = "TH-017", station: str = "03", refused: tuple[str, ...] = (), waiting: int = 9
) -> None:
    """Bundles of the last 60 days before NOON, and no others: the newest wait, `refused` ones were put aside."""
    today = NOON.date()
    db.execute("DELETE FROM bundles")
    for number in range(60, 0, -1):
        day = today - timedelta(days=number)
        _bundle(db, f"{site}_{station}_", day, 61 - number, number > waiting, day.isoformat() in refused)


def _bundle(db: Database, place: str, day: date, number: int, has: bool, refused: bool) -> None:
    name, digest = f"{place}{day}_r1.jsonl.gz", f"{number:064x}"
    bundles.insert(
        db, bundles.Made(number, str(day), 1, name, digest, digest, digest, 1, 1, f"{day}T16:41:00+00:00", b"x")
    )
    if refused:
        db.execute("UPDATE bundles SET refused = 'RANGE' WHERE name = ?", (name,))
    elif has:
        db.execute("UPDATE bundles SET acknowledged = ? WHERE name = ?", (f"{day}T16:42:00+00:00", name))


def desk_of(
    store: Store, home: Path, site: Site | None = None, nightly: Any = None, carrying: Any = None
) -> ProvinceDesk:
    """The desk over this store; `home` may hold an enrolment."""
    paths, here = Paths(home), site or Site(code="TH-017", station="03")
    up, stick = nightly or FakeNightly(), carrying or FakeCarrying()
    waiting_days = lambda: store.run(acknowledged.waiting_days, here.code, here.station)  # noqa: E731
    return ProvinceDesk(
        Enrolling(paths, lambda: here, lambda: NOW, waiting_days=waiting_days), cast(Any, up), cast(Any, stick),
        ByHand(home / "aside", up, lambda: (here.code, here.station)), store,
        lambda: (here.code, here.station), lambda: NOW,
    )  # fmt: skip
