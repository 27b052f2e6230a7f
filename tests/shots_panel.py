"""Pictures of the panel's pages, part of shots.py: on a desk and on a phone, of a furnished station of a year's visits.

What is pictured stands in panel_shots.py. A page that leads elsewhere, or is answered otherwise than it should, stops
this: a picture never shows another page than its name says.
"""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kiosk.service.demo import fill
from kiosk.settings import Paths
from kiosk.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.furnished import Furnished
    from tests.panel_shots import Shot

SIZES = {"desk": (1366, 768), "phone": (360, 740)}
DAYS = 420


def shoot_panel(folder: Path) -> None:
    """Every page that is written down."""
    sys.path.insert(0, str(Path(__file__).parent))  # as pytest does: the tests' helpers name each other so
    from tests.furnished import Furnished
    from tests.web_faces import NOON

    with tempfile.TemporaryDirectory(prefix="kiosk-shots-") as place:
        home = Path(place)
        fill(home / "demo", DAYS, 1, NOON.date())
        with Store(Paths(home / "demo").store) as store:
            furnished = Furnished(store, home / "panel")
            try:
                for size in SIZES:
                    _shoot_size(furnished, folder, size)
            finally:
                furnished.close()


def _shoot_size(furnished: "Furnished", folder: Path, size: str) -> None:
    from tests.panel_shots import SHOTS
    from tests.web_faces import browser, served

    width, height = SIZES[size]
    for world, app in furnished.apps.items():
        shots = [shot for shot in SHOTS if shot.world == world]
        with served(app) as address, browser(width, height, locale="vi-VN") as page:
            if world != "new":
                sign_in(page, address, None if world != "whole" else folder / f"panel-{size}-sign_in.png")
            for number, shot in enumerate(shots):
                with furnished.standing(shot):
                    shoot(page, address, shot, folder / f"panel-{size}-{world}-{number:02}-{shot.name}.png")


def sign_in(page: "Page", address: str, picture: Path | None = None) -> None:
    """By the PIN that opens every furnished panel."""
    page.goto(f"{address}/sign-in")
    if picture:
        page.screenshot(path=str(picture))
    page.locator("input[type=password]").fill("274916")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")


def shoot(page: "Page", address: str, shot: "Shot", picture: Path) -> None:
    """One picture, of that page and of no other."""
    answer = page.goto(address + shot.url)
    came = unquote(page.url.removeprefix(address))
    if came != shot.url or answer is None or answer.status != shot.status:
        raise RuntimeError(f"{shot.name}: {shot.url} led to {came}, status {answer and answer.status}")
    if shot.does:
        shot.does(page)
        page.wait_for_load_state()
    # A tall window and no "full page": the tabs at the foot of a phone would be drawn across the middle.
    window = page.viewport_size or {"width": 0, "height": 0}
    tall = max(window["height"], page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": window["width"], "height": tall})
    page.screenshot(path=str(picture))
    page.set_viewport_size(window)
