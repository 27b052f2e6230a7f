"""Bundles go to the province over HTTPS, many at once, and count as sent only by what it signed."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from receiver import Receiver, authority, receiving
from sending_station import SITE, STATION, Sender

from kiosk.errors import KioskError, RefusedError
from kiosk.export import enrolment
from kiosk.export.batch import unpack
from kiosk.export.receipts import Receipt
from kiosk.export.signing import Key


@pytest.fixture
def station(tmp_path: Path, theirs: Receiver) -> Iterator[Sender]:
    with Sender(tmp_path / "home") as found:
        theirs.enrol(found.paths)
        yield found


@pytest.mark.slow
def test_a_night_is_sent_and_known_to_be_there_by_a_receipt(station: Sender, theirs: Receiver) -> None:
    station.days(3)
    before = {"waiting_days": 3, "way": "https", "province": "Thanh Hóa", "last_sent": None}
    assert station.shown() | before == station.shown()
    told = station.nightly.send()
    assert (told["confirmed"], told["waiting_days"], told["trouble"]) == (3, 0, None)
    assert (told["last_sent"], told["confirmed_day"]) == (theirs.now.isoformat(), "2026-11-21")
    assert theirs.visits() == station.visits
    assert station.nightly.send()["confirmed"] == 0 and len(theirs.bodies) == 1, "nothing waits, nobody is asked"


@pytest.mark.slow
def test_four_hundred_days_go_in_a_few_requests_to_exact_totals(station: Sender, theirs: Receiver) -> None:
    station.days(400)
    told = station.nightly.send()
    assert (told["confirmed"], told["waiting_days"]) == (400, 0)
    assert theirs.visits() == station.visits and len(station.visits) == 400
    assert len(theirs.bodies) <= 4, [len(unpack(body)) for body in theirs.bodies]


@pytest.mark.slow
def test_a_body_that_is_too_big_is_halved_until_it_fits(station: Sender, theirs: Receiver) -> None:
    station.days(40)
    theirs.most = 4_000
    assert station.nightly.send()["confirmed"] == 40 and theirs.visits() == station.visits
    assert max(len(body) for body in theirs.bodies) > 4_000, "the control: it was too big at first"


@pytest.mark.slow
def test_an_answer_that_is_lost_is_asked_for_again_and_counted_once(station: Sender, theirs: Receiver) -> None:
    station.days(5)
    theirs.lose = 1
    with pytest.raises(KioskError) as caught:
        station.nightly.send()
    assert "cut off" in caught.value.message and station.shown()["waiting_days"] == 5
    assert station.shown()["trouble"] == str(caught.value)
    assert theirs.visits() == station.visits, "the control: the province has them already"
    told = station.nightly.send()
    assert (told["confirmed"], told["waiting_days"], told["trouble"]) == (5, 0, None)
    assert theirs.visits() == station.visits and len(theirs.bundles) == 5


def _says(theirs: Receiver, station: str, at: str, key: Key) -> None:
    def say(told: dict[str, Any]) -> dict[str, Any]:
        return {**told, "receipts": [Receipt(SITE, station, at, tuple(theirs.bundles)).sealed(key)], "marks": None}

    theirs.after = say


def _by_another_key(theirs: Receiver) -> None:
    _says(theirs, STATION, theirs.now.isoformat(), Key.make())


def _of_another_station(theirs: Receiver) -> None:
    _says(theirs, "04", theirs.now.isoformat(), theirs.key)


def _of_unknown_names(theirs: Receiver) -> None:
    theirs.after = lambda told: {**told, "receipts": [theirs.receipt(["ab" * 32], {"cd" * 32: "SCHEMA"})]}


def _without_a_date(theirs: Receiver) -> None:
    _says(theirs, STATION, "soon", theirs.key)


def _changed(theirs: Receiver) -> None:
    def change(told: dict[str, Any]) -> dict[str, Any]:
        sealed = json.loads(told["receipts"][0])
        sealed["payload"] = sealed["payload"].replace('"refused"', '"refusee"')
        return {**told, "receipts": [json.dumps(sealed)], "marks": None}

    theirs.after = change


def _nothing(theirs: Receiver) -> None:
    theirs.after = lambda told: {}


def _nonsense(theirs: Receiver) -> None:
    theirs.before = lambda body: (200, {}, b"<html>Welcome to the hotel</html>")


@pytest.mark.slow
@pytest.mark.parametrize(
    "lie", [_by_another_key, _of_another_station, _of_unknown_names, _without_a_date, _changed, _nothing, _nonsense]
)
def test_what_the_province_did_not_sign_for_this_station_confirms_nothing(
    station: Sender, theirs: Receiver, lie: Any
) -> None:
    station.days(3)
    honest = theirs.before, theirs.after
    lie(theirs)
    with pytest.raises(KioskError) as caught:
        station.nightly.send()
    assert "is not signed by the province" in caught.value.message
    assert station.shown()["waiting_days"] == 3 and station.shown()["refused"] == []
    theirs.before, theirs.after = honest
    assert station.nightly.send()["waiting_days"] == 0, "the control: the honest answer counts"


@pytest.mark.slow
def test_another_server_with_another_certificate_gets_nothing(
    station: Sender, theirs: Receiver, tmp_path: Path
) -> None:
    station.days(2)
    own = theirs.url
    with receiving(tmp_path / "other", key=Key.make()) as other:
        theirs.url = other.url  # the card that is pinned names an address where somebody else answers
        theirs.enrol(station.paths)
        with pytest.raises(KioskError) as caught:
            station.nightly.send()
        assert "is not the province's server that this computer knows" in caught.value.message
        assert other.bodies == [] and station.shown()["waiting_days"] == 2
    theirs.url = own
    theirs.enrol(station.paths)
    assert station.nightly.send()["waiting_days"] == 0, "the control"


@pytest.mark.slow
def test_a_dead_clock_and_an_expired_certificate_keep_nothing_from_going(station: Sender, theirs: Receiver) -> None:
    """The receiver's certificate ended in 2020 (authority()); this PC is never asked for a date."""
    station.days(2)
    station.clock.now = type(station.clock.now)(5.0, "boot-2", station.clock.now.wall.replace(year=2010), False)
    told = station.nightly.send()
    assert (told["waiting_days"], told["next"]) == (0, None)


@pytest.mark.slow
def test_a_new_card_with_a_new_certificate_is_taken_by_its_signature(
    station: Sender, theirs: Receiver, tmp_path: Path
) -> None:
    station.days(2)
    assert station.nightly.send()["waiting_days"] == 0
    station.visit("2026-11-21")
    station.nightly.run()
    with receiving(tmp_path / "province", "new.pem", key=theirs.key, station=theirs.station, version=2) as moved:
        told = enrolment.load(station.paths)
        assert told is not None and authority(tmp_path / "province", "new.pem")[1] != told.certificate
        theirs.url = moved.url  # the old certificate's card, at the address where the new one answers
        theirs.enrol(station.paths)
        assert station.nightly.send()["confirmed"] == 1
        renewed = enrolment.load(station.paths)
        assert renewed is not None and (renewed.version, renewed.certificate) == (2, moved.certificate)


@pytest.mark.slow
def test_a_newer_card_that_an_answer_speaks_of_is_asked_for(station: Sender, theirs: Receiver) -> None:
    station.days(1)
    theirs.version, theirs.name = 3, "Nghệ An"
    assert station.nightly.send()["province"] == "Nghệ An"
    renewed = enrolment.load(station.paths)
    assert renewed is not None and renewed.version == 3


@pytest.mark.slow
def test_a_refused_bundle_is_shown_with_its_reason_and_asked_for_again_a_day_later(
    station: Sender, theirs: Receiver
) -> None:
    station.days(3)
    theirs.refuse["2026-11-20"] = "WRONG_SITE"
    told = station.nightly.send()
    assert (told["confirmed"], told["refused_now"], told["waiting_days"]) == (2, 1, 1)
    [refused] = told["refused"]
    assert (refused["day"], refused["code"]) == ("2026-11-20", "WRONG_SITE")
    assert "another site" in refused["sentence"] and told["refused_days"] == 1
    bodies = len(theirs.bodies)
    station.nightly._way_up.look()
    assert len(theirs.bodies) == bodies, "it is not asked again and again"
    theirs.refuse.clear()  # an officer has released it
    station.clock.passes(hours=21)
    station.nightly._way_up.look()
    assert station.shown()["waiting_days"] == 0 and station.shown()["refused"] == []
    assert theirs.visits() == station.visits


@pytest.mark.slow
def test_a_restored_province_gets_again_what_it_has_lost(station: Sender, theirs: Receiver) -> None:
    station.days(10)
    station.nightly.send()
    lost = list(theirs.bundles)[4:]
    for sha256 in lost:
        del theirs.bundles[sha256], theirs.kept[sha256]
    theirs.ledger = "ledger-2"
    station.visit("2026-11-21")
    station.nightly.run()
    station.nightly.send()
    assert station.shown()["waiting_days"] == 10, "its memory is another one: everything waits again"
    station.nightly.send()
    assert station.shown()["waiting_days"] == 0 and theirs.visits() == station.visits


@pytest.mark.slow
def test_a_mark_below_our_receipts_brings_those_above_once(station: Sender, theirs: Receiver) -> None:
    station.days(6)
    station.nightly.send()
    forgotten = list(theirs.bundles)[3]
    del theirs.bundles[forgotten], theirs.kept[forgotten]
    station.visit("2026-11-21")
    station.nightly.run()
    station.nightly.send()
    assert station.shown()["waiting_bundles"] == 3, "four to six wait again; seven came just now"
    station.nightly.send()
    assert theirs.visits() == station.visits and station.shown()["waiting_days"] == 0


@pytest.mark.slow
def test_a_silent_server_is_given_up_and_a_slow_one_too(
    station: Sender, theirs: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.days(1)

    def silent(_body: bytes) -> None:
        time.sleep(3.0)

    script = "from kiosk.export import asking; asking.WITHIN = 0.5\nfrom kiosk.export.courier import main; main()"
    monkeypatch.setattr("kiosk.service.errands.COMMAND", (sys.executable, "-c", script))
    theirs.before = silent
    began = time.monotonic()
    with pytest.raises(KioskError) as caught:
        station.nightly.send()
    assert "does not answer" in caught.value.message and time.monotonic() - began < 10
    assert station.shown()["waiting_days"] == 1


@pytest.mark.slow
def test_a_server_that_drips_is_given_up_though_it_is_never_silent(
    station: Sender, theirs: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.days(1)
    script = "from kiosk.export import courier, province_line as line; line.WHOLE = 1.0; courier.main()"
    theirs.drip = 0.1
    with monkeypatch.context() as patched:
        patched.setattr("kiosk.service.errands.COMMAND", (sys.executable, "-c", script))
        began = time.monotonic()
        with pytest.raises(KioskError) as caught:
            station.nightly.send()
    assert "cut off" in caught.value.message and time.monotonic() - began < 15
    theirs.drip = 0
    assert station.nightly.send()["waiting_days"] == 0, "the control"


@pytest.mark.slow
def test_the_service_loads_nothing_of_it(tmp_path: Path, theirs: Receiver) -> None:
    """Memory: what signs, speaks TLS and reaches far places lives in the courier alone."""
    script = """
import sys
from pathlib import Path
from sending_station import Sender
with Sender(Path(sys.argv[1])) as station:
    station.days(2)
    print(station.nightly.send()["confirmed"])
    station.nightly.write_to(Path(sys.argv[1]) / "stick")
    import kiosk.service.__main__
print(sorted({"urllib3", "fsspec", "cryptography"} & set(sys.modules)))
"""
    home = tmp_path / "own"
    with Sender(home) as station:
        theirs.enrol(station.paths)
    done = subprocess.run(
        [sys.executable, "-c", script, str(home)], capture_output=True, text=True, timeout=60, cwd=Path(__file__).parent
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["2", "[]"]


def test_without_a_province_it_says_what_to_do(tmp_path: Path) -> None:
    with Sender(tmp_path / "home") as station:
        station.days(1)
        with pytest.raises(RefusedError) as caught:
            station.nightly.send()
        assert "kiosk enrol" in caught.value.hint
        assert station.shown()["way"] == "none" and station.shown()["next"] is None


@pytest.mark.slow
def test_a_courier_killed_between_put_and_receipt_leaves_nothing_lost_and_nothing_twice(
    station: Sender, theirs: Receiver
) -> None:
    station.days(3)

    def kill(told: dict[str, Any]) -> dict[str, Any]:
        [courier] = psutil.Process().children()
        courier.kill()
        return told

    theirs.after = kill
    with pytest.raises(KioskError) as caught:
        station.nightly.send()
    assert "was cut off" in caught.value.message and station.shown()["waiting_days"] == 3
    assert len(theirs.bundles) == 3, "the control: they were stored"
    theirs.after = lambda told: told
    assert station.nightly.send()["confirmed"] == 3
    assert theirs.visits() == station.visits and len(theirs.bundles) == 3


def test_a_line_that_a_kill_has_cut_and_a_pc_without_room_for_a_process_are_sentences(
    station: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.days(1)
    for command, said in (((sys.executable, "-c", "print('{\"tell')"), "was cut off"), (("/dev/null",), "no program")):
        monkeypatch.setattr("kiosk.service.errands.COMMAND", command)
        with pytest.raises(KioskError) as caught:
            station.nightly.send()
        assert said in caught.value.message


@pytest.mark.slow
def test_another_province_gets_everything_that_is_kept(station: Sender, theirs: Receiver, tmp_path: Path) -> None:
    station.days(4)
    station.nightly.send()
    with receiving(tmp_path / "other", "other.pem") as other:
        other.enrol(station.paths)
        assert station.shown()["waiting_days"] == 4
        station.nightly.send()
        assert other.visits() == station.visits == theirs.visits()


def test_a_receipt_older_than_this_station_s_clock_is_no_hindrance(station: Sender, theirs: Receiver) -> None:
    station.days(1)
    theirs.now -= timedelta(days=400)
    assert station.nightly.send()["waiting_days"] == 0
