"""A real home of a province for tests: keys enrolled, an intake to send to, what it holds against the plain model."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from kiosk.export import formats
from kiosk.export.batch import Signed
from kiosk.export.signing import Key
from kiosk.province import home as homes
from kiosk.province.home import Home
from kiosk.province.intake.intake import Answer, Intake, open_intake
from kiosk.province.intake.marks import marks_of
from kiosk.province.memory.ledger import Ledger
from kiosk.province.memory.rows import add_key, seconds, station_number
from tests.province_current import current
from tests.province_model import Model
from tests.province_world import Made

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=timezone.utc)
Keys = Iterable[tuple[str, str, Key]]


def new_home(path: Path, keys: Keys, now: datetime = NOW) -> Home:
    """An empty home to which these keys may send."""
    home = homes.init(path, "Tỉnh thử", ["https://127.0.0.1:8443"], now)
    enrol(home, keys, now)
    return home


def enrol(home: Home, keys: Keys, now: datetime = NOW) -> None:
    """These keys are known, each as the one of its station."""
    ledger = Ledger(home)
    with ledger.writing() as db:
        for site, station, key in keys:
            add_key(db, key.id, key.public, station_number(db, site, station, seconds(now)), seconds(now))
    ledger.close()


@dataclass
class Receiver:
    """An open home."""

    home: Home
    intake: Intake

    def send(self, made: Sequence[Made | Signed], now: datetime = NOW, many: int = 50) -> list[str]:
        """Sends them in bodies of so many; what became of each: an outcome, or the code of what was put aside."""
        told: list[str] = []
        for begin in range(0, len(made), many):
            body = [one.signed if isinstance(one, Made) else one for one in made[begin : begin + many]]
            answer: Answer = self.intake.take(body, now + timedelta(seconds=begin))
            assert [one.sha256 for one in answer.outcomes] == [one.sha256 for one in body]
            told += [one.code if one.outcome == "quarantined" else one.outcome for one in answer.outcomes]
        return told

    def state(self) -> str:
        """The hash of all that counts and of all marks: the same however and in whatever order it came."""
        return state_hash(self.intake.ledger)


@contextmanager
def receiving(home: Home) -> Iterator[Receiver]:
    """An intake, closed at the end."""
    with homes.the_one(home):
        intake = open_intake(home)
        try:
            yield Receiver(home, intake)
        finally:
            intake.close()


def state_hash(ledger: Ledger) -> str:
    """The hash of what the ledger holds, without when and in what order it came."""
    with ledger.reading() as db:
        bundles = db.execute(
            """SELECT t.site, t.station, s.lineage, s.epoch, b.day, b.revision, b.sequence, hex(b.sha256), b.current
               FROM bundles b JOIN series s ON s.id = b.series JOIN stations t ON t.id = b.station"""
        ).fetchall()
        stations = db.execute("SELECT site, station FROM stations").fetchall()
    marks = [(site, station, sorted(marks_of(ledger, site, station, NOW).marks.items())) for site, station in stations]
    return hashlib.sha256(json.dumps([sorted(bundles), sorted(marks)]).encode()).hexdigest()


def agrees(receiver: Receiver, model: Model) -> None:
    """Asserts that the home holds what the model says: every line that counts, all counts of inputs, all marks."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in formats.KINDS}
    for one in current(receiver.intake.ledger):
        bundle = formats.read(receiver.intake.archive.read(one.place).content)
        head = {"site": one.site, "station": one.station, "day": one.day, "lineage": one.lineage,
                "revision": one.revision}  # fmt: skip
        for line in bundle.lines:
            found[line["kind"]].append({**head, **line})
    for kind, rows in found.items():
        assert sorted(rows, key=repr) == model.rows(kind), kind
    with receiver.intake.ledger.reading() as db:
        stored = {row[0].lower() for row in db.execute("SELECT hex(sha256) FROM bundles")}
    assert stored == set(model.known)
    for site, station in {(one.site, one.station) for one in model.known.values()}:
        assert dict(marks_of(receiver.intake.ledger, site, station, NOW).marks) == model.marks(site, station), (
            site,
            station,
        )
