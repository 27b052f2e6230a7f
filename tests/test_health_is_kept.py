"""How the PC did is counted by the minute, kept by the day, told in the bundle, and back after the store was lost."""

from pathlib import Path

import pytest
from dated_station import DatedStation, World
from health_support import health_of
from small_world import small_world
from store_support import reading

from kiosk.errors import KioskError
from kiosk.export import bundle, formats
from kiosk.export.replay import _totals
from kiosk.rules.health_days import CODES
from kiosk.service import health as service_health
from kiosk.service.health import clock_lost
from kiosk.service.meter import count_boot
from kiosk.store import Store, facts, usage
from kiosk.store.failures import StoreFull


def test_a_minute_is_written_with_the_opening_time_and_costs_no_write_of_its_own(tmp_path: Path) -> None:
    station = DatedStation(tmp_path, World())
    health = health_of(station.store)
    plain = DatedStation(tmp_path / "plain", World())
    station.service.health_counts = health.look
    before = [one.store.commits.count for one in (station, plain)]
    for one in (station, plain):
        one.run(601)
    after = [one.store.commits.count for one in (station, plain)]
    assert after[0] - before[0] == after[1] - before[1] >= 10, "as many writes as without"
    totals = station.store.run(usage.totals, station.service.clock.read().day)
    assert totals["looks"] >= 10 and totals["commits"] >= 9 and "looks_disk" not in totals
    for one in (station, plain):
        one.store.close()


def test_a_disk_that_refuses_is_a_bad_minute_even_though_nothing_can_be_written_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_world(tmp_path) as store:
        full = health_of(store, trouble=StoreFull("full", "")).look(reading())
        assert full["looks_disk"] == 1 and full["looks"] == 1
        assert health_of(store).look(reading())["looks_disk"] == 0
        health = health_of(store)
        assert health.troubles() == []
        monkeypatch.setattr(service_health, "free_disk", lambda _folder: 50)
        health.look(reading())
        assert [one["code"] for one in health.troubles()] == ["equipment_disk"]
        other = health_of(store, trouble=KioskError("?", ""))
        assert other.seen().facts.refusal == "error"


def test_the_times_of_writes_add_up_and_reading_costs_none(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        began = store.commits.count
        store.run(facts.get, "wall")
        assert store.commits.count == began
        for number in range(5):
            store.run(facts.put, "x", str(number))
        assert store.commits.count == began + 5 and store.commits.seconds > 0
        assert store.commits.recent_ms() is not None
        health = health_of(store)
        counted = [health.look(reading()) for _ in range(2)]
        assert counted[0]["commits"] == began + 5 and counted[1]["commits"] == 0


def test_a_start_with_a_clock_that_lost_its_time_is_counted_once_and_two_make_a_light(tmp_path: Path) -> None:
    lost = {why for why in ("saved", "before_last_good", "before_build", "too_far", None) if clock_lost(why)}
    assert lost == {"saved", "before_last_good", "before_build"}
    with Store(tmp_path / "kiosk.db") as store:
        health, lights = health_of(store), []
        for boot in ("a", "a", "b"):
            store.run(count_boot, reading(boot_id=boot), True)
            lights.append(next(lamp.light for lamp in health.seen().lamps if lamp.thing == "clock"))
        assert store.run(usage.totals, reading().day)["clock_lost"] == 2
        assert lights == ["good", "good", "look"]


def test_the_bundle_tells_it_and_a_store_that_was_lost_gets_it_back(tmp_path: Path) -> None:
    with small_world(tmp_path) as store:
        store.run(usage.add, "2026-10-06", {"looks": 470, "looks_memory": 3, "commits": 400, "commit_ms": 2_000_000})
        told = {day: store.run(bundle.body, day) for day in ("2026-10-06", "2026-10-07")}
    found = [line for line in told["2026-10-06"] if line["kind"] == "health"]
    assert found == [{"kind": "health", **dict.fromkeys(CODES, 0), "looks": 470, "looks_memory": 3, "commits": 400,
                      "commit_ms": formats.MAX_COUNT}]  # fmt: skip
    assert not [line for line in told["2026-10-07"] if line["kind"] == "health"]
    rows, made = formats.rows_of(told["2026-10-06"]), "2026-10-07T00:00:00+00:00"
    manifest = formats.Manifest(
        "TH-017", "03", "0" * 16, "2026-10-06", 1, 1, formats.NO_PREVIOUS, made, "1.0", "0" * 64, rows
    )
    read = formats.read(formats.write(manifest, told["2026-10-06"]))
    assert {code: count for code, count in _totals(read)[0].items() if code in CODES and count} == {
        "looks": 470, "looks_memory": 3, "commits": 400, "commit_ms": formats.MAX_COUNT,
    }  # fmt: skip
