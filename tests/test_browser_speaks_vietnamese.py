"""The browser's own words, not only our pages, are in the citizen's language."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.citizens_browser import wait_for_menu
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

# Titles that Chromium itself gives a new tab.
VIETNAMESE, ENGLISH = "Thẻ mới - Chromium", "New Tab - Chromium"


def test_a_new_tab_of_a_vietnamese_session_is_called_so_in_vietnamese(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        wait_for_menu(station, "vi")
        station.key("ctrl+t")
        # While the tab loads its title may be its address for a moment.
        station.wait(lambda: {VIETNAMESE, ENGLISH} & set(station.titles()), "a new tab with its title")
        station.wait(lambda: VIETNAMESE in station.titles(), "that title in Vietnamese", 5)
