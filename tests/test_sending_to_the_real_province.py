"""A station and `kiosk province serve`, both as they are: joined by a code, 400 days, one by stick, a power cut."""

import json
import signal
from pathlib import Path

import pytest
from sending_station import SITE, STATION, Sender
from small_province import Server, kiosk
from test_carried_to_the_province import lying

from kiosk.export.joining import Here, join
from kiosk.store import facts

pytestmark = pytest.mark.slow


def joined(server: Server, station: Sender) -> None:
    """By a code that the province gave."""
    told = kiosk("province", "station", "code", SITE, STATION, "--home", server.home)
    code = told["codes"][0]["code"] if isinstance(told, dict) else told[0]["code"]
    here = Here(SITE, STATION, False, station.clock.now.wall.isoformat())
    join(station.paths, server.url, code, here, False, lambda _site, _station: None)


def test_four_hundred_days_by_https_and_stick_to_exact_totals(tmp_path: Path) -> None:
    server = Server(tmp_path / "province")
    server.start()
    try:
        with Sender(tmp_path / "home") as station:
            station.days(400)
            joined(server, station)
            told = station.nightly.send()
            assert (told["confirmed"], told["waiting_days"], told["province"]) == (400, 0, "Tỉnh thử")
            before = station.store.run(facts.get, "province")
            assert before is not None and json.loads(before)["marks"] == {station.store.run(facts.epoch): 400}
            station.visit("2026-11-21", 5)
            station.nightly.run()
            station.nightly.write_to(tmp_path / "stick")
            [one] = lying(tmp_path / "stick")
            counts = kiosk("province", "ingest", tmp_path / "stick", "--home", server.home)
            assert (counts["stored"], counts["replaced"], counts["quarantined"]) == (1, 1, 0)
            told = station.nightly.write_to(tmp_path / "stick")
            assert (told["confirmed"], told["waiting"], told["unproved"]) == (1, 0, 0), one.sha256
            server.kill()
            station.visit("2026-11-20")
            station.nightly.run()
            assert station.nightly.send()["waiting_days"] == 0
    finally:
        server.end(signal.SIGTERM)
        server.log.close()
