"""The whole main job by keyboard: a citizen signs in, works, is warned, takes more time, is locked out, is counted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.citizens_browser import check_sandboxed, wait_for_menu
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

pytestmark = [pytest.mark.slow, pytest.mark.root]


def test_a_visit_by_keyboard_from_start_to_the_bundle(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), POLICY) as station:
        station.sign_in()
        station.wait(lambda: len(station.living("bar")) == 1, "the time bar")
        wait_for_menu(station, "vi")
        check_sandboxed(station)
        station.wait(lambda: station.status()["typing"], "the switch of VI and EN is on the bar")
        more = places(station.display, warned(station.status()), "bar")["more"]
        live_through(station, lambda: station.tap(*more))
        assert station.status()["visits_today"] == 1
        lines = bundle_of_today(station)
    check_day(lines, GRANTED + ADDED)
    check_row(station, GRANTED + ADDED)
    # A woman of 31 to 59, here for the first time, of a poor household and an ethnic minority.
    assert tallies(station) == {
        (f"{table}:{today()[:7]}", side, 1)
        for table, side in (
            ("FST", "FST_Y"), ("SEX", "yes"), ("AGE31", "yes"), ("ANY_FIRST", "yes"), ("POV@ANY_FIRST", "yes"),
            ("POOR@ANY_FIRST", "yes"), ("ETHMIN@ANY_FIRST", "yes"), ("DISAB@ANY_FIRST", "no"),
        )
    }  # fmt: skip
