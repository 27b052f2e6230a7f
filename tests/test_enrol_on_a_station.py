"""A whole running station joins a province, takes its name, and carries its numbers there on a stick and back."""

import os
import pwd
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from fake_province import CODE, Province, province

from kiosk.clock import LOCAL
from kiosk.export.batch import beside
from kiosk.export.handshake import code_in, with_code
from kiosk.export.receipts import Receipt
from kiosk.export.signing import BUNDLE, verify
from tests import stick_stage
from tests.running import CITIZEN, LONG, RunningStation
from tests.test_settings_on_a_station import PIN, Manager

pytestmark = [pytest.mark.slow, pytest.mark.root]

KIND = "vfat" if stick_stage.known("vfat") else "ext4"


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Province]:
    with province(tmp_path / "province") as found:
        yield found


def confirmed_date(station: RunningStation) -> Manager:
    """A manager who has said that the date is right."""
    assert station.kiosk("manager", "add", "Lan", stdin=f"{PIN}\n").returncode == 0
    manager = Manager(station)
    offset = str(station.status()["clock"]["offset"])
    assert manager.send("POST", "/s/03/date", {"offset": offset}).status == 303
    station.wait(lambda: station.status()["clock_trusted"], "the date is trusted")
    return manager


def carry(station: RunningStation, manager: Manager) -> str:
    """Press the button and wait; what the page says of the stick then."""
    assert manager.send("POST", "/s/03/province/stick", {}).status == 303, manager.text
    said = [""]

    def over() -> bool:
        assert manager.send("GET", "/s/03/province/state").status == 200
        said[0] = manager.text
        return 'id="copy"' in manager.text and 'role="status"' in manager.text

    station.wait(over, "the stick is done with", 60)
    return said[0]


def test_joined_by_a_terminal_carried_by_a_stick_and_confirmed_by_its_receipts(
    home: Path, xvfb: Callable[..., str], theirs: Province
) -> None:
    slots, station = home.parent / "slots", RunningStation(home, xvfb(), LONG)
    slots.mkdir()
    station.env["KIOSK_STICKS"] = f"{slots}/*"
    with station:
        manager = confirmed_date(station)
        assert "not joined" in station.kiosk("enrol").stdout
        wrong = station.kiosk("enrol", theirs.url, CODE[:-1] + "J")
        assert wrong.returncode == 4 and "does not know this code" in wrong.stderr, wrong
        done = station.kiosk("enrol", with_code(theirs.url, code_in(CODE)))
        assert done.returncode == 0 and "Thanh Hóa" in done.stdout and "TH-012" in done.stdout, done
        assert manager.send("GET", "/s/03/province").status == 200 and "Đã kết nối với Thanh Hóa" in manager.text
        who = pwd.getpwnam(CITIZEN)
        seen = subprocess.run(
            ["setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups", "sh", "-c",
             f"ls {station.paths.enrolment}; cat {station.paths.enrolment}/station.key"],
            capture_output=True, text=True, timeout=20,
        )  # fmt: skip
        assert seen.stdout == "" and seen.returncode != 0

        assert station.kiosk("export", "run", "--day", f"{datetime.now(LOCAL):%Y-%m-%d}").returncode == 0
        assert "Chưa có USB nào cắm" in carry(station, manager)
        stick = stick_stage.image(home.parent / "stick.img", (0, 0), 24, KIND)
        with stick_stage.plugged(stick, slots / "a"):
            said = carry(station, manager)
        count = re.search(r"Đã chép (\d+) tệp. Quý vị rút USB ra được rồi.", said)
        assert count is not None, said
        with stick_stage.opened(stick, home.parent / "at the province") as root:
            lines = sorted((root / "kiosk").glob("*.sig"))
            assert lines and {path.name for path in root.iterdir()} <= {"kiosk", "lost+found"}
            bundles = [beside(path.read_bytes(), path.with_suffix("").read_bytes()) for path in lines]
            public = bytes.fromhex(theirs.stations[bundles[0].key])
            assert all(verify(public, BUNDLE, one.content, one.signature) for one in bundles)
            stored = tuple(sha256(one.content).hexdigest() for one in bundles)
            receipt = Receipt("TH-012", "03", "2026-11-23T10:00:00+00:00", stored).sealed(theirs.key)
            (root / "kiosk/receipts").mkdir(exist_ok=True)
            (root / "kiosk/receipts/TH-012_03_1.json").write_text(receipt)
            os.chown(root / "kiosk/receipts", *(os.stat(root / "kiosk").st_uid, -1))
        assert station.kiosk("export", "status", "--json").stdout.count('"waiting_days": 0') == 0
        with stick_stage.plugged(stick, slots / "b"):
            said = carry(station, manager)
        assert f"thêm {len(bundles)} gói số liệu được xác nhận" in said, said
        assert '"waiting_days": 0' in station.kiosk("export", "status", "--json").stdout

        assert station.kiosk("enrol", "--rotate").returncode == 0 and len(theirs.stations) == 2
        refused = station.kiosk("enrol", "--forget")
        assert refused.returncode == 4 and "--yes" in refused.stderr
        assert station.kiosk("enrol", "--forget", "--yes").returncode == 0
        assert list(station.paths.enrolment.iterdir()) == []
        assert manager.send("GET", "/s/03/province").status == 200 and "chưa kết nối với tỉnh" in manager.text


class Unnamed(RunningStation):
    """As it comes out of the box."""

    def site(self) -> str:
        return super().site().replace('code = "TH-012"', 'code = "SITE-000"').replace('name = "03"', 'name = "01"')


def test_a_station_without_a_name_takes_that_of_the_code_and_goes_on_under_it(
    home: Path, xvfb: Callable[..., str], theirs: Province
) -> None:
    with Unnamed(home, xvfb(), LONG) as station:
        assert (station.status()["code"], station.status()["station"]) == ("SITE-000", "01")
        before = station.living("service")
        done = station.kiosk("enrol", theirs.url, CODE)
        assert done.returncode == 0 and "TH-012" in done.stdout, done
        station.wait(lambda: station.living("service") not in ([], before), "the service starts under the new name")
        station.wait(lambda: (station.status()["code"], station.status()["station"]) == ("TH-012", "03"), "it has it")
        assert "TH-012" in station.kiosk("enrol", "status").stdout
        again = station.kiosk("enrol", theirs.url, CODE)
        assert again.returncode == 0, "asked twice by who saw no answer"
    assert station.kiosk("enrol", "status").returncode == 0, "and while no kiosk runs"
