"""A backup of a Sender's store, and the way back to it, as `kiosk backup` and `kiosk restore` go.

`carry` brings bundles to a receiver without a courier's process, for tests of many nights.
"""

from pathlib import Path
from typing import Any

from receiver import Receiver
from sending_station import SITE, STATION, Sender

from kiosk.export import enrolment
from kiosk.export.answers import proved
from kiosk.export.batch import signed
from kiosk.export.replay import replay
from kiosk.store import Store, acknowledged, bundles, copies, images, rescue
from kiosk.store.acknowledged import Told
from kiosk.store.losses import Loss


def back_up(station: Sender, path: Path) -> None:
    """The store as it is now, as a file."""
    at = station.clock.now
    image = station.store.image()
    images.strip(image, at.day, leaves=True)
    copies.put(image, path, {"at": at.wall.isoformat(), "site": SITE, "station": STATION, "kind": "backup"})
    image.close()


def restore(station: Sender, path: Path) -> Loss | None:
    """In the place of the store; the station goes on with it."""
    about = copies.passes(path)
    assert about is not None

    def fill(part: Path) -> dict[str, Any]:
        copies.duplicate(path, part)
        return {"copy": path.name, "copy_at": about["at"]}

    station.close()
    rescue.replace(station.paths.store, station.clock.now.wall, "asked", fill)
    with Store(station.paths.store) as store:
        loss = replay(store, station.paths.outbox, SITE, STATION, station.clock.now)
    station.open()
    return loss


def carry(station: Sender, theirs: Receiver) -> None:
    """All that waits is with the province, and the station has heard so."""
    now = theirs.now = station.clock.now.wall
    names = [one.name for one in station.store.run(acknowledged.waiting, SITE, STATION)]
    answer = theirs.take([signed(theirs.station, one) for _name, one in station.store.run(bundles.contents, names)])
    enrolled = enrolment.load(station.paths)
    assert enrolled is not None
    found = proved(enrolled, answer["receipts"], answer["marks"])
    told = Told(found.stored, found.refused, found.ledger, found.marks)
    station.store.run(acknowledged.take, told, "https", now.isoformat())
