"""Pictures of every page of the board: `python -m tests.board_shots FOLDER [NAMES]`, on a desk and on a phone.

NAMES: endpoints such as `goals silent`; all of PAGES where none is named. The province of the pictures has 118 sites
and tells of nearly two years; it takes a minute to make. KIOSK_SHOTS_HOME names one that was made before.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.province.board.pages import Page, pages
from kiosk.province.orders import carry_out

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

    from tests.board_stage import Board

SIZES = {"desk": (1366, 768), "phone": (360, 740)}
SITES, FIRST = 118, date(2025, 1, 1)
# What stands in an address for a placeholder, where a page has no sample of its own.
NAMES_IN = {"<path:name>": "Minh", "<code>": "TH-005", "<site>": "TH-005", "<station>": "01", "<int:number>": "1"}


def address_of(page: Page, unit: str = "") -> str:
    """One address of a page that only looks."""
    if page.sample and "<" not in page.sample and page.endpoint != "person":
        return page.sample
    address = page.rule
    for place, filled in {**NAMES_IN, "<code>": unit if "unit" in page.endpoint else "TH-005"}.items():
        address = address.replace(place, filled)
    return address


def looked_at(names: list[str]) -> Iterator[Page]:
    """The pages that a picture is taken of."""
    for page in pages():
        if "GET" in page.methods and not page.is_file and (not names or page.endpoint in names):
            yield page


def shoot(folder: Path, names: list[str]) -> None:
    """Every page in both sizes, the first language in both, English on a desk."""
    sys.path.insert(0, str(Path(__file__).parent))  # as pytest does: the tests' helpers name each other so
    from tests.board_province import board_province
    from tests.board_stage import board_of

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kiosk-board-") as place:
        kept = os.environ.get("KIOSK_SHOTS_HOME")
        home = Path(place) / "home"
        if kept:
            shutil.copytree(kept, home, symlinks=True)
        else:
            board_province(home, SITES, FIRST)
            carry_out(home, "task add", title="Lắp lại đường truyền", due="2100-12-31", site="TH-005", who="Lan")
        with board_of(home) as board:
            for size, lang in (("desk", "vi"), ("phone", "vi"), ("desk", "en")):
                _shoot_size(board, folder, size, lang, names)


def _shoot_size(board: "Board", folder: Path, size: str, lang: str, names: list[str]) -> None:
    from tests.web_faces import browser, served

    with served(board.app) as address, browser(*SIZES[size], locale="vi-VN") as tab:
        tab.goto(f"{address}/language/{lang}?back=/sign-in")
        picture(tab, folder / f"board-{size}-{lang}-sign_in.png")
        sign_in(tab, address)
        unit = next(iter(board.desk.sites().sites.values())).row.unit
        for page in looked_at(names):
            reckoned(tab, address + address_of(page, unit))
            picture(tab, folder / f"board-{size}-{lang}-{page.endpoint}.png")


def sign_in(tab: "Tab", address: str, name: str = "Lan") -> None:
    """By the password of every board of the tests."""
    from tests.board_stage import PASSWORD

    tab.goto(f"{address}/sign-in")
    tab.locator("#name").fill(name)
    tab.locator("#password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{address}/")


def reckoned(tab: "Tab", url: str) -> None:
    """A page, once its figures are there."""
    tab.goto(url)
    # Not only that "being reckoned" is gone: between two looks there is no page at all for a moment.
    tab.locator("main:not(:has(#reckoning))").wait_for(timeout=60_000)
    answer = tab.request.get(url)
    assert answer.status == 200, (url, answer.status)


def picture(tab: "Tab", path: Path) -> None:
    """The whole page, as far as one scrolls; the window's part stands at its top."""
    tab.screenshot(path=str(path), full_page=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    shoot(Path(sys.argv[1]), sys.argv[2:])
