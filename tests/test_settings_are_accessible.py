"""The pages of settings and people by axe and on a narrow phone: as they stand, wrong, fixed, and what will change."""

from pathlib import Path

import pytest
from store_support import reading
from test_first_day import PIN
from test_menu_is_accessible import axe, faults
from test_settings_of_every_kind import HOURS, PROGRAMS
from web_faces import NOON, People, Station, browser, served, settings_of

from kiosk.service.panel import create_panel
from kiosk.service.parts import deeds_of
from kiosk.store import Store
from kiosk.store.pins import Managers

pytestmark = pytest.mark.slow

__all__ = ["axe"]
SETTINGS = ("", "/notice", "/questions", "/name", "/programs", "/sticks", "/print", "/minutes", "/fee", "/week",
            "/days/2026-12-02")  # fmt: skip
PEOPLE = ("/people", "/people/add", "/people/role?who=Bình", "/people/pin?who=Bình", "/people/remove?who=Bình",
          "/own-pin", "/deeds")  # fmt: skip
LONG = "Trung tâm Văn hóa, Thể thao và Du lịch xã Thiệu Hóa – phòng đọc Internet cộng đồng"
FIXED = '[panel]\nfixed = ["session.minutes", "questions", "print", "sticks", "programs.tiles", "notice", "hours"]\n'


@pytest.mark.parametrize(("width", "lang", "fixed"), [(360, "vi", ""), (1366, "en", ""), (360, "vi", FIXED)])
def test_axe_finds_nothing_and_nothing_runs_off_a_phone(
    axe: str, tmp_path: Path, width: int, lang: str, fixed: str
) -> None:
    with Store(tmp_path / "kiosk.db") as store:
        managers = Managers(store, reading)
        managers.add("Bình", PIN, "clerk")
        settings = settings_of(tmp_path, fixed + HOURS + PROGRAMS + f'[notice]\nvi = "{LONG}"\n')
        app = create_panel(Station(), People(), settings=settings, people=managers, deeds=deeds_of(store, reading),
                           now=lambda: NOON)  # fmt: skip
        with served(app) as address, browser(width, 740, bypass_csp=True) as page:

            def look(what: str) -> None:
                assert faults(page, axe) == [], what
                wide = page.evaluate("document.scrollingElement.scrollWidth")
                assert wide <= width, f"{what}: {wide}"

            page.goto(f"{address}/sign-in")
            page.get_by_label("Mã PIN").fill(PIN)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/")
            page.goto(f"{address}/language/{lang}")
            for path in (*(f"/s/03/settings{one}" for one in SETTINGS), *PEOPLE):
                page.goto(address + path)
                look(path)
            if fixed:
                return
            for path, field, text in (
                ("notice", "ends", "2026-01-01"),
                ("programs", "place_0", "9"),
                ("print", "pages_max", "x"),
            ):
                page.goto(f"{address}/s/03/settings/{path}")
                page.locator(f"[name={field}]").fill(text)
                page.locator("main button.main").click()
                assert page.locator(f"#wrong-{field}").is_visible()
                look(f"{path}, a mistake")
            page.goto(f"{address}/s/03/settings/questions")
            page.locator("[name=place_2]").select_option("")
            page.locator("main button.main").click()
            look("what it costs")
            page.locator("[name=sure]").click()
            look("saved")
            page.goto(f"{address}/own-pin")
            page.locator("[name=old]").fill("1")
            page.locator("[name=pin]").fill("2")
            page.locator("[name=again]").fill("3")
            page.locator("#save").click()
            look("two PINs")
