"""The browser's own words, not only our pages, are in the citizen's language."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.citizens_browser import wait_for_menu
from tests.running import LONG, RunningStation

pytestmark = [pytest.mark.slow, pytest.mark.root]

# Titles that Chromium itself gives its list of downloads.
VIETNAMESE, ENGLISH = "Nhật ký tải xuống - Chromium", "Download history - Chromium"


def test_the_list_of_downloads_of_a_vietnamese_session_is_in_vietnamese(home: Path, xvfb: Callable[..., str]) -> None:
    with RunningStation(home, xvfb(), LONG) as station:
        station.sign_in()
        wait_for_menu(station, "vi")
        station.key("ctrl+j")
        # While it loads its title may be its address for a moment.
        station.wait(lambda: {VIETNAMESE, ENGLISH} & set(station.titles()), "the list with its title")
        station.wait(lambda: VIETNAMESE in station.titles(), "that title in Vietnamese", 5)
