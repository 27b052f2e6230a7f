"""Pictures of the panel's pages, part of shots.py: on a desk and on a phone, over a demo of a year's visits."""

import sys
import tempfile
from pathlib import Path

from kiosk.service.demo import fill
from kiosk.settings import Paths
from kiosk.store import Store

SIZES = {"desk": (1366, 768), "phone": (360, 740)}
DAYS = 420
# Said by a page that is no picture: files, parts of pages, and what leads elsewhere.
NO_PAGE = {"static", "moved", "language", "healthz", "leaving", "stay", "side", "station_card", "printing", "updates",
           "here", "begin"}  # fmt: skip


def shoot_panel(folder: Path) -> None:
    """Every page that can be asked for, somebody at the computer and nobody there."""
    sys.path.insert(0, str(Path(__file__).parent))  # as pytest does: the tests' helpers name each other so
    from tests.test_panel_walk import ways
    from tests.web_faces import NOON, Station, browser, free, in_use, served
    from tests.whole_panel import whole_panel

    with tempfile.TemporaryDirectory(prefix="kiosk-shots-") as place:
        home = Path(place)
        fill(home / "demo", DAYS, 1, NOON.date())
        with Store(Paths(home / "demo").store) as store:
            station = Station(in_use())
            app = whole_panel(station, store, home / "panel")
            pages = {way.url: way.endpoint for way in ways(app) if way.method == "GET" and way.endpoint not in NO_PAGE}
            for name, (width, height) in SIZES.items():
                with served(app) as address, browser(width, height) as page:
                    page.goto(f"{address}/sign-in")
                    page.screenshot(path=str(folder / f"panel-{name}-sign_in.png"))
                    page.locator("input[type=password]").fill("274916")
                    page.keyboard.press("Enter")
                    page.wait_for_url(f"{address}/")
                    for state, told in ((in_use(), "used"), (free(waiting=True, clock_trusted=False), "free")):
                        station.state = state
                        for number, (url, endpoint) in enumerate(pages.items()):
                            if told == "used" and endpoint != "today" and "ask_" not in endpoint:
                                continue
                            if url.endswith((".csv", ".json", ".xlsx")):
                                continue
                            answer = page.request.get(address + url)
                            if "text/html" not in answer.headers.get("content-type", "") or answer.status != 200:
                                continue
                            page.goto(address + url)
                            picture = f"panel-{name}-{number:03}-{endpoint}-{told}.png"
                            page.screenshot(path=str(folder / picture), full_page=True)
