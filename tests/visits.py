"""What one visit must leave behind, and how a test reads it: row, tallies and bundle."""

import gzip
import json
from typing import Any

from kiosk.clock import Clock
from tests.running import RunningStation
from tests.sheet_eye import Box, sheet_of

# 24 s, warned at 18 and 9 s before the end, and once 12 s more by the bar.
POLICY = """
[session]
minutes = 0.4
extension_minutes = 0.2
warnings = [0.3, 0.15]
visit_min_seconds = 0
"""
GRANTED, ADDED = 24, 12


def today() -> str:
    """The day that a visit of now belongs to."""
    return Clock().read().day


def bundle_of_today(station: RunningStation) -> list[dict[str, Any]]:
    """The lines of the bundle that `kiosk export run` writes now."""
    answer = station.kiosk("export", "run", "--day", today(), "--json")
    assert answer.returncode == 0, answer.stderr
    name = json.loads(answer.stdout)[-1]["file"]
    return [json.loads(line) for line in gzip.decompress((station.paths.outbox / name).read_bytes()).splitlines()]


def warned(state: dict[str, Any]) -> dict[str, Any]:
    """The state as it will be at the first warning: with more time to be had."""
    return {**state, "warning": 0.3, "extension": {"minutes": 0.2, "offered": True, "why_not": None}}


def live_through(station: RunningStation, press_more: Any) -> None:
    """From the open desktop to the end: the warnings come, more time is taken once with the bar, the lock covers."""
    given: list[float] = []

    def note() -> float | None:
        warning: float | None = station.status()["warning"]
        if warning is not None and warning not in given:
            given.append(warning)
        return warning

    def sheet() -> Box | None:
        (bar,) = station.living("bar")
        return sheet_of(station.display, bar)

    assert station.status()["granted"] == GRANTED
    before = sheet()
    if station.status()["warning"] is None:
        assert before is None, "no sheet without a reason"
    station.wait(lambda: note() is not None, "the first warning", 40)
    station.wait(lambda: sheet() is not None, "the warning is seen on the screen", 5)
    press_more()
    station.wait(lambda: station.status()["granted"] == GRANTED + ADDED, "the bar's button gives more time")

    def locked() -> bool:
        note()
        return bool(station.status()["state"] != "open")

    with station.watch() as watch:
        station.wait(locked, "the end of the time", 60)
        station.wait_state("free")
    samples = watch.samples()
    first = next((moment for moment, covered in samples if covered), None)
    assert first is not None, "covered at the end"
    assert watch.longest_gap(first) == 0.0, "and from then on"
    assert given == [0.3, 0.15], "both warnings, in order"


def check_day(lines: list[dict[str, Any]], seconds: int) -> None:
    """The bundle says one visit of `seconds` that ended because its time was up, and no answer."""
    manifest, day = lines[0], next(line for line in lines if line["kind"] == "day")
    assert (manifest["site"], manifest["station"], manifest["day"]) == ("TH-012", "03", today())
    counted = {name: day[name] for name in ("visits", "too_short", "extensions", "assisted", "seconds", "minutes")}
    assert counted == {
        "visits": 1, "too_short": 0, "extensions": 1, "assisted": 0, "seconds": seconds, "minutes": (seconds + 30) // 60
    }  # fmt: skip
    assert [line for line in lines if line["kind"] == "end"] == [{"kind": "end", "code": "time_up", "count": 1}]
    written = json.dumps(lines)
    assert not [code for code in ("SEX", "AGE", "GRP", "FST", "ETHMIN", "POOR") if code in written]


def check_row(station: RunningStation, seconds: int) -> None:
    """One row, and nothing of the session left in the row of the running one. After the station has stopped."""
    rows = station.rows("SELECT day, station, seconds, reason, visit, extensions, entry, trusted FROM sessions")
    assert rows == [(today(), "03", seconds, "time_up", 1, 1, "citizen", 1)]
    assert station.rows("SELECT * FROM live") == []


def tallies(station: RunningStation) -> set[tuple[str, str, int]]:
    """All answer counts, after the station has stopped."""
    return set(station.rows("SELECT table_name, side, visits FROM tallies"))
