"""The whole main job by mouse, in English, with tiles touched and a question skipped, more time by the bar."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.citizens_browser import wait_for_menu
from tests.layout import places
from tests.running import RunningStation
from tests.visits import (
    ADDED,
    GRANTED,
    POLICY,
    bundle_of_today,
    check_day,
    check_row,
    live_through,
    tallies,
    today,
    warned,
)
from tests.watching import Eye

pytestmark = [pytest.mark.slow, pytest.mark.root]


def test_a_visit_by_mouse_in_english_from_start_to_the_bundle(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), POLICY) as station:
        _sign_in(station)
        assert station.status()["prefs"] == {"lang": "en", "large": False, "contrast": False, "voice": False}
        station.wait(lambda: len(station.living("bar")) == 1, "the time bar")
        wait_for_menu(station, "en")
        station.wait(lambda: station.status()["typing"], "the switch of VI and EN is on the bar")
        more = places(station.display, warned(station.status()), "bar")["more"]
        live_through(station, lambda: station.tap(*more))
        lines = bundle_of_today(station)
    check_day(lines, GRANTED + ADDED)
    check_row(station, GRANTED + ADDED)
    month = today()[:7]
    # Been here before; no picture chosen; of the groups a disability, and not poor.
    assert tallies(station) == {
        (f"{table}:{month}", side, 1)
        for table, side in (
            ("FST", "FST_N"), ("NO_PICTURE", "visits"), ("ANY_OTHER", "yes"),
            ("POV@ANY_OTHER", "no"), ("ETHMIN@ANY_OTHER", "no"), ("DISAB@ANY_OTHER", "yes"),
        )
    }  # fmt: skip


def _sign_in(station: RunningStation) -> None:
    """START in English, "been here", no picture, "disability", Continue."""
    state, display = station.status(), station.display
    options = [option["codes"][0] for option in state["questions"][2]["options"]]
    disability = f"tile{options.index('GRP_DISAB') + 1}"
    language = places(display, state, "start")["language"]
    with Eye(display) as eye:
        vietnamese = eye.pixels(0, 384, 1366, 1)

        def switched() -> bool:
            if eye.pixels(0, 384, 1366, 1) == vietnamese:
                station.tap(*language)
                time.sleep(0.5)
            return eye.pixels(0, 384, 1366, 1) != vietnamese

        station.wait(switched, "START in English")
    start = places(display, state, "start", lang="en")["start"]

    def begun() -> bool:
        if station.status()["state"] == "free":
            station.tap(*start)
        return bool(station.status()["state"] == "asking")

    station.wait(begun, "START answers to the mouse")
    for step, name in enumerate(("tile2", "skip", disability)):
        # Working this out takes longer than the moment in which a page that has just come takes no click.
        station.tap(*places(display, state, "question", step, "en")[name])
    station.tap(*places(display, state, "question", 2, "en")["continue"])
    station.wait_open()
