"""Pictures of the menu's pages, part of shots.py: the shipped guides and a made library of every format."""

from pathlib import Path

from kiosk.service.menu import create_menu
from kiosk.service.panel import create_panel
from tests.menu_shelf import PROGRAMS, grown_library

# name -> address, and what somebody has typed
PAGES = {
    "1-home": ("/", ""),
    "2-home-below": ("/#newests", ""),
    "3-offline": ("/", ""),
    "4-typed": ("/", "trong"),
    "5-subject": ("/themes/health", ""),
    "6-found": ("/search?q=trong+lua", ""),
    "7-nothing": ("/search?q=oresoll", ""),
    "8-article": ("/items/starter/health_oresol", ""),
}


def shoot_menu(folder: Path, size: str, choices: list[tuple[str, bool, bool]]) -> None:
    """Every page in every choice of text, as the browser shows it: below the time bar, 64 high."""
    from tests.web_faces import NOON, People, Station, browser, in_use, reading, served

    width, height = map(int, size.split("x"))
    station = Station(in_use(), starred={"starter/health_oresol": True, "made/i0": True, "made/i1": True})
    with (
        served(create_menu(station, grown_library(), offered=PROGRAMS)) as address,
        browser(width, height - 64) as page,
    ):
        for lang, large, contrast in choices:
            start = f"{size}-{lang}{'-large' if large else ''}{'-contrast' if contrast else ''}"
            for name, (path, typed) in PAGES.items():
                station.state = in_use(online=name != "3-offline", prefs=reading(lang, large, contrast))
                page.goto(address + path)
                if typed:
                    page.locator("#q").fill(typed)
                    page.get_by_role("option").first.wait_for()
                page.screenshot(path=str(folder / f"{start}-menu-{name}.png"))
    panel = create_panel(station, People(), library=grown_library(), now=lambda: NOON)
    with served(panel) as address, browser(width, height) as page:
        page.goto(f"{address}/sign-in")
        page.locator("input[type=password]").fill("274916")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        page.goto(f"{address}/s/03/library")
        page.screenshot(path=str(folder / f"{size}-vi-menu-9-panel.png"))
