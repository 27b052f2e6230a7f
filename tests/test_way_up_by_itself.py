"""The nightly thread sends by itself: in its own moment, after pauses, in the way of nothing, and says how far."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from receiver import Receiver, eventually
from sending_station import SITE, STATION, Sender

from kiosk.errors import KioskError
from kiosk.export.refusals import words
from kiosk.export.schedule import spread
from kiosk.service import nightly
from kiosk.service.doctor.export import export, told
from kiosk.service.words import export_lines
from kiosk.translations import said_in


@pytest.fixture
def station(tmp_path: Path, theirs: Receiver) -> Iterator[Sender]:
    with Sender(tmp_path / "home") as found:
        theirs.enrol(found.paths)
        yield found


@pytest.mark.slow
def test_the_thread_makes_and_sends_without_being_asked(
    station: Sender, theirs: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "FIRST_LOOK", 0.05)
    station.visit("2026-11-20", 2)
    station.nightly.start()
    eventually(lambda: theirs.visits().get("2026-11-20") == 2)
    eventually(lambda: station.nightly.shown["waiting_days"] == 0 and station.nightly.shown["sending"] is None)
    station.visit("2026-11-20")
    station.nightly.look_soon()  # the station joined, or somebody pressed the button
    eventually(lambda: theirs.visits().get("2026-11-20") == 3)


@pytest.mark.slow
def test_each_station_begins_at_its_own_moment_of_the_window(station: Sender, theirs: Receiver) -> None:
    station.spread = 1_800
    station.nightly.adopt(station.exporter())
    station.days(2)
    own = spread(SITE, STATION, 1_800)
    assert station.nightly._way_up.look() == pytest.approx(own)
    assert station.shown()["next_seconds"] == round(own) and theirs.bodies == []
    station.clock.passes(seconds=own - 1)
    station.nightly._way_up.look()
    assert theirs.bodies == []
    station.clock.passes(seconds=2)
    station.nightly._way_up.look()
    assert station.shown()["waiting_days"] == 0 and station.shown()["next"] is None


@pytest.mark.slow
def test_a_pc_that_is_never_on_for_long_sends_all_the_same(station: Sender, theirs: Receiver) -> None:
    station.spread = 86_400
    station.nightly.adopt(station.exporter())
    station.days(2)
    for start in range(2, 12):
        assert station.nightly._way_up.look() > 0
        station.close()
        station.clock.now = replace(station.clock.now, boot=20.0, boot_id=f"boot-{start}")
        station.clock.passes(seconds=0)
        station.open()
        if theirs.bodies:
            break
    assert theirs.visits() == station.visits and start <= 8, start


@pytest.mark.slow
def test_a_server_that_is_down_is_tried_in_longer_and_longer_pauses_also_after_a_restart(
    station: Sender, theirs: Receiver
) -> None:
    station.days(2)
    theirs.before = lambda body: (503, {}, b"{}")
    waits = []
    for _try in range(3):
        waits.append(station.nightly._way_up.look())
        station.clock.passes(seconds=waits[-1] + 1)
    assert 60 <= waits[0] <= 90 and 120 <= waits[1] <= 180 and 240 <= waits[2] <= 360
    assert station.nightly._way_up.look() > 400
    bodies = len(theirs.bodies)
    station.close()
    station.open()
    assert station.nightly._way_up.look() > 400 and len(theirs.bodies) == bodies == 4
    assert station.shown()["next_seconds"]
    theirs.before = lambda body: None
    assert station.nightly.send()["confirmed"] == 2, "whoever asks is not kept waiting"
    assert station.shown()["trouble"] is None and station.shown()["next"] is None


@pytest.mark.slow
def test_who_is_asked_to_wait_waits_so_long(station: Sender, theirs: Receiver) -> None:
    station.days(1)
    theirs.before = lambda body: (429, {"Retry-After": "1800"}, b"{}")
    assert 1_800 <= station.nightly._way_up.look() <= 2_700


@pytest.mark.slow
def test_stopping_ends_a_courier_at_once_and_is_no_failure(station: Sender, theirs: Receiver) -> None:
    station.days(2)
    came, go = threading.Event(), threading.Event()

    def silent(_body: bytes) -> None:
        came.set()
        go.wait(30)

    theirs.before = silent
    ended: list[float] = []
    thread = threading.Thread(target=lambda: ended.append(station.nightly._way_up.look()))
    thread.start()
    assert came.wait(20) and psutil.Process().children()
    assert station.nightly.shown["sending"] == {"done": 0, "of": 2}
    began = time.monotonic()
    station.nightly.stop()
    thread.join(10)
    assert time.monotonic() - began < 3 and ended and not psutil.Process().children()
    go.set()
    assert station.nightly._way_up._tries.of["https"].failures == 0


@pytest.mark.slow
def test_nothing_else_waits_while_a_courier_is_out(station: Sender, theirs: Receiver, tmp_path: Path) -> None:
    station.days(2)
    go = threading.Event()
    theirs.before = lambda body: go.wait(30) and None
    thread = threading.Thread(target=station.nightly._way_up.look)
    thread.start()
    eventually(lambda: station.nightly.shown["sending"])
    began = time.monotonic()
    station.visit("2026-11-21")
    assert [one["new"] for one in station.nightly.run()].count(True) == 1
    station.nightly.adopt(station.exporter())
    assert len(station.nightly.write_to(tmp_path / "stick")["written"]) == 3
    assert thread.is_alive() and time.monotonic() - began < 15
    go.set()
    thread.join(30)
    assert station.shown()["waiting_days"] == 1, "what was made meanwhile"


@pytest.mark.slow
def test_what_is_told_in_words(station: Sender, theirs: Receiver) -> None:
    station.days(3)
    assert "Numbers go to Thanh Hóa, which has confirmed none of them yet." in export_lines(station.shown())
    theirs.refuse["2026-11-20"] = "WRONG_SITE"
    station.nightly.send()
    lines = export_lines(station.shown())
    goes = "Numbers go to Thanh Hóa, which has confirmed days up to 19/11/2026, last on 22/11/2026 09:00."
    assert goes in lines and not any("2026-" in line for line in lines), "days are written in one way"
    assert "1 days wait to be brought to the province." in lines
    assert "The province has put 20/11/2026 aside: it belongs to another site or another computer." in lines
    [finding] = told(station.shown())
    assert finding.state == "warn" and "20/11/2026" in finding.message
    theirs.refuse.clear()
    station.nightly.send()
    [finding] = told(station.shown())
    assert (finding.state, finding.message) == ("good", "Days that wait for the province: 0.")
    assert "điểm khác" in str(said_in("vi", words("WRONG_SITE")))


@pytest.mark.slow
def test_check_tells_long_silence_and_a_damaged_enrolment(station: Sender, theirs: Receiver) -> None:
    station.days(1)
    theirs.now = theirs.now.replace(year=2020)
    station.nightly.send()
    station.visit("2026-11-21")
    station.nightly.run()
    [finding] = told(station.shown())
    assert finding.state == "warn" and "since 22/11/2020" in finding.message and "kiosk export send" in finding.hint
    assert [one.name for one in export(station.paths)] == ["province"]
    (station.paths.enrolment / "enrolment.json").write_text("{")
    [finding] = export(station.paths)
    assert finding.state == "bad" and "is damaged" in finding.message
    assert "is damaged" in str(station.shown()["trouble"])
    with pytest.raises(KioskError):
        station.nightly.send()
